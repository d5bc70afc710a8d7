// Which display a run gets (COMMAND_LINE.md, Defaults).
#pragma once

#include "src/frontend/display.h"

#include <memory>
#include <optional>
#include <string>

namespace dyn86::frontend {

enum class DisplayKind : u8 { Window, Terminal, Lines, None };

struct DisplaySettings {
    std::string title;
    u16 code_page = 437;  // of the guest, for what is typed
};

struct OpenedDisplay {
    DisplayKind kind = DisplayKind::None;
    std::unique_ptr<Display> display;
};

/// Opens the display that was asked for; an error when it cannot be had. nullopt is `auto`: standard output not a
/// terminal: none; a display server: a window; else the terminal. What cannot be had is passed over, with a message.
[[nodiscard]] Result<OpenedDisplay> open_display(std::optional<DisplayKind> wanted, const DisplaySettings& settings);

}  // namespace dyn86::frontend
