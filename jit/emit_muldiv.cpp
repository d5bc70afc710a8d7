// MUL IMUL DIV IDIV, AAM AAD, CBW CWD. The host leaves most flags undefined after the first four; where some of them
// are live, they are made as the 8086's microcode leaves them. [cpu/exec_muldiv.h]
#include "jit/emitter.h"

namespace dyn86::jit {
namespace {

using Kind = Operand::Kind;

constexpr u16 carry_and_overflow = flag::c | flag::o;
constexpr i32 sign_bit = 0x80, zero_bit = 0x40, half_bit = 0x10, parity_bit = 0x04, carry_bit = 0x01;  // of LAHF

bool is_dividend(const Operand& operand) {
    return operand == Operand{Kind::Reg16, u8(Reg16::Ax)} || operand == Operand{Kind::Reg16, u8(Reg16::Dx)};
}

}  // namespace

// With REP the microcode negates the result. Tests before a division use AX, where saved flags would be.
bool Emitter::can_muldiv(const Step& step) {
    const Insn& insn = step.insn;
    const bool word = insn.width == Width::Word;
    if (insn.op == Op::Cbw || insn.op == Op::Cwd) return true;
    if (insn.repeat != Repeat::None) return false;
    switch (insn.op) {
        case Op::Daa:
        case Op::Das:
        case Op::Aaa:
        case Op::Aas:
        case Op::Aad:
        case Op::Mul:
        case Op::Imul: return true;
        case Op::Aam: return (insn.immediate & 0xFF) != 0;
        case Op::Div: return step.live_out == 0 ? word || step.live_in == 0 : word && !is_dividend(insn.src);
        case Op::Idiv: return word && step.live_in == 0 && !is_dividend(insn.src);
        default: return false;
    }
}

void Emitter::emit_muldiv() {
    const Insn& insn = step_->insn;
    switch (insn.op) {
        case Op::Cbw: x_.cbw(); break;
        case Op::Cwd: x_.cwd(); break;
        case Op::Daa:
        case Op::Das:
        case Op::Aaa:
        case Op::Aas: return emit_adjust();
        case Op::Aam: return emit_aam();
        case Op::Aad: return emit_aad();
        case Op::Mul:
        case Op::Imul: emit_mul(); break;
        case Op::Div: insn.width == Width::Word ? emit_div_word() : emit_div_byte(); break;
        default: emit_idiv(); break;
    }
}

void Emitter::emit_mul() {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    const Unary op = insn.op == Op::Mul ? Unary::Mul : Unary::Imul;
    if (op == Unary::Imul && counts_exactly()) {
        emit_imul_counted();
    } else if (insn.src.kind == Kind::Memory) {
        const Mem m = address(Access::Load, size);
        pay_for_mul();
        x_.unary(op, size, m);
    } else {
        pay_for_mul();
        x_.unary(op, size, reg(insn.src));
    }
    if ((step_->live_out & ~carry_and_overflow) != 0) emit_product_flags();
}

/// With the multiplicand in pin::value.
void Emitter::emit_imul_counted() {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    const RegNo source = number(pin::value);
    if (insn.src.kind == Kind::Memory) {
        const Mem m = address(Access::Load, size);
        x_.movzx(pin::value, size, m);
    } else {
        x_.movzx(pin::address, size, reg(insn.src));  // which AH can be moved to
        x_.mov(pin::value, pin::address);
    }
    x_.movsx(pin::value, size, source, Size::Dword);
    pay_for_imul();
    x_.unary(Unary::Imul, size, source);
}

// S Z A P are those of the upper half plus 0, and for IMUL plus the lower half's sign; C = O: that sum is not 0.
void Emitter::emit_product_flags() {
    const bool word = step_->insn.width == Width::Word, is_signed = step_->insn.op == Op::Imul;
    const RegNo ah = number(Reg8::Ah), al = number(Reg8::Al), dx = number(Host::Rdx);
    x_.mov(pin::value, Host::Rax);
    if (is_signed) {
        if (word) x_.mov(pin::address, Host::Rdx);
        x_.bt(Host::Rax, word ? 15 : 7);
        word ? x_.alu(Alu::Adc, Size::Word, number(pin::address), 0) : x_.alu(Alu::Adc, Size::Byte, ah, 0);
    } else {
        word ? x_.test(Size::Word, dx, dx) : x_.test(Size::Byte, ah, ah);
    }
    x_.lahf();
    x_.setcc(Cond::Ne, al);
    x_.alu(Alu::And, Size::Byte, ah, sign_bit | zero_bit | parity_bit | (is_signed ? half_bit : 0));
    x_.alu(Alu::Or, Size::Byte, ah, al);
    x_.alu(Alu::Add, Size::Byte, al, 127);
    x_.sahf();
    x_.mov(Host::Rax, pin::value);
}

// The quotient fits when the dividend's upper half is below the divisor, which is then not 0 either.
void Emitter::emit_div_byte() {
    const Insn& insn = step_->insn;
    const RegNo ah = number(Reg8::Ah);
    if (insn.src.kind == Kind::Memory) {
        const Mem m = address(Access::Load, Size::Byte, true);
        x_.alu(Alu::Cmp, Size::Byte, ah, m);
        check(Cond::Ae, Saved::Nothing);
        if (counts_exactly()) {
            x_.test(Size::Byte, m, sign_bit);
            check(Cond::Ne, Saved::Nothing);
        }
        x_.unary(Unary::Div, Size::Byte, m);
    } else {
        x_.alu(Alu::Cmp, Size::Byte, ah, reg(insn.src));
        check(Cond::Ae, Saved::Nothing);
        need_small_divisor(reg(insn.src), Size::Byte);
        x_.unary(Unary::Div, Size::Byte, reg(insn.src));
    }
    pay_for_div();
}

void Emitter::emit_div_word() {
    const RegNo divisor = number(pin::address);
    load_divisor();
    const Saved saved = save_flags(step_->live_in);
    x_.alu(Alu::Cmp, Size::Word, number(Host::Rdx), divisor);
    check(Cond::Ae, saved);
    if (step_->live_out != 0 || counts_exactly()) {
        x_.test(Size::Word, divisor, divisor);  // from 8000h on, the loop may skip its last comparison
        check(Cond::S, saved);
    }
    restore_flags(x_, saved);
    x_.unary(Unary::Div, Size::Word, divisor);
    pay_for_div();
    if (step_->live_out == 0) return;
    x_.mov(pin::value, Host::Rax);
    emit_last_comparison(Host::Rax, Host::Rdx);
    emit_quotient_carry();
}

/// C is the quotient's (in pin::value) top bit complemented; the other flags are as they stand. AX comes back.
void Emitter::emit_quotient_carry() {
    const RegNo ah = number(Reg8::Ah), al = number(Reg8::Al), top = number(pin::address);
    x_.lahf();
    x_.setcc(Cond::O, al);
    x_.alu(Alu::And, Size::Byte, ah, 0xFF & ~carry_bit);
    x_.mov(pin::address, pin::value);
    x_.shift(Shift::Shr, Size::Dword, top, 15);
    x_.alu(Alu::Xor, Size::Dword, top, 1);
    x_.shift(Shift::Shl, Size::Dword, top, 8);
    x_.alu(Alu::Or, Size::Dword, number(Host::Rax), top);
    x_.alu(Alu::Add, Size::Byte, al, 127);
    x_.sahf();
    x_.mov(Host::Rax, pin::value);
}

/// Into pin::address.
void Emitter::load_divisor() {
    const Operand& src = step_->insn.src;
    if (src.kind == Kind::Memory)
        x_.movzx(pin::address, Size::Word, address(Access::Load, Size::Word));
    else
        x_.mov(pin::address, word_register(src));
}

/// The flags of the division loop: it compared the partial remainder with the divisor (in pin::address), and subtracted
/// if that made the quotient's last bit 1. `quotient` is used up.
void Emitter::emit_last_comparison(Host quotient, Host remainder) {
    const RegNo q = number(quotient), divisor = number(pin::address);
    x_.alu(Alu::And, Size::Dword, q, 1);
    x_.unary(Unary::Neg, Size::Dword, q);
    x_.alu(Alu::And, Size::Dword, q, divisor);
    x_.alu(Alu::Add, Size::Dword, q, number(remainder));
    x_.alu(Alu::Cmp, Size::Word, q, divisor);
}

// 32 bits by 32: the only dividend that could make the host fault makes the 8086 fault too. The dividend stays in
// pin::value until the quotient is known to be within -32767..32767.
void Emitter::emit_idiv() {
    const RegNo divisor = number(pin::address), dividend = number(pin::value);
    constexpr i32 limit = 32767;
    load_divisor();
    x_.movsx(pin::address, Size::Word, divisor, Size::Dword);
    x_.test(Size::Dword, divisor, divisor);
    check(Cond::E, Saved::Nothing);
    if (step_->live_out != 0 || counts_exactly()) {
        x_.alu(Alu::Cmp, Size::Dword, divisor, -limit - 1);
        check(Cond::E, Saved::Nothing);
    }
    x_.mov(pin::value, Host::Rdx);
    x_.shift(Shift::Shl, Size::Dword, dividend, 16);
    x_.alu(Alu::Or, Size::Dword, dividend, number(Host::Rax));
    x_.alu(Alu::Cmp, Size::Dword, dividend, i32(0x80000000u));
    check(Cond::E, Saved::Nothing);
    x_.mov(Host::Rax, pin::value);
    x_.cdq();
    x_.unary(Unary::Idiv, Size::Dword, divisor);
    x_.alu(Alu::Cmp, Size::Dword, number(Host::Rax), limit);
    check(Cond::G, Saved::Dividend);
    x_.alu(Alu::Cmp, Size::Dword, number(Host::Rax), -limit);
    check(Cond::L, Saved::Dividend);
    pay_for_idiv();
    x_.movzx(Host::Rax, Size::Word, number(Host::Rax));
    x_.movzx(Host::Rdx, Size::Word, number(Host::Rdx));
    if (step_->live_out != 0) emit_idiv_flags();
}

// Those of the same division of magnitudes, with C and O cleared.
void Emitter::emit_idiv_flags() {
    x_.push(Host::Rax);
    x_.push(Host::Rdx);
    const auto magnitude = [&](Host r) {
        x_.movsx(r, Size::Word, number(r), Size::Dword);
        x_.mov(pin::value, r);
        x_.shift(Shift::Sar, Size::Dword, number(pin::value), 31);
        x_.alu(Alu::Xor, Size::Dword, number(r), number(pin::value));
        x_.alu(Alu::Sub, Size::Dword, number(r), number(pin::value));
    };
    magnitude(Host::Rax);
    magnitude(Host::Rdx);
    magnitude(pin::address);
    emit_last_comparison(Host::Rax, Host::Rdx);
    x_.lahf();
    x_.alu(Alu::And, Size::Byte, number(Reg8::Ah), 0xFF & ~carry_bit);  // O is 0 behind it
    x_.sahf();
    x_.pop(Host::Rdx);
    x_.pop(Host::Rax);
}

// The flags are those of a comparison of the remainder with 0.
void Emitter::emit_aam() {
    x_.movzx(Host::Rax, Size::Byte, number(Reg8::Al));
    x_.mov(pin::value, u32{step_->insn.immediate} & 0xFF);
    x_.unary(Unary::Div, Size::Byte, number(pin::value));
    x_.xchg(Size::Byte, number(Reg8::Al), number(Reg8::Ah));
    x_.alu(Alu::Cmp, Size::Byte, number(Reg8::Al), 0);
}

// ... and those of the addition.
void Emitter::emit_aad() {
    x_.movzx(pin::address, Size::Byte, number(Reg8::Ah));
    x_.imul(pin::address, pin::address, step_->insn.immediate & 0xFF);
    x_.shift(Shift::Shl, Size::Dword, number(pin::address), 8);
    x_.movzx(Host::Rax, Size::Byte, number(Reg8::Al));
    x_.alu(Alu::Or, Size::Dword, number(Host::Rax), number(pin::address));
    x_.alu(Alu::Add, Size::Byte, number(Reg8::Al), number(Reg8::Ah));
    x_.movzx(Host::Rax, Size::Byte, number(Reg8::Al));
}

}  // namespace dyn86::jit
