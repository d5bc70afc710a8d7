#include "src/frontend/terminal.h"

#include "src/frontend/report.h"
#include "src/frontend/text.h"

#include <csignal>
#include <cstdlib>

namespace dyn86::frontend {
namespace {

// Alternate screen; no automatic wrap, so that the last cell can be written.
constexpr std::string_view enter_sequence = "\x1b[?1049h\x1b[?7l\x1b[0m\x1b[2J";
constexpr std::string_view leave_sequence = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";
constexpr std::string_view default_cursor = "\x1b[0 q";

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// The Linux console shows "q" for the sequence that sets a cursor's shape.
bool knows_cursor_shapes(std::string_view term) {
    return !term.starts_with("linux");
}

}  // namespace

Result<std::unique_ptr<Terminal>> Terminal::open(u16 code_page) {
    const std::string_view term = environment("TERM");
    if (term.empty() || term == "dumb") return fail("no terminal that can show a screen (TERM is unset or dumb)");
    auto tty = Tty::open();
    if (!tty) return std::unexpected(tty.error());
    const auto depth = colour_depth(environment("NO_COLOR"), environment("COLORTERM"), term);
    const auto characters = charset(environment("LC_ALL"), environment("LC_CTYPE"), environment("LANG"));
    TerminalPainter painter(depth, knows_cursor_shapes(term), characters);
    std::unique_ptr<Terminal> terminal(new Terminal(std::move(*tty), std::move(painter), code_page));
    terminal->enter();
    return terminal;
}

Terminal::Terminal(std::unique_ptr<Tty> tty, TerminalPainter painter, u16 code_page)
    : tty_(std::move(tty)), painter_(std::move(painter)), keyboard_(*tty_, code_page) {}

Terminal::~Terminal() {
    leave();
}

void Terminal::enter() {
    tty_->make_raw(Tty::Output::Raw);
    entered_ = true;
    tty_->write(enter_sequence);
}

void Terminal::leave() {
    if (!entered_) return;
    entered_ = false;
    if (knows_cursor_shapes(environment("TERM"))) tty_->write(default_cursor);
    tty_->write(leave_sequence);
    tty_->restore();
}

void Terminal::close(const Screen& last) {
    if (!entered_) return;
    leave();
    tty_->write(final_text(last));
    if (const std::string note = keyboard_.note(); !note.empty()) print_message(note);
}

Display::Input Terminal::wait(HostDuration timeout) {
    const Input input = keyboard_.wait(timeout);
    if (keyboard_.take_suspend()) suspend();
    return input;
}

/// Stops the whole job, as ^Z would, and goes on here when the shell continues it.
void Terminal::suspend() {
    leave();
    ::kill(0, SIGTSTP);
    enter();
    painter_.forget();
}

void Terminal::show(const Screen& screen) {
    tty_->write(painter_.paint(screen, tty_->size()));
}

}  // namespace dyn86::frontend
