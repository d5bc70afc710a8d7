// DAA, DAS, AAA and AAS as tables: the host has lost these instructions, and they are functions of AL, A and C alone.
#pragma once

#include "src/base/types.h"

#include <array>

namespace dyn86::jit {

/// One answer: AL in the low byte; in the high one S Z A P C as SAHF takes them, and O in a bit that SAHF ignores.
using Adjusted = u16;
inline constexpr u8 adjusted_o = 8;

struct DecimalTables {
    // Index: AL * 2 + C, and 512 more if A.
    std::array<Adjusted, 1024> daa, das;
    // Index: AL, and 256 more if A. C says that AH moves too.
    std::array<Adjusted, 512> aaa, aas;
};

extern const DecimalTables decimal_tables;

}  // namespace dyn86::jit
