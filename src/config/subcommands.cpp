#include "src/config/subcommands.h"

#include "src/config/values.h"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <vector>

namespace dyn86::config {
namespace {

constexpr const char* oracle_description =
    "Says what an 8086 makes of a state: one JSON question a line on standard input, one answer a line on standard\n"
    "output. docs/oracle.md has the format.\n"
    "  {\"initial\":{\"regs\":{\"ax\":1,...},\"ram\":[[address,value],...]}}\n"
    "  {\"final\":{\"regs\":{...},\"ram\":[[address,value],...]},\"cycles\":N}";
constexpr const char* oracle_footer = "Exit status: 0, also when lines were answered by {\"error\":...}; 2 usage.";
constexpr const char* test_cpu_description =
    "Runs recordings of single instructions (.MOO, .MOO.gz) and shows where the engine differs from the silicon.";
constexpr const char* test_cpu_footer =
    "Exit status: 0 all tests passed; 1 one failed, or a file could not be read; 2 usage; 127 PATH not found.";

void add_engine(CLI::App& app, std::optional<EngineKind>& engine) {
    const auto take = [&engine](const std::string& value) {
        if (value != "jit" && value != "interpreter") throw CLI::ValidationError("--engine", "jit or interpreter");
        engine = value == "jit" ? EngineKind::Jit : EngineKind::Interpreter;
    };
    app.add_option_function<std::string>("--engine", take, "which engine executes (jit where there is one)")
        ->type_name("jit|interpreter");
}

/// Fills what the app's options are bound to. CLI11 tells of help and of mistakes by exceptions.
Result<std::string> parse(CLI::App& app, std::span<const char* const> arguments) {
    app.get_formatter()->column_width(28);
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // it takes them from the back
    } catch (const CLI::CallForHelp&) {
        return app.help();
    } catch (const CLI::ParseError& error) {
        return fail(fmt::format("{}: {}", app.get_name(), error.what()), ErrorKind::Usage);
    }
    return std::string{};
}

}  // namespace

Result<Parsed<OracleOptions>> parse_oracle(std::span<const char* const> arguments) {
    CLI::App app{oracle_description, "dyn86 oracle"};
    Parsed<OracleOptions> parsed;
    add_engine(app, parsed.options.engine);
    const auto take = [&](const std::string& value) {
        const auto count = parse_count(value);
        if (!count) throw CLI::ValidationError("--count", "a whole number from 1");
        parsed.options.count = *count;
    };
    app.add_option_function<std::string>("--count", take, "instructions per question (1)")->type_name("N");
    app.footer(oracle_footer);
    auto help = parse(app, arguments);
    if (!help) return std::unexpected(help.error());
    parsed.help = *help;
    return parsed;
}

Result<Parsed<TestCpuOptions>> parse_test_cpu(std::span<const char* const> arguments) {
    CLI::App app{test_cpu_description, "dyn86 test-cpu"};
    Parsed<TestCpuOptions> parsed;
    TestCpuOptions& options = parsed.options;
    app.add_option("PATH", options.path, "a folder of recordings, or one file")->required()->type_name("");
    add_engine(app, options.engine);
    app.add_flag("--masked", options.masked, "leave out flags that metadata.json calls undefined");
    app.add_flag("--forms", options.forms, "a row for each form");
    app.add_flag("--json", options.json, "the same as one JSON object");
    app.footer(test_cpu_footer);
    auto help = parse(app, arguments);
    if (!help) return std::unexpected(help.error());
    parsed.help = *help;
    return parsed;
}

}  // namespace dyn86::config
