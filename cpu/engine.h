// What runs guest code: the interpreter, the recompiler, or both in lockstep.
#pragma once

#include "cpu/core.h"
#include "src/base/types.h"

namespace dyn86 {

enum class Exit : u8 {
    Deadline,  // the first boundary with now >= deadline
    Halted,    // HLT executed; interrupts may wake it (the caller decides what comes next)
    Stopped,   // Core::stop was set
};

/// Counters for --stats and tests; never part of guest state.
struct EngineStats {
    u64 instructions = 0;  // executed by the interpreter, for itself or for the recompiler
    u64 blocks_translated = 0;
    u64 instructions_translated = 0;
    u64 blocks_invalidated = 0;
    u64 flushes = 0;
    u64 code_bytes = 0;      // emitted host code that is kept
    u64 translation_ns = 0;  // where it is timed
};

/// Runs guest code from Core's state until Core::deadline. Both engines end in the same state at the same clock.
class Engine {
public:
    virtual ~Engine() = default;

    /// Runs until an Exit's condition holds at an instruction boundary. Delivers interrupts (NMI, INTR with IF, single
    /// step) at boundaries. The state in Core is complete when it returns, and whenever a device is called: inside a
    /// port access regs.ip is already that of the next instruction, and the device may change any register or flag
    /// (CS:IP included), the deadline and `stop`; execution goes on from what Core then says. That is how our ROM calls
    /// the host.
    virtual Exit run() noexcept = 0;
    /// Executes exactly one instruction (a REP whole unless the deadline interrupts it), without accepting INTR or NMI
    /// first.
    virtual void step() noexcept = 0;
    /// Forgets everything derived from guest memory (translated code, decoded instructions).
    virtual void flush() noexcept = 0;
    [[nodiscard]] virtual EngineStats stats() const = 0;
};

}  // namespace dyn86
