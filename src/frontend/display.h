// What a session needs of the place where a person watches and types: window, terminal, or nothing.
#pragma once

#include "src/dyn86.h"

#include <chrono>
#include <optional>
#include <vector>

namespace dyn86::frontend {

using HostDuration = std::chrono::nanoseconds;

class Display {
public:
    struct Input {
        std::vector<u8> codes;            // for the guest's keyboard
        std::optional<MouseInput> mouse;  // when it has moved, or a button has
        bool quit = false;                // the person has closed the display
    };

    virtual ~Display() = default;
    /// Shows the screen; called every frame. Costs next to nothing when nothing has changed.
    virtual void show(const Screen& screen) = 0;
    /// Returns at the first input, at the latest after `timeout`.
    virtual Input wait(HostDuration timeout) = 0;
    /// Gives the place back as it was (so does the destructor), and leaves the text of the last screen in the terminal
    /// that the person started dyn86 from, if there is one.
    virtual void close(const Screen& last) = 0;
};

/// Nobody watches.
class Headless final : public Display {
public:
    void show(const Screen&) override {}
    Input wait(HostDuration timeout) override;
    void close(const Screen&) override {}
};

}  // namespace dyn86::frontend
