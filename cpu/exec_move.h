// MOV, XCHG, stack and address instructions.
#pragma once

#include "cpu/exec.h"

namespace dyn86::exec {

template <u8 opcode, u8 reg>
const u8* exec_mov(Context& x, const u8* pc) noexcept {
    using T = OperandOf<opcode, reg>;
    return operate<opcode, reg, Effect::Replaces>(x, pc, [](T /*old*/, T src) { return src; });
}

/// A0-A3: the accumulator from or to an offset.
template <u8 opcode, u8 reg>
const u8* exec_mov_offset(Context& x, const u8* pc) noexcept {
    using T = OperandOf<opcode, reg>;
    constexpr const OpInfo& info = row<opcode, reg>;
    x.charge(info.cycles.mem);
    const u16 offset = fetch_word(pc + 1);
    if constexpr (info.src == Form::Ob || info.src == Form::Ow)
        set<T>(x, 0, load<T>(x, x.data_segment, offset));
    else
        store<T>(x, x.data_segment, offset, get<T>(x, 0));
    return pc + 3;
}

/// Loads a segment register; nothing is accepted before the next instruction has run. [UM86 "External Interrupts"]
inline const u8* load_segment(Context& x, Sreg which, u16 value, const u8* next) {
    const u16 ip = x.ip_of(next);
    x.set_segment(which, value);
    x.cast_shadow(shadow::all);
    if (which != Sreg::Cs) return next;
    x.set_code();
    return x.at(ip);
}

template <u8 opcode, u8 reg>
const u8* exec_mov_to_segment(Context& x, const u8* pc) noexcept {
    const Sreg which = Sreg(pc[1] >> 3 & 3);
    const auto [value, next] = only_source<opcode, reg>(x, pc);
    return load_segment(x, which, value, next);
}

template <u8 opcode, u8 reg>
const u8* exec_xchg(Context& x, const u8* pc) noexcept {
    using T = OperandOf<opcode, reg>;
    const u8 modrm = pc[1];
    return operate<opcode, reg, Effect::Changes>(x, pc, [&x, modrm](T dst, T src) {
        if constexpr (row<opcode, reg>.src == Form::Zw)
            set<T>(x, opcode & 7, dst);
        else
            set<T>(x, modrm >> 3 & 7, dst);
        return src;
    });
}

/// PUSH SP stores the decremented SP: the register is read after the decrement. [SST 54]
template <u8 opcode, u8 reg>
const u8* exec_push(Context& x, const u8* pc) noexcept {
    constexpr const OpInfo& info = row<opcode, reg>;
    constexpr unsigned sp = unsigned(Reg16::Sp);
    auto [value, next] = only_source<opcode, reg>(x, pc);
    const bool pushes_sp =
        info.src == Form::Zw ? (opcode & 7) == sp : info.src == Form::Ew && pc[1] >= 0xC0 && (pc[1] & 7) == sp;
    push(x, pushes_sp ? u16(value - 2) : u16(value));
    return next;
}

template <u8 opcode, u8 reg>
const u8* exec_pop(Context& x, const u8* pc) noexcept {
    constexpr const OpInfo& info = row<opcode, reg>;
    if constexpr (info.dst == Form::Ew) {
        if (pc[1] < 0xC0) {
            const Address place = address_of(x, pc + 1);
            x.charge(u32{info.cycles.mem} + place.clocks);
            store<u16>(x, place.segment, place.offset, pop(x));
            return place.next;
        }
    }
    x.charge(info.cycles.reg);
    const u16 value = pop(x);
    if constexpr (info.dst == Form::Zs) return load_segment(x, Sreg(opcode >> 3 & 3), value, pc + 1);
    if constexpr (info.dst == Form::Zw) return set<u16>(x, opcode & 7, value), pc + 1;
    return set<u16>(x, pc[1] & 7, value), pc + 2;
}

/// The operand of LEA, LES, LDS and far transfers in a register: assumed an address that is the register's value, in
/// DS. The silicon uses what an earlier instruction left in its address latch; a recording of mod = 3 would settle it.
inline Address far_operand(Context& x, const u8* pc, u8 clocks) {
    if (pc[1] >= 0xC0) {
        x.charge(clocks);
        return {pc + 2, x.data_segment, get<u16>(x, pc[1] & 7), 0};
    }
    const Address place = address_of(x, pc + 1);
    x.charge(u32{clocks} + place.clocks);
    return place;
}
/// The far pointer there: each of its words wraps at FFFFh. [SST C4, FF.3]
inline SegOff load_far(Context& x, const Address& place) {
    const u16 offset = load<u16>(x, place.segment, place.offset);
    return {load<u16>(x, place.segment, u16(place.offset + 2)), offset};
}

template <u8 opcode, u8 reg>
const u8* exec_lea(Context& x, const u8* pc) noexcept {
    const Address place = far_operand(x, pc, row<opcode, reg>.cycles.mem);
    set<u16>(x, pc[1] >> 3 & 7, place.offset);
    return place.next;
}

template <u8 opcode, u8 reg>
const u8* exec_load_far(Context& x, const u8* pc) noexcept {
    const Address place = far_operand(x, pc, row<opcode, reg>.cycles.mem);
    const SegOff pointer = load_far(x, place);
    set<u16>(x, pc[1] >> 3 & 7, pointer.offset);
    x.set_segment(row<opcode, reg>.op == Op::Les ? Sreg::Es : Sreg::Ds, pointer.segment);
    return place.next;
}

template <u8 opcode, u8 reg>
const u8* exec_xlat(Context& x, const u8* pc) noexcept {
    x.charge(row<opcode, reg>.cycles.reg);
    set(x, Reg8::Al, load<u8>(x, x.data_segment, u16(get(x, Reg16::Bx) + get(x, Reg8::Al))));
    return pc + 1;
}

template <u8 opcode, u8 reg>
const u8* exec_flags_move(Context& x, const u8* pc) noexcept {
    constexpr const OpInfo& info = row<opcode, reg>;
    x.charge(info.cycles.reg);
    if constexpr (info.op == Op::Lahf)
        set(x, Reg8::Ah, u8(x.flags()));
    else if constexpr (info.op == Op::Sahf)
        x.status = alu::Status::of(u16((x.status.o() ? flag::o : 0) | (get(x, Reg8::Ah) & flag::szapc)));
    else if constexpr (info.op == Op::Pushf)
        push(x, x.flags());
    else if constexpr (info.op == Op::Popf)
        x.set_flags(pop(x));
    else {
        static_assert(info.op == Op::Salc);
        set(x, Reg8::Al, x.status.c() ? 0xFF : 0);
    }
    return pc + 1;
}

}  // namespace dyn86::exec
