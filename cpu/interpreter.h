// The reference engine: pinned to recordings of real silicon, and what the recompiler is compared with and falls back
// on.
#pragma once

#include "cpu/engine.h"
#include "cpu/memory.h"
#include "cpu/timing.h"
#include "src/base/bus.h"

#include <memory>
#include <optional>

namespace dyn86 {

class Meter;
namespace exec {
struct Context;
}

/// Interprets. State lives in Memory::core(); while run() is inside, parts of it may be held in locals, but Core is
/// complete whenever a device is called and when run() or step() returns. MMIO devices see it as of the instruction's
/// beginning but for the clock, ports with IP behind it.
class Interpreter final : public Engine {
public:
    /// All three must outlive the interpreter.
    Interpreter(Memory& memory, PortBus& ports, InterruptAcknowledge& pic);
    ~Interpreter() override;

    /// The default is the 8086's table. Before anything runs, and before an engine is made beside this one.
    void set_clocks(ClockModel model);
    [[nodiscard]] ClockModel clocks() const;

    Exit run() noexcept override;
    /// The same, but returns (nothing) already at the first boundary with at most `budget` clocks left.
    std::optional<Exit> run_down_to(i32 budget) noexcept;
    void step() noexcept override;
    void flush() noexcept override {}
    [[nodiscard]] EngineStats stats() const override;
    [[nodiscard]] PortBus& ports() const;

    /// Serves NMI, INTR (with IF set), the single-step trap or nothing at this boundary, honouring Core::shadow. True
    /// when one was accepted; another may be due at once (a trap behind an interrupt).
    bool accept_interrupt() noexcept;
    /// Somebody has moved CS:IP by hand, not as a jump: what was under way is not.
    void moved() noexcept;
    /// Is there such a state of the prefetch queue, as clocks are counted?
    [[nodiscard]] bool can_hold(u8 queue) const;
    /// One instruction, then what it traps into if TF was set before it. What the recompiler calls for "interpret one".
    void step_with_trap() noexcept;

private:
    void run_fast(i32 budget) noexcept;
    void run_metered(i32 budget) noexcept;
    void run_one() noexcept;
    [[nodiscard]] bool must_go_slowly() const;

    Memory& memory_;
    Core& core_;
    InterruptAcknowledge& pic_;
    std::unique_ptr<exec::Context> context_;
    std::unique_ptr<Meter> meter_;  // null: the 8086's table
    u64 instructions_ = 0;
};

}  // namespace dyn86
