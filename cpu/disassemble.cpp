#include "cpu/disassemble.h"

#include "cpu/opcodes.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace dyn86 {
namespace {

using Kind = Operand::Kind;
using std::string_view;

// clang-format off
constexpr std::array<string_view, std::size_t(Op::Std) + 1> op_names = {
    "(prefixes)",
    "add", "or", "adc", "sbb", "and", "sub", "xor", "cmp",
    "inc", "dec", "not", "neg", "test", "mul", "imul", "div", "idiv",
    "rol", "ror", "rcl", "rcr", "shl", "shr", "setmo", "sar",
    "daa", "das", "aaa", "aas", "aam", "aad", "cbw", "cwd",
    "mov", "xchg", "push", "pop", "lea", "les", "lds", "xlatb", "lahf", "sahf", "pushf", "popf", "salc",
    "movs", "cmps", "stos", "lods", "scas",
    "j", "jmp", "jmp", "call", "call", "ret", "retf", "loop", "loope", "loopne", "jcxz",
    "int", "int3", "into", "iret",
    "in", "out", "hlt", "wait", "esc", "nop",
    "clc", "stc", "cmc", "cli", "sti", "cld", "std",
};
static_assert(op_names[std::size_t(Op::Std)] == "std" && op_names[std::size_t(Op::Int)] == "int");

constexpr std::array<string_view, 16> condition_names = {
    "o", "no", "c", "nc", "z", "nz", "na", "a", "s", "ns", "pe", "po", "l", "nl", "ng", "g"};
constexpr std::array<string_view, 8> byte_names = {"al", "cl", "dl", "bl", "ah", "ch", "dh", "bh"};
constexpr std::array<string_view, 8> word_names = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
constexpr std::array<string_view, 4> segment_names = {"es", "cs", "ss", "ds"};
// clang-format on

/// The table names operands that the text leaves out.
bool has_implied_operands(const Insn& insn) {
    return (insn.op >= Op::Daa && insn.op <= Op::Aas) || insn.op == Op::Xlat || insn.op == Op::Salc ||
           is_string(insn.info->dst) || is_string(insn.info->src);
}

string_view segment_name(const Insn& insn) {
    return segment_names[std::size_t(insn.segment)];
}

/// "lock ", "rep ", and an override that no memory operand shows.
std::string prefixes(const Insn& insn) {
    std::string text;
    if (insn.lock) text += "lock ";
    const bool compares = insn.op == Op::Cmps || insn.op == Op::Scas;
    if (insn.repeat == Repeat::Repne) text += "repne ";
    if (insn.repeat == Repeat::Rep) text += compares ? "repe " : "rep ";
    if (insn.has_override && !insn.has_memory()) text += fmt::format("{} ", segment_name(insn));
    return text;
}

std::string mnemonic(const Insn& insn) {
    std::string text(op_names[std::size_t(insn.op)]);
    if (insn.op == Op::Jcc) text += condition_names[insn.condition];
    if (is_string(insn.info->dst) || is_string(insn.info->src)) text += insn.width == Width::Word ? 'w' : 'b';
    return text;
}

bool fits_byte(u16 value) {
    return u16(i8(value)) == value;
}

std::string displacement(const Insn& insn) {
    const int value = i16(insn.displacement);
    return fmt::format("{}0x{:x}", value < 0 ? '-' : '+', value < 0 ? -value : value);
}

/// "es:byte bx+si-0x75" for the brackets.
std::string address(const Insn& insn) {
    const std::string segment = insn.has_override ? fmt::format("{}:", segment_name(insn)) : "";
    if (insn.is_direct()) return fmt::format("{}0x{:x}", segment, insn.displacement);
    const AddressMode mode = address_modes[insn.rm()];
    std::string registers;
    if (mode.base != AddressMode::none) registers += word_names[mode.base];
    if (mode.base != AddressMode::none && mode.index != AddressMode::none) registers += '+';
    if (mode.index != AddressMode::none) registers += word_names[mode.index];
    if (insn.mod() == 0) return segment + registers;
    string_view size;
    if (insn.mod() == 1 && insn.displacement == 0) size = "byte ";
    if (insn.mod() == 2 && fits_byte(insn.displacement)) size = "word ";
    return fmt::format("{}{}{}{}", segment, size, registers, displacement(insn));
}

bool is_register(Operand operand) {
    return operand.kind == Kind::Reg8 || operand.kind == Kind::Reg16 || operand.kind == Kind::Sreg;
}

/// What says how wide a memory operand is when no register does.
string_view memory_size(const Insn& insn) {
    if (insn.op == Op::JmpFar || insn.op == Op::CallFar) return "far ";
    const bool has_count = insn.info->src == Form::Cl || insn.info->src == Form::One;
    if (!has_count && (is_register(insn.dst) || is_register(insn.src))) return "";
    return insn.width == Width::Word ? "word " : "byte ";
}

/// A word immediate that a shorter form could also hold says that it is meant.
std::string immediate(const Insn& insn) {
    const bool has_short_form = insn.op >= Op::Add && insn.op <= Op::Cmp;
    const bool says_size = has_short_form && insn.info->src == Form::Iw && fits_byte(insn.immediate);
    return fmt::format("{}0x{:x}", says_size ? "strict word " : "", insn.immediate);
}

/// nasm chooses the distance of jumps itself unless told; loops and calls have but one.
string_view distance(const Insn& insn) {
    if (insn.op == Op::Jcc) return "short ";
    if (insn.op == Op::Jmp) return insn.info->src == Form::Jb ? "short " : "near ";
    return "";
}

std::string operand_text(const Insn& insn, Operand operand) {
    switch (operand.kind) {
        case Kind::Reg8: return std::string(byte_names[operand.index]);
        case Kind::Reg16: return std::string(word_names[operand.index]);
        case Kind::Sreg: return std::string(segment_names[operand.index]);
        case Kind::Memory: return fmt::format("{}[{}]", memory_size(insn), address(insn));
        case Kind::Immediate:
        case Kind::Patched: return immediate(insn);
        case Kind::Far: return fmt::format("0x{:x}:0x{:x}", insn.immediate_segment, insn.immediate);
        case Kind::Near: return fmt::format("{}0x{:x}", distance(insn), insn.target);
        case Kind::None:
        case Kind::String: return {};
    }
    return {};
}

std::string operands(const Insn& insn) {
    if (has_implied_operands(insn)) return {};
    std::string text = operand_text(insn, insn.dst);
    if (insn.op == Op::Esc) text = fmt::format("0x{:x}", (insn.opcode & 7) << 3 | insn.reg());
    std::string source = operand_text(insn, insn.src);
    // Of two registers nasm puts the first into ModRM's reg field.
    if (insn.op == Op::Xchg && insn.has_modrm && insn.mod() == 3) std::swap(text, source);
    if (!text.empty() && !source.empty()) text += ", ";
    return text + source;
}

}  // namespace

string_view op_name(Op op) {
    switch (op) {
        case Op::Jcc: return "jcc";
        case Op::JmpFar: return "jmp far";
        case Op::CallFar: return "call far";
        default: return op_names[std::size_t(op)];
    }
}

std::string disassemble(const Insn& insn) {
    if (insn.length == 0) return std::string(op_names[0]);
    std::string text = prefixes(insn) + mnemonic(insn);
    const std::string rest = operands(insn);
    if (!rest.empty()) text += ' ' + rest;
    return text;
}

}  // namespace dyn86
