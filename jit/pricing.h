// What instructions are charged in translated code, by any ClockModel, and the prefetch queue from step to step.
#pragma once

#include "cpu/timetable.h"
#include "jit/analysis.h"

namespace dyn86::jit {

/// Of one instruction that finds a given queue.
struct Price {
    i32 straight = 0;         // not leaving the trace; the most that registers can make of it
    i32 taken = 0;            // of a branch that is taken
    i32 worst = 0;            // whoever executes it, whatever the data and the queue
    i32 turn = 0;             // of a repeated string, each repetition; words even
    timing::Queue after = 0;  // behind it, or at a jump's target
    timing::Queue aside = 0;  // at a branch's target
    /// Words that are charged as odd and may be even: at the operand, on the stack, at SI, at DI.
    u8 loose_operand = 0, loose_stack = 0, loose_si = 0, loose_di = 0;
};

/// One per recompiler.
class Pricing {
public:
    explicit Pricing(ClockModel model) : table_(model) {}
    [[nodiscard]] ClockModel model() const { return table_.model(); }

    [[nodiscard]] Price of(const Insn& insn, timing::Queue queue);
    /// Whoever executes it, whatever the data and the queue.
    [[nodiscard]] i32 worst(const Insn& insn);
    /// What the instruction at `ip` finds behind a jump.
    [[nodiscard]] timing::Queue flushed(u16 ip) const { return table_.flushed(ip); }

private:
    [[nodiscard]] timing::Queue queue_after(const Insn& insn, const timing::Passed& passed) const;
    void add_words(const Insn& insn, Price& price) const;

    Timetable table_;
};

}  // namespace dyn86::jit
