#include "cpu/meter.h"

#include "cpu/cost.h"
#include "cpu/decode.h"

namespace dyn86 {
namespace {

u16 offset_of(const Insn& insn, const Registers& regs) {
    u32 offset = insn.displacement;
    if (insn.is_direct()) return u16(offset);
    const AddressMode& mode = address_modes[insn.rm()];
    if (mode.base != AddressMode::none) offset += regs.gpr[mode.base];
    if (mode.index != AddressMode::none) offset += regs.gpr[mode.index];
    return u16(offset);
}

u16 source_of(const Insn& insn, const Memory& memory, const Registers& regs) {
    if (insn.src.kind == Operand::Kind::Reg8) return regs.get(Reg8(insn.src.index));
    if (insn.src.kind == Operand::Kind::Reg16) return regs.get(Reg16(insn.src.index));
    const SegOff at{regs.get(insn.segment), offset_of(insn, regs)};
    const u8 low = memory.peek(at.linear());
    return insn.width == Width::Byte ? u16{low} : u16(low | memory.peek((at + 1).linear()) << 8);
}

/// Turns of the division loop that compared and subtracted: a turn that shifts a bit out subtracts without comparing.
/// [8086MC CORD]
u32 fits(u32 dividend, u32 divisor, unsigned bits) {
    u32 count = 0, remainder = dividend >> bits;
    for (unsigned turn = bits; turn-- > 0;) {
        remainder = remainder << 1 | (dividend >> turn & 1);
        if (remainder < divisor) continue;
        count += remainder >> bits == 0;
        remainder -= divisor;
    }
    return count;
}

i32 div_loop(Width width, u32 dividend, u32 divisor) {
    const unsigned bits = 8 * unsigned(width);
    if (dividend >> bits >= divisor) return timing::early_div_error;
    return timing::div_clocks(width, fits(dividend, divisor, bits));
}

i32 idiv_loop(Width width, u32 dividend, u16 divisor) {
    const unsigned bits = 8 * unsigned(width);
    const i32 left = width == Width::Byte ? i16(dividend) : i32(dividend);
    const i32 right = width == Width::Byte ? i8(divisor) : i16(divisor);
    const u32 dividend_size = left < 0 ? 0 - u32(left) : u32(left), divisor_size = u32(right < 0 ? -right : right);
    if (dividend_size >> bits >= divisor_size) return timing::early_idiv_error(left < 0, right < 0);
    const u32 turns = fits(dividend_size, divisor_size, bits);
    const bool late = (dividend_size / divisor_size) >> (bits - 1) != 0;
    return late ? timing::late_idiv_error(width, turns, left < 0, right < 0)
                : timing::idiv_clocks(width, turns, left < 0, right < 0);
}

}  // namespace

/// On an 8088, every word takes two bus cycles and the shape says so.
LooseWords Meter::loose_words(const timing::Accesses& accesses, const Insn& insn) const {
    if (model() != ClockModel{CpuModel::I8086, Timing::Exact}) return {};
    LooseWords words{.operand = accesses.operand, .stack = accesses.stack, .si = accesses.si, .di = accesses.di};
    if (accesses.port != 0) {
        const Operand& port = insn.op == Op::In ? insn.src : insn.dst;
        if (port.kind == Operand::Kind::Immediate)
            words.operand = accesses.port, words.odd = insn.immediate & 1;
        else
            words.port = accesses.port;
    }
    if (accesses.operand == 0) return words;
    words.odd = insn.displacement & 1;
    if (insn.is_direct()) return words;
    const AddressMode& mode = address_modes[insn.rm()];
    if (mode.base != AddressMode::none) words.base = mode.base, words.base_mask = 1;
    if (mode.index != AddressMode::none) words.index = mode.index, words.index_mask = 1;
    return words;
}

Tariff Meter::made(const Insn& insn) {
    Tariff tariff;
    tariff.insn = insn;
    const bool optional = ends(insn) == Ends::Branch || insn.op == Op::Into;
    tariff.straight = &table_.of(insn, false);
    tariff.taken = optional ? &table_.of(insn, true) : tariff.straight;
    tariff.accesses = timing::accesses_of(insn, false);
    tariff.words = loose_words(tariff.accesses, insn);
    tariff.words_taken = loose_words(timing::accesses_of(insn, true), insn);
    tariff.straight_charge = i16(cost::clocks(insn) - (optional ? cost::not_taken_refund(*insn.info) : 0));
    tariff.depends = tariff.words != LooseWords{};
    if (timing::is_repeated_string(insn))
        tariff.course = Course::Repeat;
    else if (timing::is_loop(insn.op))
        tariff.course = Course::Loop;
    else if (insn.op == Op::In || insn.op == Op::Out)
        tariff.course = Course::Device;
    else if (optional)
        tariff.course = Course::Branch;
    else if (timing::shape_of(insn, false, {model().cpu, Timing::Exact}).jumps)
        tariff.course = Course::Jump;
    return tariff;
}

const Tariff* Meter::make(const Memory& memory, SegOff at, u64 bytes, Tariff& place) {
    const Insn insn = decode(memory, at);
    if (insn.length == 0) return nullptr;
    place = made(insn);
    if (insn.length <= sizeof bytes) {
        place.mask = ~u64{0} >> (64 - 8 * insn.length);
        place.bytes = bytes & place.mask;
    }
    return &place;
}

const Tariff* Meter::make_uncached(const Memory& memory, SegOff at) {
    const Insn insn = decode(memory, at);
    if (insn.length == 0) return nullptr;
    uncached_ = made(insn);
    return &uncached_;
}

i32 Meter::surcharge(const LooseWords& words, const Registers& regs) {
    const auto odd = [&regs](Reg16 r) { return regs.gpr[std::size_t(r)] & 1; };
    const u32 operand =
        words.odd ^ (regs.gpr[words.base] & words.base_mask) ^ (regs.gpr[words.index] & words.index_mask);
    const u32 count = words.operand * operand + words.stack * odd(Reg16::Sp) + words.si * odd(Reg16::Si) +
                      words.di * odd(Reg16::Di) + words.port * odd(Reg16::Dx);
    return i32(timing::split_word * count);
}

i32 Meter::loop(const Tariff& tariff, const Memory& memory, const Registers& regs) const {
    const Insn& insn = tariff.insn;
    if (!model().is_exact()) return 0;
    if (insn.op == Op::Aam) return insn.immediate == 0 ? timing::early_div_error : 0;
    const Width width = insn.width;
    const u16 ax = regs.get(Reg16::Ax), source = source_of(insn, memory, regs);
    const u32 dividend = width == Width::Byte ? ax : u32{regs.get(Reg16::Dx)} << 16 | ax;
    switch (insn.op) {
        case Op::Mul: return timing::mul_clocks(width, ax);
        case Op::Imul: return timing::imul_clocks(width, ax, source, insn.repeat != Repeat::None);
        case Op::Div: return div_loop(width, dividend, source);
        default: return idiv_loop(width, dividend, source);
    }
}

i32 Meter::repetition(const Tariff& tariff, const Registers& regs) const {
    const i32 words = model().cpu == CpuModel::I8088 ? i32(timing::split_word * tariff.accesses.words())
                                                     : surcharge(tariff.words, regs);
    return i32(cost::per_repetition(*tariff.insn.info)) + words;
}

u32 Meter::interrupt_words(const Registers& regs) const {
    constexpr u32 frame = 3, vector = 2;
    if (model().cpu == CpuModel::I8088) return timing::split_word * (frame + vector);
    return timing::split_word * frame * (regs.get(Reg16::Sp) & 1u);
}

}  // namespace dyn86
