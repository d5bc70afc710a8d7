// A CPU with memory, ports and somebody who answers INTA: what the interpreter's tests run on.
#pragma once

#include "cpu/interpreter.h"

#include <initializer_list>
#include <memory>
#include <vector>

namespace dyn86 {

struct Guest : InterruptAcknowledge {
    static constexpr u16 code_segment = 0x1000, start = 0x0100;
    static constexpr u8 intr_vector = 0x08;

    std::unique_ptr<Memory> memory = std::move(*Memory::create());
    Core& core = memory->core();
    PortBus ports;
    int acknowledged = 0;
    Interpreter cpu{*memory, ports, *this};

    /// All segments 1000h, SP 8000h, every vector at 2000:nn00 (nn its number) on a HLT.
    Guest() {
        for (u16& segment : core.regs.sreg) segment = code_segment;
        core.regs.set(Reg16::Sp, 0x8000);
        core.regs.ip = start;
        for (u16 vector = 0; vector < 256; ++vector) {
            memory->write16(vector * 4u, u16(vector << 8));
            memory->write16(vector * 4u + 2, 0x2000);
            memory->write8(0x2'0000 + vector * 256u, 0xF4);
        }
        core.set_deadline(1'000'000);
    }
    u8 acknowledge() override {
        ++acknowledged;
        core.intr = 0;
        return intr_vector;
    }

    void place(SegOff at, std::initializer_list<u8> bytes) {
        for (const u8 byte : bytes) {
            memory->write8(at.linear(), byte);
            at = at + 1;
        }
    }
    void code(std::initializer_list<u8> bytes) { place({code_segment, start}, bytes); }
    [[nodiscard]] u16 get(Reg16 which) const { return core.regs.get(which); }
    void set(Reg16 which, u16 value) { core.regs.set(which, value); }
    [[nodiscard]] u16 word(u16 segment, u16 offset) { return memory->read16(SegOff{segment, offset}.linear()); }
    /// The nth word from the top of the stack.
    [[nodiscard]] u16 stacked(u16 n) { return word(core.regs.get(Sreg::Ss), u16(get(Reg16::Sp) + 2 * n)); }
    Exit run_for(Cycles clocks) {
        core.set_deadline(core.now() + clocks);
        return cpu.run();
    }
    [[nodiscard]] bool is_in_handler(u8 vector) const {
        return core.regs.get(Sreg::Cs) == 0x2000 && core.regs.ip >> 8 == vector;
    }
};

}  // namespace dyn86
