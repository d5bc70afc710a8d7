// String instructions with DF = 0: once, and MOVS and STOS repeated in bulk. With DF = 1 the interpreter has them.
#include "jit/emitter.h"

namespace dyn86::jit {
namespace {

constexpr Operand si_operand = {Operand::Kind::String, u8(Reg16::Si)};

}  // namespace

bool Emitter::can_string(const Step& step) {
    return step.insn.repeat == Repeat::None;
}

/// Leaves unless DF is known to be 0. Known once, it stays so along the trace.
void Emitter::need_forward() {
    if (forward_) return;
    const Saved saved = save_flags(step_->live_in);
    x_.alu(Alu::Cmp, Size::Byte, at(pin::arena, state_field(offsetof(State, direction))), 0);
    check(Cond::Ne, saved);
    restore_flags(x_, saved);
    forward_ = true;
}

Mem Emitter::string_operand(const Operand& operand, Access access, Size size) {
    const Host offset = host(Reg16(operand.index));
    Mem m = segment(operand == si_operand ? step_->insn.segment : Sreg::Es);
    m.has_index = true;
    m.index = offset;
    const bool known = size == Size::Byte || is_even(operand.index) || (not_ffff_ >> operand.index & 1) != 0;
    if (known && !needs_test(access)) return m;
    const Saved saved = save_flags(step_->live_in);
    if (!known) {
        x_.alu(Alu::Cmp, Size::Word, number(offset), -1);
        check(Cond::E, saved);
        not_ffff_ |= u8(1u << operand.index);
    }
    if (needs_test(access)) test_marks(m, access, size, saved);
    restore_flags(x_, saved);
    return m;
}

void Emitter::emit_string() {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    const i32 bytes = i32(size);
    need_forward();
    Mem from, to;
    const bool stores = insn.op == Op::Movs || insn.op == Op::Stos;
    if (insn.src.kind == Operand::Kind::String) from = string_operand(insn.src, Access::Load, size);
    if (insn.dst.kind == Operand::Kind::String)
        to = string_operand(insn.dst, stores ? Access::Store : Access::Load, size);
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
            wrote(Reg16::Ax);
            break;
        case Op::Cmps:  // dst is the one at SI
            x_.movzx(pin::value, size, to);
            x_.alu(Alu::Cmp, size, number(pin::value), from);
            break;
        default: x_.alu(Alu::Cmp, size, number(Reg8::Al), to.has_index ? to : from); break;  // SCAS
    }
    for (const Operand& operand : {insn.src, insn.dst})
        if (operand.kind == Operand::Kind::String) step_register(Reg16(operand.index), bytes, step_->live_out);
}

}  // namespace dyn86::jit
