// DAA, DAS, AAA and AAS as tables: the host has lost these instructions, and they are functions of AL, A and C alone.
#pragma once

#include "src/base/types.h"

#include <array>
#include <cstddef>

namespace dyn86::jit {

/// One answer: AL in the low byte; in the high one S Z A P C as SAHF takes them, and O in a bit that SAHF ignores.
using Adjusted = u16;
inline constexpr u8 adjusted_o = 8;

/// The index is AX behind LAHF, but for the flags that do not count, so that no instruction is needed to make it: AL,
/// C in bit 8, A in bit 12. What lies between belongs to the next table. AAA, AAS: C says that AH moves too.
struct DecimalTables {
    static constexpr u16 packed_index = 0x11FF, unpacked_index = 0x10FF;
    static constexpr std::size_t daa = 0, das = 0x200, aaa = 0x400, aas = 0x600;
    std::array<Adjusted, 0x1800> words;
};

extern const DecimalTables decimal_tables;

}  // namespace dyn86::jit
