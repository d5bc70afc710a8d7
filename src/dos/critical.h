// Critical errors: what the hardware (or the host in its place) refuses, put to the guest's INT 24h.
#pragma once

#include "src/dos/frame.h"

#include <optional>

namespace dyn86::dos {

/// A call that failed so has not returned yet: its handler decides whether the failure is ignored, the call repeated,
/// the program ended, or the caller told. Where nobody hooks INT 24h the caller is told, without detour.
class CriticalErrors {
public:
    explicit CriticalErrors(Guest& guest) : guest_(guest) {}

    /// Does this failure go to INT 24h? Not while it is being asked already.
    [[nodiscard]] bool is_asked_about(DosError error) const;
    /// Sets the registers that INT 24h gets.
    void ask(const Caller& caller, DosError error, Registers& regs);

    enum class Answer : u8 { Ignore = 0, Retry = 1, Abort = 2, Fail = 3 };
    /// What INT 24h left in AL, as far as it may choose that.
    Answer take_answer(const Frame& frame);
    /// The result of a call whose failure is ignored or told.
    static void ignore(Caller& caller);
    void fail(Caller& caller) const;

private:
    [[nodiscard]] DosError asked_about() const;

    Guest& guest_;
};

}  // namespace dyn86::dos
