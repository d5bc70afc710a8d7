// States as files.
#pragma once

#include "src/dyn86.h"

#include <string>
#include <vector>

namespace dyn86::frontend {

/// What --save-state has written.
[[nodiscard]] Result<std::vector<u8>> read_state(const std::string& path);

}  // namespace dyn86::frontend
