// MUL IMUL DIV and CBW CWD. What Intel leaves undefined after them the host leaves undefined too, so they are emitted
// where nobody looks: else the interpreter does them.
#include "jit/emitter.h"

namespace dyn86::jit {

bool Emitter::can_muldiv(const Step& step) {
    const Insn& insn = step.insn;
    switch (insn.op) {
        case Op::Mul:
        case Op::Imul:
            return insn.repeat == Repeat::None && (step.live_out & ~(flag::c | flag::o)) == 0;  // REP negates
        case Op::Div:  // a byte division is tested with AH, where saved flags would be
            return insn.repeat == Repeat::None && step.live_out == 0 &&
                   (insn.width == Width::Word || step.live_in == 0);
        case Op::Cbw:
        case Op::Cwd: return true;
        default: return false;
    }
}

void Emitter::emit_muldiv() {
    switch (step_->insn.op) {
        case Op::Cbw: x_.cbw(); return wrote(Reg16::Ax);
        case Op::Cwd: x_.cwd(); return wrote(Reg16::Dx);
        case Op::Div: return emit_div();
        default: return emit_mul();
    }
}

void Emitter::emit_mul() {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    const Unary op = insn.op == Op::Mul ? Unary::Mul : Unary::Imul;
    if (insn.src.kind == Operand::Kind::Memory)
        x_.unary(op, size, address(Access::Load, size));
    else
        x_.unary(op, size, reg(insn.src));
    wrote(Reg16::Ax);
    if (size == Size::Word) wrote(Reg16::Dx);
}

// The quotient fits when the dividend's upper half is below the divisor, which is then not 0 either.
void Emitter::emit_div() {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    const RegNo upper = size == Size::Word ? number(Host::Rdx) : number(Reg8::Ah);
    if (insn.src.kind == Operand::Kind::Memory) {
        const Mem m = address(Access::Load, size, true);
        const Saved saved = save_flags(step_->live_in);
        x_.alu(Alu::Cmp, size, upper, m);
        check(Cond::Ae, saved);
        restore_flags(x_, saved);
        x_.unary(Unary::Div, size, m);
    } else {
        const Saved saved = save_flags(step_->live_in);
        x_.alu(Alu::Cmp, size, upper, reg(insn.src));
        check(Cond::Ae, saved);
        restore_flags(x_, saved);
        x_.unary(Unary::Div, size, reg(insn.src));
    }
    wrote(Reg16::Ax);
    if (size == Size::Word) wrote(Reg16::Dx);
}

}  // namespace dyn86::jit
