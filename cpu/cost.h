// Clocks, from the opcode table's static costs: what both engines charge with --timing=table. Word operands at odd
// addresses cost as even ones, multiplication and division the middle of their range. [UM86 tables 2-20, 2-21]
#pragma once

#include "cpu/opcodes.h"

#include <array>

namespace dyn86::cost {

/// A prefix of any kind. [UM86 table 2-21: LOCK, REP; 2-20: segment override]
inline constexpr u8 prefix = 2;

/// From the boundary before an interrupt to its handler's first instruction. [UM86 table 2-21, "Interrupt" rows]
inline constexpr u8 intr = 61;
inline constexpr u8 nmi = 50;
inline constexpr u8 single_step = 50;
/// A division whose first comparison already overflows, its INT 0 included, instead of the table's clocks. [SST F6.6,
/// F7.6]
inline constexpr u8 early_divide_error = 64;
/// IDIV that overflows by its finished quotient: on top of the division. assumed: as INT n, where the microcode joins
/// it.
inline constexpr u8 late_divide_error = 51;

/// [UM86 table 2-20] Registers (mod = 3): nothing.
constexpr u8 effective_address(u8 modrm) {
    constexpr std::array<u8, 8> sums = {7, 8, 8, 7, 5, 5, 5, 5};  // BX+SI BX+DI BP+SI BP+DI SI DI BP BX
    const unsigned mod = modrm >> 6, rm = modrm & 7;
    if (mod == 3) return 0;
    if (mod == 0) return rm == 6 ? 6 : sums[rm];
    return u8(sums[rm] + 4);
}

/// With all prefixes, branches as taken, shifts by CL without their bits, REP without its repetitions.
constexpr u32 clocks(const Insn& insn) {
    const Cost& row = insn.info->cycles;
    const u32 prefixes = u32{prefix} * insn.prefixes;
    if (is_string(insn.info->dst) || is_string(insn.info->src))
        return prefixes + (insn.repeat == Repeat::None ? row.reg : row.mem);
    if (insn.has_modrm && insn.mod() != 3) return prefixes + row.mem + effective_address(insn.modrm);
    return prefixes + (insn.has_memory() ? row.mem : row.reg);
}

/// How much less a conditional transfer (Jcc, LOOPx, JCXZ, INTO) costs when it is not taken.
constexpr u32 not_taken_refund(const OpInfo& info) {
    return info.cycles.extra;
}
/// For each bit of a shift or rotate by CL (0 for shifts by one); all of CL counts.
constexpr u32 per_bit(const OpInfo& info) {
    return info.cycles.extra;
}
/// For each repetition of a string instruction under REP.
constexpr u32 per_repetition(const OpInfo& info) {
    return info.cycles.extra;
}

static_assert(effective_address(0x06) == 6 && effective_address(0x46) == 9 && effective_address(0x41) == 12);

}  // namespace dyn86::cost
