// Clocks that data decide, for Timing::Exact: words at odd addresses, bits multiplied and divided. A block is charged
// the most in advance; what is emitted here gives back, once nothing of the instruction can fail any more.
#include "cpu/decode.h"
#include "jit/emitter.h"

#include <algorithm>

namespace dyn86::jit {
namespace {

constexpr u8 width_bits(Size size) {
    return u8(8 * u8(size));
}

}  // namespace

// The interpreter has those whose clocks would need flags, a popcount that the host has not, a check after the
// operand's address is paid for, or the evenness of DX as a port.
bool Emitter::can_count(const Step& step) const {
    const Insn& insn = step.insn;
    if (!counts_exactly()) return true;
    if (insn.op == Op::In || insn.op == Op::Out) {
        const Operand& port = insn.op == Op::In ? insn.src : insn.dst;
        const bool narrow = config_.pricing.model().cpu == CpuModel::I8088 || insn.width == Width::Byte;
        return narrow || port.kind == Operand::Kind::Immediate;
    }
    if (insn.op < Op::Mul || insn.op > Op::Idiv) return true;
    if (step.live_in != 0 || !config_.host.has(HostFeature::Popcnt)) return false;
    return (insn.op != Op::Div && insn.op != Op::Idiv) || step.loose_operand == 0;
}

/// The words are even, or odd, for sure: `clocks` will be taken off the step once the whole block has been emitted.
void Emitter::note_known(u8& words, i32 clocks) {
    words = 0;
    step_->surplus += clocks;
    if (clocks != 0) settles_words_ = true;
}

/// The words at `offset`, of a register or pin::address, plus `odd`. Gives back split_word each if they are even.
void Emitter::refund_even(Host offset, bool odd, u8 words, u16 live) {
    const bool clobbers = live == 0;
    if (clobbers) {
        x_.lea(Size::Dword, pin::value, at(offset, odd ? 0 : 1));
        x_.alu(Alu::And, Size::Dword, number(pin::value), 1);
    } else {
        x_.movzx_low_byte(pin::value, offset);
        x_.movzx(pin::value, Size::Byte,
                 at(pin::arena, pin::value, state_field(offsetof(State, even_refund)) + (odd ? 1 : 0)));
    }
    if (words == 3) x_.lea(Size::Dword, pin::value, at(pin::value, pin::value, 0, 1));
    const u8 scale = u8((clobbers ? 2 : 0) + (words == 2 ? 1 : 0));
    x_.lea(Size::Dword, pin::budget, at(pin::budget, pin::value, 0, scale));
}

bool Emitter::counts_stack() const {
    return counts_exactly() && std::ranges::any_of(trace_->steps(), [](const Step& step) {
               return step.loose_stack != 0 && !step.handed_over;
           });
}

/// Where words on the stack count, SP is taken to be even. At the head.
void Emitter::need_even_stack(Saved saved) {
    if (!stack_counts_ || !assume_.even_bp) return;
    x_.test(Size::Byte, number(pin::sp), 1);
    checks_.push_back({x_.jcc(Cond::Ne), new_exit(ExitSite::Kind::OddBp, trace_->head.offset), saved});
    facts_.set_even(u8(Reg16::Sp));
}

/// Words at SP, after all checks and before SP moves: its evenness does not change. pin::value is used up.
void Emitter::pay_for_stack(u16 live) {
    u8& words = step_->loose_stack;
    if (words == 0) return;
    if (facts_.is_even(u8(Reg16::Sp)))
        note_known(words, i32(timing::split_word) * words);
    else
        refund_even(pin::sp, (sp_ & 1) != 0, words, live);
}

/// The operand that address() has found, after its checks.
void Emitter::pay_for_operand(const Mem& m) {
    u8& words = step_->loose_operand;
    if (words == 0) return;
    const bool odd = (m.displacement & 1) != 0;  // segments begin at even addresses
    const AddressMode& mode = address_modes[step_->insn.rm()];
    const auto known = [&](u8 r) { return r == AddressMode::none || facts_.is_even(r); };
    if (known(mode.base) && known(mode.index))
        note_known(words, (step_->insn.displacement & 1) != 0 ? 0 : i32(timing::split_word) * words);
    else
        refund_even(m.index, odd, words, step_->live_in);
}

/// What a string instruction moves by SI and DI, before they step on.
void Emitter::pay_for_strings() {
    const auto pay = [&](Reg16 r, u8& words) {
        if (words == 0) return;
        facts_.is_even(u8(r)) ? note_known(words, i32(timing::split_word) * words)
                              : refund_even(host(r), false, words, step_->live_in);
    };
    pay(Reg16::Si, step_->loose_si);
    pay(Reg16::Di, step_->loose_di);
}

/// A repetition's clocks must be known: leaves when its words are odd.
void Emitter::need_even_repetition(Saved saved) {
    if (!counts_exactly() || config_.pricing.model().cpu == CpuModel::I8088 || step_->insn.width == Width::Byte) return;
    for (const Operand& operand : {step_->insn.src, step_->insn.dst}) {
        if (operand.kind != Operand::Kind::String || facts_.is_even(operand.index)) continue;
        x_.test(Size::Byte, number(host(Reg16(operand.index))), 1);
        check(Cond::Ne, saved);
    }
}

/// budget += most - (the bits set in pin::value, which is used up).
void Emitter::refund_bits(i32 most) {
    x_.popcnt(pin::value, pin::value);
    x_.unary(Unary::Not, Size::Dword, number(pin::value));
    x_.lea(Size::Dword, pin::budget, at(pin::budget, pin::value, most + 1));
}

/// budget += clocks if pin::value's top bit is 0 (`set`: 1).
void Emitter::refund_by_sign(Host scratch, Host value, bool set, i32 clocks) {
    x_.mov(scratch, value);
    if (!set) x_.unary(Unary::Not, Size::Dword, number(scratch));
    x_.shift(Shift::Sar, Size::Dword, number(scratch), 31);
    x_.alu(Alu::And, Size::Dword, number(scratch), clocks);
    x_.lea(Size::Dword, pin::budget, at(pin::budget, scratch));
}

/// value = |value|, by way of scratch.
void Emitter::emit_magnitude(Host value, Host scratch) {
    x_.mov(scratch, value);
    x_.shift(Shift::Sar, Size::Dword, number(scratch), 31);
    x_.alu(Alu::Xor, Size::Dword, number(value), number(scratch));
    x_.alu(Alu::Sub, Size::Dword, number(value), number(scratch));
}

// The more bits of AX or AL are set, the longer. [timing::mul_clocks]
void Emitter::pay_for_mul() {
    if (!counts_exactly()) return;
    const Size size = size_of(step_->insn);
    x_.movzx(pin::value, size, number(Host::Rax));
    refund_bits(width_bits(size));
}

// The multiplicand is in pin::value, sign-extended, and stays there; a word's product will overwrite DX. With signs as
// masks (0 or -1), m of the multiplier and s of the other: budget += most + 2m - s + 12(m^s) - the bits of
// |multiplier|. [timing::imul_clocks]
void Emitter::pay_for_imul() {
    const bool word = step_->insn.width == Width::Word;
    const RegNo budget = number(pin::budget), size = number(pin::address), sign = number(Host::Rdx);
    constexpr i32 negative_multiplier = 2, signs_differ = 12;
    if (!word) x_.push(Host::Rdx);
    x_.movsx(pin::address, size_of(step_->insn), number(Host::Rax), Size::Dword);
    x_.mov(Host::Rdx, pin::address);
    x_.shift(Shift::Sar, Size::Dword, sign, 31);
    x_.lea(Size::Dword, pin::budget, at(pin::budget, Host::Rdx, 0, 1));
    x_.alu(Alu::Xor, Size::Dword, size, sign);
    x_.alu(Alu::Sub, Size::Dword, size, sign);
    x_.popcnt(pin::address, pin::address);
    x_.alu(Alu::Sub, Size::Dword, budget, size);
    x_.mov(pin::address, pin::value);
    x_.shift(Shift::Sar, Size::Dword, size, 31);
    x_.alu(Alu::Sub, Size::Dword, budget, size);
    x_.alu(Alu::Xor, Size::Dword, sign, size);
    x_.lea(Size::Dword, Host::Rdx, at(Host::Rdx, Host::Rdx, 0, 1));
    x_.lea(Size::Dword, pin::budget,
           at(pin::budget, Host::Rdx, width_bits(size_of(step_->insn)) + negative_multiplier + signs_differ, 2));
    word ? x_.alu(Alu::Xor, Size::Dword, sign, sign) : x_.pop(Host::Rdx);
}

/// Leaves when the divisor's top bit would make turns that subtract without comparing: then bits tell nothing.
void Emitter::need_small_divisor(RegNo divisor, Size size) {
    if (!counts_exactly()) return;
    x_.test(size, divisor, divisor);
    check(Cond::S, Saved::Nothing);
}

// A turn that fits is a bit of the quotient, which is in AX or AL. [timing::div_clocks]
void Emitter::pay_for_div() {
    if (!counts_exactly()) return;
    const Size size = size_of(step_->insn);
    x_.movzx(pin::value, size, number(Host::Rax));
    refund_bits(width_bits(size));
}

// The quotient is in EAX, the divisor in pin::address, the dividend, which is used up, in pin::value.
// [timing::idiv_clocks]
void Emitter::pay_for_idiv() {
    if (!counts_exactly()) return;
    constexpr i32 negative_dividend = 4, negative_divisor = 1, bits = 16;
    refund_by_sign(pin::value, pin::value, false, negative_dividend);
    refund_by_sign(pin::value, pin::address, true, negative_divisor);
    x_.push(Host::Rax);
    emit_magnitude(Host::Rax, pin::value);
    x_.mov(pin::value, Host::Rax);
    refund_bits(bits);
    x_.pop(Host::Rax);
}

/// Takes off the steps what has turned out to be sure. The block is then emitted once more; false: nothing was.
bool Emitter::settle_words(Trace& trace) {
    if (!settles_words_) return false;
    settles_words_ = false;
    for (Step& step : trace.steps()) {
        if (step.surplus == 0) continue;
        step.clocks -= step.surplus;
        step.surplus = 0;
    }
    trace.add_clocks();
    return true;
}

}  // namespace dyn86::jit
