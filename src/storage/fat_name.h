// The 8.3 names that files of the host get on a FAT disk.
#pragma once

#include "src/base/types.h"

#include <array>
#include <set>
#include <string_view>

namespace dyn86 {

/// Eight characters and three, padded with blanks, as a directory entry has them.
using FatName = std::array<char, 11>;

/// `host` in upper case, as far as it is a DOS name; else a short form with ~1, ~2, ... that is not yet in `taken`.
[[nodiscard]] FatName fat_name(std::string_view host, const std::set<FatName>& taken);

}  // namespace dyn86
