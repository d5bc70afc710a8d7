// What is known of the guest's word registers at one place of a trace: bounds and evenness. It decides which addresses
// need no wrap and no test.
#pragma once

#include "cpu/insn.h"

#include <array>
#include <optional>

namespace dyn86::jit {

/// What string instructions do to SI and DI.
enum class Direction : u8 { Unknown, Up, Down };

class Facts {
public:
    /// Every value that the register may have lies within; `least` and `most` are themselves such bounds as evenness
    /// allows.
    struct Word {
        u16 least = 0, most = 0xFFFF;
        bool even = false;
    };

    [[nodiscard]] const Word& operator[](u8 r) const { return words_[r]; }
    [[nodiscard]] const Word& operator[](Reg16 r) const { return words_[u8(r)]; }
    [[nodiscard]] bool is_even(u8 r) const { return words_[r].even; }
    void set(u8 r, Word word) {
        if (word.even) word.most &= u16(~1u);
        words_[r] = word;
    }
    void set_even(u8 r) { set(r, {words_[r].least, words_[r].most, true}); }
    void forget(u8 r) { words_[r] = Word{}; }

    /// How far the register is from its value at the head (of BP behind MOV BP,SP: from SP's there). Empty: unknown.
    [[nodiscard]] std::optional<i32> from_head(u8 r) const { return from_head_[r]; }
    void set_from_head(u8 r, std::optional<i32> distance) { from_head_[r] = distance; }
    /// By how much `insn`, translated, moves the register; empty: it loads it with something else.
    [[nodiscard]] static std::optional<i32> change_of(const Insn& insn, u8 r, Direction direction = Direction::Up) {
        return names(insn, r) ? change_of_named(insn, r, direction) : 0;
    }

    /// What holds after `insn` has been executed in translated code.
    void apply(const Insn& insn, Direction direction);
    /// `compare` has just been executed, and then this condition (as Jcc numbers it) held.
    void assume(const Insn& compare, u8 condition);
    /// Two ways meet: what holds on both.
    void merge(const Facts& other);

private:
    [[nodiscard]] static bool is_part_of(const Operand& operand, u8 r) {
        switch (operand.kind) {
            case Operand::Kind::Reg16:
            case Operand::Kind::String: return operand.index == r;
            case Operand::Kind::Reg8: return (operand.index & 3) == r;
            default: return false;
        }
    }
    [[nodiscard]] static bool names(const Insn& insn, u8 r) {
        return is_part_of(insn.dst, r) || is_part_of(insn.src, r);
    }
    [[nodiscard]] static std::optional<i32> change_of_named(const Insn& insn, u8 r, Direction direction);
    struct Bounds {
        u16 least = 0, most = 0;
    };
    [[nodiscard]] Word source(const Insn& insn) const;
    [[nodiscard]] Word word_result(const Insn& insn) const;
    [[nodiscard]] Word address(const Insn& insn) const;
    [[nodiscard]] static Bounds byte_result(const Insn& insn, Bounds before);
    static constexpr Bounds any_byte{0, 0xFF};
    [[nodiscard]] Bounds byte(u8 number) const;
    void set_byte(u8 number, Bounds bounds);
    void apply_implied(const Insn& insn);

    std::array<Word, 8> words_;
    std::array<std::optional<i32>, 8> from_head_{0, 0, 0, 0, 0, 0, 0, 0};
};

}  // namespace dyn86::jit
