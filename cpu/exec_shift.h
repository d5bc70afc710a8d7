// Shifts and rotates, by one and by CL.
#pragma once

#include "cpu/exec.h"

namespace dyn86::exec {

template <Op op, alu::Word T>
alu::Outcome<T> shifted(T dst, u8 count, alu::Status before) {
    if constexpr (op == Op::Rol)
        return alu::rol<T>(dst, count, before);
    else if constexpr (op == Op::Ror)
        return alu::ror<T>(dst, count, before);
    else if constexpr (op == Op::Rcl)
        return alu::rcl<T>(dst, count, before);
    else if constexpr (op == Op::Rcr)
        return alu::rcr<T>(dst, count, before);
    else if constexpr (op == Op::Shl)
        return alu::shl<T>(dst, count);
    else if constexpr (op == Op::Shr)
        return alu::shr<T>(dst, count);
    else if constexpr (op == Op::Sar)
        return alu::sar<T>(dst, count);
    else {
        static_assert(op == Op::Setmo);
        return alu::setmo<T>();
    }
}

/// A count of 0 changes neither operand nor flags, yet writes the operand back.
template <u8 opcode, u8 reg>
const u8* exec_shift(Context& x, const u8* pc) noexcept {
    using T = OperandOf<opcode, reg>;
    constexpr const OpInfo& info = row<opcode, reg>;
    constexpr bool by_one = info.src == Form::One;
    if constexpr (!by_one) x.charge(cost::per_bit(info) * get(x, Reg8::Cl));
    return operate<opcode, reg, Effect::Changes>(x, pc, [&x](T dst, u8 count) -> T {
        if constexpr (by_one) count = 1;
        if (!by_one && count == 0) return dst;
        const alu::Outcome<T> outcome = shifted<info.op, T>(dst, count, x.status);
        x.status = outcome.status;
        return outcome.value;
    });
}

}  // namespace dyn86::exec
