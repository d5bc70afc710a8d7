// The data that comes with dyn86: our ROM image, assembled from roms/*.asm, and the fonts of the displays.
#pragma once

#include "src/base/types.h"

#include <span>

namespace dyn86::roms {

/// The ROM at F0000-FFFFF: BIOS, DOS entry points and the demo. roms/README.md shows its layout.
std::span<const u8, 0x10000> bios();

/// Glyphs of code page 437, one byte per row, leftmost pixel in bit 7.
std::span<const u8, 256 * 16> glyphs8x16();
std::span<const u8, 256 * 8> glyphs8x8();

}  // namespace dyn86::roms
