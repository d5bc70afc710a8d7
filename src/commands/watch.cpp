// dyn86 watch: the screen of a machine that was started with --share, in this terminal.
#include "src/commands/commands.h"
#include "src/config/share_commands.h"
#include "src/frontend/dump.h"
#include "src/frontend/shared_screen.h"
#include "src/frontend/terminal.h"
#include "src/frontend/watchdog.h"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace dyn86::commands {
namespace {

using namespace std::chrono_literals;
using frontend::SharedScreen;

constexpr auto frame_time = 16'666'667ns;
// At least so often a look at the terminal's size and at whether the machine lives, in frames.
constexpr unsigned look_around = 15;

/// Nothing to be seen has changed between two updates, one after the other.
bool looks_the_same(const dyn86_share& before, const dyn86_share& now) {
    if (before.sequence == now.sequence) return true;
    dyn86_share as_before = now;
    as_before.sequence = before.sequence;
    as_before.frame = before.frame;
    as_before.instructions = before.instructions;
    std::ranges::copy(before.dirty_rows, as_before.dirty_rows);
    const bool is_clean = std::ranges::all_of(now.dirty_rows, [](std::uint32_t bits) { return bits == 0; });
    return now.sequence == before.sequence + 2 && is_clean && std::memcmp(&as_before, &before, sizeof before) == 0;
}

/// The watcher's own keys; none reaches the guest.
bool leaves(const frontend::Display::Input& input) {
    constexpr u8 code_q = 0x10, code_escape = 0x01, code_c = 0x2E;
    const auto pressed = [&](u8 code) { return std::ranges::find(input.codes, code) != input.codes.end(); };
    return input.quit || pressed(code_q) || pressed(code_escape) || (pressed(frontend::scan_ctrl) && pressed(code_c));
}

Result<int> follow(SharedScreen shared, const std::string& name) {
    constexpr int status_signal = 128;
    frontend::Watchdog watchdog;
    auto terminal = frontend::Terminal::open(u16(shared.header().code_page));
    if (!terminal) return std::unexpected(terminal.error());
    watchdog.start(std::nullopt, [] {});
    dyn86_share shown = {};
    int status = 0;
    for (unsigned frame = 0;; ++frame) {
        if (const auto stopped = watchdog.stop()) status = status_signal + stopped->signal;
        const bool looks_around = frame % look_around == 0;
        if (status != 0 || shared.has_ended() || (looks_around && !frontend::find_shared(name))) break;
        if (shared.refresh() && (looks_around || !looks_the_same(shown, shared.header())))
            (*terminal)->show(shared.screen());
        shown = shared.header();
        if (leaves((*terminal)->wait(frame_time))) break;
    }
    watchdog.finish();
    (*terminal)->close(shared.screen());
    return status;
}

Result<int> print_once(const SharedScreen& shared, const std::string& format) {
    const auto kind = frontend::dump_format("." + format);
    if (!kind) return std::unexpected(kind.error());
    const auto text = frontend::dump_screen(shared.screen(), *kind, frontend::pc_font());
    return status_after(text ? frontend::write_file("-", *text) : std::unexpected(text.error()));
}

}  // namespace

Result<int> watch(std::span<const char* const> arguments) {
    const auto parsed = config::parse_watch(arguments);
    if (!parsed) return std::unexpected(parsed.error());
    if (!parsed->help.empty()) return status_after(frontend::write_file("-", parsed->help));
    const auto files = frontend::find_shared(parsed->options.name);
    if (!files) return std::unexpected(files.error());
    auto shared = SharedScreen::open(*files);
    if (!shared) return std::unexpected(shared.error());
    if (parsed->options.once) return print_once(*shared, parsed->options.format);
    return follow(std::move(*shared), files->name());
}

}  // namespace dyn86::commands
