// Engines for tests of the harness: one that is right in its own way, and wrong ones.
#pragma once

#include "src/verify/test_bed.h"

#include <functional>

namespace dyn86::verify {

/// The interpreter taken one instruction at a time through its public parts, with a chance to spoil the result of each:
/// `spoil` is given the instruction's bytes and the machine after it.
class Stepper final : public Engine {
public:
    using Spoil = std::function<void(const u8* bytes, Memory& memory)>;
    Stepper(Memory& memory, Interpreter& interpreter, Spoil spoil)
        : memory_(memory), interpreter_(interpreter), spoil_(std::move(spoil)) {}

    Exit run() noexcept override {
        Core& core = memory_.core();
        for (;;) {
            if (core.stop != 0) return core.stop = 0, Exit::Stopped;
            if (core.budget <= 0) return Exit::Deadline;
            if (interpreter_.accept_interrupt()) continue;
            if (core.halted != 0) return Exit::Halted;
            step();
        }
    }
    void step() noexcept override {
        Core& core = memory_.core();
        std::array<u8, 6> bytes{};
        for (u16 i = 0; i < bytes.size(); ++i) bytes[i] = memory_.peek((core.regs.cs_ip() + i).linear());
        interpreter_.step();
        if (spoil_) spoil_(bytes.data(), memory_);
    }
    void flush() noexcept override {}
    [[nodiscard]] EngineStats stats() const override { return interpreter_.stats(); }

    static EngineFactory factory(Spoil spoil = {}) {
        return [spoil](Memory& memory, Interpreter& interpreter) -> Result<std::unique_ptr<Engine>> {
            return std::make_unique<Stepper>(memory, interpreter, spoil);
        };
    }

private:
    Memory& memory_;
    Interpreter& interpreter_;
    Spoil spoil_;
};

}  // namespace dyn86::verify
