// What a run leaves behind: dumps, the status file, statistics, the exit status (COMMAND_LINE.md, Status).
#pragma once

#include "src/dyn86.h"

#include <string>
#include <string_view>
#include <vector>

namespace dyn86::frontend {

class Listing;

struct MemoryDump {
    Linear from = 0;
    u32 length = 0;
    std::string file;
};

struct ReportSettings {
    std::vector<std::string> screens;  // --dump-screen
    std::vector<MemoryDump> memory;    // --dump-memory
    std::string status_file;           // empty: none
    bool stats = false;
    const Listing* listing = nullptr;  // with --list-blocks
    std::string list_blocks = {};
};

/// How a run ended.
struct Ending {
    Outcome outcome;
    int signal = 0;  // with Reason::Signal
};

/// The names of --status-file.
[[nodiscard]] std::string_view reason_name(Reason reason);
[[nodiscard]] int exit_status(const Ending& ending);
[[nodiscard]] std::string status_json(const Ending& ending, const MachineStats& stats);
[[nodiscard]] std::string stats_text(const Machine& machine);
/// 2, 125, 126 or 127.
[[nodiscard]] int exit_status(const Error& error);

/// One line on stderr: "dyn86: ...".
void print_message(std::string_view message);
/// Writes what was asked for, says what went wrong, and returns the exit status.
[[nodiscard]] int report(const Machine& machine, const Ending& ending, const ReportSettings& settings);

}  // namespace dyn86::frontend
