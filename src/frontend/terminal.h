// The terminal that dyn86 was started from, full screen.
#pragma once

#include "src/frontend/display.h"
#include "src/frontend/terminal_keyboard.h"
#include "src/frontend/terminal_painter.h"
#include "src/frontend/tty.h"

#include <memory>

namespace dyn86::frontend {

/// Takes the terminal (alternate screen, raw mode) from open() until close() or destruction, which give it back as it
/// was.
class Terminal final : public Display {
public:
    static Result<std::unique_ptr<Terminal>> open(u16 code_page);
    ~Terminal() override;

    void show(const Screen& screen) override;
    Input wait(HostDuration timeout) override;
    void close(const Screen& last) override;

private:
    Terminal(std::unique_ptr<Tty> tty, TerminalPainter painter, u16 code_page);
    void enter();
    void leave();
    void suspend();

    std::unique_ptr<Tty> tty_;
    bool entered_ = false;
    TerminalPainter painter_;
    TerminalKeyboard keyboard_;
};

}  // namespace dyn86::frontend
