// What is known of the guest's word registers at one place of a trace: bounds and evenness. It decides which addresses
// need no wrap and no test.
#pragma once

#include "cpu/insn.h"

#include <array>

namespace dyn86::jit {

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

    /// What holds after `insn` has been executed in translated code.
    void apply(const Insn& insn);
    /// `compare` has just been executed, and then this condition (as Jcc numbers it) held.
    void assume(const Insn& compare, u8 condition);
    /// Two ways meet: what holds on both.
    void merge(const Facts& other);

private:
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
};

}  // namespace dyn86::jit
