// Shifts and rotates. The 8086 moves one bit per turn and its flags are those of the last turn; the host defines O (and
// for the left shift A) of single turns only. So a count of n becomes n-1 turns at once and a last one by itself, and a
// left shift's last turn an addition, which sets A as the 8086 does. [cpu/alu.h, shifts]
#include "jit/emitter.h"

namespace dyn86::jit {
namespace {

bool is_by_cl(const Insn& insn) {
    return insn.src.kind == Operand::Kind::Reg8;
}
jit::Shift host_shift(Op op) {
    return Shift(u8(op) - u8(Op::Rol));
}

}  // namespace

bool Emitter::can_shift(const Step& step) {
    const Insn& insn = step.insn;
    if (insn.op == Op::Setmo) return false;
    if (!is_by_cl(insn)) return true;
    // The operand must not be the counter, which changes on the way.
    const bool is_cx = insn.dst == Operand{Operand::Kind::Reg16, u8(Reg16::Cx)} ||
                       insn.dst == Operand{Operand::Kind::Reg8, u8(Reg8::Cl)} ||
                       insn.dst == Operand{Operand::Kind::Reg8, u8(Reg8::Ch)};
    return !is_cx && insn.dst.kind != Operand::Kind::Memory;
}

void Emitter::emit_shift() {
    const Insn& insn = step_->insn;
    if (is_by_cl(insn))
        emit_shift_by_cl();
    else
        emit_shift_by_one();
    const bool right = insn.op == Op::Shr || insn.op == Op::Sar;
    if (right && must_clear_a(HostFeature::ShiftClearsA)) clear_a();
}

void Emitter::emit_last_turn(RegNo dst) {
    const Insn& insn = step_->insn;
    if (insn.op == Op::Shl)
        x_.alu(Alu::Add, size_of(insn), dst, dst);
    else if (insn.op == Op::Rcl && (step_->live_out & ~(flag::c | flag::o)) == 0)
        x_.alu(Alu::Adc, size_of(insn), dst, dst);  // one micro-operation instead of three
    else
        x_.shift1(host_shift(insn.op), size_of(insn), dst);
}

void Emitter::emit_shift_by_one() {
    const Insn& insn = step_->insn;
    if (insn.dst.kind == Operand::Kind::Memory) {
        const Size size = size_of(insn);
        const Mem m = address(Access::Store, size);
        if (insn.op == Op::Shl && (step_->live_out & flag::a) != 0) {
            x_.movzx(pin::value, size, m);
            x_.alu(Alu::Add, size, m, number(pin::value));
        } else {
            x_.shift1(host_shift(insn.op), size, m);
        }
        return;
    }
    emit_last_turn(reg(insn.dst));
}

/// A word register by CL, at most max_inline_count: three micro-operations fewer on Intel, which has to merge flags for
/// counts of 0. Registers are zero-extended, before and after.
void Emitter::emit_shift_without_flags() {
    const Insn& insn = step_->insn;
    const Host r = word_register(insn.dst);
    if (insn.op == Op::Sar) x_.movsx(r, Size::Word, number(r), Size::Dword);
    x_.shift_keeping_flags(host_shift(insn.op), r, r, Host::Rcx);
    if (insn.op != Op::Shr) x_.movzx(r, Size::Word, number(r));
}

// Counts of 0 (no flag changes) and beyond the host's mask are the interpreter's where flags matter.
void Emitter::emit_shift_by_cl() {
    const Insn& insn = step_->insn;
    const RegNo dst = reg(insn.dst);
    const RegNo cl = number(Reg8::Cl);
    const bool exact = step_->live_out != 0;
    const Saved saved = save_flags(step_->live_in);
    if (exact) {
        x_.test(Size::Byte, cl, cl);
        check(Cond::E, saved);
    }
    x_.alu(Alu::Cmp, Size::Byte, cl, max_inline_count);
    check(Cond::A, saved);
    restore_flags(x_, saved);
    if (exact) {
        x_.lea(Size::Dword, Host::Rcx, at(Host::Rcx, -1));
        x_.shift_cl(host_shift(insn.op), size_of(insn), dst);
        x_.lea(Size::Dword, Host::Rcx, at(Host::Rcx, 1));
        emit_last_turn(dst);
    } else if (config_.host.has(HostFeature::Bmi2) && size_of(insn) == Size::Word && insn.op >= Op::Shl) {
        emit_shift_without_flags();
    } else {
        x_.shift_cl(host_shift(insn.op), size_of(insn), dst);
    }
    // The block was charged for max_inline_count turns: budget += (max - CL) * clocks per turn, no flag changed.
    x_.movzx(pin::address, Size::Byte, cl);
    x_.unary(Unary::Not, Size::Dword, number(pin::address));
    x_.lea(Size::Dword, pin::budget, at(pin::budget, pin::address, 4 * (max_inline_count + 1), 2));
}

}  // namespace dyn86::jit
