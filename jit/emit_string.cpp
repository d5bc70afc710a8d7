// String instructions, once and repeated. The interpreter has the long repetitions, for which it has the host's vector
// instructions. [cpu/exec_string.h]
#include "jit/emitter.h"

namespace dyn86::jit {
namespace {

constexpr Operand si_operand = {Operand::Kind::String, u8(Reg16::Si)};

// Beyond so many bytes, and comparisons, the interpreter is faster.
constexpr i32 most_moved = 256, most_filled = 64, most_comparisons = 32;

}  // namespace

bool Emitter::can_string(const Step& step) {
    return step.insn.repeat == Repeat::None || step.insn.op != Op::Lods;
}

/// Leaves unless DF is what the block takes it to be. Known once, it stays so along the trace.
void Emitter::need_direction(Saved saved) {
    if (direction_ != Direction::Unknown) return;
    const bool learns = assume_.direction != Direction::Unknown;
    direction_ = assume_.direction == Direction::Down ? Direction::Down : Direction::Up;
    x_.alu(Alu::Cmp, Size::Byte, at(pin::arena, state_field(offsetof(State, direction))),
           direction_ == Direction::Down ? State::direction_bit : 0);
    u8* const other = x_.jcc(Cond::Ne);
    const ExitId exit = learns ? new_exit(ExitSite::Kind::Direction, step_->insn.ip) : step_exit();
    checks_.push_back({other, exit, saved, step_});
}

Mem Emitter::string_operand(const Operand& operand, Access access, Size size) {
    Mem m = string_place(operand);
    const bool known = size == Size::Byte || facts_[operand.index].most < 0xFFFF;
    const Sreg where = operand == si_operand ? step_->insn.segment : Sreg::Es;
    const bool tested = access == Access::Store && is_tested(operand.index, 0, i32(size), where);
    const bool must_test = needs_test(access) && !tested;
    if (known && !must_test) return m;
    const Saved saved = save_flags(step_->live_in);
    if (!known) {
        Saved kept = saved;
        need_below_ffff(operand.index, kept);
    }
    if (must_test) test_marks(m, access, size, saved);
    restore_flags(x_, saved);
    return m;
}

void Emitter::emit_string() {
    const Insn& insn = step_->insn;
    if (insn.repeat != Repeat::None) return emit_repeated();
    const Size size = size_of(insn);
    const Saved saved = direction_ != Direction::Unknown ? Saved::Nothing : save_flags(step_->live_in);
    need_direction(saved);
    restore_flags(x_, saved);
    Mem from, to;
    const bool stores = insn.op == Op::Movs || insn.op == Op::Stos;
    if (insn.src.kind == Operand::Kind::String) from = string_operand(insn.src, Access::Load, size);
    if (insn.dst.kind == Operand::Kind::String)
        to = string_operand(insn.dst, stores ? Access::Store : Access::Load, size);
    pay_for_strings();
    switch (insn.op) {
        case Op::Movs:
            x_.movzx(pin::value, size, from);
            x_.mov(size, to, number(pin::value));
            break;
        case Op::Stos: x_.mov(size, to, number(Reg8::Al)); break;
        case Op::Lods:
            if (size == Size::Word)
                x_.movzx(Host::Rax, Size::Word, from);
            else
                x_.mov(Size::Byte, number(Reg8::Al), from);
            break;
        case Op::Cmps:  // dst is the one at SI
            x_.movzx(pin::value, size, to);
            x_.alu(Alu::Cmp, size, number(pin::value), from);
            break;
        default: x_.alu(Alu::Cmp, size, number(Reg8::Al), to.has_index ? to : from); break;  // SCAS
    }
    for (const Operand& operand : {insn.src, insn.dst})
        if (operand.kind == Operand::Kind::String) step_register(Reg16(operand.index), stride(), step_->live_out);
}

// --- repeated. No more turns than are sure to stay within the segments and the budget; what is left then, the
// interpreter resumes.

void Emitter::emit_repeated() {
    const Insn& insn = step_->insn;
    const bool compares = insn.op == Op::Cmps || insn.op == Op::Scas;
    const Saved saved = save_flags(step_->live_in);
    need_direction(saved);
    need_even_repetition(saved);
    if (compares) {
        need_room_for_comparisons(saved);
        restore_flags(x_, saved);
        emit_compare_turns();
    } else {
        need_room_for_copies(saved);
        if (insn.op == Op::Movs && direction_ == Direction::Up) emit_wide_turns();
        emit_copy_turns(saved);
        restore_flags(x_, saved);
    }
}

void Emitter::need_room_for_comparisons(Saved saved) {
    const Insn& insn = step_->insn;
    for (const Operand& operand : {insn.src, insn.dst}) {
        if (operand.kind != Operand::Kind::String) continue;
        const Host offset = host(Reg16(operand.index));
        const bool down = direction_ == Direction::Down;
        if (down) need_room_above(offset, saved);
        x_.alu(Alu::Cmp, Size::Dword, number(offset),
               down ? most_comparisons * i32(size_of(insn)) : 0x10000 - most_comparisons * i32(size_of(insn)));
        check(down ? Cond::B : Cond::A, saved);
    }
    x_.alu(Alu::Cmp, Size::Dword, number(pin::budget), most_comparisons * turn_clocks());
    check(Cond::L, saved);
}

void Emitter::need_room_for_copies(Saved saved) {
    const Insn& insn = step_->insn;
    const RegNo end = number(pin::address);
    const u8 scale = insn.width == Width::Word ? 1 : 0;
    x_.alu(Alu::Cmp, Size::Dword, number(Host::Rcx), (insn.op == Op::Movs ? most_moved : most_filled) >> scale);
    check(Cond::A, saved);
    for (const Operand& operand : {insn.src, insn.dst}) {
        if (operand.kind != Operand::Kind::String) continue;
        const Host offset = host(Reg16(operand.index));
        if (direction_ == Direction::Down) {
            need_room_above(offset, saved);
            x_.lea(Size::Dword, pin::address, scale != 0 ? at(Host::Rcx, Host::Rcx, -2) : at(Host::Rcx, -1));
            x_.alu(Alu::Cmp, Size::Dword, number(offset), end);
            check(Cond::L, saved);  // -1, -2 without a turn
            continue;
        }
        x_.lea(Size::Dword, pin::address, at(offset, Host::Rcx, 0, scale));
        x_.alu(Alu::Cmp, Size::Dword, end, 0x10000);
        check(Cond::A, saved);
    }
    x_.imul(pin::address, Host::Rcx, turn_clocks());
    x_.alu(Alu::Cmp, Size::Dword, number(pin::budget), end);
    check(Cond::L, saved);
}

/// Downwards, the first word is the topmost.
void Emitter::need_room_above(Host offset, Saved saved) {
    if (step_->insn.width == Width::Byte) return;
    x_.alu(Alu::Cmp, Size::Dword, number(offset), 0xFFFE);
    check(Cond::A, saved);
}

/// MOVS, eight bytes at a time, unless the target is within the next seven: then bytes written are read again. What
/// appears at several addresses does so by pages, so only the distance within a page counts.
void Emitter::emit_wide_turns() {
    constexpr i32 bytes = 8, page = 0x1000;
    const Insn& insn = step_->insn;
    const i32 turns = bytes / i32(size_of(insn));
    const Mem from = string_place(insn.src), to = string_place(insn.dst);
    const RegNo scratch = number(pin::address);
    x_.lea(Size::Qword, pin::address, to.plus(-from.displacement));
    x_.alu(Alu::Sub, Size::Qword, scratch, number(from.base));
    x_.alu(Alu::Sub, Size::Dword, scratch, number(from.index));
    x_.alu(Alu::Sub, Size::Dword, scratch, 1);
    x_.alu(Alu::And, Size::Dword, scratch, page - 1);
    x_.alu(Alu::Cmp, Size::Dword, scratch, bytes - 1);
    u8* const overlaps = x_.jcc_short(Cond::B);
    const u8* const loop = x_.here();
    x_.alu(Alu::Cmp, Size::Dword, number(Host::Rcx), turns);
    u8* const few = x_.jcc_short(Cond::B);
    x_.alu(Alu::Cmp, Size::Qword, to.plus(i32(ArenaLayout::special_delta)), 0);
    u8* const marked = x_.jcc_short(Cond::Ne);
    x_.mov(Size::Qword, scratch, from);
    x_.mov(Size::Qword, to, scratch);
    x_.alu(Alu::Add, Size::Dword, number(host(Reg16::Si)), bytes);
    x_.alu(Alu::Add, Size::Dword, number(host(Reg16::Di)), bytes);
    x_.alu(Alu::Sub, Size::Dword, number(Host::Rcx), turns);
    x_.alu(Alu::Sub, Size::Dword, number(pin::budget), turns * turn_clocks());
    Assembler::bind_short(x_.jmp_short(), loop);
    for (u8* const site : {overlaps, few, marked}) Assembler::bind_short(site, x_.here());
}

i32 Emitter::turn_clocks() const {
    return step_->turn;
}

void Emitter::next_turn() {
    const Insn& insn = step_->insn;
    for (const Operand& operand : {insn.src, insn.dst}) {
        const Host offset = host(Reg16(operand.index));
        if (operand.kind == Operand::Kind::String) x_.lea(Size::Dword, offset, at(offset, stride()));
    }
    x_.lea(Size::Dword, Host::Rcx, at(Host::Rcx, -1));
    x_.lea(Size::Dword, pin::budget, at(pin::budget, -turn_clocks()));
}

ExitId Emitter::repeat_exit() {
    const ExitId id = new_exit(ExitSite::Kind::Repeat, step_->insn.ip);
    exits_[id].refund -= step_->clocks;
    exits_[id].prefixes = step_->insn.prefixes;
    return id;
}

Mem Emitter::string_place(const Operand& operand) const {
    Mem m = segment(operand == si_operand ? step_->insn.segment : Sreg::Es);
    m.has_index = true;
    m.index = host(Reg16(operand.index));
    return m;
}

/// MOVS, STOS: the flags are put aside, AX with them if there are any; a store that must not go straight to memory ends
/// the loop.
void Emitter::emit_copy_turns(Saved saved) {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    const Mem to = string_place(insn.dst);
    const bool moves = insn.op == Op::Movs;
    const ExitId exit = repeat_exit();
    const u8* const loop = x_.here();
    u8* const done = x_.jrcxz();
    x_.alu(Alu::Cmp, size, to.plus(i32(ArenaLayout::special_delta)), 0);
    checks_.push_back({x_.jcc(Cond::Ne), exit, saved, step_});
    if (moves) x_.movzx(pin::address, size, string_place(insn.src));
    if (moves && size == Size::Byte)
        x_.mov_low_byte(to, pin::address);
    else if (moves)
        x_.mov(size, to, number(pin::address));
    else
        x_.mov(size, to, number(saved == Saved::All ? pin::value : Host::Rax));
    next_turn();
    Assembler::bind_short(x_.jmp_short(), loop);
    Assembler::bind_short(done, x_.here());
    x_.movzx(host(Reg16::Di), Size::Word, number(host(Reg16::Di)));
    if (moves) x_.movzx(host(Reg16::Si), Size::Word, number(host(Reg16::Si)));
}

/// CMPS, SCAS: the flags are the last comparison's, and those from before if CX is 0.
void Emitter::emit_compare_turns() {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    const bool scans = insn.op == Op::Scas;
    const Operand& counted = scans ? insn.src : insn.dst;
    const Host offset = host(Reg16(counted.index));
    u8* const none_at_all = x_.jrcxz();
    x_.lea(Size::Dword, pin::address, at(offset, most_comparisons * stride()));
    const u8* const loop = x_.here();
    if (scans) {
        x_.alu(Alu::Cmp, size, number(Host::Rax), string_place(insn.src));
    } else {
        x_.movzx(pin::value, size, string_place(insn.dst));
        x_.alu(Alu::Cmp, size, number(pin::value), string_place(insn.src));
    }
    next_turn();
    u8* const ended = x_.jcc_short(insn.repeat == Repeat::Rep ? Cond::Ne : Cond::E);
    u8* const last = x_.jrcxz();
    x_.alu(Alu::Cmp, Size::Dword, number(offset), number(pin::address));
    Assembler::bind_short(x_.jcc_short(Cond::Ne), loop);
    // So many turns and no end: make the last comparison's flags again, and leave.
    if (scans)
        x_.alu(Alu::Cmp, size, number(Host::Rax), string_place(insn.src).plus(-stride()));
    else
        x_.alu(Alu::Cmp, size, number(pin::value), string_place(insn.src).plus(-stride()));
    for (const Operand& operand : {insn.src, insn.dst})
        if (operand.kind == Operand::Kind::String)
            x_.movzx(host(Reg16(operand.index)), Size::Word, number(host(Reg16(operand.index))));
    emit_stub(repeat_exit());
    Assembler::bind_short(ended, x_.here());
    Assembler::bind_short(last, x_.here());
    for (const Operand& operand : {insn.src, insn.dst})
        if (operand.kind == Operand::Kind::String)
            x_.movzx(host(Reg16(operand.index)), Size::Word, number(host(Reg16(operand.index))));
    Assembler::bind_short(none_at_all, x_.here());
}

}  // namespace dyn86::jit
