// What shells complete: options and what their values can begin with.
#pragma once

#include "src/commands/commands.h"
#include "src/config/option.h"

#include <string>
#include <vector>

namespace dyn86::manual {

/// What can stand behind an option.
struct ValueWords {
    enum class Kind : u8 { None, Choices, Files } kind = Kind::None;
    std::vector<std::string> choices;
};
[[nodiscard]] ValueWords value_words(const config::Option& option);

/// "--engine" and "-h" of a subcommand, out of its help.
[[nodiscard]] std::vector<std::string> option_words(const commands::Subcommand& command);
/// What it is for: the first sentence of its help, without its full stop.
[[nodiscard]] std::string summary(const commands::Subcommand& command);

}  // namespace dyn86::manual
