#include "src/config/share_commands.h"

#include "src/config/subcommand_parser.h"

#include <utility>

namespace dyn86::config {
namespace {

constexpr const char* footer = "Exit status: 0; 2 usage; 127 no such machine runs.";

/// `parsed` is what the app's options are bound to.
template <typename Options>
Result<Parsed<Options>> finish(CLI::App& app, Parsed<Options>& parsed, std::span<const char* const> arguments) {
    app.footer(footer);
    auto help = parse_subcommand(app, arguments);
    if (!help) return std::unexpected(help.error());
    parsed.help = *help;
    return std::move(parsed);
}

}  // namespace

Result<Parsed<LsOptions>> parse_ls(std::span<const char* const> arguments) {
    CLI::App app{"Lists the machines that were started with --share: name, process, mode, program.", "dyn86 ls"};
    Parsed<LsOptions> parsed;
    return finish(app, parsed, arguments);
}

Result<Parsed<WatchOptions>> parse_watch(std::span<const char* const> arguments) {
    CLI::App app{
        "Shows the screen of a machine that was started with --share, live in this terminal; q leaves.\n"
        "Without NAME: the only one there is.",
        "dyn86 watch"};
    Parsed<WatchOptions> parsed;
    app.add_option("NAME", parsed.options.name, "which machine")->type_name("");
    CLI::Option* const once = app.add_flag("--once", parsed.options.once, "print the screen as it is, and end");
    app.add_option("--format", parsed.options.format, "how --once prints it (txt)")
        ->type_name("txt|ans|json")
        ->check(CLI::IsMember({"txt", "ans", "json"}))
        ->needs(once);
    return finish(app, parsed, arguments);
}

Result<Parsed<RequestOptions>> parse_send(std::span<const char* const> arguments) {
    CLI::App app{
        "Types into a machine that was started with --share; KEYS as for --type. Ends when they have been read.",
        "dyn86 send"};
    Parsed<RequestOptions> parsed;
    app.add_option("NAME", parsed.options.name, "which machine")->required()->type_name("");
    app.add_option("KEYS", parsed.options.argument, "what to type, as in \"dir\\r\"")->required()->type_name("");
    return finish(app, parsed, arguments);
}

Result<Parsed<RequestOptions>> parse_snap(std::span<const char* const> arguments) {
    CLI::App app{"Writes the screen of a machine that was started with --share to a file.", "dyn86 snap"};
    Parsed<RequestOptions> parsed;
    app.add_option("NAME", parsed.options.name, "which machine")->required()->type_name("");
    app.add_option("FILE", parsed.options.argument, ".txt .ans .json .bin .png, or - for standard output")
        ->required()
        ->type_name("");
    return finish(app, parsed, arguments);
}

Result<Parsed<RequestOptions>> parse_stop(std::span<const char* const> arguments) {
    CLI::App app{"Ends a machine that was started with --share, and waits until it has ended.", "dyn86 stop"};
    Parsed<RequestOptions> parsed;
    app.add_option("NAME", parsed.options.name, "which machine")->required()->type_name("");
    return finish(app, parsed, arguments);
}

}  // namespace dyn86::config
