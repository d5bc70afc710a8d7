// Teledisk files (.TD0), plain and with "advanced compression". [TD0]
#pragma once

#include "src/storage/decoded_disk.h"

namespace dyn86 {

/// True when a file that starts like this claims to be one.
[[nodiscard]] bool is_td0(std::span<const u8> start);
Result<std::unique_ptr<DecodedDisk>> decode_td0(const std::string& path, std::span<const u8> file);

}  // namespace dyn86
