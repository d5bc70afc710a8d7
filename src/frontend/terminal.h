// The terminal that dyn86 was started from, full screen.
#pragma once

#include "src/frontend/display.h"
#include "src/frontend/terminal_keys.h"
#include "src/frontend/terminal_painter.h"

#include <termios.h>

#include <memory>
#include <optional>

namespace dyn86::frontend {

/// Takes the terminal (alternate screen, raw mode) from open() until close() or destruction, which give it back as it
/// was.
class Terminal final : public Display {
public:
    static Result<std::unique_ptr<Terminal>> open();
    ~Terminal() override;

    void show(const Screen& screen) override;
    Input wait(HostDuration timeout) override;
    void close(const Screen& last) override;

private:
    using Clock = std::chrono::steady_clock;

    Terminal(int tty, const termios& before, std::string_view term, ColourDepth depth);
    void enter();
    void leave();
    void write(std::string_view bytes);
    [[nodiscard]] TerminalPainter::Size size() const;
    [[nodiscard]] HostDuration time_to_deadlines() const;
    void take(const TerminalKeys::Keys& keys, Input& input);
    void release(Input& input);

    int tty_;
    termios before_;
    bool entered_ = false;
    TerminalPainter painter_;
    TerminalKeys keys_;
    Clock::time_point read_at_;   // when the last bytes came
    std::vector<u8> to_release_;  // codes that the key that is down sends when it goes up
    Clock::time_point release_at_;
};

}  // namespace dyn86::frontend
