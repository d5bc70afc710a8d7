// The least that runs code on the recompiler: memory, ports that nobody answers, no interrupts.
#pragma once

#include "cpu/interpreter.h"
#include "cpu/memory.h"
#include "jit/jit.h"
#include "src/base/bus.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <vector>

namespace dyn86::jit {

/// Code at 1000:0100, all segments 1000h, SP = FFFEh; RAM is zero elsewhere.
class BenchMachine {
public:
    static constexpr u16 segment = 0x1000, start = 0x100;

    explicit BenchMachine(const Options& options = {.threshold = 0}) : memory_(std::move(*Memory::create())) {
        interpreter_ = std::make_unique<Interpreter>(*memory_, ports_, pic_);
        auto jit = Jit::create(*memory_, *interpreter_, options);
        EXPECT_TRUE(jit) << jit.error().message;
        jit_ = std::move(*jit);
        for (const Sreg s : {Sreg::Es, Sreg::Cs, Sreg::Ss, Sreg::Ds}) regs().set(s, segment);
        regs().set(Reg16::Sp, 0xFFFE);
        regs().ip = start;
    }
    void place(u16 offset, std::vector<u8> bytes) { memory_->copy_in(u32{segment} * 16 + offset, bytes); }
    /// Goes on at `ip` until HLT, for at most 100,000 clocks.
    void run(u16 ip = start) {
        core().halted = 0;
        regs().ip = ip;
        core().set_deadline(core().now() + 100'000);
        EXPECT_EQ(jit_->run(), Exit::Halted);
    }
    Memory& memory() { return *memory_; }
    Core& core() { return memory_->core(); }
    Registers& regs() { return core().regs; }
    Jit& jit() { return *jit_; }
    Interpreter& interpreter() { return *interpreter_; }
    u8 mark(u16 offset) { return memory_->marks()[u32{segment} * 16 + offset]; }

private:
    struct NoPic final : InterruptAcknowledge {
        u8 acknowledge() override { return 8; }
    };
    std::unique_ptr<Memory> memory_;
    PortBus ports_;
    NoPic pic_;
    std::unique_ptr<Interpreter> interpreter_;
    std::unique_ptr<Jit> jit_;
};

}  // namespace dyn86::jit
