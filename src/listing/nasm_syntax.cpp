#include "src/listing/nasm_syntax.h"

#include "cpu/disassemble.h"
#include "cpu/opcodes.h"

namespace dyn86::listing {
namespace {

using Kind = Operand::Kind;

/// nasm writes REP, LOCK and the override in this order, each once.
bool prefixes_are_in_order(const Insn& insn, std::span<const u8> bytes) {
    constexpr u8 lock = 0xF0;
    std::size_t at = 0;
    if (insn.op == Op::Wait) return insn.prefixes == 0;  // itself a prefix there
    if (insn.repeat != Repeat::None) ++at;
    if (at != 0 && bytes[0] < 0xF2) return false;
    // Before a near transfer nasm takes REPNE for a bound check's.
    if (insn.repeat == Repeat::Repne && insn.op >= Op::Jcc && insn.op <= Op::Ret) return false;
    if (insn.lock && bytes[at++] != lock) return false;
    if (insn.has_override) ++at;
    return at == insn.prefixes;
}

bool is_accumulator(Operand operand) {
    return (operand.kind == Kind::Reg8 || operand.kind == Kind::Reg16) && operand.index == 0;
}

/// Undocumented opcodes and fields: aliases of others, or without a name.
bool is_undocumented(const Insn& insn) {
    const u8 opcode = insn.opcode;
    if ((opcode & 0xF0) == 0x60 || opcode == 0x82) return true;
    if (opcode == 0xC0 || opcode == 0xC1 || opcode == 0xC8 || opcode == 0xC9) return true;
    if (insn.op == Op::Esc || insn.op == Op::Setmo) return true;
    if (!insn.has_modrm) return false;
    switch (opcode) {
        case 0x8C:
        case 0x8E: return insn.reg() > 3 || (opcode == 0x8E && insn.reg() == u8(Sreg::Cs));
        case 0x8F:
        case 0xC6:
        case 0xC7: return insn.reg() != 0;
        case 0xF6:
        case 0xF7: return insn.reg() == 1;
        case 0xFE: return insn.reg() > 1;
        case 0xFF: return insn.reg() == 7;
        default: return false;
    }
}

/// With registers on both sides, or a register where the opcode itself could name it, there is a shorter or a preferred
/// form.
bool has_preferred_register_form(const Insn& insn) {
    const u8 opcode = insn.opcode;
    if (!insn.has_modrm || insn.mod() != 3) return false;
    const bool reversed = opcode < 0x40 ? (opcode & 2) != 0 : opcode == 0x8A || opcode == 0x8B;
    if (reversed) return true;
    switch (opcode) {
        case 0x80:
        case 0x81:
        case 0xF6:
        case 0xF7: return insn.src.kind == Kind::Immediate && is_accumulator(insn.dst);
        case 0x87: return is_accumulator(insn.dst) || is_accumulator(insn.src);
        case 0x8D:
        case 0x8F:
        case 0xC4:
        case 0xC5:
        case 0xC6:
        case 0xC7: return true;
        case 0xFF: return insn.reg() < 2 || insn.reg() == 3 || insn.reg() > 4;
        default: return false;
    }
}

/// MOV between the accumulator and a direct address is A0-A3.
bool has_offset_form(const Insn& insn) {
    if (insn.op != Op::Mov || !insn.has_modrm || !insn.has_memory() || !insn.is_direct()) return false;
    return is_accumulator(insn.dst) || is_accumulator(insn.src);
}

}  // namespace

std::optional<std::string> nasm_text(const Insn& insn, std::span<const u8> bytes, std::string_view target) {
    if (insn.length == 0 || !prefixes_are_in_order(insn, bytes) || is_undocumented(insn)) return std::nullopt;
    if (has_preferred_register_form(insn) || has_offset_form(insn)) return std::nullopt;
    std::string text = disassemble(insn);
    if (insn.src.kind == Kind::Near) text.replace(text.rfind("0x"), std::string::npos, target);
    return text;
}

}  // namespace dyn86::listing
