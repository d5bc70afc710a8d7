// --display=lines: what changes on the screen, line by line on standard output, for screen readers and logs.
#pragma once

#include "src/frontend/display.h"
#include "src/frontend/screen_reader.h"
#include "src/frontend/terminal_keyboard.h"
#include "src/frontend/tty.h"

#include <memory>

namespace dyn86::frontend {

/// Keys come from the terminal, where there is one.
class Lines final : public Display {
public:
    static Result<std::unique_ptr<Lines>> open(u16 code_page);

    void show(const Screen& screen) override;
    Input wait(HostDuration timeout) override;
    void close(const Screen& last) override;

private:
    Lines() = default;

    std::unique_ptr<Tty> tty_;  // null: nobody types
    std::unique_ptr<TerminalKeyboard> keyboard_;
    ScreenReader reader_;
};

}  // namespace dyn86::frontend
