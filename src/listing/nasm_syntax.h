// Which instructions nasm encodes as they stand. An 8086 has several encodings for many of them; an assembler has its
// favourites.
#pragma once

#include "cpu/insn.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dyn86::listing {

/// The line that nasm (`cpu 8086`, `bits 16`) turns into exactly these bytes, or nothing when there is none: another
/// encoding is preferred, or the instruction has no name there. `bytes` are those of `insn`. A near target is written
/// as `target`.
[[nodiscard]] std::optional<std::string> nasm_text(const Insn& insn, std::span<const u8> bytes,
                                                   std::string_view target);

}  // namespace dyn86::listing
