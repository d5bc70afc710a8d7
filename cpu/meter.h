// What the interpreter charges when cost.h's clocks are not enough: finds an instruction's shape by its bytes and what
// the registers add.
#pragma once

#include "cpu/memory.h"
#include "cpu/timing.h"

#include <vector>

namespace dyn86 {

/// Everything about one instruction that its bytes decide.
struct Tariff {
    u64 bytes = 0, mask = 0;  // the instruction as it stands in memory, if it is at most eight bytes long
    Insn insn;
    timing::Shape straight, taken;
    timing::Accesses accesses, accesses_taken;
    u16 straight_charge = 0;  // what the handler charges when it does not jump
    bool optional = false;    // may jump or not
    bool repeats = false;
    bool loops = false;  // multiplies or divides
    u8 per_bit = 0;
    // The last answers, and to what. 0xFF is no queue.
    timing::Queue queue = 0xFF;
    bool odd = false;
    timing::Passed straight_passed, taken_passed;
};

/// One per interpreter whose clocks are not plain.
class Meter {
public:
    explicit Meter(ClockModel model) : model_(model), tariffs_(tariff_count) {}
    [[nodiscard]] ClockModel model() const { return model_; }

    /// Of the instruction at `at`, whose bytes are also at `pc` (eight can be read there); with `pc` null they are
    /// fetched one by one. Null: a run of prefixes beyond decoding. Answers for this IP and queue are in it.
    const Tariff* tariff(const Memory& memory, const u8* pc, SegOff at, timing::Queue queue);

    /// Clocks that the registers add before the instruction executes: words at odd addresses, bits to shift.
    [[nodiscard]] u32 surcharge(const Tariff& tariff, const Registers& regs) const;
    /// What multiplication and division take in place of their row's clocks; 0: those. The operand is looked at before
    /// the instruction reads it.
    [[nodiscard]] i32 loop(const Tariff& tariff, const Memory& memory, const Registers& regs) const;
    /// Of each repetition of a string instruction.
    [[nodiscard]] i32 repetition(const Tariff& tariff, const Registers& regs) const;
    /// Of the words that entering an interrupt moves.
    [[nodiscard]] u32 interrupt_words(const Registers& regs) const;

    /// What IP's next instruction finds: after a jump; after a repeated string.
    [[nodiscard]] timing::Queue flushed(u16 ip) const {
        return model_.is_exact() ? timing::flushed(ip, model_.cpu) : timing::Queue{0};
    }
    [[nodiscard]] timing::Queue full(u16 ip) const {
        return model_.is_exact() ? timing::full(ip, model_.cpu) : timing::Queue{0};
    }

private:
    static constexpr std::size_t tariff_count = 2048;
    [[nodiscard]] timing::Passed answer(const Tariff& tariff, bool taken, SegOff at, timing::Queue queue) const;
    [[nodiscard]] Tariff make(const Insn& insn) const;
    [[nodiscard]] u32 split_words(const timing::Accesses& accesses, const Insn& insn, const Registers& regs) const;

    ClockModel model_;
    std::vector<Tariff> tariffs_;
    Tariff uncached_;
};

}  // namespace dyn86
