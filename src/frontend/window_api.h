// The seam between the window (drawing, keys: here) and the module that talks to the display server (SDL: sdl/).
// Plain functions and data, so that both may be linked to their own C++ runtime.
#pragma once

#include "src/dyn86.h"

namespace dyn86::frontend {

struct WindowEvent {
    enum class Kind : u8 {
        None,
        Key,        // `usage` went down or up
        Mouse,      // `mouse` is where it is now
        LostFocus,  // keys may go up unseen
        Close,
    };
    Kind kind = Kind::None;
    bool down = false;
    u32 usage = 0;  // [HID page 07h]
    MouseInput mouse = {};
};

/// What the module exports as `dyn86_window_api`. One window; all calls from one thread.
struct WindowApi {
    static constexpr u32 current_version = 2;
    u32 version;
    /// Opens a window for pictures of this size; null: `error` says why.
    void* (*open)(const char* title, unsigned width, unsigned height, char* error, std::size_t error_size);
    void (*close)(void* window);
    /// Shows a picture of 00RRGGBBh pixels, of which lines [top, bottom) are new.
    void (*present)(void* window, const u32* pixels, unsigned width, unsigned height, unsigned top, unsigned bottom);
    /// The next event, at the latest after `timeout_ms`. Redraws by itself what the display server lost.
    WindowEvent (*wait)(void* window, int timeout_ms);
};

}  // namespace dyn86::frontend
