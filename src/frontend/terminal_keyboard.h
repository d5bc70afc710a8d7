// The keyboard behind a terminal: its bytes and the time between them as keys that go down and up.
#pragma once

#include "src/frontend/display.h"
#include "src/frontend/terminal_keys.h"
#include "src/frontend/tty.h"

#include <string>
#include <utility>

namespace dyn86::frontend {

/// Terminals do not tell when a key goes up, so it does shortly after, or when the next one goes down.
class TerminalKeyboard {
public:
    /// The terminal outlives it.
    TerminalKeyboard(const Tty& tty, u16 code_page) : tty_(tty), code_page_(code_page), keys_(code_page) {}

    /// Returns at the first input, at the latest after `timeout`.
    Display::Input wait(HostDuration timeout);
    /// One line about what could not be typed as it was, or empty.
    [[nodiscard]] std::string note() const;
    /// Somebody wants his shell back; asked once.
    [[nodiscard]] bool take_suspend() { return std::exchange(suspend_, false); }

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] HostDuration time_to_deadlines() const;
    void take(const TerminalKeys::Keys& keys, Display::Input& input);
    void release(Display::Input& input);

    const Tty& tty_;
    u16 code_page_;
    TerminalKeys keys_;
    Clock::time_point read_at_;   // when the last bytes came
    std::vector<u8> to_release_;  // codes that the key that is down sends when it goes up
    Clock::time_point release_at_;
    bool suspend_ = false;
};

}  // namespace dyn86::frontend
