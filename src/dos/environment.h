// Environment blocks: NAME=VALUE strings, and the program's name behind them.
#pragma once

#include "src/dos/errors.h"
#include "src/dos/guest.h"

#include <string>
#include <string_view>
#include <vector>

namespace dyn86::dos {

/// Sets or replaces NAME=VALUE; the name is taken in upper case. An empty value removes it.
void set_variable(std::vector<std::string>& environment, std::string_view line);

/// The strings of an environment block in the guest. BadEnvironment when it has no end within 32 KiB.
[[nodiscard]] DosResult<std::vector<std::string>> read_environment(const Guest& guest, u16 segment);

/// The block as bytes: the strings, a zero, the count 1, the program's full name. [RBIL 21/AH=4Bh, 21/AH=26h]
[[nodiscard]] std::string environment_block(const std::vector<std::string>& environment, std::string_view program);

}  // namespace dyn86::dos
