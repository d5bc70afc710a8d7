// dyn86's subcommands: what a first word like `oracle` starts instead of a machine. [COMMAND_LINE.md]
#pragma once

#include "src/base/result.h"

#include <span>
#include <string>
#include <string_view>

namespace dyn86::commands {

/// Takes what follows its name; gives the exit status.
using Command = Result<int> (*)(std::span<const char* const> arguments);

struct Subcommand {
    std::string_view name;
    Command run;
    std::string (*help)();  // what its --help shows
};
[[nodiscard]] std::span<const Subcommand> all();
/// Null when `word` is no subcommand.
[[nodiscard]] Command find(std::string_view word);

/// `status` when `done` is done.
[[nodiscard]] inline Result<int> status_after(const Result<>& done, int status = 0) {
    if (!done) return std::unexpected(done.error());
    return status;
}

Result<int> disasm(std::span<const char* const> arguments);
Result<int> ls(std::span<const char* const> arguments);
Result<int> oracle(std::span<const char* const> arguments);
Result<int> send(std::span<const char* const> arguments);
Result<int> snap(std::span<const char* const> arguments);
Result<int> state(std::span<const char* const> arguments);
Result<int> stop(std::span<const char* const> arguments);
Result<int> test_cpu(std::span<const char* const> arguments);
Result<int> watch(std::span<const char* const> arguments);

}  // namespace dyn86::commands
