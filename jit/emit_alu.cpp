// ADD OR ADC SBB AND SUB XOR CMP, INC DEC NOT NEG TEST. Guest and host agree bit for bit on the value and on O S Z A P
// C (A of AND OR XOR TEST apart), so the host instruction is the semantics, and its flags stay where they are for the
// next guest instruction.
#include "jit/decimal.h"
#include "jit/emitter.h"

#include <bit>

namespace dyn86::jit {
namespace {

i32 table_of(Op op) {
    switch (op) {
        case Op::Daa: return DecimalTables::daa;
        case Op::Das: return DecimalTables::das;
        case Op::Aaa: return DecimalTables::aaa;
        default: return DecimalTables::aas;
    }
}

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
    if (is_logic(insn.op) && must_clear_a(HostFeature::LogicClearsA)) compare_with_zero();
}

void Emitter::emit_alu_two(Alu op) {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    if (insn.dst.kind == Operand::Kind::Memory) {
        const Mem m = address(op == Alu::Cmp ? Access::Load : Access::Store, size, is_high_byte(insn.src));
        if (insn.src.kind == Operand::Kind::Immediate)
            x_.alu(op, size, m, i32{insn.immediate});
        else
            x_.alu(op, size, m, insn.src.kind == Operand::Kind::Patched ? patched_immediate() : reg(insn.src));
        return;
    }
    const RegNo dst = reg(insn.dst);
    if (insn.src.kind == Operand::Kind::Patched) {
        const bool extended = size == Size::Word && immediate_field(insn).bytes == 1;
        if (extended) return x_.alu(op, size, dst, patched_immediate());
        return x_.alu(op, size, dst, patched_operand(is_high_byte(insn.dst)));
    }
    const bool clears = insn.src == insn.dst && (op == Alu::Xor || op == Alu::Sub);
    if (clears) op = Alu::Sub;  // which the host defines A of
    if (insn.src.kind == Operand::Kind::Memory)
        x_.alu(op, size, dst, address(Access::Load, size, is_high_byte(insn.dst)));
    else if (insn.src.kind == Operand::Kind::Immediate)
        x_.alu(op, size, dst, i32{insn.immediate});
    else
        x_.alu(op, clears && size == Size::Word ? Size::Dword : size, dst, reg(insn.src));
}

/// After logic: a comparison with 0 has the same flags, and A = 0 besides.
void Emitter::compare_with_zero() {
    const Insn& insn = step_->insn;
    const bool keeps = insn.op == Op::Test && insn.src != insn.dst;
    if (insn.dst.kind == Operand::Kind::Memory || keeps) return clear_a();
    if (insn.op != Op::Xor || insn.src != insn.dst) x_.alu(Alu::Cmp, size_of(insn), reg(insn.dst), 0);
}

void Emitter::emit_test() {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    if (insn.dst.kind == Operand::Kind::Memory) {
        const Mem m = address(Access::Load, size, is_high_byte(insn.src));
        if (insn.src.kind == Operand::Kind::Immediate)
            x_.test(size, m, i32{insn.immediate});
        else
            x_.test(size, m, insn.src.kind == Operand::Kind::Patched ? patched_immediate() : reg(insn.src));
    } else if (insn.src.kind == Operand::Kind::Patched) {
        x_.test(size, patched_operand(is_high_byte(insn.dst)), reg(insn.dst));
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
}

/// DAA DAS AAA AAS, by table.
void Emitter::emit_adjust() {
    const Op op = step_->insn.op;
    const bool packed = op == Op::Daa || op == Op::Das;
    const RegNo ax = number(Host::Rax), al = number(Reg8::Al), ah = number(Reg8::Ah), index = number(pin::address);
    x_.mov(pin::value, Host::Rax);
    x_.lahf();
    x_.alu(Alu::And, Size::Dword, ax, packed ? DecimalTables::packed_index : DecimalTables::unpacked_index);
    const i32 table = in_arena(Layout::decimal) + i32{sizeof(Adjusted)} * table_of(op);
    x_.movzx(Host::Rax, Size::Word, at(pin::arena, Host::Rax, table, 1));
    x_.mov(Size::Byte, number(pin::value), al);
    if (!packed) {
        static_assert(flag::c == 1);
        x_.movzx(pin::address, Size::Byte, ah);
        x_.alu(Alu::And, Size::Dword, index, flag::c);
        x_.shift(Shift::Shl, Size::Dword, index, 8);
        x_.alu(op == Op::Aaa ? Alu::Add : Alu::Sub, Size::Word, number(pin::value), index);
    }
    if ((step_->live_out & flag::o) != 0) {
        x_.bt(Host::Rax, 8 + std::countr_zero(adjusted_o));
        x_.setcc(Cond::B, al);
        x_.alu(Alu::Add, Size::Byte, al, 127);
    }
    x_.sahf();
    x_.mov(Host::Rax, pin::value);
}

}  // namespace dyn86::jit
