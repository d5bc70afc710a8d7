// A processor with memory and nothing around it, for benchmarks of single parts.
#pragma once

#include "cpu/interpreter.h"
#include "cpu/memory.h"
#include "src/base/bus.h"
#include "src/base/check.h"

#include <cstdint>
#include <memory>
#include <span>

namespace dyn86::bench {

inline constexpr SegOff program_start = {0x1000, 0x0100};

/// Guest loops that never end, as machine code for program_start; DS = ES = SS = CS.
struct Loop {
    const char* name;
    std::span<const u8> code;
};
std::span<const Loop> loops();

class Bed {
public:
    explicit Bed(std::span<const u8> code) : interpreter_(*memory_, ports_, pic_) {
        memory_->copy_in(program_start.linear(), code);
        Registers& regs = core().regs;
        for (const Sreg segment : {Sreg::Es, Sreg::Cs, Sreg::Ss, Sreg::Ds}) regs.set(segment, program_start.segment);
        regs.set(Reg16::Sp, 0xFFFE);
        regs.ip = program_start.offset;
    }

    Memory& memory() { return *memory_; }
    Core& core() { return memory_->core(); }
    Interpreter& interpreter() { return interpreter_; }

    /// Runs `engine`, which stands on this bed, for so many clocks.
    void run(Engine& engine, Cycles clocks) {
        core().set_deadline(core().now() + clocks);
        engine.run();
    }

private:
    class NoInterrupts final : public InterruptAcknowledge {
        u8 acknowledge() override { return 0; }
    };
    static std::unique_ptr<Memory> make_memory() {
        auto memory = Memory::create();
        DYN86_CHECK(memory.has_value());
        return std::move(*memory);
    }

    std::unique_ptr<Memory> memory_ = make_memory();
    PortBus ports_;
    NoInterrupts pic_;
    Interpreter interpreter_;
};

/// How many instructions `loop` executes in so many clocks from its start: the same on both engines.
u64 instructions_in(const Loop& loop, Cycles clocks);

}  // namespace dyn86::bench
