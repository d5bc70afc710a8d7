// The words of the command line (COMMAND_LINE.md): options up to PROGRAM, then what belongs to the program.
#pragma once

#include "src/config/option.h"

#include <span>
#include <string>
#include <vector>

namespace dyn86::config {

struct CommandLine {
    std::vector<Given> settings;  // in the order in which they were given
    std::string program;
    std::vector<std::string> arguments;
};

/// Splits the words; the values are looked at by whoever takes them. A mistake is a usage error.
[[nodiscard]] Result<CommandLine> read_command_line(std::span<const char* const> words);
/// What -h or --help-all print.
[[nodiscard]] std::string help_text(Options::Show which);

}  // namespace dyn86::config
