// ImageDisk files (.IMD). [IMD]
#pragma once

#include "src/storage/decoded_disk.h"

namespace dyn86 {

/// True when a file that starts like this claims to be one.
[[nodiscard]] bool is_imd(std::span<const u8> start);
Result<std::unique_ptr<DecodedDisk>> decode_imd(const std::string& path, std::span<const u8> file);

}  // namespace dyn86
