// The options of the subcommands that talk to machines started with --share. [COMMAND_LINE.md]
#pragma once

#include "src/config/subcommands.h"

#include <string>

namespace dyn86::config {

struct LsOptions {};

struct WatchOptions {
    std::string name;  // empty: the only one that runs
    bool once = false;
    std::string format = "txt";  // with `once`: txt, ans or json
};

/// send, snap and stop: a machine and what is to be done with it.
struct RequestOptions {
    std::string name, argument;
};

[[nodiscard]] Result<Parsed<LsOptions>> parse_ls(std::span<const char* const> arguments);
[[nodiscard]] Result<Parsed<WatchOptions>> parse_watch(std::span<const char* const> arguments);
[[nodiscard]] Result<Parsed<RequestOptions>> parse_send(std::span<const char* const> arguments);
[[nodiscard]] Result<Parsed<RequestOptions>> parse_snap(std::span<const char* const> arguments);
[[nodiscard]] Result<Parsed<RequestOptions>> parse_stop(std::span<const char* const> arguments);

}  // namespace dyn86::config
