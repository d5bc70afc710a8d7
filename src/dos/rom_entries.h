// Where DOS's entry points are in our ROM.
#pragma once

#include "src/base/result.h"
#include "src/base/types.h"

#include <array>
#include <span>

namespace dyn86::dos {

inline constexpr u16 rom_segment = 0xF000;
inline constexpr std::size_t rom_size = 0x1'0000;

/// The table dos_entries of roms/dos.asm, in its order: offsets in the ROM's segment.
struct RomEntries {
    std::array<u16, 16> interrupts{};  // 20h to 2Fh
    u16 call5 = 0, finish = 0, casemap = 0, strategy = 0, interrupt = 0, int33 = 0, mouse_irq = 0, shell = 0,
        drivers = 0;
};

/// `rom`: the segment's 64 KiB.
[[nodiscard]] Result<RomEntries> find_rom_entries(std::span<const u8> rom);

}  // namespace dyn86::dos
