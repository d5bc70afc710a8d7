// What the interpreter charges when cost.h's clocks are not enough: finds an instruction's answers by its bytes and
// what the registers add.
#pragma once

#include "cpu/memory.h"
#include "cpu/timetable.h"

#include <cstring>
#include <vector>

namespace dyn86 {

/// How an instruction is charged.
enum class Course : u8 {
    Straight,  // before it executes, and it goes on behind itself
    Jump,      // before it executes
    Branch,    // may jump or not
    Loop,      // multiplies or divides, and may trap
    Device,    // before it executes; a device may do anything
    Repeat,    // by its handler
};

/// Words at an address that registers decide: how many, and which registers make it odd.
struct LooseWords {
    u8 operand = 0, stack = 0, si = 0, di = 0;
    u8 base = 0, index = 0;            // of the operand
    u8 base_mask = 0, index_mask = 0;  // 1 or 0
    u8 odd = 0;                        // its displacement is
    u8 port = 0;                       // words at the port DX
    friend constexpr bool operator==(const LooseWords&, const LooseWords&) = default;
};

/// Everything about one instruction that its bytes decide.
struct Tariff {
    u64 bytes = 0, mask = 0;  // the instruction as it stands in memory, if it is at most eight bytes long
    const Answers* straight = nullptr;
    const Answers* taken = nullptr;
    i16 straight_charge = 0;  // what the handler charges when it does not jump, but for bits shifted
    Course course = Course::Straight;
    bool depends = false;  // not all its words are even for sure, if it goes straight on
    LooseWords words, words_taken;
    timing::Accesses accesses;
    Insn insn;
};

/// One per interpreter whose clocks are not plain.
class Meter {
public:
    explicit Meter(ClockModel model) : table_(model), tariffs_(tariff_count) {}
    [[nodiscard]] ClockModel model() const { return table_.model(); }

    /// Of the instruction at `at`, whose bytes are also at `pc` (eight can be read there); with `pc` null they are
    /// fetched one by one. Null: a run of prefixes beyond decoding.
    const Tariff* tariff(const Memory& memory, const u8* pc, SegOff at) {
        if (pc == nullptr) return make_uncached(memory, at);
        u64 bytes = 0;
        std::memcpy(&bytes, pc, sizeof bytes);
        Tariff& found = tariffs_[at.linear() % tariff_count];
        if (found.mask != 0 && (bytes & found.mask) == found.bytes) return &found;
        return make(memory, at, bytes, found);
    }

    /// Clocks that the registers, as before the instruction, add for words at odd addresses.
    [[nodiscard]] static i32 surcharge(const LooseWords& words, const Registers& regs);
    /// What multiplication and division take in place of their row's clocks; 0: those. The operand is looked at before
    /// the instruction reads it.
    [[nodiscard]] i32 loop(const Tariff& tariff, const Memory& memory, const Registers& regs) const;
    /// Of each repetition of a string instruction.
    [[nodiscard]] i32 repetition(const Tariff& tariff, const Registers& regs) const;
    /// Of the words that entering an interrupt moves.
    [[nodiscard]] u32 interrupt_words(const Registers& regs) const;

    [[nodiscard]] timing::Queue flushed(u16 ip) const { return table_.flushed(ip); }
    [[nodiscard]] timing::Queue full(u16 ip) const { return table_.full(ip); }

private:
    static constexpr std::size_t tariff_count = 2048;
    [[nodiscard]] Tariff made(const Insn& insn);
    const Tariff* make(const Memory& memory, SegOff at, u64 bytes, Tariff& place);
    const Tariff* make_uncached(const Memory& memory, SegOff at);
    [[nodiscard]] LooseWords loose_words(const timing::Accesses& accesses, const Insn& insn) const;

    Timetable table_;
    std::vector<Tariff> tariffs_;
    Tariff uncached_;
};

}  // namespace dyn86
