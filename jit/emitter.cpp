#include "jit/emitter.h"

#include "cpu/decode.h"
#include "src/base/check.h"

#include <cstring>

namespace dyn86::jit {
namespace {

constexpr u8 sp_index = u8(Reg16::Sp);

constexpr bool is_word_register(const Operand& operand, u8 r) {
    return operand.kind == Operand::Kind::Reg16 && operand.index == r;
}

constexpr Operand ss_operand = {Operand::Kind::Sreg, u8(Sreg::Ss)};

/// Several words at once, untested as loads.
bool reads_vector_or_stack(Op op) {
    return op == Op::Int || op == Op::Int3 || op == Op::Iret || op == Op::RetFar;
}

constexpr bool makes_frame(const Insn& insn) {
    return insn.op == Op::Mov && is_word_register(insn.dst, u8(Reg16::Bp)) && is_word_register(insn.src, sp_index);
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
    if (op <= Op::Iret) return Group::Flow;
    return Group::System;
}

bool Emitter::can_emit_memory(const Insn& insn) const {
    if (!insn.has_memory() || insn.op == Op::Lea) return true;
    if (!insn.is_direct() || insn.patched_displacement) return true;
    const bool far = insn.op == Op::Les || insn.op == Op::Lds || insn.op == Op::CallFar || insn.op == Op::JmpFar;
    return insn.displacement <= (far ? 0xFFFC : insn.width == Width::Word ? 0xFFFE : 0xFFFF);
}

bool Emitter::can_emit(const Step& step) const {
    const Group group = group_of(step.insn.op);
    if ((config_.disabled_groups >> u8(group) & 1) != 0) return false;
    if (!can_emit_memory(step.insn) || !can_count(step)) return false;
    if (step.insn.repeat != Repeat::None && group == Group::String && needs_test(Access::Load)) return false;
    if (reads_vector_or_stack(step.insn.op) && needs_test(Access::Load)) return false;
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

// Which words are even is known when a block has been emitted, what it is charged stands at its head: so twice, where
// it matters.
Emission Emitter::emit(Trace& trace, BlockId block, Assumptions assumptions, i32 table, CodeBuffer& buffer) {
    trace_ = &trace;
    block_ = block;
    assume_ = assumptions;
    table_ = table;
    stack_counts_ = counts_stack();
    const std::size_t exits = exits_.size();
    const Emission emission = emit_once(buffer);
    if (!settle_words(trace)) return emission;
    exits_.resize(exits);
    return emit_once(buffer);
}

Emission Emitter::emit_once(CodeBuffer& buffer) {
    cold_ = buffer.cold();
    checks_.clear();
    ways_.clear();
    returns_.clear();
    skips_.clear();
    differences_.clear();
    comparison_ = nullptr;
    changed_ = none;
    facts_ = Facts{};
    widened_ = nullptr;
    direction_ = Direction::Unknown;
    grouped_ = false;
    sp_ = step_sp_ = 0;
    settled_ = 0;
    stack_tested_ = {};
    x_.start(buffer.hot());
    x_.align(16, sizeof block_);
    x_.dword(block_);  // where the cache finds it
    u8* const start = x_.here();
    step_ = &trace_->steps().front();
    emit_head();
    for (const Step* const end = step_ + trace_->length; step_ != end; ++step_) {
        step_sp_ = sp_;
        join_ways();
        note_offset(start);
        const Step* const widening = widening_end();
        if (widening != nullptr && emit_widening(*widening))
            widened_ = widening;
        else if (step_ != widened_)
            emit_step();
        if (!step_->handed_over) facts_.apply(step_->insn, direction_);
        if (makes_frame(step_->insn)) tie_frame();
        if (loads_segment(step_->insn)) tested_ = {}, directly_tested_ = {};
    }
    --step_;
    emit_end();
    u8* const hot_end = x_.here();
    emit_cold();
    return {start, hot_end, x_.here(), comparison_, changed_};
}

void Emitter::note_offset(const u8* start) {
    step_offsets_[std::size_t(step_ - trace_->steps().data())] = u32(x_.here() - start);
}

void Emitter::emit_head() {
    const Saved saved = save_flags(trace_->compares ? arithmetic_flags : step_->live_in);
    if (trace_->compares) compare_content();
    if (config_.count_instructions)
        x_.alu(Alu::Add, Size::Qword, at(pin::arena, state_field(offsetof(State, instructions))), trace_->counted);
    x_.alu(Alu::Sub, Size::Dword, number(pin::budget), trace_->clocks);
    checks_.push_back({x_.jcc(Cond::S), new_exit(ExitSite::Kind::Budget, trace_->head.offset), saved});
    if (assume_.grouped_stack) plan_stack(saved);
    emit_windows(saved);
    if (config_.count_hits)
        x_.alu(Alu::Add, Size::Qword, at(pin::arena, in_arena(Layout::hits) + i32(block_ * sizeof(u64))), 1);
    need_even_stack(saved);
    restore_flags(x_, saved);
}

/// Leaves when these bytes of the first instruction are other ones now.
void Emitter::compare_bytes(u16 from, u16 to) {
    const u8* const bytes = config_.memory.view() + trace_->head.linear();
    while (from < to) {
        const i32 size = to - from >= 4 ? 4 : to - from >= 2 ? 2 : 1;
        i32 value = 0;
        std::memcpy(&value, bytes + from, std::size_t(size));
        x_.alu(Alu::Cmp, Size(size), own_bytes({.at = from}), value);
        differences_.push_back(x_.jcc(Cond::Ne));
        from = u16(from + size);
    }
}

/// Flags are put aside already; the next block for this head goes on from here with other bytes.
void Emitter::compare_content() {
    const Insn& insn = step_->insn;
    comparison_ = x_.here();
    u16 from = 0;
    const auto leave_out = [&](Field field) {
        compare_bytes(from, field.at);
        from = u16(field.at + field.bytes);
    };
    if (insn.patched_displacement) leave_out(displacement_field(insn));
    if (insn.src.kind == Operand::Kind::Patched) leave_out(immediate_field(insn));
    compare_bytes(from, insn.length);
}

void Emitter::emit_step() {
    if (step_->handed_over) return hand_over();
    const Insn& insn = step_->insn;
    if (step_->followed && insn.op == Op::Jmp) return;
    if (const i32 n = grouped_ ? noted_adjustment(*step_) : 0; n != 0) return note_adjustment(n);
    const bool copies_sp = insn.op == Op::Mov && insn.dst.kind == Operand::Kind::Reg16;
    const bool reads_sp = is_word_register(insn.src, sp_index) && insn.op != Op::Push && !copies_sp;
    if (reads_sp || is_word_register(insn.dst, sp_index) || insn.dst == ss_operand) settle_sp();
    if (insn.dst == ss_operand || moves_stack(insn)) grouped_ = false;
    emit_insn();
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
    const bool goes_on = last.followed || last.inverted || ends(last.insn) == Ends::No || last.insn.op == Op::Sti ||
                         last.insn.op == Op::Popf;
    if (!last.handed_over && goes_on) link(trace_->continues_at);
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

void Emitter::clear_a() {
    x_.mov(pin::value, Host::Rax);
    x_.lahf();
    x_.setcc(Cond::O, number(Reg8::Al));
    x_.alu(Alu::And, Size::Byte, number(Reg8::Ah), 0xEF);
    x_.alu(Alu::Add, Size::Byte, number(Reg8::Al), 127);
    x_.sahf();
    x_.mov(Host::Rax, pin::value);
}

}  // namespace dyn86::jit
