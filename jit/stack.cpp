// The stack: in a grouped block SP's updates are postponed, and one look at the head replaces the tests.
#include "jit/emitter.h"

namespace dyn86::jit {
namespace {

constexpr u8 sp_index = u8(Reg16::Sp), bp_index = u8(Reg16::Bp);
constexpr Operand sp_operand = {Operand::Kind::Reg16, sp_index};
constexpr i32 most_tested = 24;  // bytes, at the head of a block
constexpr Operand ss_operand = {Operand::Kind::Sreg, u8(Sreg::Ss)};

}  // namespace

/// Loads SP with who knows what.
bool Emitter::moves_stack(const Insn& insn) {
    return insn.dst == sp_operand && insn.op != Op::Cmp && insn.op != Op::Test;
}

/// The n of SP += n that a grouped block only notes; 0: it is something else.
i32 Emitter::noted_adjustment(const Step& step) {
    const Insn& insn = step.insn;
    if (insn.dst != sp_operand || step.live_out != 0) return 0;
    if (step.paired) return insn.op == Op::Inc ? 1 : -1;
    const i32 n = i16(insn.immediate);
    const bool fits = insn.src.kind == Operand::Kind::Immediate && (n & 1) == 0 && n > -0x400 && n < 0x400;
    if (fits && insn.op == Op::Add) return n;
    return fits && insn.op == Op::Sub ? -n : 0;
}

/// The displacement of an access through BP alone.
std::optional<i32> Emitter::frame_access(const Insn& insn) {
    const bool through_bp = insn.has_memory() && insn.op != Op::Lea && insn.rm() == 6 && !insn.is_direct();
    const i32 d = i16(insn.displacement);
    if (!through_bp || d < -0x400 || d > 0x400) return std::nullopt;
    return d;
}

// How far SP moves from its value at the head, up to the first instruction that loads it.
Emitter::StackPlan Emitter::stack_plan() const {
    StackPlan plan;
    i32 depth = 0;
    std::optional<i32> frame;  // BP, as the depth it was made from
    const auto push = [&] {
        depth -= 2;
        plan.pushed.add(depth, 2);
    };
    for (const Step& step : trace_->steps()) {
        const Insn& insn = step.insn;
        if (step.handed_over || insn.dst == ss_operand) break;
        const i32 before = depth;
        if (insn.op == Op::Push || insn.op == Op::Pushf || insn.op == Op::Call)
            push();
        else if (insn.op == Op::Pop)
            depth += 2;
        else if (insn.op == Op::Ret)
            depth += 2 + insn.immediate;
        else if (noted_adjustment(step) != 0)
            depth += noted_adjustment(step);
        else if (moves_stack(insn))
            break;
        if (const auto d = frame_access(insn); frame && d) {
            plan.lowest = std::min(plan.lowest, *frame + *d);
            plan.highest = std::max(plan.highest, *frame + *d + 4);
            Span with = plan.pushed;
            with.add(*frame + *d, bytes_of(insn));
            if (insn.writes_memory() && insn.segment == Sreg::Ss && with.length() <= most_tested) plan.pushed = with;
        }
        if (insn.op == Op::Mov && insn.dst == Operand{Operand::Kind::Reg16, bp_index})
            frame = insn.src == sp_operand ? std::optional(depth) : std::nullopt;
        else if (Facts::change_of(insn, bp_index) != 0)
            frame.reset();
        plan.accesses += depth != before ? 1 : 0;
        plan.lowest = std::min(plan.lowest, depth);
        plan.highest = std::max(plan.highest, depth);
    }
    return plan;
}

// One look at the head replaces a test per access and the wrap of SP per update.
void Emitter::plan_stack(Saved saved) {
    const StackPlan plan = stack_plan();
    if (plan.accesses < 2 || plan.highest - plan.lowest > 0x1000) return;
    grouped_ = true;
    stack_ = {u16(-plan.lowest), u16(0xFFFF - plan.highest), true};
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

Mem Emitter::pop_slot() {
    const Mem slot = at(pin::ss, pin::sp, sp_);
    if (!needs_test(Access::Load)) return slot;
    const Saved saved = save_flags(step_->live_in);
    test_marks(slot, Access::Load, Size::Word, saved);
    restore_flags(x_, saved);
    return slot;
}

void Emitter::popped(i32 bytes, u16 live) {
    if (grouped_)
        sp_ = i16(sp_ + bytes);
    else
        step_register(Reg16::Sp, bytes, live);
}

/// What `mov r,sp` makes of r.
Facts::Word Emitter::stack_pointer() const {
    if (!grouped_) return {0, 0xFFFF, true};
    return {u16(stack_.least + sp_), u16(stack_.most + sp_), (sp_ & 1) == 0};
}

/// Behind MOV BP,SP: what is known of SP is known of BP.
void Emitter::tie_frame() {
    facts_.set(bp_index, stack_pointer());
    facts_.set_from_head(bp_index, grouped_ ? std::optional(settled_ + sp_) : std::nullopt);
    tested_[bp_index] = {grouped_ ? stack_tested_ : Span{}, Sreg::Ss};
}

void Emitter::settle_sp() {
    if (sp_ != 0) x_.lea(Size::Dword, pin::sp, at(pin::sp, sp_));
    stack_ = stack_pointer();
    settled_ += sp_;
    sp_ = step_sp_ = 0;
}

}  // namespace dyn86::jit
