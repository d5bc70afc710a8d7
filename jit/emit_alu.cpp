// ADD OR ADC SBB AND SUB XOR CMP, INC DEC NOT NEG TEST. Guest and host agree bit for bit on the value and on O S Z A P
// C (A of AND OR XOR TEST apart), so the host instruction is the semantics, and its flags stay where they are for the
// next guest instruction.
#include "jit/emitter.h"

namespace dyn86::jit {
namespace {

bool is_logic(Op op) {
    return op == Op::Or || op == Op::And || op == Op::Xor || op == Op::Test;
}

}  // namespace

bool Emitter::can_alu(const Step& /*step*/) {
    return true;
}

void Emitter::emit_alu() {
    const Insn& insn = step_->insn;
    switch (insn.op) {
        case Op::Inc:
        case Op::Dec:
        case Op::Not:
        case Op::Neg: emit_one(); break;
        case Op::Test: emit_test(); break;
        case Op::Cmp: emit_alu_two(Alu::Cmp); break;
        default: emit_alu_two(Alu(u8(insn.op) - u8(Op::Add))); break;
    }
    if (is_logic(insn.op)) clear_a_if_live(HostFeature::LogicClearsA);
}

void Emitter::emit_alu_two(Alu op) {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    if (insn.dst.kind == Operand::Kind::Memory) {
        const Mem m = address(op == Alu::Cmp ? Access::Load : Access::Store, size, is_high_byte(insn.src));
        if (insn.src.kind == Operand::Kind::Immediate)
            x_.alu(op, size, m, i32{insn.immediate});
        else
            x_.alu(op, size, m, reg(insn.src));
        return;
    }
    const RegNo dst = reg(insn.dst);
    const bool stays_even = is_even(insn.dst.index) && size == Size::Word && (op == Alu::Add || op == Alu::Sub) &&
                            ((insn.src.kind == Operand::Kind::Immediate && (insn.immediate & 1) == 0) ||
                             (insn.src.kind == Operand::Kind::Reg16 && is_even(insn.src.index)));
    const bool clears = insn.src == insn.dst && (op == Alu::Xor || op == Alu::Sub);
    if (insn.src.kind == Operand::Kind::Memory)
        x_.alu(op, size, dst, address(Access::Load, size, is_high_byte(insn.dst)));
    else if (insn.src.kind == Operand::Kind::Immediate)
        x_.alu(op, size, dst, i32{insn.immediate});
    else
        x_.alu(op, clears && size == Size::Word ? Size::Dword : size, dst, reg(insn.src));
    if (op == Alu::Cmp) return;
    wrote(insn.dst);
    if (size == Size::Word && (stays_even || clears)) set_even(insn.dst.index, true);
}

void Emitter::emit_test() {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    if (insn.dst.kind == Operand::Kind::Memory) {
        const Mem m = address(Access::Load, size, is_high_byte(insn.src));
        if (insn.src.kind == Operand::Kind::Immediate)
            x_.test(size, m, i32{insn.immediate});
        else
            x_.test(size, m, reg(insn.src));
    } else if (insn.src.kind == Operand::Kind::Immediate) {
        x_.test(size, reg(insn.dst), i32{insn.immediate});
    } else {
        x_.test(size, reg(insn.dst), reg(insn.src));
    }
}

void Emitter::emit_one() {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    const bool steps = insn.op == Op::Inc || insn.op == Op::Dec;
    const Unary op = insn.op == Op::Not ? Unary::Not : Unary::Neg;
    if (insn.dst.kind == Operand::Kind::Memory) {
        const Mem m = address(Access::Store, size);
        if (steps)
            x_.inc_dec(insn.op == Op::Dec, size, m);
        else
            x_.unary(op, size, m);
        return;
    }
    if (steps)
        x_.inc_dec(insn.op == Op::Dec, size, reg(insn.dst));
    else
        x_.unary(op, size, reg(insn.dst));
    wrote(insn.dst);
}

}  // namespace dyn86::jit
