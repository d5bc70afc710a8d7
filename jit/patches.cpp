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
    is_used_.at(start >> page_bits) = true;
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
    is_used = length < (1u << page_bits);
}

/// Has this operand been patched, more often than what stands around it?
bool Patches::look_at(const Insn& insn, u16 segment, Field field) {
    const auto byte = [&](u16 i) -> u8& {
        const Linear at = memory_.canonical(u32{segment} * 16 + u16(insn.ip + i));
        is_used_.at(at >> page_bits) = true;
        return bytes_[at];
    };
    u8 changes = 0, around = 0;
    for (u16 i = field.at; i < field.at + field.bytes; ++i) {
        byte(i) |= in_operand;
        changes = std::max<u8>(changes, byte(i) & counter);
    }
    if (changes == 0) return false;
    const Field displacement = displacement_field(insn);
    for (u16 i = 0; i < (displacement.bytes != 0 ? displacement.at : field.at); ++i)
        around = std::max<u8>(around, byte(i) & counter);
    return changes > around;
}

void Patches::apply(Insn& insn, u16 segment) {
    const Field immediate = immediate_field(insn), displacement = displacement_field(insn);
    if (immediate.bytes != 0 && look_at(insn, segment, immediate)) insn.src.kind = Kind::Patched;
    if (displacement.bytes != 0 && patches_displacements_ && look_at(insn, segment, displacement))
        insn.patched_displacement = true;
}

}  // namespace dyn86::jit
