// The stack: in a grouped block SP's updates are postponed, and one look at the head replaces the tests.
#include "jit/emitter.h"

namespace dyn86::jit {
namespace {

constexpr u8 sp_index = u8(Reg16::Sp), bp_index = u8(Reg16::Bp);
constexpr Operand sp_operand = {Operand::Kind::Reg16, sp_index};
constexpr i32 no_frame = 0x10000;  // BP has not been made from SP
constexpr i32 most_tested = 24;    // bytes, at the head of a block
constexpr Operand ss_operand = {Operand::Kind::Sreg, u8(Sreg::Ss)};

}  // namespace

u32 Emitter::words_pushed(Op op) {
    switch (op) {
        case Op::Push:
        case Op::Pushf:
        case Op::Call: return 1;
        case Op::CallFar: return 2;
        case Op::Int:
        case Op::Int3: return 3;
        default: return 0;
    }
}

/// Loads SP with who knows what.
bool Emitter::moves_stack(const Insn& insn) {
    const bool exchanges = insn.op == Op::Xchg && insn.src == sp_operand;
    return exchanges || (insn.dst == sp_operand && insn.op != Op::Cmp && insn.op != Op::Test);
}

/// The n of SP += n that a grouped block only notes; 0: it is something else.
i32 Emitter::noted_adjustment(const Step& step) {
    const Insn& insn = step.insn;
    if (insn.dst != sp_operand) return 0;
    if (insn.op == Op::Inc || insn.op == Op::Dec) return insn.op == Op::Inc ? 1 : -1;
    const i32 n = i16(insn.immediate);
    const bool fits = insn.src.kind == Operand::Kind::Immediate && n > -0x400 && n < 0x400;
    if (fits && insn.op == Op::Add) return n;
    return fits && insn.op == Op::Sub ? -n : 0;
}

/// The displacement of an access through BP alone.
std::optional<i32> Emitter::frame_access(const Insn& insn) {
    const bool through_bp =
        insn.has_memory() && insn.op != Op::Lea && insn.rm() == 6 && !insn.is_direct() && !insn.patched_displacement;
    const i32 d = i16(insn.displacement);
    if (!through_bp || d < -0x400 || d > 0x400) return std::nullopt;
    return d;
}

std::optional<i32> Emitter::stack_release(const Step& step) {
    const Insn& insn = step.insn;
    const i32 noted = noted_adjustment(step);
    if (noted != 0) return noted;
    if (moves_stack(insn)) return std::nullopt;
    switch (insn.op) {
        case Op::Pop:
        case Op::Popf: return 2;
        case Op::Ret: return 2 + insn.immediate;
        case Op::RetFar: return 4 + insn.immediate;
        case Op::Iret: return 6;
        default: return 0;
    }
}

void Emitter::StackPlan::reach(i32 depth) {
    lowest = std::min(lowest, depth);
    highest = std::max(highest, depth);
}

/// An access through a frame that lies `frame` from SP's place at the head.
void Emitter::StackPlan::reach_frame(const Insn& insn, i32 frame) {
    const auto d = frame_access(insn);
    if (!d) return;
    reach(frame + *d);
    reach(frame + *d + 4);
    Span with = pushed;
    with.add(frame + *d, bytes_of(insn));
    if (insn.writes_memory() && insn.segment == Sreg::Ss && with.length() <= most_tested) pushed = with;
}

// How far SP moves from its value at the head, up to the first instruction that loads it.
Emitter::StackPlan Emitter::stack_plan() const {
    StackPlan plan;
    i32 depth = 0, frame = no_frame;
    for (const Step& step : trace_->steps()) {
        const Insn& insn = step.insn;
        const auto release = stack_release(step);
        if (step.handed_over || insn.dst == ss_operand || !release) break;
        const u32 words = words_pushed(insn.op);
        for (u32 word = 0; word < words; ++word) plan.pushed.add(depth -= 2, 2);
        plan.reach(depth);
        plan.reach(depth += *release);
        if (frame != no_frame) plan.reach_frame(insn, frame);
        if (insn.op == Op::Mov && insn.dst == Operand{Operand::Kind::Reg16, bp_index})
            frame = insn.src == sp_operand ? depth : no_frame;
        else if (Facts::change_of(insn, bp_index) != 0)
            frame = no_frame;
        if (step.tail != 0) plan.reach(depth + trace_->tails[step.tail - 1u].bytes());
        plan.accesses += step.tail != 0 || words != 0 || *release != 0 ? 1 : 0;
    }
    return plan;
}

// One look at the head replaces a test per access and the wrap of SP per update.
void Emitter::plan_stack(Saved saved) {
    const StackPlan plan = stack_plan();
    if (plan.accesses == 0 || plan.highest - plan.lowest > 0x1000) return;
    grouped_ = true;
    facts_.set(sp_index, {u16(-plan.lowest), u16(0xFFFF - plan.highest), false});
    const auto guard = [&](Cond c) {
        checks_.push_back({x_.jcc(c), new_exit(ExitSite::Kind::Guard, trace_->head.offset), saved});
    };
    if (plan.highest == 0) {
        x_.alu(Alu::Cmp, Size::Dword, number(pin::sp), -plan.lowest);
        guard(Cond::B);
    } else if (plan.lowest == 0) {
        x_.alu(Alu::Cmp, Size::Dword, number(pin::sp), 0xFFFF - plan.highest);
        guard(Cond::A);
    } else {
        x_.lea(Size::Dword, pin::address, at(pin::sp, plan.lowest));
        x_.alu(Alu::Cmp, Size::Dword, number(pin::address), 0xFFFF - plan.highest + plan.lowest);
        guard(Cond::A);
    }
    test_span(plan.pushed, at(pin::ss, pin::sp), ExitSite::Kind::Guard, saved);
    stack_tested_ = plan.pushed;
}

Mem Emitter::push_slot() {
    if (grouped_) {
        sp_ = i16(sp_ - 2);
        return at(pin::ss, pin::sp, sp_);
    }
    next_slot();
    const Mem slot = at(pin::ss, pin::address);
    const Saved saved = save_flags(step_->live_in);
    if (facts_[sp_index].least < 2) {  // at 1, the word's second byte is at the segment's other end
        x_.alu(Alu::Cmp, Size::Word, number(pin::address), -1);
        check(Cond::E, saved);
    }
    test_marks(slot, Access::Store, Size::Word, saved);
    restore_flags(x_, saved);
    return slot;
}

void Emitter::next_slot() {
    if (grouped_) return;
    x_.lea(Size::Dword, pin::address, at(pin::sp, -2));
    x_.movzx(pin::address, Size::Word, number(pin::address));
}

void Emitter::pushed() {
    if (!grouped_) x_.mov(pin::sp, pin::address);
}

/// Room for several words at once; the lowest is at the address returned, which does not use pin::address. Whoever
/// fills them calls pushed_slots().
Mem Emitter::push_slots(i32 bytes) {
    if (grouped_) {
        sp_ = i16(sp_ - bytes);
        return at(pin::ss, pin::sp, sp_);
    }
    const Mem slots = at(pin::ss, pin::sp, -bytes);
    const Saved saved = save_flags(step_->live_in);
    x_.alu(Alu::Cmp, Size::Dword, number(pin::sp), bytes);
    check(Cond::B, saved);
    for (i32 at = 0; at < bytes; at += 2) test_marks(slots.plus(at), Access::Store, Size::Word, saved);
    restore_flags(x_, saved);
    return slots;
}

/// Several words to be popped, one behind the other.
Mem Emitter::pop_slots(i32 bytes) {
    const Mem slots = at(pin::ss, pin::sp, sp_);
    if (grouped_) return slots;
    const Saved saved = save_flags(step_->live_in);
    x_.alu(Alu::Cmp, Size::Dword, number(pin::sp), 0x10000 - bytes);
    check(Cond::A, saved);
    restore_flags(x_, saved);
    return slots;
}

Mem Emitter::pop_slot() {
    const Mem slot = at(pin::ss, pin::sp, sp_);
    if (grouped_ && !needs_test(Access::Load)) return slot;
    Saved saved = Saved::Nothing;
    if (!grouped_) need_below_ffff(sp_index, saved);
    if (needs_test(Access::Load)) {
        if (saved == Saved::Nothing) saved = save_flags(step_->live_in);
        test_marks(slot, Access::Load, Size::Word, saved);
    }
    restore_flags(x_, saved);
    return slot;
}

void Emitter::popped(i32 bytes, u16 live) {
    if (grouped_)
        sp_ = i16(sp_ + bytes);
    else
        step_register(Reg16::Sp, bytes, live);
}

/// Behind MOV BP,SP: what is known of SP is known of BP.
void Emitter::tie_frame() {
    facts_.set_from_head(bp_index, grouped_ ? std::optional(settled_ + sp_) : std::nullopt);
    tested_[bp_index] = {grouped_ ? stack_tested_ : Span{}, Sreg::Ss};
}

/// SP += n, noted; the flags are those of the sum, where somebody reads them.
void Emitter::note_adjustment(i32 n) {
    const Insn& insn = step_->insn;
    if (step_->live_out != 0) {
        x_.lea(Size::Dword, pin::address, at(pin::sp, sp_));
        if (insn.src.kind == Operand::Kind::Immediate)
            x_.alu(insn.op == Op::Add ? Alu::Add : Alu::Sub, Size::Word, number(pin::address), i32{insn.immediate});
        else
            x_.inc_dec(insn.op == Op::Dec, Size::Word, number(pin::address));
    }
    sp_ = i16(sp_ + n);
}

void Emitter::settle_sp() {
    if (sp_ != 0) x_.lea(Size::Dword, pin::sp, at(pin::sp, sp_));
    settled_ += sp_;
    sp_ = step_sp_ = 0;
}

}  // namespace dyn86::jit
