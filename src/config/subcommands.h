// The options of dyn86's subcommands (COMMAND_LINE.md).
#pragma once

#include "src/base/result.h"
#include "src/base/types.h"
#include "src/dyn86.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dyn86::config {

struct OracleOptions {
    std::optional<EngineKind> engine;  // none: the recompiler where there is one
    ClockModel clocks;
    u64 count = 1;  // instructions per question
};

struct TestCpuOptions {
    std::string path;  // a folder, or one file
    std::optional<EngineKind> engine;
    std::optional<CpuModel> cpu;   // none: the one that was recorded
    std::optional<Timing> timing;  // none: both
    bool masked = false, forms = false, json = false;
};

struct DisasmOptions {
    std::string path;
    std::optional<u16> org;  // where the file's first byte is loaded
    std::optional<u32> start, end;
    bool json = false;
};

struct StateOptions {
    enum class Action { Show, Diff } action = Action::Show;
    std::vector<std::string> paths;  // one, or two
};

/// A subcommand's options, or the text that --help asks for.
template <typename Options>
struct Parsed {
    Options options;
    std::string help;  // not empty: print it and end
};

/// `arguments` are what follows the subcommand's name. A mistake is a usage error.
[[nodiscard]] Result<Parsed<DisasmOptions>> parse_disasm(std::span<const char* const> arguments);
[[nodiscard]] Result<Parsed<StateOptions>> parse_state(std::span<const char* const> arguments);
[[nodiscard]] Result<Parsed<OracleOptions>> parse_oracle(std::span<const char* const> arguments);
[[nodiscard]] Result<Parsed<TestCpuOptions>> parse_test_cpu(std::span<const char* const> arguments);

}  // namespace dyn86::config
