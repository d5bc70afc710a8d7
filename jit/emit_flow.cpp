// Jumps, calls, returns and loops. Conditions are numbered alike on both machines. Everything between the last flag
// producer and the jump leaves the flags alone: at an indirect target all of them may be read.
#include "jit/emitter.h"

#include <algorithm>

namespace dyn86::jit {

bool Emitter::can_flow(const Step& step) {
    const Insn& insn = step.insn;
    // FE /2 and /4 would jump to a byte.
    const bool near =
        insn.src.kind == Operand::Kind::Near || (insn.src.kind != Operand::Kind::Far && insn.width == Width::Word);
    switch (insn.op) {
        case Op::Jcc:
        case Op::Loop:
        case Op::Loope:
        case Op::Loopne:
        case Op::Jcxz: return true;
        case Op::Jmp:
        case Op::Call: return near;
        case Op::Ret:
        case Op::RetFar: return (insn.immediate & 1) == 0;
        case Op::CallFar:
        case Op::JmpFar: return insn.src.kind == Operand::Kind::Far || (insn.width == Width::Word && insn.mod() != 3);
        case Op::Int:
        case Op::Int3:
        case Op::Into:
        case Op::Iret: return true;
        default: return false;
    }
}

void Emitter::emit_flow() {
    switch (step_->insn.op) {
        case Op::Jcc: return emit_branch();
        case Op::Jmp: return emit_jump();
        case Op::Call: return emit_call();
        case Op::Ret: return emit_ret();
        case Op::RetFar: return emit_ret_far();
        case Op::CallFar: return emit_far(true);
        case Op::JmpFar: return emit_far(false);
        case Op::Int: return emit_interrupt(u8(step_->insn.immediate));
        case Op::Int3: return emit_interrupt(3);
        case Op::Into: return emit_into();
        case Op::Iret: return emit_iret();
        default: return emit_loop();
    }
}

/// The last instruction of a trace says where it goes on; inside a trace the next step follows.
void Emitter::fall_through() {
    if (step_ == &trace_->last() && !step_->inverted) link(step_->insn.next());
}

void Emitter::emit_branch() {
    const Insn& insn = step_->insn;
    const Cond taken = Cond(insn.condition), stays = step_->inverted ? taken : inverse(taken);
    if (step_->join != 0)
        emit_skip(taken);
    else if (step_->tail != 0 && grouped_)
        return_if(inverse(stays));
    else
        link_if(inverse(stays), step_->inverted ? insn.next() : insn.target);
    if (step_ != trace_->steps().data() && !is_join(step_)) facts_.assume(step_[-1].insn, u8(stays));
    fall_through();
}

/// A branch over a few steps. Those who go through them pay the difference.
void Emitter::emit_skip(Cond c) {
    skips_.push_back({x_.jcc(c), step_->join, facts_, direction_});
    settle(0, -step_->detour, -i32{step_->skipped});
}

bool Emitter::is_join(const Step* step) const {
    const auto number = u16(step - trace_->steps().data());
    return std::ranges::any_of(skips_, [&](const Skip& skip) { return skip.join == number; });
}

/// Ways around the steps before this one end here: only what holds on all of them is known.
void Emitter::join_ways() {
    const auto number = u16(step_ - trace_->steps().data());
    for (const Skip& skip : skips_) {
        if (skip.join != number) continue;
        x_.bind(skip.site);
        facts_.merge(skip.facts);
        if (direction_ != skip.direction) direction_ = Direction::Unknown;
    }
}

// LOOP and JCXZ change no flag. Where some are live, JRCXZ, the one host jump that looks at CX alone, decides.
void Emitter::emit_loop() {
    const Insn& insn = step_->insn;
    const bool live = (step_->live_out | step_->live_aside) != 0;
    if (insn.op == Op::Jcxz) {
        if (!live) {
            x_.test(Size::Dword, number(Host::Rcx), number(Host::Rcx));
            link_if(Cond::E, insn.target);
            return fall_through();
        }
        u8* const zero = x_.jrcxz();
        u8* const other = x_.jmp_short();
        Assembler::bind_short(zero, x_.here());
        link_always(insn.target);
        Assembler::bind_short(other, x_.here());
        return fall_through();
    }
    if (insn.op == Op::Loop && !live) {
        x_.alu(Alu::Sub, Size::Word, number(Host::Rcx), 1);
        step_->inverted ? link_if(Cond::E, insn.next()) : link_if(Cond::Ne, insn.target);
        return fall_through();
    }
    x_.lea(Size::Dword, Host::Rcx, at(Host::Rcx, -1));
    x_.movzx(Host::Rcx, Size::Word, number(Host::Rcx));
    u8* const done = x_.jrcxz();
    if (step_->inverted) {
        u8* const again = x_.jmp_short();
        Assembler::bind_short(done, x_.here());
        link_always(insn.next());
        Assembler::bind_short(again, x_.here());
        return;
    }
    if (insn.op == Op::Loop)
        link_always(insn.target);
    else
        link_if(insn.op == Op::Loope ? Cond::E : Cond::Ne, insn.target);
    Assembler::bind_short(done, x_.here());
    fall_through();
}

void Emitter::emit_jump() {
    const Insn& insn = step_->insn;
    if (insn.src.kind == Operand::Kind::Near) return link(insn.target);
    if (insn.src.kind == Operand::Kind::Memory)
        x_.movzx(pin::address, Size::Word, address(Access::Load, Size::Word));
    else
        x_.mov(pin::address, word_register(insn.src));
    dispatch();
}

void Emitter::emit_call() {
    const Insn& insn = step_->insn;
    const bool direct = insn.src.kind == Operand::Kind::Near;
    const Mem slot = push_slot();
    if (insn.src.kind != Operand::Kind::Memory) pay_for_stack();
    if (insn.src.kind == Operand::Kind::Memory) {
        const Mem m = address(Access::Load, Size::Word);
        pay_for_stack();
        x_.movzx(pin::value, Size::Word, m);
        next_slot();
    } else if (!direct) {
        x_.mov(pin::value, word_register(insn.src));
    }
    x_.mov(Size::Word, slot, i32{insn.next()});
    pushed();
    if (step_->followed) return;
    if (direct) return link(insn.target);
    x_.mov(pin::address, pin::value);
    dispatch();
}

void Emitter::emit_ret() {
    if (step_->returns_for_sure) {
        pay_for_stack();
        return popped(2 + step_->insn.immediate, step_->live_out);
    }
    const Mem slot = pop_slot();
    if (step_->followed) need_return(slot);
    pay_for_stack();
    if (!step_->followed) x_.movzx(pin::address, Size::Word, slot);
    popped(2 + step_->insn.immediate, step_->live_out);
    if (!step_->followed) dispatch();
}

/// Leaves when RET does not go where the trace goes on. Whoever it goes to may read all flags: none may change.
void Emitter::need_return(const Mem& slot) {
    const i32 expected = step_ == &trace_->last() ? trace_->continues_at : step_[1].insn.ip;
    x_.mov(pin::address, Host::Rcx);
    x_.movzx(Host::Rcx, Size::Word, slot);
    x_.lea(Size::Dword, Host::Rcx, at(Host::Rcx, -expected));
    u8* const as_expected = x_.jrcxz();
    x_.mov(Host::Rcx, pin::address);
    checks_.push_back({x_.jmp(), new_exit(ExitSite::Kind::Return, step_->insn.ip), Saved::Nothing, step_});
    Assembler::bind_short(as_expected, x_.here());
    x_.mov(Host::Rcx, pin::address);
}

void Emitter::emit_ret_far() {
    const Mem slots = pop_slots(4);
    pay_for_stack();
    x_.movzx(pin::address, Size::Word, slots);
    x_.movzx(pin::value, Size::Word, slots.plus(2));
    popped(4 + step_->insn.immediate, step_->live_out);
    dispatch_far();
}

void Emitter::emit_far(bool call) {
    const Insn& insn = step_->insn;
    const u16 segment = trace_->head.segment;
    const bool direct = insn.src.kind == Operand::Kind::Far;
    const Mem slots = call ? push_slots(4) : Mem{};
    if (!direct) {
        const Mem m = address(Access::Load, Size::Dword);
        pay_for_stack();
        x_.movzx(pin::value, Size::Word, m.plus(2));
        x_.movzx(pin::address, Size::Word, m);
    }
    if (direct) pay_for_stack();
    if (call) {
        x_.mov(Size::Word, slots.plus(2), i32{segment});
        x_.mov(Size::Word, slots, i32{insn.next()});
        if (!grouped_) x_.lea(Size::Dword, pin::sp, at(pin::sp, -4));
    }
    if (!direct) return dispatch_far();
    x_.mov(Size::Word, at(pin::arena, core_field(offsetof(Core, regs.sreg) + 2 * unsigned(Sreg::Cs))),
           i32{insn.immediate_segment});
    settle(sp_, trace_->clocks - clocks_after(), 0);
    link_to({insn.immediate_segment, insn.immediate});
}

void Emitter::emit_interrupt(u8 vector) {
    const Mem slots = push_slots(6);
    pay_for_stack();
    make_flags_image();
    x_.mov(Size::Word, slots.plus(4), number(pin::value));
    x_.mov(Size::Word, slots.plus(2), i32{trace_->head.segment});
    x_.mov(Size::Word, slots, i32{step_->insn.next()});
    if (!grouped_) x_.lea(Size::Dword, pin::sp, at(pin::sp, -6));
    x_.mov(Size::Byte, at(pin::arena, state_field(offsetof(State, interrupts))), 0);
    const Mem entry = at(pin::arena, in_arena(ArenaLayout::guest) + 4 * vector);
    x_.movzx(pin::address, Size::Word, entry);
    x_.movzx(pin::value, Size::Word, entry.plus(2));
    dispatch_far();
}

void Emitter::emit_into() {
    check(Cond::O, Saved::Nothing);
    if (step_ == &trace_->last()) link(step_->insn.next());
}

// FLAGS first: what comes behind touches none.
void Emitter::emit_iret() {
    const Mem slots = pop_slots(6);
    Saved saved = Saved::Nothing;
    x_.movzx(pin::address, Size::Word, slots.plus(4));
    need_no_trap(saved);
    take_flags_image();
    pay_for_stack(arithmetic_flags);
    x_.movzx(pin::address, Size::Word, slots);
    x_.movzx(pin::value, Size::Word, slots.plus(2));
    popped(6, arithmetic_flags);
    dispatch_far();
}

/// Goes on at the CS:IP in pin::value and pin::address.
void Emitter::dispatch_far() {
    settle(sp_, trace_->clocks - clocks_after(), 0);
    x_.mov(Size::Word, at(pin::arena, core_field(offsetof(Core, regs.sreg) + 2 * unsigned(Sreg::Cs))),
           number(pin::value));
    x_.mov(Size::Dword, number(pin::value), at(pin::arena, pin::value, in_arena(Layout::by_segment), 2));
    x_.lea(Size::Qword, pin::value, at(pin::arena, pin::value));
    x_.jmp(at(pin::value, pin::address, in_arena(Layout::tables), 3));
}

/// Goes on at the IP in pin::address, by the table of this CS.
void Emitter::dispatch() {
    settle(sp_, trace_->clocks - clocks_after(), 0);
    x_.jmp(at(pin::arena, pin::address, table_, 3));
}

}  // namespace dyn86::jit
