#include "src/frontend/terminal_keyboard.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace dyn86::frontend {
namespace {

using namespace std::chrono_literals;

constexpr auto escape_time = 40ms;  // ESC with nothing behind it for so long is the key
constexpr auto hold_time = 40ms;

}  // namespace

HostDuration TerminalKeyboard::time_to_deadlines() const {
    HostDuration time = 1h;
    const auto now = Clock::now();
    if (keys_.is_pending()) time = std::min<HostDuration>(time, read_at_ + escape_time - now);
    if (!to_release_.empty()) time = std::min<HostDuration>(time, release_at_ - now);
    return std::max<HostDuration>(time, 0ns);
}

Display::Input TerminalKeyboard::wait(HostDuration timeout) {
    Display::Input input;
    pollfd file = {tty_.fd(), POLLIN, 0};
    const HostDuration time = std::min(timeout, time_to_deadlines());
    const timespec until = {.tv_sec = time.count() / 1'000'000'000, .tv_nsec = time.count() % 1'000'000'000};
    if (::ppoll(&file, 1, &until, nullptr) > 0) {
        std::array<char, 4096> bytes;
        const ssize_t count = ::read(tty_.fd(), bytes.data(), bytes.size());
        input.quit = count == 0 || (count < 0 && errno != EINTR);  // hung up
        if (count > 0) take(keys_.feed({bytes.data(), std::size_t(count)}), input);
        read_at_ = Clock::now();
    }
    if (keys_.is_pending() && Clock::now() >= read_at_ + escape_time) take(keys_.flush(), input);
    if (!to_release_.empty() && Clock::now() >= release_at_) release(input);
    return input;
}

std::string TerminalKeyboard::note() const {
    if (keys_.missing() == 0) return "";
    return fmt::format("characters that code page {} lacks were typed, {} of them: as their nearest, or not at all",
                       code_page_, keys_.missing());
}

void TerminalKeyboard::take(const TerminalKeys::Keys& keys, Display::Input& input) {
    input.quit = input.quit || keys.quit;
    suspend_ = suspend_ || keys.suspend;
    for (const Keystroke& stroke : keys.strokes) {
        release(input);
        input.codes.insert(input.codes.end(), stroke.press.begin(), stroke.press.end());
        to_release_ = stroke.release;
        release_at_ = Clock::now() + hold_time;
    }
}

void TerminalKeyboard::release(Display::Input& input) {
    input.codes.insert(input.codes.end(), to_release_.begin(), to_release_.end());
    to_release_.clear();
}

}  // namespace dyn86::frontend
