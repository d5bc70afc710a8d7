// Multiplication, division, AAM, AAD: results and flags as the microcode leaves them.
#pragma once

#include "cpu/exec_flow.h"

namespace dyn86::exec {

/// Double width.
template <alu::Word T>
using Wide = std::conditional_t<sizeof(T) == 1, u16, u32>;

template <alu::Word T>
Wide<T> wide_accumulator(const Context& x) {
    if constexpr (sizeof(T) == 1)
        return get(x, Reg16::Ax);
    else
        return u32{get(x, Reg16::Dx)} << 16 | get(x, Reg16::Ax);
}
template <alu::Word T>
void set_halves(Context& x, T low, T high) {
    if constexpr (sizeof(T) == 1)
        set(x, Reg16::Ax, u16(high << 8 | low));
    else {
        set(x, Reg16::Ax, low);
        set(x, Reg16::Dx, high);
    }
}

/// The microcode multiplies magnitudes and keeps the product's sign in F1, which a REP prefix sets beforehand: the
/// product comes out negated, MUL's too. It ends by adding the upper half to 0 (IMUL: with the lower half's sign as
/// carry); S, Z, A, P are that sum's, and C = O say whether the upper half says anything. [8086MC MULCOF, IMULCOF; SST
/// F6.4-F7.5]
template <u8 opcode, u8 reg>
const u8* exec_mul(Context& x, const u8* pc) noexcept {
    using T = OperandOf<opcode, reg>;
    constexpr bool is_signed = row<opcode, reg>.op == Op::Imul;
    const auto [factor, next] = only_source<opcode, reg>(x, pc);
    const T accumulator = get<T>(x, 0);
    u32 product = 0;
    if constexpr (is_signed) {
        using Signed = std::make_signed_t<T>;
        product = u32(i32{Signed(accumulator)} * i32{Signed(factor)});
    } else
        product = u32{accumulator} * factor;
    if (x.repeat != Repeat::None) product = 0 - product;
    const T low = T(product), high = T(product >> alu::bits<T>);
    const alu::Outcome<T> check = alu::add<T>(high, 0, is_signed && alu::top(low));
    const bool overflow = check.value != 0;
    x.status = check.status.with(overflow, overflow);
    set_halves<T>(x, low, high);
    return next;
}

/// When a division finds out that its quotient is too large: at the first comparison, or (IDIV) at the end.
enum class Overflow : u8 { No, Early, Late };

/// What the microcode's division loop leaves.
template <alu::Word T>
struct Division {
    Overflow overflow = Overflow::No;
    T quotient = 0, remainder = 0;
    alu::Status status = {};
};

/// Shift and subtract, one quotient bit per turn. S, Z, A, P, O are those of the last comparison of the partial
/// remainder with the divisor; a turn that shifts a bit out subtracts without comparing. C is what the last rotation of
/// the quotient, kept complemented, shifts out: its top bit. [8086MC CORD; SST F6.6, F7.6]
template <alu::Word T>
alu::Status last_comparison(T quotient, u32 remainder, T divisor, alu::Status first) {
    for (unsigned turn = 0; turn < alu::bits<T>; ++turn) {  // from the last one backwards
        const u32 shifted = remainder + ((quotient >> turn & 1) != 0 ? divisor : 0u);
        if (shifted >> alu::bits<T> == 0) return alu::sub<T>(T(shifted), divisor).status;
        remainder = shifted >> 1;
    }
    return first;
}
template <alu::Word T>
Division<T> divide(Wide<T> dividend, T divisor) {
    const alu::Status first = alu::sub<T>(T(dividend >> alu::bits<T>), divisor).status;
    if (!first.c()) return {.overflow = Overflow::Early, .quotient = 0, .remainder = 0, .status = first};
    const T quotient = T(dividend / divisor), remainder = T(dividend % divisor);
    const alu::Status last = last_comparison<T>(quotient, remainder, divisor, first);
    return {.overflow = Overflow::No,
            .quotient = quotient,
            .remainder = remainder,
            .status = last.with(!alu::top(quotient), last.o())};
}

/// Through vector 0; the frame returns behind the division. `division_clocks` have been charged for it. [SST F6.6]
inline const u8* divide_error(Context& x, const u8* next, Overflow overflow, u8 division_clocks) {
    x.charge(overflow == Overflow::Early ? 0u + cost::early_divide_error - division_clocks : cost::late_divide_error);
    constexpr u8 vector = 0;
    return enter_interrupt(x, vector, x.ip_of(next));
}

template <u8 opcode, u8 reg>
const u8* exec_div(Context& x, const u8* pc) noexcept {
    using T = OperandOf<opcode, reg>;
    const auto [divisor, next] = only_source<opcode, reg>(x, pc);
    const Division<T> done = divide<T>(wide_accumulator<T>(x), divisor);
    x.status = done.status;
    if (done.overflow != Overflow::No) return divide_error(x, next, done.overflow, row<opcode, reg>.cycles.reg);
    set_halves<T>(x, done.quotient, done.remainder);
    return next;
}

/// Magnitudes are divided; the quotient's sign is kept in F1, which a REP prefix sets beforehand, the remainder has the
/// dividend's. A quotient whose magnitude has the top bit set faults, -128 and -32768 included. C and O are cleared at
/// the end. [8086MC PREIDIV, POSTIDIV; SST F6.7, F7.7]
template <u8 opcode, u8 reg>
const u8* exec_idiv(Context& x, const u8* pc) noexcept {
    using T = OperandOf<opcode, reg>;
    using Signed = std::make_signed_t<T>;
    using SignedWide = std::make_signed_t<Wide<T>>;
    const auto [divisor, next] = only_source<opcode, reg>(x, pc);
    const Wide<T> dividend = wide_accumulator<T>(x);
    const bool dividend_negative = SignedWide(dividend) < 0, divisor_negative = Signed(divisor) < 0;
    const Division<T> done =
        divide<T>(dividend_negative ? Wide<T>(0 - dividend) : dividend, divisor_negative ? T(0 - divisor) : divisor);
    x.status = done.status;
    const Overflow overflow = alu::top(done.quotient) ? Overflow::Late : done.overflow;
    if (overflow != Overflow::No) return divide_error(x, next, overflow, row<opcode, reg>.cycles.reg);
    x.status = done.status.with(false, false);
    const bool negate = (dividend_negative != divisor_negative) != (x.repeat != Repeat::None);
    set_halves<T>(x, negate ? T(0 - done.quotient) : done.quotient,
                  dividend_negative ? T(0 - done.remainder) : done.remainder);
    return next;
}

/// AAM divides AL by its immediate in the same loop; S, Z, P are then those of the remainder. [8086MC AAM; SST D4]
template <u8 opcode, u8 reg>
const u8* exec_aam(Context& x, const u8* pc) noexcept {
    x.charge(row<opcode, reg>.cycles.reg);
    const Division<u8> done = divide<u8>(get(x, Reg8::Al), pc[1]);
    x.status = done.status;
    if (done.overflow != Overflow::No) return divide_error(x, pc + 2, done.overflow, row<opcode, reg>.cycles.reg);
    x.status = alu::logic<u8>(done.remainder).status;
    set_halves<u8>(x, done.remainder, done.quotient);
    return pc + 2;
}

/// AAD adds the low byte of AH times the immediate to AL; the flags are that addition's. [8086MC AAD; SST D5]
template <u8 opcode, u8 reg>
const u8* exec_aad(Context& x, const u8* pc) noexcept {
    x.charge(row<opcode, reg>.cycles.reg);
    const alu::Outcome<u8> sum = alu::add<u8>(get(x, Reg8::Al), u8(get(x, Reg8::Ah) * pc[1]));
    x.status = sum.status;
    set(x, Reg16::Ax, sum.value);
    return pc + 2;
}

}  // namespace dyn86::exec
