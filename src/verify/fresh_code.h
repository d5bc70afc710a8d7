// Finds runs in which the CPU executes an instruction right after having changed it.
#pragma once

#include "src/verify/test_bed.h"

#include <vector>

namespace dyn86::verify {

/// The interpreter, step by step, noting when each byte of memory was last changed by an instruction. The recompiler
/// may lose a flag that is overwritten within its slack, and one case is known in which somebody then sees it: code
/// that in between rewrites what would have overwritten the flag. [DESIGN 11: "known gap"] Such runs execute fresh
/// code.
class FreshCodeWatch final : public Engine, public CodeListener {
public:
    /// `seen` becomes true when an instruction is executed less than `window` clocks after a byte of it changed.
    FreshCodeWatch(Memory& memory, Interpreter& interpreter, Cycles window, bool& seen);
    ~FreshCodeWatch() override { memory_.set_code_listener(nullptr); }

    Exit run() noexcept override;
    void step() noexcept override;
    void flush() noexcept override;
    [[nodiscard]] EngineStats stats() const override { return interpreter_.stats(); }
    void code_written(Linear start, u32 length) override;

private:
    void look_at_next();

    Memory& memory_;
    Interpreter& interpreter_;
    Cycles window_;
    bool& seen_;
    bool running_ = false;
    std::vector<Cycles> changed_at_;  // by canonical address
};

}  // namespace dyn86::verify
