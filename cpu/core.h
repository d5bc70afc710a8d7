// What the engines share besides memory: registers, the clock, the interrupt pins. One per machine, in the memory
// arena's first page, so that translated code reaches every field with a short displacement from one pointer.
#pragma once

#include "cpu/registers.h"
#include "src/base/types.h"

#include <type_traits>

namespace dyn86 {

/// Values of Core::shadow.
namespace shadow {
inline constexpr u8 none = 0, intr = 1, all = 2;
}

/// Trivially copyable on purpose: save states and lockstep copy it whole.
struct Core {
    Registers regs;

    /// Clock count at which Engine::run() must return, and how much is left: now = deadline - budget.
    /// Kept apart so that the hot path counts one 32-bit register down.
    Cycles deadline = 0;
    i32 budget = 0;

    /// The level of INTR, driven by the PIC; accepted while IF is set.
    u8 intr = 0;
    /// A rising edge of NMI that has not been served yet.
    u8 nmi = 0;
    /// HLT has been executed and nothing has woken the CPU yet.
    u8 halted = 0;
    /// What this instruction boundary does not accept (after STI: INTR; after MOV sreg, POP sreg: nothing at all).
    /// Whoever executes the next instruction clears it. [UM86 "External Interrupts", "STI"]
    u8 shadow = 0;
    /// Someone asked run() to return at the next boundary; cleared by run() as it returns.
    u8 stop = 0;
    /// TF was set when the last instruction began: the single-step interrupt is due at this boundary.
    u8 trap = 0;
    /// A REP at CS:IP (its first prefix) has begun and not ended: its prefix count, else 0. It goes on without new
    /// set-up clocks; an interrupt accepted now returns to its last prefix. Who moves CS:IP by hand clears it.
    /// [UM86 "REP/REPE/REPZ"]
    u16 repeating = 0;
    /// The prefetch queue at this boundary, where its clocks are counted (timing.h); else 0.
    u8 queue = 0;

    [[nodiscard]] Cycles now() const { return deadline - budget; }
    /// Moves the deadline without moving time. A slice is at most 2^30 clocks long.
    void set_deadline(Cycles when) {
        constexpr Cycles longest = Cycles{1} << 30;
        const Cycles time = now();
        deadline = when - time > longest ? time + longest : when;
        budget = i32(deadline - time);
    }
    /// Lets time pass without executing (HLT, interrupt acknowledge).
    void advance(Cycles clocks) { budget -= i32(clocks); }
};
static_assert(std::is_trivially_copyable_v<Core>);

}  // namespace dyn86
