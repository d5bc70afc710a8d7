#include "jit/facts.h"

#include "cpu/opcodes.h"

#include <algorithm>
#include <bit>

namespace dyn86::jit {
namespace {

using Kind = Operand::Kind;
using Word = Facts::Word;

constexpr u8 ax = u8(Reg16::Ax), cx = u8(Reg16::Cx), dx = u8(Reg16::Dx), sp = u8(Reg16::Sp);
constexpr u8 al = u8(Reg8::Al);

constexpr Word constant(u16 value) {
    return {value, value, (value & 1) == 0};
}

Word sum(const Word& a, const Word& b) {
    const bool even = a.even && b.even;
    if (u32{a.most} + b.most > 0xFFFF) return {0, 0xFFFF, even};
    return {u16(a.least + b.least), u16(a.most + b.most), even};
}

Word difference(const Word& a, const Word& b) {
    const bool even = a.even && b.even;
    if (a.least < b.most) return {0, 0xFFFF, even};
    return {u16(a.least - b.most), u16(a.most - b.least), even};
}

/// Adding a negative number is subtracting.
Word moved(const Word& a, u16 by) {
    return by < 0x8000 ? sum(a, constant(by)) : difference(a, constant(u16(-by)));
}

/// The most that any of the bits in it can make.
constexpr u16 all_bits_of(u16 most) {
    return u16((1u << std::bit_width(most)) - 1);
}

Word shifted_right(const Word& a) {
    return {u16(a.least >> 1), u16(a.most >> 1), false};
}

bool writes_nothing(Op op) {
    return op == Op::Cmp || op == Op::Test || op == Op::Push;
}

}  // namespace

Word Facts::source(const Insn& insn) const {
    if (insn.src.kind == Kind::Immediate) return constant(insn.immediate);
    if (insn.src.kind == Kind::Reg16) return words_[insn.src.index];
    return {};
}

Word Facts::address(const Insn& insn) const {
    if (insn.patched_displacement) return {};
    if (insn.is_direct()) return constant(insn.displacement);
    const AddressMode& mode = address_modes[insn.rm()];
    if (mode.base == AddressMode::none) return moved(words_[mode.index], insn.displacement);
    if (mode.index == AddressMode::none) return moved(words_[mode.base], insn.displacement);
    return moved(sum(words_[mode.base], words_[mode.index]), insn.displacement);
}

Word Facts::word_result(const Insn& insn) const {
    const Word old = words_[insn.dst.index], src = source(insn);
    const bool itself = insn.src == insn.dst, by_one = insn.src.kind == Kind::Immediate;
    switch (insn.op) {
        case Op::Mov: return src;
        case Op::Add: return insn.src.kind == Kind::Immediate ? moved(old, insn.immediate) : sum(old, src);
        case Op::Sub:
            if (itself) return constant(0);
            return insn.src.kind == Kind::Immediate ? moved(old, u16(-insn.immediate)) : difference(old, src);
        case Op::Inc: return sum(old, constant(1));
        case Op::Dec: return difference(old, constant(1));
        case Op::And: return {0, std::min(old.most, src.most), old.even || src.even};
        case Op::Xor:
            if (itself) return constant(0);
            return {0, all_bits_of(std::max(old.most, src.most)), old.even && src.even};
        case Op::Or: return {0, all_bits_of(std::max(old.most, src.most)), old.even && src.even};
        case Op::Shl:
            if (!by_one) return {};
            return old.most < 0x8000 ? Word{u16(old.least * 2), u16(old.most * 2), true} : Word{0, 0xFFFE, true};
        case Op::Shr: return by_one ? shifted_right(old) : Word{0, old.most, false};
        case Op::Sar: return by_one && old.most < 0x8000 ? shifted_right(old) : Word{};
        case Op::Lea: return address(insn);
        default: return {};
    }
}

/// Of one half of a word register.
Facts::Bounds Facts::byte_result(const Insn& insn, Bounds before) {
    const bool immediate = insn.src.kind == Kind::Immediate, itself = insn.src == insn.dst;
    const u16 value = insn.immediate & 0xFF;
    switch (insn.op) {
        case Op::Mov:
            if (immediate) return {value, value};
            break;
        case Op::And:
            if (immediate) return {0, std::min(before.most, value)};
            break;
        case Op::Xor:
        case Op::Sub:
            if (itself) return {0, 0};
            break;
        default: break;
    }
    return any_byte;
}

/// What is known of a half of a word register.
Facts::Bounds Facts::byte(u8 number) const {
    const Word& word = words_[number & 3];
    if (number > 3) return {u16(word.least >> 8), u16(word.most >> 8)};
    if (word.least >> 8 != word.most >> 8) return {0, 0xFF};
    return {u16(word.least & 0xFF), u16(word.most & 0xFF)};
}

void Facts::set_byte(u8 number, Bounds bounds) {
    const bool upper = number > 3;
    const Bounds high = upper ? bounds : byte(u8(number + 4)), low = upper ? byte(number & 3) : bounds;
    const bool even = upper ? words_[number & 3].even : low.least == low.most && (low.least & 1) == 0;
    set(number & 3, {u16(high.least << 8 | low.least), u16(high.most << 8 | low.most), even});
}

/// Registers that the operands do not name.
void Facts::apply_implied(const Insn& insn) {
    switch (insn.op) {
        case Op::Mul:
        case Op::Imul:
        case Op::Div:
        case Op::Idiv:
            forget(ax);
            if (insn.width == Width::Word) forget(dx);
            break;
        case Op::Daa:
        case Op::Das:
        case Op::Aaa:
        case Op::Aas:
        case Op::Aam:
        case Op::Aad:
        case Op::Cbw:
        case Op::Lahf:
        case Op::Salc:
        case Op::Xlat:
        case Op::In: forget(ax); break;
        case Op::Cwd: forget(dx); break;
        case Op::Push:
        case Op::Call:
        case Op::Pushf: set(sp, difference(words_[sp], constant(2))); break;
        case Op::Pop:
        case Op::Popf: set(sp, sum(words_[sp], constant(2))); break;
        case Op::Ret: set(sp, sum(words_[sp], constant(u16(2 + insn.immediate)))); break;
        case Op::Lods: insn.width == Width::Word ? forget(ax) : set_byte(al, any_byte); break;
        case Op::Loop:
        case Op::Loope:
        case Op::Loopne: forget(cx); break;
        default: break;
    }
}

std::optional<i32> Facts::change_of_named(const Insn& insn, u8 r, Direction direction) {
    for (const Operand& operand : {insn.src, insn.dst}) {
        if (operand != Operand{Kind::String, r}) continue;
        if (insn.repeat != Repeat::None) return std::nullopt;
        const i32 step = insn.width == Width::Word ? 2 : 1;
        return direction == Direction::Down ? -step : step;
    }
    if (writes_nothing(insn.op) || (insn.op != Op::Xchg && !is_part_of(insn.dst, r))) return 0;
    if (insn.dst.kind != Kind::Reg16) return std::nullopt;
    const i32 n = i16(insn.immediate);
    const bool small = insn.src.kind == Kind::Immediate && n > -0x400 && n < 0x400;
    switch (insn.op) {
        case Op::Inc: return 1;
        case Op::Dec: return -1;
        case Op::Add: return small ? std::optional(n) : std::nullopt;
        case Op::Sub: return small ? std::optional(-n) : std::nullopt;
        default: return std::nullopt;
    }
}

void Facts::apply(const Insn& insn, Direction direction) {
    for (u8 r = u8(Reg16::Bx); r < from_head_.size(); ++r) {
        if (!names(insn, r) || !from_head_[r]) continue;
        const auto change = change_of_named(insn, r, direction);
        from_head_[r] = change ? std::optional(*from_head_[r] + *change) : std::nullopt;
    }
    apply_implied(insn);
    for (const Operand& operand : {insn.src, insn.dst}) {
        if (operand.kind != Kind::String) continue;
        const Word step = constant(insn.width == Width::Word ? 2 : 1);
        const Word& old = words_[operand.index];
        const Word next = direction == Direction::Down ? difference(old, step) : sum(old, step);
        set(operand.index, insn.repeat == Repeat::None ? next : Word{});
    }
    if (insn.repeat != Repeat::None) forget(cx);
    if (writes_nothing(insn.op)) return;
    if (insn.op == Op::Xchg && insn.src.kind == Kind::Reg16) {
        const Word other = insn.dst.kind == Kind::Reg16 ? words_[insn.dst.index] : Word{};
        if (insn.dst.kind == Kind::Reg16) set(insn.dst.index, words_[insn.src.index]);
        set(insn.src.index, other);
    } else if (insn.op == Op::Xchg) {
        for (const Operand& operand : {insn.src, insn.dst})
            if (operand.kind == Kind::Reg8) set_byte(operand.index, any_byte);
    } else if (insn.dst.kind == Kind::Reg16) {
        set(insn.dst.index, word_result(insn));
    } else if (insn.dst.kind == Kind::Reg8) {
        set_byte(insn.dst.index, byte_result(insn, byte(insn.dst.index)));
    }
}

void Facts::assume(const Insn& compare, u8 condition) {
    if (compare.op != Op::Cmp || compare.dst.kind != Kind::Reg16) return;
    const Word with = source(compare);
    Word word = words_[compare.dst.index];
    constexpr u8 below = 2, not_below = 3, equal = 4, not_above = 6, above = 7;
    if (condition == below && with.most > 0) word.most = std::min(word.most, u16(with.most - 1));
    if (condition == not_above || condition == equal) word.most = std::min(word.most, with.most);
    if (condition == not_below || condition == equal) word.least = std::max(word.least, with.least);
    if (condition == above && with.least < 0xFFFF) word.least = std::max(word.least, u16(with.least + 1));
    if (word.least <= word.most) set(compare.dst.index, word);
}

void Facts::merge(const Facts& other) {
    for (u8 r = 0; r < words_.size(); ++r) {
        const Word &a = words_[r], &b = other.words_[r];
        set(r, {std::min(a.least, b.least), std::max(a.most, b.most), a.even && b.even});
        if (from_head_[r] != other.from_head_[r]) from_head_[r].reset();
    }
}

}  // namespace dyn86::jit
