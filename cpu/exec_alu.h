// Addition to TEST, INC to NEG, decimal adjustments, CBW, CWD.
#pragma once

#include "cpu/exec.h"

namespace dyn86::exec {

template <Op op, alu::Word T>
T binary(Context& x, T dst, T src) {
    const auto keep = [&x](alu::Outcome<T> outcome) {
        x.status = outcome.status;
        return outcome.value;
    };
    if constexpr (op == Op::Add)
        return keep(alu::add<T>(dst, src));
    else if constexpr (op == Op::Adc)
        return keep(alu::add<T>(dst, src, x.status.c()));
    else if constexpr (op == Op::Sub || op == Op::Cmp)
        return keep(alu::sub<T>(dst, src));
    else if constexpr (op == Op::Sbb)
        return keep(alu::sub<T>(dst, src, x.status.c()));
    else if constexpr (op == Op::And || op == Op::Test)
        return keep(alu::logic<T>(dst & src));
    else if constexpr (op == Op::Or)
        return keep(alu::logic<T>(dst | src));
    else {
        static_assert(op == Op::Xor);
        return keep(alu::logic<T>(dst ^ src));
    }
}

template <u8 opcode, u8 reg>
const u8* exec_binary(Context& x, const u8* pc) noexcept {
    using T = OperandOf<opcode, reg>;
    constexpr Op op = row<opcode, reg>.op;
    constexpr Effect effect = op == Op::Cmp || op == Op::Test ? Effect::Reads : Effect::Changes;
    return operate<opcode, reg, effect>(x, pc, [&x](T dst, T src) { return binary<op, T>(x, dst, src); });
}

template <Op op, alu::Word T>
T unary(Context& x, T dst) {
    if constexpr (op == Op::Not)
        return T(~dst);
    else {
        alu::Outcome<T> outcome;
        if constexpr (op == Op::Inc)
            outcome = alu::inc<T>(dst, x.status);
        else if constexpr (op == Op::Dec)
            outcome = alu::dec<T>(dst, x.status);
        else {
            static_assert(op == Op::Neg);
            outcome = alu::neg<T>(dst);
        }
        x.status = outcome.status;
        return outcome.value;
    }
}

template <u8 opcode, u8 reg>
const u8* exec_unary(Context& x, const u8* pc) noexcept {
    using T = OperandOf<opcode, reg>;
    constexpr Op op = row<opcode, reg>.op;
    return operate<opcode, reg, Effect::Changes>(x, pc, [&x](T dst, T /*none*/) { return unary<op, T>(x, dst); });
}

template <u8 opcode, u8 reg>
const u8* exec_adjust(Context& x, const u8* pc) noexcept {
    constexpr Op op = row<opcode, reg>.op;
    using T = OperandOf<opcode, reg>;
    alu::Outcome<T> outcome;
    if constexpr (op == Op::Daa)
        outcome = alu::daa(get(x, Reg8::Al), x.status);
    else if constexpr (op == Op::Das)
        outcome = alu::das(get(x, Reg8::Al), x.status);
    else if constexpr (op == Op::Aaa)
        outcome = alu::aaa(get(x, Reg16::Ax), x.status);
    else {
        static_assert(op == Op::Aas);
        outcome = alu::aas(get(x, Reg16::Ax), x.status);
    }
    x.charge(row<opcode, reg>.cycles.reg);
    x.status = outcome.status;
    set<T>(x, 0, outcome.value);
    return pc + 1;
}

template <u8 opcode, u8 reg>
const u8* exec_widen(Context& x, const u8* pc) noexcept {
    x.charge(row<opcode, reg>.cycles.reg);
    if constexpr (row<opcode, reg>.op == Op::Cbw)
        set(x, Reg16::Ax, u16(i8(get(x, Reg8::Al))));
    else
        set(x, Reg16::Dx, alu::top(get(x, Reg16::Ax)) ? 0xFFFF : 0);
    return pc + 1;
}

}  // namespace dyn86::exec
