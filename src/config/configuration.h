// All layers together (COMMAND_LINE.md, "Configuration"): system < user < dyn86.toml beside the program < environment <
// --conf < command line.
#pragma once

#include "src/config/command_line.h"
#include "src/config/environment.h"

#include <span>
#include <string>
#include <vector>

namespace dyn86::config {

struct Configuration {
    Options options;
    std::vector<Given> settings;  // those that count, lowest layer first
};

/// `words` are the command line without dyn86 itself.
[[nodiscard]] Result<Configuration> configure(std::span<const char* const> words, const Environment& environment);
/// What --print-config shows: TOML, with the origins as comments.
[[nodiscard]] std::string print_config(const Configuration& configuration);

}  // namespace dyn86::config
