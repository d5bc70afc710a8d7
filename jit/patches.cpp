#include "jit/patches.h"

#include "cpu/opcodes.h"

#include <algorithm>

namespace dyn86::jit {
namespace {

using Kind = Operand::Kind;

u16 immediate_bytes(const Insn& insn) {
    switch (insn.info->src) {
        case Form::Ib:
        case Form::Ibs: return 1;
        case Form::Iw: return 2;
        default: return 0;
    }
}

bool has_plain_immediate(const Insn& insn) {
    return insn.op == Op::Mov || insn.op == Op::Test || (insn.op >= Op::Add && insn.op <= Op::Cmp);
}

}  // namespace

Field immediate_field(const Insn& insn) {
    const u16 bytes = has_plain_immediate(insn) ? immediate_bytes(insn) : u16{0};
    return {u16(insn.length - bytes), bytes};
}

Field displacement_field(const Insn& insn) {
    if (!insn.has_memory()) return {};
    const u16 bytes = insn.is_direct() ? 2 : insn.mod();  // mod 1, 2: so many bytes
    return {u16(insn.length - immediate_bytes(insn) - bytes), bytes};
}

bool Patches::note(Linear start, u32 length) {
    bool operands = true;
    is_used_.at(start >> page_bits) = has_changes_.at(start >> page_bits) = true;
    for (Linear a = start; a < start + length; ++a) {
        u8& byte = bytes_[a];
        if ((byte & counter) != counter) ++byte;
        operands = operands && (byte & in_operand) != 0 && (byte & counter) <= most_changes;
    }
    return operands;
}

void Patches::forget(Linear start, u32 length) {
    bool& is_used = is_used_.at(start >> page_bits);
    if (!is_used) return;  // whoever loads files forgets whole pages, most of them data's
    std::fill_n(&bytes_[start], length, u8{0});
    if (length == 1u << page_bits) is_used = has_changes_.at(start >> page_bits) = false;
}

u8 Patches::changes_around_operands(const Insn& insn, u16 segment) {
    const Field displacement = displacement_field(insn);
    const u16 end = displacement.bytes != 0 ? displacement.at : immediate_field(insn).at;
    u8 changes = 0;
    for (u16 i = 0; i < end; ++i) changes = std::max<u8>(changes, byte_at(segment, u16(insn.ip + i)) & counter);
    return changes;
}

/// Has this operand been patched, more often than what stands around it, or does that matter no more?
bool Patches::look_at(const Insn& insn, u16 segment, Field field) {
    u8 changes = 0;
    for (u16 i = field.at; i < field.at + field.bytes; ++i) {
        const Linear at = memory_.canonical(u32{segment} * 16 + u16(insn.ip + i));
        is_used_.at(at >> page_bits) = true;
        bytes_[at] |= in_operand;
        changes = std::max<u8>(changes, bytes_[at] & counter);
    }
    if (changes == 0) return false;
    const u8 around = changes_around_operands(insn, segment);
    return changes > around || around >= restless;
}

bool Patches::is_restless(const Insn& insn, u16 segment) {
    // A repetition can be left half done, to go on with what stands there then: it must know when it writes over itself.
    if (insn.repeat != Repeat::None) return false;
    if (!has_changes_.at(memory_.canonical(u32{segment} * 16 + insn.ip) >> page_bits)) return false;
    if (changes_around_operands(insn, segment) < restless) return false;
    constexpr u16 look_ahead = 8;
    u16 calm = 0;
    for (u16 i = 0; i < look_ahead; ++i)
        if ((byte_at(segment, u16(insn.next() + i)) & counter) < restless) ++calm;
    return calm > look_ahead / 2;
}

void Patches::apply(Insn& insn, u16 segment) {
    const Field immediate = immediate_field(insn), displacement = displacement_field(insn);
    if (immediate.bytes != 0 && look_at(insn, segment, immediate)) insn.src.kind = Kind::Patched;
    const bool is_fixed = insn.is_direct() && !patches_direct_;
    if (displacement.bytes != 0 && !is_fixed && look_at(insn, segment, displacement)) insn.patched_displacement = true;
}

}  // namespace dyn86::jit
