// What the subcommands' parsers share.
#pragma once

#include "src/base/result.h"

#include <CLI/CLI.hpp>

#include <span>
#include <string>

namespace dyn86::config {

/// Fills what the app's options are bound to; not empty: the help that was asked for. A mistake is a usage error.
[[nodiscard]] Result<std::string> parse_subcommand(CLI::App& app, std::span<const char* const> arguments);

}  // namespace dyn86::config
