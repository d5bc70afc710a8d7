#include "src/frontend/lines.h"

#include "src/frontend/dump.h"
#include "src/frontend/report.h"

#include <thread>

namespace dyn86::frontend {
namespace {

/// That nobody reads any more is the session's to notice (SIGPIPE).
void print(std::string_view text) {
    if (!text.empty()) [[maybe_unused]]
        const auto written = write_file("-", text);
}

}  // namespace

Result<std::unique_ptr<Lines>> Lines::open(u16 code_page) {
    std::unique_ptr<Lines> lines(new Lines);
    if (auto tty = Tty::open()) {
        lines->tty_ = std::move(*tty);
        lines->tty_->make_raw(Tty::Output::Cooked);
        lines->keyboard_ = std::make_unique<TerminalKeyboard>(*lines->tty_, code_page);
    }
    return lines;
}

void Lines::show(const Screen& screen) {
    print(reader_.look(screen));
}

Display::Input Lines::wait(HostDuration timeout) {
    if (keyboard_) return keyboard_->wait(timeout);
    if (timeout > HostDuration::zero()) std::this_thread::sleep_for(timeout);
    return {};
}

void Lines::close(const Screen& last) {
    print(reader_.finish(last));
    if (!tty_) return;
    tty_->restore();
    if (const std::string note = keyboard_->note(); !note.empty()) print_message(note);
}

}  // namespace dyn86::frontend
