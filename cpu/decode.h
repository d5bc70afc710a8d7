// Bytes to Insn, by the opcode table alone.
#pragma once

#include "cpu/insn.h"
#include "cpu/memory.h"
#include "cpu/opcodes.h"

#include <span>

namespace dyn86 {

/// The 8086 takes prefixes without limit; the decoder gives up on longer runs, which the interpreter executes all the
/// same.
inline constexpr u16 max_prefixes = 10;
/// Opcode, ModRM, two bytes of displacement, two of immediate (or opcode and far pointer) after the prefixes.
inline constexpr u16 max_length = max_prefixes + 6;

/// Decodes what stands at `ip` from the bytes there, the wrap from FFFFh to 0 already applied. The length is 0 when
/// there are more than max_prefixes prefixes or when `bytes` ends before the instruction does.
[[nodiscard]] Insn decode(std::span<const u8> bytes, u16 ip);

/// The same, fetched from guest memory: IP wraps within CS.
[[nodiscard]] Insn decode(const Memory& memory, SegOff at);

/// What ends a block: the table's answer, corrected for a load of CS by MOV. [SST 8E: it exists]
[[nodiscard]] constexpr Ends ends(const Insn& insn) {
    if (insn.dst.kind == Operand::Kind::Sreg && insn.dst.index == u8(Sreg::Cs)) return Ends::Indirect;
    return insn.info->ends;
}

}  // namespace dyn86
