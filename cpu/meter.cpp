#include "cpu/meter.h"

#include "cpu/cost.h"
#include "cpu/decode.h"

#include <cstring>

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

u16 port_of(const Insn& insn, const Registers& regs) {
    const Operand& port = insn.op == Op::In ? insn.src : insn.dst;
    return port.kind == Operand::Kind::Immediate ? insn.immediate : regs.get(Reg16::Dx);
}

bool is_repeated_string(const Insn& insn) {
    return insn.repeat != Repeat::None && insn.op >= Op::Movs && insn.op <= Op::Scas;
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

Tariff Meter::make(const Insn& insn) const {
    Tariff made;
    made.insn = insn;
    made.optional = ends(insn) == Ends::Branch || insn.op == Op::Into;
    made.straight = timing::shape_of(insn, false, model_);
    made.taken = made.optional ? timing::shape_of(insn, true, model_) : made.straight;
    made.accesses = timing::accesses_of(insn, false);
    made.accesses_taken = timing::accesses_of(insn, true);
    made.straight_charge = u16(cost::clocks(insn) - (made.optional ? cost::not_taken_refund(*insn.info) : 0));
    made.repeats = is_repeated_string(insn);
    made.loops = insn.op == Op::Aam || (insn.op >= Op::Mul && insn.op <= Op::Idiv);
    if (insn.op >= Op::Rol && insn.op <= Op::Sar) made.per_bit = u8(cost::per_bit(*insn.info));
    return made;
}

timing::Passed Meter::answer(const Tariff& tariff, bool taken, SegOff at, timing::Queue queue) const {
    if (model_.is_exact()) return timing::pass(taken ? tariff.taken : tariff.straight, queue, at.offset, model_.cpu);
    const u32 table = taken ? cost::clocks(tariff.insn) : tariff.straight_charge;
    const u32 words = tariff.repeats ? 0 : (taken ? tariff.accesses_taken : tariff.accesses).words();
    return {u16(table + timing::split_word * words), 0};
}

const Tariff* Meter::tariff(const Memory& memory, const u8* pc, SegOff at, timing::Queue queue) {
    Tariff* found = &uncached_;
    u64 bytes = 0;
    if (pc != nullptr) {
        std::memcpy(&bytes, pc, sizeof bytes);
        found = &tariffs_[at.linear() % tariff_count];
    }
    if (pc == nullptr || found->mask == 0 || (bytes & found->mask) != found->bytes) {
        const Insn insn = decode(memory, at);
        if (insn.length == 0) return nullptr;
        *found = make(insn);
        if (insn.length <= sizeof bytes) {
            found->mask = ~u64{0} >> (64 - 8 * insn.length);
            found->bytes = bytes & found->mask;
        }
    }
    const bool odd = (at.offset & 1) != 0;
    if (found->queue == queue && found->odd == odd) return found;
    found->queue = queue;
    found->odd = odd;
    found->straight_passed = answer(*found, false, at, queue);
    if (found->optional) found->taken_passed = answer(*found, true, at, queue);
    return found;
}

u32 Meter::split_words(const timing::Accesses& accesses, const Insn& insn, const Registers& regs) const {
    if (model_.cpu == CpuModel::I8088) return 0;  // all of them: they are in the shape
    const auto odd = [&regs](Reg16 r) { return u32{regs.get(r)} & 1; };
    u32 words = accesses.stack * odd(Reg16::Sp) + accesses.si * odd(Reg16::Si) + accesses.di * odd(Reg16::Di);
    if (accesses.operand != 0) words += accesses.operand * (u32{offset_of(insn, regs)} & 1);
    if (accesses.port != 0) words += port_of(insn, regs) & 1;
    return words;
}

u32 Meter::surcharge(const Tariff& tariff, const Registers& regs) const {
    const bool traps = tariff.insn.op == Op::Into && (regs.flags & flag::o) != 0;
    const timing::Accesses& accesses = traps ? tariff.accesses_taken : tariff.accesses;
    const u32 bits = tariff.per_bit != 0 ? u32{tariff.per_bit} * regs.get(Reg8::Cl) : 0;
    return bits + timing::split_word * split_words(accesses, tariff.insn, regs);
}

i32 Meter::loop(const Tariff& tariff, const Memory& memory, const Registers& regs) const {
    const Insn& insn = tariff.insn;
    if (!model_.is_exact() || !tariff.loops) return 0;
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
    const u32 words =
        model_.cpu == CpuModel::I8088 ? tariff.accesses.words() : split_words(tariff.accesses, tariff.insn, regs);
    return i32(cost::per_repetition(*tariff.insn.info) + timing::split_word * words);
}

u32 Meter::interrupt_words(const Registers& regs) const {
    constexpr u32 frame = 3, vector = 2;
    if (model_.cpu == CpuModel::I8088) return timing::split_word * (frame + vector);
    return timing::split_word * frame * (regs.get(Reg16::Sp) & 1u);
}

}  // namespace dyn86
