#include "src/frontend/terminal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

namespace dyn86::frontend {
namespace {

using namespace std::chrono_literals;

// Alternate screen; no automatic wrap, so that the last cell can be written.
constexpr std::string_view enter_sequence = "\x1b[?1049h\x1b[?7l\x1b[0m\x1b[2J";
constexpr std::string_view leave_sequence = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";
constexpr std::string_view default_cursor = "\x1b[0 q";

constexpr auto escape_time = 40ms;  // ESC with nothing behind it for so long is the key
constexpr auto hold_time = 40ms;    // terminals do not tell when a key goes up

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// The Linux console shows "q" for the sequence that sets a cursor's shape.
bool knows_cursor_shapes(std::string_view term) {
    return !term.starts_with("linux");
}

}  // namespace

Result<std::unique_ptr<Terminal>> Terminal::open() {
    const std::string_view term = environment("TERM");
    if (term.empty() || term == "dumb") return fail("no terminal that can show a screen (TERM is unset or dumb)");
    const int tty = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (tty < 0) return fail("no terminal: /dev/tty cannot be opened");
    termios before = {};
    if (::tcgetattr(tty, &before) != 0) {
        ::close(tty);
        return fail("no terminal: /dev/tty has no modes");
    }
    const ColourDepth depth = colour_depth(environment("COLORTERM"), term);
    std::unique_ptr<Terminal> terminal(new Terminal(tty, before, term, depth));
    terminal->enter();
    return terminal;
}

Terminal::Terminal(int tty, const termios& before, std::string_view term, ColourDepth depth)
    : tty_(tty), before_(before), painter_(depth, knows_cursor_shapes(term)) {}

Terminal::~Terminal() {
    leave();
    ::close(tty_);
}

void Terminal::enter() {
    termios raw = before_;
    ::cfmakeraw(&raw);
    ::tcsetattr(tty_, TCSAFLUSH, &raw);
    entered_ = true;
    write(enter_sequence);
}

void Terminal::leave() {
    if (!entered_) return;
    entered_ = false;
    if (knows_cursor_shapes(environment("TERM"))) write(default_cursor);
    write(leave_sequence);
    ::tcsetattr(tty_, TCSAFLUSH, &before_);
}

void Terminal::close(const Screen& last) {
    if (!entered_) return;
    leave();
    write(final_text(last));
}

void Terminal::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(tty_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;  // the terminal is gone; wait() will notice
        bytes.remove_prefix(std::size_t(written));
    }
}

TerminalPainter::Size Terminal::size() const {
    winsize window = {};
    if (::ioctl(tty_, TIOCGWINSZ, &window) != 0 || window.ws_row == 0 || window.ws_col == 0) return {};
    return {window.ws_row, window.ws_col};
}

void Terminal::show(const Screen& screen) {
    write(painter_.paint(screen, size()));
}

HostDuration Terminal::time_to_deadlines() const {
    HostDuration time = 1h;
    const auto now = Clock::now();
    if (keys_.is_pending()) time = std::min<HostDuration>(time, read_at_ + escape_time - now);
    if (!to_release_.empty()) time = std::min<HostDuration>(time, release_at_ - now);
    return std::max<HostDuration>(time, 0ns);
}

Display::Input Terminal::wait(HostDuration timeout) {
    Input input;
    pollfd file = {tty_, POLLIN, 0};
    const HostDuration time = std::min(timeout, time_to_deadlines());
    const timespec until = {.tv_sec = time.count() / 1'000'000'000, .tv_nsec = time.count() % 1'000'000'000};
    if (::ppoll(&file, 1, &until, nullptr) > 0) {
        std::array<char, 4096> bytes;
        const ssize_t count = ::read(tty_, bytes.data(), bytes.size());
        input.quit = count == 0 || (count < 0 && errno != EINTR);  // hung up
        if (count > 0) take(keys_.feed({bytes.data(), std::size_t(count)}), input);
        read_at_ = Clock::now();
    }
    if (keys_.is_pending() && Clock::now() >= read_at_ + escape_time) take(keys_.flush(), input);
    if (!to_release_.empty() && Clock::now() >= release_at_) release(input);
    return input;
}

/// The last key stays down until the next one comes or its time is over.
void Terminal::take(const TerminalKeys::Keys& keys, Input& input) {
    input.quit = input.quit || keys.quit;
    for (const Keystroke& stroke : keys.strokes) {
        release(input);
        input.codes.insert(input.codes.end(), stroke.press.begin(), stroke.press.end());
        to_release_ = stroke.release;
        release_at_ = Clock::now() + hold_time;
    }
}

void Terminal::release(Input& input) {
    input.codes.insert(input.codes.end(), to_release_.begin(), to_release_.end());
    to_release_.clear();
}

}  // namespace dyn86::frontend
