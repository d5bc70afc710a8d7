// The reference engine: pinned to recordings of real silicon, and what the recompiler is compared with and falls back on.
#pragma once

#include "cpu/engine.h"
#include "cpu/memory.h"
#include "src/base/bus.h"

namespace dyn86 {

/// Interprets. State lives in Memory::core(); while run() is inside, parts of it may be held in locals, but Core is
/// complete whenever a device is called and when run() or step() returns.
class Interpreter final : public Engine {
public:
    /// All three must outlive the interpreter.
    Interpreter(Memory& memory, PortBus& ports, InterruptAcknowledge& pic);

    Exit run() noexcept override;
    void step() noexcept override;
    void flush() noexcept override {}
    [[nodiscard]] EngineStats stats() const override;

    /// Serves NMI, INTR (with IF set) or nothing at this boundary, honouring Core::shadow. True when one was accepted.
    bool accept_interrupt() noexcept;
    /// One instruction, then the single-step trap if TF was set before it. What the recompiler calls for "interpret one".
    void step_with_trap() noexcept;

private:
    Memory& memory_;
    Core& core_;
    PortBus& ports_;
    InterruptAcknowledge& pic_;
    EngineStats stats_;
};

}  // namespace dyn86
