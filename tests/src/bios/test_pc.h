// A PC for tests of the ROM: the real board, the real BIOS, the interpreter. Guest programs are a few bytes put into
// memory.
#pragma once

#include "cpu/interpreter.h"
#include "cpu/memory.h"
#include "src/base/scheduler.h"
#include "src/bios/bios.h"
#include "src/bios/host_trap.h"
#include "src/machine/board.h"
#include "src/machine/cpu_clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>

namespace dyn86::test {

class TestPc {
public:
    static constexpr SegOff program_start{0x0800, 0x0000};

    explicit TestPc(Adapter adapter = Adapter::Cga, u32 memory_kib = 640)
        : memory_(std::move(*Memory::create())),
          clock_(memory_->core(), 4'772'727),
          scheduler_(clock_),
          board_(*memory_, ports_, scheduler_, {.adapter = adapter, .memory_kib = memory_kib, .floppy_drives = 2}),
          cpu_(*memory_, ports_, board_.pic()),
          trap_(*memory_, Bios::rom_start, Bios::rom_end) {
        EXPECT_TRUE(board_.map_memory());
        bios_ = std::make_unique<Bios>(*memory_, ports_, trap_);
        bios_->video().set_row_source([this] { return board_.text_rows(); });
        ports_.map(HostTrap::port, 1, trap_);
        scheduler_.on_earlier([this] {
            const Cycles next = clock_.cycles_at(scheduler_.next());
            if (next < core().deadline) core().set_deadline(std::max(next, core().now()));
        });
        core().regs.set(Sreg::Cs, 0xFFFF);
    }

    /// Cold start up to INT 19h; the CPU then stands in a HLT loop in RAM with interrupts on.
    void post() {
        bool booted = false;
        bios_->set_boot(Bios::Boot::Loader, [&](Registers& regs) {
            booted = true;
            enter_idle(regs);
            core().stop = 1;
        });
        for (int i = 0; i < 1000 && !booted; ++i) run_for(Ticks::from_ms(1));
        ASSERT_TRUE(booted);
    }

    void run_for(Ticks time) {
        const Ticks end = clock_.now() + time;
        while (clock_.now() < end) {
            scheduler_.run_due();
            core().set_deadline(std::min(clock_.cycles_at(scheduler_.next()), clock_.cycles_at(end)));
            const Exit exit = cpu_.run();
            if (exit == Exit::Stopped) return;
            if (exit == Exit::Halted && core().budget > 0) core().advance(core().budget);
        }
    }

    /// Runs `int NUMBER` with these registers (segment registers too) and returns what it left.
    Registers interrupt(u8 number, Registers regs) {
        const std::initializer_list<u8> code = {0xCD, number, 0xF4, 0xEB, 0xFD};  // INT n; HLT; JMP $-1
        memory_->copy_in(program_start.linear(), {code.begin(), code.size()});
        regs.set(Sreg::Cs, program_start.segment);
        regs.ip = program_start.offset;
        regs.set(Sreg::Ss, 0x0700);
        regs.set(Reg16::Sp, 0x0800);
        regs.flags = u16(flag::always_one | flag::i);
        core().regs = regs;
        core().halted = 0;
        const auto at_end = [&] {
            return core().halted != 0 && core().regs.get(Sreg::Cs) == program_start.segment && core().regs.ip == 3;
        };
        for (int i = 0; i < 10'000 && !at_end(); ++i) run_for(Ticks::from_us(100));
        EXPECT_TRUE(at_end()) << "INT did not return";
        const Registers left = core().regs;
        enter_idle(core().regs);
        core().halted = 0;
        return left;
    }
    Registers interrupt(u8 number, u16 ax, u16 bx = 0, u16 cx = 0, u16 dx = 0) {
        Registers regs;
        regs.set(Reg16::Ax, ax);
        regs.set(Reg16::Bx, bx);
        regs.set(Reg16::Cx, cx);
        regs.set(Reg16::Dx, dx);
        return interrupt(number, regs);
    }

    /// Presses (and, for codes below 80h, releases) keys and lets the BIOS take them.
    void type(std::initializer_list<u8> codes) {
        for (const u8 code : codes) {
            board_.keyboard().press(code);
            run_for(Ticks::from_ms(3));
        }
    }
    /// The next key in the BIOS's buffer, 0 when it is empty.
    u16 next_key() {
        if (keyboard_buffer_empty()) return 0;
        return interrupt(0x16, 0x0000).get(Reg16::Ax);
    }

    std::string row(unsigned row, unsigned columns = 80) {
        const Linear video = board_.screen().adapter == Adapter::Mda ? 0xB0000 : 0xB8000;
        std::string text;
        for (unsigned i = 0; i < columns; ++i) text += char(memory_->peek(video + (row * columns + i) * 2));
        text.erase(text.find_last_not_of(' ') + 1);
        return text;
    }
    bool keyboard_buffer_empty() { return DataArea(*memory_).keyboard_buffer_empty(); }
    /// All rows, a line feed behind each.
    std::string screen() {
        std::string text;
        for (unsigned i = 0; i < 25; ++i) text += row(i) + '\n';
        return text;
    }
    u8 byte(Linear at) { return memory_->peek(at); }
    u16 word(Linear at) { return u16(byte(at) | byte(at + 1) << 8); }

    Memory& memory() { return *memory_; }
    Core& core() { return memory_->core(); }
    Bios& bios() { return *bios_; }
    Board& board() { return board_; }
    PortBus& ports() { return ports_; }
    Clock& clock() { return clock_; }

private:
    void enter_idle(Registers& regs) {
        constexpr SegOff idle{0x0780, 0};
        const std::initializer_list<u8> code = {0xFB, 0xF4, 0xEB, 0xFC};  // STI; HLT; JMP $-2
        memory_->copy_in(idle.linear(), {code.begin(), code.size()});
        regs.set(Sreg::Cs, idle.segment);
        regs.ip = idle.offset;
        regs.set(Sreg::Ss, 0x0700);
        regs.set(Reg16::Sp, 0x0800);
    }

    std::unique_ptr<Memory> memory_;
    CpuClock clock_;
    Scheduler scheduler_;
    PortBus ports_;
    Board board_;
    Interpreter cpu_;
    HostTrap trap_;
    std::unique_ptr<Bios> bios_;
};

}  // namespace dyn86::test
