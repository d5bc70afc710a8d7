#include "src/debug/target.h"

#include "src/debug/packet.h"

#include <fmt/format.h>

#include <array>

namespace dyn86::debug {
namespace {

enum class Kind : u8 { Word, Eip, Flags, Segment, Absent, Ip };

/// A row of the description: name, size, gdb's type, and where the value is.
struct Register {
    std::string_view name;
    u8 bytes;
    std::string_view type;
    Kind kind;
    u8 index = 0;
};

constexpr u8 dword = 4, ten_bytes = 10, word = 2;

using enum Kind;
constexpr std::array<Register, register_count> registers = {{
    {"eax", dword, "int32", Word, CpuState::Ax},
    {"ecx", dword, "int32", Word, CpuState::Cx},
    {"edx", dword, "int32", Word, CpuState::Dx},
    {"ebx", dword, "int32", Word, CpuState::Bx},
    {"esp", dword, "data_ptr", Word, CpuState::Sp},
    {"ebp", dword, "data_ptr", Word, CpuState::Bp},
    {"esi", dword, "int32", Word, CpuState::Si},
    {"edi", dword, "int32", Word, CpuState::Di},
    {"eip", dword, "code_ptr", Eip},
    {"eflags", dword, "i386_eflags", Flags},
    {"cs", dword, "int32", Segment, CpuState::Cs},
    {"ss", dword, "int32", Segment, CpuState::Ss},
    {"ds", dword, "int32", Segment, CpuState::Ds},
    {"es", dword, "int32", Segment, CpuState::Es},
    {"fs", dword, "int32", Absent},
    {"gs", dword, "int32", Absent},
    {"st0", ten_bytes, "i387_ext", Absent},
    {"st1", ten_bytes, "i387_ext", Absent},
    {"st2", ten_bytes, "i387_ext", Absent},
    {"st3", ten_bytes, "i387_ext", Absent},
    {"st4", ten_bytes, "i387_ext", Absent},
    {"st5", ten_bytes, "i387_ext", Absent},
    {"st6", ten_bytes, "i387_ext", Absent},
    {"st7", ten_bytes, "i387_ext", Absent},
    {"fctrl", dword, "int", Absent},
    {"fstat", dword, "int", Absent},
    {"ftag", dword, "int", Absent},
    {"fiseg", dword, "int", Absent},
    {"fioff", dword, "int", Absent},
    {"foseg", dword, "int", Absent},
    {"fooff", dword, "int", Absent},
    {"fop", dword, "int", Absent},
    {"ip", word, "uint16", Ip},
}};
constexpr std::size_t first_of_ours = register_count - 1;

constexpr std::string_view flags_type = R"(<flags id="i386_eflags" size="4">
<field name="CF" start="0" end="0"/><field name="" start="1" end="1"/><field name="PF" start="2" end="2"/>
<field name="AF" start="4" end="4"/><field name="ZF" start="6" end="6"/><field name="SF" start="7" end="7"/>
<field name="TF" start="8" end="8"/><field name="IF" start="9" end="9"/><field name="DF" start="10" end="10"/>
<field name="OF" start="11" end="11"/>
</flags>
)";

std::string row_text(const Register& row) {
    const std::string_view group = row.type == "i387_ext" || row.type == "int" ? R"( group="float")" : "";
    return fmt::format(R"(<reg name="{}" bitsize="{}" type="{}"{}/>)"
                       "\n",
                       row.name, row.bytes * 8, row.type, group);
}

std::string description() {
    std::string text = R"(<?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd"><target version="1.0">
<architecture>i8086</architecture><osabi>none</osabi><feature name="org.gnu.gdb.i386.core">
)";
    text += flags_type;
    for (std::size_t i = 0; i < first_of_ours; ++i) text += row_text(registers[i]);
    text += "</feature>\n<feature name=\"org.dyn86.8086\">\n";
    for (std::size_t i = first_of_ours; i < registers.size(); ++i) text += row_text(registers[i]);
    return text + "</feature>\n</target>\n";
}

u32 value_of(const CpuState& state, const Register& row) {
    switch (row.kind) {
        case Word: return state.words[row.index];
        case Eip: return state.cs_ip().linear();
        case Flags: return state.flags;
        case Segment: return state.segments[row.index];
        case Ip: return state.ip;
        case Absent: break;
    }
    return 0;
}

std::string bytes_of(u32 value, u8 count) {
    std::string bytes(count, '\0');
    for (u8 i = 0; i < count && i < dword; ++i) bytes[i] = char(value >> 8 * i);
    return to_hex(bytes);
}

bool set_value(CpuState& state, const Register& row, u32 value) {
    switch (row.kind) {
        case Word: state.words[row.index] = u16(value); return true;
        case Flags: state.flags = u16(value); return true;
        case Segment: state.segments[row.index] = u16(value); return true;
        case Ip: state.ip = u16(value); return true;
        case Absent: return true;
        case Eip: break;
    }
    const Linear offset = (value - Linear{state.segments[CpuState::Cs]} * 16) & address_mask;
    if (offset > 0xFFFF) return false;
    state.ip = u16(offset);
    return true;
}

}  // namespace

const std::string& target_description() {
    static const std::string text = description();
    return text;
}

std::string memory_map(const std::vector<MemoryRegion>& regions) {
    std::string text =
        R"(<?xml version="1.0"?><!DOCTYPE memory-map PUBLIC "+//IDN gnu.org//DTD GDB Memory Map V1.0//EN" )"
        "\"http://sourceware.org/gdb/gdb-memory-map.dtd\"><memory-map>\n";
    for (const MemoryRegion& region : regions)
        text += fmt::format("<memory type=\"{}\" start=\"{:#x}\" length=\"{:#x}\"/>\n",
                            region.kind == MemoryRegion::Kind::Rom ? "rom" : "ram", region.start, region.length);
    // Sums of segment and offset beyond the megabyte reach its beginning again.
    text += fmt::format("<memory type=\"ram\" start=\"{:#x}\" length=\"0x10000\"/>\n", address_space);
    return text + "</memory-map>\n";
}

std::string read_register(const CpuState& state, unsigned number) {
    if (number >= register_count) return {};
    return bytes_of(value_of(state, registers[number]), registers[number].bytes);
}

std::string read_registers(const CpuState& state) {
    std::string text;
    for (unsigned i = 0; i < register_count; ++i) text += read_register(state, i);
    return text;
}

bool write_register(CpuState& state, unsigned number, std::string_view hex) {
    const auto bytes = from_hex(hex);
    if (number >= register_count || !bytes || bytes->size() != registers[number].bytes) return false;
    u32 value = 0;
    for (u8 i = 0; i < registers[number].bytes && i < dword; ++i) value |= u32{u8((*bytes)[i])} << 8 * i;
    return set_value(state, registers[number], value);
}

/// Of EIP and IP, the one that has changed counts: gdb sends both, and changes one.
bool write_registers(CpuState& state, std::string_view hex) {
    CpuState changed = state;
    for (unsigned i = 0; i < register_count; ++i) {
        const std::size_t digits = registers[i].bytes * std::size_t{2};
        if (hex.size() < digits) return false;
        const std::string_view text = hex.substr(0, digits);
        hex.remove_prefix(digits);
        const bool is_address = registers[i].kind == Eip || registers[i].kind == Ip;
        if (is_address && text == read_register(state, i)) continue;
        if (!write_register(changed, i, text)) return false;
    }
    state = changed;
    return hex.empty();
}

}  // namespace dyn86::debug
