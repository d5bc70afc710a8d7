// Completion scripts for shells.
#pragma once

#include <string>

namespace dyn86::manual {

[[nodiscard]] std::string bash_completion();
[[nodiscard]] std::string zsh_completion();
[[nodiscard]] std::string fish_completion();

}  // namespace dyn86::manual
