// String instructions, once and repeated.
#pragma once

#include "cpu/exec_alu.h"

namespace dyn86::exec {

/// One repetition. SI lies in DS or the override, DI always in ES. [UM86 2-40]
template <Op op, alu::Word T>
void string_once(Context& x) {
    const u16 step = (x.core.regs.flags & flag::d) != 0 ? u16(0 - sizeof(T)) : u16(sizeof(T));
    const Linear es = x.base[std::size_t(Sreg::Es)];
    const u16 si = get(x, Reg16::Si), di = get(x, Reg16::Di);
    constexpr bool uses_si = op == Op::Movs || op == Op::Cmps || op == Op::Lods;
    constexpr bool uses_di = op != Op::Lods;
    if constexpr (op == Op::Movs) store<T>(x, es, di, load<T>(x, x.data_segment, si));
    if constexpr (op == Op::Stos) store<T>(x, es, di, get<T>(x, 0));
    if constexpr (op == Op::Lods) set<T>(x, 0, load<T>(x, x.data_segment, si));
    if constexpr (op == Op::Cmps) {
        const T left = load<T>(x, x.data_segment, si);
        binary<Op::Cmp, T>(x, left, load<T>(x, es, di));
    }
    if constexpr (op == Op::Scas) binary<Op::Cmp, T>(x, get<T>(x, 0), load<T>(x, es, di));
    if constexpr (uses_si) set(x, Reg16::Si, u16(si + step));
    if constexpr (uses_di) set(x, Reg16::Di, u16(di + step));
}

/// Runs to the end, or to the first repetition after which someone must look: the deadline, an interrupt, a trap. Then
/// IP is back at the first prefix and Core::repeating says that the instruction is under way.
template <u8 opcode, u8 reg>
const u8* repeat_string(Context& x, const u8* pc) {
    using T = OperandOf<opcode, reg>;
    constexpr const OpInfo& info = row<opcode, reg>;
    constexpr bool compares = info.op == Op::Cmps || info.op == Op::Scas;
    if (x.core.repeating == 0) x.charge(info.cycles.mem);
    x.core.repeating = 0;
    while (get(x, Reg16::Cx) != 0) {
        x.charge(cost::per_repetition(info));
        string_once<info.op, T>(x);
        const u16 left = u16(get(x, Reg16::Cx) - 1);
        set(x, Reg16::Cx, left);
        if (compares && x.status.z() != (x.repeat == Repeat::Rep)) break;
        if (left != 0 && (x.core.budget <= 0 || x.must_look_up())) {
            x.core.repeating = x.prefixes;
            return x.at(x.first_prefix);
        }
    }
    return pc + 1;
}

template <u8 opcode, u8 reg>
const u8* exec_string(Context& x, const u8* pc) noexcept {
    constexpr const OpInfo& info = row<opcode, reg>;
    if (x.repeat != Repeat::None) return repeat_string<opcode, reg>(x, pc);
    x.charge(info.cycles.reg);
    string_once<info.op, OperandOf<opcode, reg>>(x);
    return pc + 1;
}

}  // namespace dyn86::exec
