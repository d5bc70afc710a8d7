// dyn86 ls, send, snap, stop: machines that were started with --share.
#include "src/commands/commands.h"
#include "src/config/share_commands.h"
#include "src/frontend/control_client.h"
#include "src/frontend/dump.h"
#include "src/frontend/shared_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace dyn86::commands {
namespace {

using config::RequestOptions;
using frontend::ShareFiles;

std::string mode_of(const frontend::SharedScreen& shared) {
    const Screen screen = shared.screen();
    if (screen.mode == Screen::Mode::Off) return "off";
    if (screen.is_graphics()) return "graphics";
    return fmt::format("{}x{}", screen.columns, screen.rows);
}

Result<int> list_machines() {
    const auto names = frontend::shared_machines();
    if (!names) return std::unexpected(names.error());
    std::string text;
    for (const std::string& name : *names) {
        const auto files = frontend::find_shared(name);
        const auto shared = files ? frontend::SharedScreen::open(*files) : std::unexpected(files.error());
        if (!shared) continue;  // it has ended just now, or just begins
        const dyn86_share& header = shared->header();
        text += fmt::format("{:<16} {:>7} {:<9} {}\n", name, header.pid, mode_of(*shared), header.title);
    }
    return status_after(text.empty() ? Result<>() : frontend::write_file("-", text));
}

/// A line feed in KEYS is Enter; in a request it would be the end.
Result<int> send_keys(const ShareFiles& files, std::string keys) {
    for (auto at = keys.find('\n'); at != std::string::npos; at = keys.find('\n', at)) keys.replace(at, 1, "\\r");
    return status_after(frontend::ask_machine(files, "type " + keys));
}

Result<int> snap_screen(const ShareFiles& files, const std::string& file) {
    const auto shared = frontend::SharedScreen::open(files);
    if (!shared) return std::unexpected(shared.error());
    return status_after(frontend::write_screen(shared->screen(), file));
}

Result<int> stop_machine(const ShareFiles& files, const std::string& name) {
    using namespace std::chrono_literals;
    if (auto asked = frontend::ask_machine(files, "quit"); !asked) return std::unexpected(asked.error());
    for (int i = 0; i < 1'000; ++i) {
        if (!frontend::find_shared(name)) return 0;
        std::this_thread::sleep_for(10ms);
    }
    return fail(fmt::format("{} was told to end, and goes on", name));
}

/// What send, snap and stop have in common: they are about one machine.
template <typename Do>
Result<int> with_machine(const Result<config::Parsed<RequestOptions>>& parsed, Do what) {
    if (!parsed) return std::unexpected(parsed.error());
    if (!parsed->help.empty()) return status_after(frontend::write_file("-", parsed->help));
    const auto files = frontend::find_shared(parsed->options.name);
    if (!files) return std::unexpected(files.error());
    return what(*files, parsed->options);
}

}  // namespace

Result<int> ls(std::span<const char* const> arguments) {
    const auto parsed = config::parse_ls(arguments);
    if (!parsed) return std::unexpected(parsed.error());
    if (!parsed->help.empty()) return status_after(frontend::write_file("-", parsed->help));
    return list_machines();
}

Result<int> send(std::span<const char* const> arguments) {
    return with_machine(config::parse_send(arguments), [](const ShareFiles& files, const RequestOptions& options) {
        return send_keys(files, options.argument);
    });
}

Result<int> snap(std::span<const char* const> arguments) {
    return with_machine(config::parse_snap(arguments), [](const ShareFiles& files, const RequestOptions& options) {
        return snap_screen(files, options.argument);
    });
}

Result<int> stop(std::span<const char* const> arguments) {
    return with_machine(config::parse_stop(arguments), [](const ShareFiles& files, const RequestOptions& options) {
        return stop_machine(files, options.name);
    });
}

}  // namespace dyn86::commands
