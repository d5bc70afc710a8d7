#include "jit/emitter.h"

#include "cpu/decode.h"
#include "src/base/check.h"

namespace dyn86::jit {
namespace {

constexpr u8 sp_index = u8(Reg16::Sp), bp_index = u8(Reg16::Bp);

constexpr bool is_word_register(const Operand& operand, u8 r) {
    return operand.kind == Operand::Kind::Reg16 && operand.index == r;
}

constexpr Operand ss_operand = {Operand::Kind::Sreg, u8(Sreg::Ss)};

/// Loads SP with who knows what.
bool moves_stack(const Insn& insn) {
    return is_word_register(insn.dst, sp_index) && insn.op != Op::Cmp && insn.op != Op::Test;
}

/// The n of SP += n that a grouped block only notes; 0: it is something else.
i32 noted_adjustment(const Step& step) {
    const Insn& insn = step.insn;
    if (!is_word_register(insn.dst, sp_index) || step.live_out != 0) return 0;
    if (step.paired) return insn.op == Op::Inc ? 1 : -1;
    const i32 n = i16(insn.immediate);
    const bool fits = insn.src.kind == Operand::Kind::Immediate && (n & 1) == 0 && n > -0x400 && n < 0x400;
    if (fits && insn.op == Op::Add) return n;
    return fits && insn.op == Op::Sub ? -n : 0;
}

/// Translated code runs with SP even, so that no stack word straddles the end of the segment. [DESIGN 4]
bool keeps_sp_even(const Step& step) {
    const Insn& insn = step.insn;
    if (is_word_register(insn.src, sp_index) && insn.op == Op::Xchg) return false;
    if (!is_word_register(insn.dst, sp_index)) return true;
    const bool even_immediate = insn.src.kind == Operand::Kind::Immediate && (insn.immediate & 1) == 0;
    switch (insn.op) {
        case Op::Cmp:
        case Op::Test: return true;
        case Op::Add:
        case Op::Sub: return even_immediate;
        case Op::Mov: return even_immediate || insn.src.kind == Operand::Kind::Reg16;  // tested when it happens, as LEA
        case Op::Inc:
        case Op::Dec: return step.paired;
        case Op::Lea: return !insn.is_direct();
        default: return false;
    }
}

}  // namespace

RegNo Emitter::reg(const Operand& operand) {
    return operand.kind == Operand::Kind::Reg8 ? RegNo(operand.index) : number(host(Reg16(operand.index)));
}

Group Emitter::group_of(Op op) {
    if (op <= Op::Test) return Group::Alu;
    if (op <= Op::Idiv) return Group::Muldiv;
    if (op <= Op::Sar) return Group::Shift;
    if (op <= Op::Cwd) return Group::Muldiv;
    if (op <= Op::Salc) return Group::Move;
    if (op <= Op::Scas) return Group::String;
    if (op <= Op::Jcxz) return Group::Flow;
    return Group::System;
}

bool Emitter::can_emit_memory(const Insn& insn) const {
    if (!insn.has_memory() || insn.op == Op::Lea) return true;
    if (!insn.is_direct()) return true;
    const bool far = insn.op == Op::Les || insn.op == Op::Lds;
    return insn.displacement <= (far ? 0xFFFC : insn.width == Width::Word ? 0xFFFE : 0xFFFF);
}

bool Emitter::can_emit(const Step& step) const {
    const Group group = group_of(step.insn.op);
    if ((config_.disabled_groups >> u8(group) & 1) != 0) return false;
    if (!keeps_sp_even(step) || !can_emit_memory(step.insn)) return false;
    if (step.insn.repeat != Repeat::None && group == Group::String && needs_test(Access::Load)) return false;
    switch (group) {
        case Group::Alu: return can_alu(step);
        case Group::Shift: return can_shift(step);
        case Group::Muldiv: return can_muldiv(step);
        case Group::Move: return can_move(step);
        case Group::Flow: return can_flow(step);
        case Group::String: return can_string(step);
        case Group::System: return can_system(step);
    }
    return false;
}

Emission Emitter::emit(const Trace& trace, BlockId block, Assumptions assumptions, i32 table, CodeBuffer& buffer) {
    trace_ = &trace;
    block_ = block;
    assume_ = assumptions;
    table_ = table;
    cold_ = buffer.cold();
    checks_.clear();
    ways_.clear();
    even_ = 1u << sp_index;
    not_ffff_ = 0;
    forward_ = grouped_ = false;
    sp_ = step_sp_ = 0;
    x_.start(buffer.hot());
    x_.align(16, sizeof block);
    x_.dword(block);  // where the cache finds it
    u8* const start = x_.here();
    step_ = &trace.steps().front();
    emit_head();
    for (const Step* const end = step_ + trace.length; step_ != end; ++step_) {
        step_sp_ = sp_;
        if (step_ + 1 != end && emit_widening(step_[1]))
            ++step_;
        else
            emit_step();
    }
    --step_;
    emit_end();
    u8* const hot_end = x_.here();
    emit_cold();
    return {start, hot_end, x_.here()};
}

void Emitter::emit_head() {
    const Saved saved = save_flags(step_->live_in);
    if (config_.count_instructions)
        x_.alu(Alu::Add, Size::Qword, at(pin::arena, state_field(offsetof(State, instructions))), i32(trace_->length));
    x_.alu(Alu::Sub, Size::Dword, number(pin::budget), trace_->clocks);
    checks_.push_back({x_.jcc(Cond::S), new_exit(ExitSite::Kind::Budget, trace_->head.offset), saved});
    if (assume_.grouped_stack) plan_stack(saved);
    restore_flags(x_, saved);
}

// How far SP moves from its value at the head, up to the first instruction that loads it.
Emitter::StackPlan Emitter::stack_plan() const {
    StackPlan plan;
    i32 depth = 0;
    const auto push = [&] {
        depth -= 2;
        plan.lowest_push = std::min(plan.lowest_push, depth);
        plan.highest_push = std::max(plan.highest_push, depth + 2);
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
    for (i32 offset = plan.lowest_push; offset < plan.highest_push;) {
        const i32 left = plan.highest_push - offset;
        const Size size = left >= 8 ? Size::Qword : left >= 4 ? Size::Dword : Size::Word;
        x_.alu(Alu::Cmp, size, at(pin::ss, pin::sp, offset + i32(ArenaLayout::special_delta)), 0);
        guard(Cond::Ne);
        offset += i32(size);
    }
}

void Emitter::emit_step() {
    if (step_->handed_over) return hand_over();
    if (step_->followed) return;
    const Insn& insn = step_->insn;
    if (const i32 n = grouped_ ? noted_adjustment(*step_) : 0; n != 0) {
        sp_ = i16(sp_ + n);
        return;
    }
    const bool copies_sp = insn.op == Op::Mov && insn.dst.kind == Operand::Kind::Reg16;
    const bool reads_sp = is_word_register(insn.src, sp_index) && insn.op != Op::Push && !copies_sp;
    if (reads_sp || is_word_register(insn.dst, sp_index) || insn.dst == ss_operand) settle_sp();
    if (insn.dst == ss_operand) grouped_ = false;
    emit_insn();
    if (moves_stack(insn)) grouped_ = false;
}

void Emitter::emit_insn() {
    switch (group_of(step_->insn.op)) {
        case Group::Alu: return emit_alu();
        case Group::Shift: return emit_shift();
        case Group::Muldiv: return emit_muldiv();
        case Group::Move: return emit_move();
        case Group::Flow: return emit_flow();
        case Group::String: return emit_string();
        case Group::System: return emit_system();
    }
}

void Emitter::hand_over() {
    emit_stub(step_exit());
}

void Emitter::emit_end() {
    const Step& last = trace_->last();
    if (!last.handed_over && (last.followed || ends(last.insn) == Ends::No)) link(trace_->continues_at, clocks_after());
}

// --- flags

Emitter::Saved Emitter::save_flags(u16 live) {
    if (live == 0) return Saved::Nothing;
    if (live == flag::c) {
        x_.setcc(Cond::B, number(pin::value));
        return Saved::Carry;
    }
    x_.mov(pin::value, Host::Rax);
    x_.lahf();
    x_.setcc(Cond::O, number(Reg8::Al));
    return Saved::All;
}

void Emitter::restore_flags(Assembler& x, Saved saved) {
    if (saved == Saved::Carry) x.bt(pin::value, 0);
    if (saved == Saved::Dividend) {
        x.movzx(Host::Rax, Size::Word, number(pin::value));
        x.shift(Shift::Shr, Size::Dword, number(pin::value), 16);
        x.mov(Host::Rdx, pin::value);
    }
    if (saved != Saved::All) return;
    x.alu(Alu::Add, Size::Byte, number(Reg8::Al), 127);
    x.sahf();
    x.mov(Host::Rax, pin::value);
}

ExitId Emitter::step_exit() {
    if (checks_.empty() || checks_.back().step != step_ ||
        exits_[checks_.back().exit].kind != ExitSite::Kind::Interpret)
        return new_exit(ExitSite::Kind::Interpret, step_->insn.ip);
    return checks_.back().exit;
}

void Emitter::check(Cond c, Saved saved) {
    u8* const site = x_.jcc(c);
    checks_.push_back({site, step_exit(), saved, step_});
}

void Emitter::clear_a_if_live(HostFeature unless) {
    if (config_.host.has(unless) || (step_->live_out & flag::a) == 0) return;
    x_.mov(pin::value, Host::Rax);
    x_.lahf();
    x_.setcc(Cond::O, number(Reg8::Al));
    x_.alu(Alu::And, Size::Byte, number(Reg8::Ah), 0xEF);
    x_.alu(Alu::Add, Size::Byte, number(Reg8::Al), 127);
    x_.sahf();
    x_.mov(Host::Rax, pin::value);
}

// --- operands

Mem Emitter::segment(Sreg s) const {
    switch (s) {
        case Sreg::Es: return at(pin::es, 0);
        case Sreg::Ss: return at(pin::ss, 0);
        case Sreg::Ds: return at(pin::ds, 0);
        case Sreg::Cs: break;
    }
    return at(pin::arena, in_arena(ArenaLayout::guest) + i32{trace_->head.segment} * 16);
}

void Emitter::test_marks(const Mem& m, Access access, Size size, Saved saved) {
    const Mem marks = m.plus(i32(ArenaLayout::special_delta));
    if (access == Access::Store)
        x_.alu(Alu::Cmp, size, marks, 0);
    else
        x_.test(size, marks, i32(0x01010101u * special::mmio));
    check(Cond::Ne, saved);
}

/// Base, index and displacement of the ModRM operand added up, not yet cut to 16 bits.
Mem Emitter::offset_sum() const {
    const AddressMode& mode = address_modes[step_->insn.rm()];
    const i32 d = i16(step_->insn.displacement);
    if (mode.base == AddressMode::none) return at(host(Reg16(mode.index)), d);
    if (mode.index == AddressMode::none) return at(host(Reg16(mode.base)), d);
    return at(host(Reg16(mode.base)), host(Reg16(mode.index)), d);
}

// A word at FFFFh has its second byte at 0: that is the interpreter's. An even offset is never FFFFh.
void Emitter::index(Mem& m, Size size, Saved& saved) {
    const Insn& insn = step_->insn;
    const AddressMode& mode = address_modes[insn.rm()];
    const i32 d = i16(insn.displacement);
    const bool single = mode.base == AddressMode::none || mode.index == AddressMode::none;
    const u8 r = mode.index != AddressMode::none ? mode.index : mode.base;
    const Host first = host(Reg16(r));
    const bool word = size == Size::Word;
    bool safe = size == Size::Byte;
    if (word && single && r == bp_index && (d & 1) == 0 && !is_even(r) && assume_.even_bp) {
        saved = save_flags(step_->live_in);
        x_.test(Size::Byte, number(first), 1);
        checks_.push_back({x_.jcc(Cond::Ne), new_exit(ExitSite::Kind::OddBp, insn.ip), saved, step_});
        set_even(r, true);
    }
    if (word && (d & 1) == 0 && is_even(r) && (single || is_even(mode.base))) safe = true;
    m.has_index = true;
    if (single && d == 0 && size != Size::Dword) {
        m.index = first;
        if (safe || (not_ffff_ >> r & 1) != 0) return;
        if (saved == Saved::Nothing) saved = save_flags(step_->live_in);
        x_.alu(Alu::Cmp, Size::Word, number(first), -1);
        check(Cond::E, saved);
        not_ffff_ |= u8(1u << r);
        return;
    }
    m.index = pin::address;
    if (word && !safe && single && step_->live_in == 0 && d >= -128 && d < 127) {
        x_.mov(pin::address, first);
        x_.alu(Alu::Add, Size::Word, number(pin::address), d + 1);  // 0 if the offset is FFFFh
        check(Cond::E, saved);
        m.displacement -= 1;
        return;
    }
    x_.lea(Size::Dword, pin::address, offset_sum());
    x_.movzx(pin::address, Size::Word, number(pin::address));
    if (safe) return;
    if (saved == Saved::Nothing) saved = save_flags(step_->live_in);
    x_.alu(Alu::Cmp, Size::Word, number(pin::address), size == Size::Dword ? -4 : -1);
    check(size == Size::Dword ? Cond::A : Cond::E, saved);
}

Mem Emitter::address(Access access, Size size, bool legacy) {
    Mem m = segment(step_->insn.segment);
    Saved saved = Saved::Nothing;
    if (step_->insn.is_direct())
        m.displacement += step_->insn.displacement;
    else
        index(m, size, saved);
    if (needs_test(access)) {
        if (saved == Saved::Nothing) saved = save_flags(step_->live_in);
        test_marks(m, access, size, saved);
    }
    restore_flags(x_, saved);
    const bool rex = u8(m.base) > 7 || (m.has_index && u8(m.index) > 7);
    if (!legacy || !rex) return m;
    x_.lea(Size::Qword, pin::address, m);
    return at(pin::address, 0);
}

void Emitter::load_segment(Sreg s, Host selector) {
    const Host pointer = segment(s).base;
    x_.mov(Size::Word, at(pin::arena, core_field(offsetof(Core, regs.sreg) + 2 * unsigned(s))), number(selector));
    x_.lea(Size::Dword, selector, at(selector, selector));
    x_.lea(Size::Qword, pointer, at(pin::arena, selector, in_arena(ArenaLayout::guest), 3));
}

void Emitter::step_register(Reg16 r, i32 n, u16 live) {
    if (live == 0) {
        x_.alu(Alu::Add, Size::Word, number(host(r)), n);
    } else {
        x_.lea(Size::Dword, host(r), at(host(r), n));
        x_.movzx(host(r), Size::Word, number(host(r)));
    }
    const bool even = is_even(u8(r)) && (n & 1) == 0;
    wrote(r);
    set_even(u8(r), even);
}

void Emitter::wrote(Operand operand) {
    u8 r = operand.index;
    if (operand.kind == Operand::Kind::Reg8)
        r &= 3;
    else if (operand.kind != Operand::Kind::Reg16)
        return;
    not_ffff_ &= u8(~(1u << r));
    set_even(r, r == sp_index);
}

// --- the stack

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

void Emitter::settle_sp() {
    if (sp_ != 0) x_.lea(Size::Dword, pin::sp, at(pin::sp, sp_));
    sp_ = step_sp_ = 0;
}

}  // namespace dyn86::jit
