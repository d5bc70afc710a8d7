// ROMs that the user brings along.
#pragma once

#include "cpu/memory.h"
#include "src/dyn86.h"

namespace dyn86 {

/// Loads the foreign BIOS, if there is one, so that it ends at FFFFF, and the other ROMs where they belong. A file that
/// cannot be a ROM, or one that would lie over RAM, video memory or another ROM, is refused by name.
Result<> load_rom_files(Memory& memory, const MachineConfig& config);

}  // namespace dyn86
