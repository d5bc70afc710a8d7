// Jumps, calls, returns, loops and software interrupts.
#pragma once

#include "cpu/exec_move.h"

namespace dyn86::exec {

/// Jcc's sixteen conditions; the odd ones are the even ones reversed. [UM86 "Conditional Transfers"]
template <unsigned code>
bool condition(alu::Status f) {
    if constexpr ((code & 1) != 0)
        return !condition<code - 1>(f);
    else if constexpr (code == 0x0)
        return f.o();
    else if constexpr (code == 0x2)
        return f.c();
    else if constexpr (code == 0x4)
        return f.z();
    else if constexpr (code == 0x6)
        return f.c() || f.z();
    else if constexpr (code == 0x8)
        return f.s();
    else if constexpr (code == 0xA)
        return f.p();
    else if constexpr (code == 0xC)
        return f.s() != f.o();
    else
        return f.z() || f.s() != f.o();
}

inline const u8* jump_near(const Context& x, const u8* next, u16 distance) {
    return x.at(u16(x.ip_of(next) + distance));
}

inline const u8* jump_far(Context& x, SegOff to) {
    x.set_segment(Sreg::Cs, to.segment);
    x.set_code();
    return x.at(to.offset);
}

template <u8 opcode, u8 reg>
const u8* branch_if(Context& x, const u8* pc, bool taken) {
    constexpr const OpInfo& info = row<opcode, reg>;
    if (taken) {
        x.charge(info.cycles.reg);
        return jump_near(x, pc + 2, fetch_sign_extended(pc + 1));
    }
    x.charge(info.cycles.reg - cost::not_taken_refund(info));
    return pc + 2;
}

template <u8 opcode, u8 reg>
const u8* exec_jcc(Context& x, const u8* pc) noexcept {
    return branch_if<opcode, reg>(x, pc, condition<opcode & 15>(x.status));
}

template <u8 opcode, u8 reg>
const u8* exec_loop(Context& x, const u8* pc) noexcept {
    constexpr Op op = row<opcode, reg>.op;
    if constexpr (op == Op::Jcxz) return branch_if<opcode, reg>(x, pc, get(x, Reg16::Cx) == 0);
    const u16 cx = u16(get(x, Reg16::Cx) - 1);
    set(x, Reg16::Cx, cx);
    bool taken = cx != 0;
    if constexpr (op == Op::Loope) taken = taken && x.status.z();
    if constexpr (op == Op::Loopne) taken = taken && !x.status.z();
    return branch_if<opcode, reg>(x, pc, taken);
}

/// Direct near jumps and calls.
template <u8 opcode, u8 reg>
const u8* exec_relative(Context& x, const u8* pc) noexcept {
    constexpr const OpInfo& info = row<opcode, reg>;
    x.charge(info.cycles.reg);
    const u16 distance = info.src == Form::Jb ? fetch_sign_extended(pc + 1) : fetch_word(pc + 1);
    const u8* const next = pc + (info.src == Form::Jb ? 2 : 3);
    if constexpr (info.op == Op::Call) push(x, x.ip_of(next));
    return jump_near(x, next, distance);
}

/// Near jumps and calls to an address in a register or in memory.
template <u8 opcode, u8 reg>
const u8* exec_indirect(Context& x, const u8* pc) noexcept {
    const auto [target, next] = only_source<opcode, reg>(x, pc);
    if constexpr (row<opcode, reg>.op == Op::Call) push(x, x.ip_of(next));
    return x.at(target);
}

template <u8 opcode, u8 reg>
const u8* exec_far(Context& x, const u8* pc) noexcept {
    constexpr const OpInfo& info = row<opcode, reg>;
    SegOff to;
    const u8* next = pc + 5;
    if constexpr (info.src == Form::Ap) {
        x.charge(info.cycles.reg);
        to = {fetch_word(pc + 3), fetch_word(pc + 1)};
    } else {
        const Address place = far_operand(x, pc, info.cycles.mem);
        to = load_far(x, place);
        next = place.next;
    }
    if constexpr (info.op == Op::CallFar) {
        push(x, x.core.regs.get(Sreg::Cs));
        push(x, x.ip_of(next));
    }
    return jump_far(x, to);
}

template <u8 opcode, u8 reg>
const u8* exec_ret(Context& x, const u8* pc) noexcept {
    constexpr const OpInfo& info = row<opcode, reg>;
    x.charge(info.cycles.reg);
    SegOff to;
    to.offset = pop(x);
    if constexpr (info.op == Op::RetFar) to.segment = pop(x);
    if constexpr (info.src == Form::Iw) set(x, Reg16::Sp, u16(get(x, Reg16::Sp) + fetch_word(pc + 1)));
    if constexpr (info.op == Op::Ret)
        return x.at(to.offset);
    else
        return jump_far(x, to);
}

/// Pushes FLAGS, CS, `return_ip`, clears IF and TF and goes through the vector. [UM86 "Internal Interrupts"]
inline const u8* enter_interrupt(Context& x, u8 vector, u16 return_ip) {
    push(x, x.flags());
    x.core.regs.flags &= u16(~(flag::i | flag::t));
    push(x, x.core.regs.get(Sreg::Cs));
    push(x, return_ip);
    x.flushed = true;
    const u16 entry = u16(vector * 4);
    const u16 ip = load<u16>(x, 0, entry);
    return jump_far(x, {load<u16>(x, 0, u16(entry + 2)), ip});
}

template <u8 opcode, u8 reg>
const u8* exec_int(Context& x, const u8* pc) noexcept {
    constexpr const OpInfo& info = row<opcode, reg>;
    if (info.op == Op::Into && !x.status.o()) {
        x.charge(info.cycles.reg - cost::not_taken_refund(info));
        return pc + 1;
    }
    x.charge(info.cycles.reg);
    constexpr u8 breakpoint = 3, overflow = 4;
    if constexpr (info.op == Op::Int)
        return enter_interrupt(x, pc[1], x.ip_of(pc + 2));
    else
        return enter_interrupt(x, info.op == Op::Int3 ? breakpoint : overflow, x.ip_of(pc + 1));
}

template <u8 opcode, u8 reg>
const u8* exec_iret(Context& x, const u8* /*pc*/) noexcept {
    x.charge(row<opcode, reg>.cycles.reg);
    SegOff to;
    to.offset = pop(x);
    to.segment = pop(x);
    const u16 image = pop(x);
    const u8* const next = jump_far(x, to);
    x.set_flags(image);
    return next;
}

}  // namespace dyn86::exec
