// String instructions, once and repeated.
#pragma once

#include "cpu/exec_alu.h"

#include <algorithm>
#include <bit>

namespace dyn86::exec {

/// One repetition. SI lies in DS or the override, DI always in ES. [UM86 "String Instructions"]
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

/// How many of `count` elements are equal (`wanted`) or unequal before the first that is not. `right_step` is their
/// size or 0. Goes by eight bytes, then one by one.
template <alu::Word T, u32 right_step>
u32 leading(const u8* left, const u8* right, u32 count, bool wanted) {
    constexpr u32 size = sizeof(T), several = sizeof(u64) / size, bits = 8 * size;
    constexpr u64 ones = ~u64{0} / T(~T{0}), tops = ones << (bits - 1);
    T repeated = 0;
    std::memcpy(&repeated, right, size);
    u32 done = 0;
    for (; done + several <= count; done += several) {
        u64 a = 0, b = ones * repeated;
        std::memcpy(&a, left + done * size, sizeof a);
        if constexpr (right_step != 0) std::memcpy(&b, right + done * size, sizeof b);
        const u64 difference = a ^ b;
        // The lowest bit of the second is in the first element that is 0; what is above it says nothing.
        const u64 ends = wanted ? difference : (difference - ones) & ~difference & tops;
        if (ends != 0) return done + u32(std::countr_zero(ends)) / bits;
    }
    const auto is_end = [&](u32 i) {
        T a = 0, b = 0;
        std::memcpy(&a, left + i * size, size);
        std::memcpy(&b, right + i * right_step, size);
        return (a == b) != wanted;
    };
    while (done < count && !is_end(done)) ++done;
    return done;
}

/// Up to `count` upward repetitions at once where that is the same as one after the other; returns how many.
/// Comparisons do at most all but one of them, and none that may be the last.
template <Op op, alu::Word T>
u32 string_bulk(Context& x, u32 count) {
    constexpr u32 size = sizeof(T);
    constexpr bool uses_si = op == Op::Movs || op == Op::Cmps;
    const u32 si = get(x, Reg16::Si), di = get(x, Reg16::Di);
    const u32 room = 0x10000 - std::max(uses_si ? si : 0, di);  // to the wrap
    const Linear to = x.base[std::size_t(Sreg::Es)] + di, from = x.data_segment + si;
    const bool wanted = x.repeat == Repeat::Rep;
    count = std::min(count, room / size);
    if (count < 2) return 0;
    if constexpr (op == Op::Movs || op == Op::Stos) count = x.memory.plain_length(to, count * size) / size;
    if constexpr (op == Op::Movs) {
        if (!x.memory.is_canonical(from, count * size)) return 0;
        x.memory.move_plain(to, from, count * size, Width(size));
    }
    if constexpr (op == Op::Stos) x.memory.fill_plain(to, count * size, get(x, Reg16::Ax), Width(size));
    if constexpr (op == Op::Cmps)
        count = leading<T, size>(x.memory.view() + from, x.memory.view() + to, count - 1, wanted);
    if constexpr (op == Op::Scas) {
        const u16 value = get(x, Reg16::Ax);
        u8 bytes[2];
        std::memcpy(bytes, &value, 2);
        count = leading<T, 0>(x.memory.view() + to, bytes, count - 1, wanted);
    }
    if constexpr (uses_si) set(x, Reg16::Si, u16(si + count * size));
    set(x, Reg16::Di, u16(di + count * size));
    return count;
}

/// Repetitions up to `count`, charged: in bulk where it pays, else a single one. A comparison always ends with a single
/// one.
template <Op op, alu::Word T>
u32 string_some(Context& x, u32 count, u32 clocks_each) {
    constexpr u32 pays_from = 8;
    constexpr bool compares = op == Op::Cmps || op == Op::Scas;
    const bool upward = (x.core.regs.flags & flag::d) == 0;
    u32 done = 0;
    if (op != Op::Lods && count >= pays_from && upward && !x.memory.reads_trap()) {
        done = string_bulk<op, T>(x, count);
        x.charge(done * clocks_each);
        if (done != 0 && !compares) return done;
    }
    x.charge(clocks_each);
    string_once<op, T>(x);
    return done + 1;
}

/// Repetitions until someone must look at the boundary behind them: the deadline is reached, or at once.
inline u32 undisturbed(const Context& x, u32 clocks_each) {
    if (x.core.budget <= 0 || x.must_look_up()) return 1;
    return (u32(x.core.budget) + clocks_each - 1) / clocks_each;
}

/// Runs to the end, or to the first repetition after which someone must look: the deadline, an interrupt, a trap. Then
/// IP is back at the first prefix and Core::repeating says that the instruction is under way. `each`: clocks.
template <u8 opcode, u8 reg>
[[gnu::always_inline]] inline const u8* repeat_turns(Context& x, const u8* pc, u32 each) {
    using T = OperandOf<opcode, reg>;
    constexpr const OpInfo& info = row<opcode, reg>;
    constexpr bool compares = info.op == Op::Cmps || info.op == Op::Scas;
    x.core.repeating = 0;
    for (u32 left = get(x, Reg16::Cx); left != 0;) {
        const u32 done = string_some<info.op, T>(x, std::min(left, undisturbed(x, each)), each);
        left -= done;
        set(x, Reg16::Cx, u16(left));
        if (compares && x.status.z() != (x.repeat == Repeat::Rep)) break;
        if (left != 0 && (x.core.budget <= 0 || x.must_look_up())) {
            x.core.repeating = x.prefixes;
            return x.at(x.first_prefix);
        }
    }
    return pc + 1;
}

template <u8 opcode, u8 reg>
[[gnu::noinline, gnu::cold]] const u8* repeat_metered(Context& x, const u8* pc) {
    if (x.core.repeating == 0) x.charge(u32(x.setup_clocks));
    return repeat_turns<opcode, reg>(x, pc, u32(x.repetition_clocks));
}

template <u8 opcode, u8 reg>
const u8* repeat_string(Context& x, const u8* pc) {
    constexpr const OpInfo& info = row<opcode, reg>;
    if (x.metered) [[unlikely]]
        return repeat_metered<opcode, reg>(x, pc);
    if (x.core.repeating == 0) x.charge(info.cycles.mem);
    return repeat_turns<opcode, reg>(x, pc, cost::per_repetition(info));
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
