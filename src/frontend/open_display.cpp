#include "src/frontend/open_display.h"

#include "src/frontend/lines.h"
#include "src/frontend/report.h"
#include "src/frontend/terminal.h"
#include "src/frontend/window.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

namespace dyn86::frontend {
namespace {

bool has_display_server() {
    const auto is_set = [](const char* name) {
        const char* value = std::getenv(name);
        return value && *value;
    };
    return is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
}

OpenedDisplay nothing() {
    return {DisplayKind::None, std::make_unique<Headless>()};
}

Result<OpenedDisplay> open_one(DisplayKind kind, const DisplaySettings& settings) {
    if (kind == DisplayKind::None) return nothing();
    Result<std::unique_ptr<Display>> display = fail("");
    if (kind == DisplayKind::Window) {
        if (!has_display_server()) return fail("no window: there is no display server (DISPLAY is not set)");
        display = Window::open(settings.title);
    } else if (kind == DisplayKind::Lines) {
        display = Lines::open(settings.code_page);
    } else {
        display = Terminal::open(settings.code_page);
    }
    if (!display) return std::unexpected(display.error());
    return OpenedDisplay{kind, std::move(*display)};
}

}  // namespace

Result<OpenedDisplay> open_display(std::optional<DisplayKind> wanted, const DisplaySettings& settings) {
    if (wanted) return open_one(*wanted, settings);
    if (::isatty(STDOUT_FILENO) == 0) return nothing();
    if (has_display_server()) {
        auto window = open_one(DisplayKind::Window, settings);
        if (window) return window;
        print_message(fmt::format("{}; using the terminal", window.error().message));
    }
    auto terminal = open_one(DisplayKind::Terminal, settings);
    if (terminal) return terminal;
    print_message(fmt::format("{}; running without a display", terminal.error().message));
    return nothing();
}

}  // namespace dyn86::frontend
