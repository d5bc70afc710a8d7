#include "src/config/subcommands.h"

#include "src/config/subcommand_parser.h"
#include "src/config/values.h"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <functional>
#include <map>
#include <utility>
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

constexpr const char* disasm_description =
    "Shows the 8086 code in FILE (.COM, .EXE, .SYS, a boot sector, a ROM, or anything else as raw code) as nasm "
    "source\n"
    "that assembles to the same bytes. What no jump or call leads to is shown as data; with --start or --end, that\n"
    "stretch alone is shown, all of it as code.";
constexpr const char* disasm_footer =
    "Addresses are hexadecimal, as the listing has them: --org plus the offset in the file; of an .EXE the offset in\n"
    "its load module. Exit status: 0; 2 usage; 126 not a file of code; 127 FILE not found.";

constexpr const char* state_description =
    "Shows what is in a state that --save-state has written: registers, screen, chips; or in what two states differ:\n"
    "registers, cells of the screen, chips, memory. docs/save-state.md has the format.";
constexpr const char* state_footer =
    "Exit status: 0; 1 diff: they differ; 2 usage; 125 not a state, or a damaged one; 127 FILE not found.";

void add_address(CLI::App& app, const char* name, const char* text, std::function<void(u32)> set, u32 most) {
    const auto take = [set = std::move(set), name = std::string(name), most](const std::string& value) {
        const auto address = parse_hex(value);
        if (!address || *address > most)
            throw CLI::ValidationError(name, fmt::format("hexadecimal, at most {:X}", most));
        set(*address);
    };
    app.add_option_function<std::string>(name, take, text)->type_name("ADDR");
}

void add_engine(CLI::App& app, std::optional<EngineKind>& engine) {
    const auto take = [&engine](const std::string& value) {
        if (value != "jit" && value != "interpreter") throw CLI::ValidationError("--engine", "jit or interpreter");
        engine = value == "jit" ? EngineKind::Jit : EngineKind::Interpreter;
    };
    app.add_option_function<std::string>("--engine", take, "which engine executes (jit where there is one)")
        ->type_name("jit|interpreter");
}

/// Calls `set` with the CPU or timing that is named.
void add_cpu(CLI::App& app, const std::string& text, std::function<void(CpuModel)> set) {
    const auto take = [set = std::move(set)](const std::string& value) {
        const auto cpu = parse_cpu(value);
        if (!cpu) throw CLI::ValidationError("--cpu", "8086 or 8088");
        set(*cpu);
    };
    app.add_option_function<std::string>("--cpu", take, text)->type_name("8086|8088");
}
void add_timing(CLI::App& app, const std::string& text, std::function<void(Timing)> set) {
    const auto take = [set = std::move(set)](const std::string& value) {
        const auto timing = parse_timing(value);
        if (!timing) throw CLI::ValidationError("--timing", "table or exact");
        set(*timing);
    };
    app.add_option_function<std::string>("--timing", take, text)->type_name("table|exact");
}

}  // namespace

Result<Parsed<DisasmOptions>> parse_disasm(std::span<const char* const> arguments) {
    constexpr u32 last_offset = 0xFFFF, last_end = 0x10'0000;
    CLI::App app{disasm_description, "dyn86 disasm"};
    Parsed<DisasmOptions> parsed;
    DisasmOptions& options = parsed.options;
    app.add_option("FILE", options.path, "what to show")->required()->type_name("");
    const auto set_org = [&](u32 address) { options.org = u16(address); };
    add_address(app, "--org", "where the first byte is loaded (by kind: 100, 7C00, 0)", set_org, last_offset);
    add_address(
        app, "--start", "first address to show", [&](u32 address) { options.start = address; }, last_end);
    add_address(
        app, "--end", "first address not to show", [&](u32 address) { options.end = address; }, last_end);
    app.add_flag("--json", options.json, "the same as one JSON object");
    app.footer(disasm_footer);
    auto help = parse_subcommand(app, arguments);
    if (!help) return std::unexpected(help.error());
    parsed.help = *help;
    return parsed;
}

Result<Parsed<StateOptions>> parse_state(std::span<const char* const> arguments) {
    CLI::App app{state_description, "dyn86 state"};
    Parsed<StateOptions> parsed;
    StateOptions& options = parsed.options;
    const std::map<std::string, StateOptions::Action> actions = {{"show", StateOptions::Action::Show},
                                                                 {"diff", StateOptions::Action::Diff}};
    app.add_option("show|diff", options.action, "what to do")
        ->required()
        ->type_name("")
        ->transform(CLI::CheckedTransformer(actions).description(""));
    app.add_option("FILE", options.paths, "a state; diff takes two")->required()->type_name("");
    app.footer(state_footer);
    auto help = parse_subcommand(app, arguments);
    if (!help) return std::unexpected(help.error());
    parsed.help = *help;
    const std::size_t wanted = options.action == StateOptions::Action::Show ? 1 : 2;
    if (parsed.help.empty() && options.paths.size() != wanted)
        return fail("dyn86 state: show takes one file, diff takes two", ErrorKind::Usage);
    return parsed;
}

Result<Parsed<OracleOptions>> parse_oracle(std::span<const char* const> arguments) {
    CLI::App app{oracle_description, "dyn86 oracle"};
    Parsed<OracleOptions> parsed;
    add_engine(app, parsed.options.engine);
    ClockModel& clocks = parsed.options.clocks;
    add_cpu(app, "whose clocks are counted (8086)", [&](CpuModel cpu) { clocks.cpu = cpu; });
    add_timing(app, "how exactly (table)", [&](Timing timing) { clocks.timing = timing; });
    const auto take = [&](const std::string& value) {
        const auto count = parse_count(value);
        if (!count) throw CLI::ValidationError("--count", "a whole number from 1");
        parsed.options.count = *count;
    };
    app.add_option_function<std::string>("--count", take, "instructions per question (1)")->type_name("N");
    app.footer(oracle_footer);
    auto help = parse_subcommand(app, arguments);
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
    add_cpu(app, "whose clocks are counted (the recorded one's)", [&](CpuModel cpu) { options.cpu = cpu; });
    add_timing(app, "how exactly (both)", [&](Timing timing) { options.timing = timing; });
    app.add_flag("--masked", options.masked, "leave out flags that metadata.json calls undefined");
    app.add_flag("--forms", options.forms, "a row for each form");
    app.add_flag("--json", options.json, "the same as one JSON object");
    app.footer(test_cpu_footer);
    auto help = parse_subcommand(app, arguments);
    if (!help) return std::unexpected(help.error());
    parsed.help = *help;
    return parsed;
}

}  // namespace dyn86::config
