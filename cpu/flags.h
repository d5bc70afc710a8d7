// The FLAGS register. [UM86 2-35: flag register]
#pragma once

#include "src/base/types.h"

namespace dyn86::flag {

inline constexpr u16 c = 0x0001, p = 0x0004, a = 0x0010, z = 0x0040, s = 0x0080;
inline constexpr u16 t = 0x0100, i = 0x0200, d = 0x0400, o = 0x0800;
inline constexpr u16 szapc = s | z | a | p | c;
inline constexpr u16 oszapc = o | szapc;
inline constexpr u16 oszap = o | s | z | a | p;

/// Bits 12-15 and 1 read as one, 3 and 5 as zero, whatever POPF loads. [SST metadata, README]
inline constexpr u16 always_one = 0xF002;
inline constexpr u16 changeable = oszapc | t | i | d;

}  // namespace dyn86::flag
