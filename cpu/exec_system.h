// Ports, flags, HLT, ESC, WAIT, NOP.
#pragma once

#include "cpu/exec.h"

namespace dyn86::exec {

/// Devices see a complete Core with IP behind the instruction, and may change any of it.
template <u8 opcode, u8 reg>
const u8* exec_in(Context& x, const u8* pc) noexcept {
    using T = OperandOf<opcode, reg>;
    constexpr const OpInfo& info = row<opcode, reg>;
    x.charge(info.cycles.reg);
    const u8* next = pc + 1;
    const Port port = simple_operand<opcode, reg, info.src>(x, 0, next);
    x.save(next);
    T value = 0;
    if constexpr (sizeof(T) == 1)
        value = x.ports.in(port);
    else
        value = x.ports.in16(port);
    x.load();
    set<T>(x, 0, value);
    return x.at(x.core.regs.ip);
}

template <u8 opcode, u8 reg>
const u8* exec_out(Context& x, const u8* pc) noexcept {
    using T = OperandOf<opcode, reg>;
    constexpr const OpInfo& info = row<opcode, reg>;
    x.charge(info.cycles.reg);
    const u8* next = pc + 1;
    const Port port = simple_operand<opcode, reg, info.dst>(x, 0, next);
    x.save(next);
    if constexpr (sizeof(T) == 1)
        x.ports.out(port, get<u8>(x, 0));
    else
        x.ports.out16(port, get<u16>(x, 0));
    x.load();
    return x.at(x.core.regs.ip);
}

template <u8 opcode, u8 reg>
const u8* exec_flag(Context& x, const u8* pc) noexcept {
    constexpr Op op = row<opcode, reg>.op;
    x.charge(row<opcode, reg>.cycles.reg);
    u16& flags = x.core.regs.flags;
    if constexpr (op == Op::Clc)
        x.status = x.status.with_c(false);
    else if constexpr (op == Op::Stc)
        x.status = x.status.with_c(true);
    else if constexpr (op == Op::Cmc)
        x.status = x.status.with_c(!x.status.c());
    else if constexpr (op == Op::Cld)
        flags &= u16(~flag::d);
    else if constexpr (op == Op::Std)
        flags |= flag::d;
    else if constexpr (op == Op::Cli)
        flags &= u16(~flag::i);
    else {
        static_assert(op == Op::Sti);
        flags |= flag::i;
        x.cast_shadow(shadow::intr);
        if (x.must_look_up()) x.look_up();
    }
    return pc + 1;
}

template <u8 opcode, u8 reg>
const u8* exec_hlt(Context& x, const u8* pc) noexcept {
    x.charge(row<opcode, reg>.cycles.reg);
    x.core.halted = 1;
    x.look_up();
    return pc + 1;
}

/// TEST# is held low on a PC without 8087, so WAIT never waits. NOP is XCHG AX,AX.
template <u8 opcode, u8 reg>
const u8* exec_nop(Context& x, const u8* pc) noexcept {
    x.charge(row<opcode, reg>.cycles.reg);
    return pc + 1;
}

/// ESC reads its memory operand for a coprocessor that is not there. [UM86 "ESC"]
template <u8 opcode, u8 reg>
const u8* exec_esc(Context& x, const u8* pc) noexcept {
    return only_source<opcode, reg>(x, pc).next;
}

}  // namespace dyn86::exec
