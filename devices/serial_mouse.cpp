#include "devices/serial_mouse.h"

#include "devices/uart.h"

#include <algorithm>

namespace dyn86 {
namespace {

constexpr u8 sync = 0x40, left_button = 0x20, right_button = 0x10;
constexpr u8 identification = 'M';

}  // namespace

void SerialMouse::move(int right, int down, bool is_left_down, bool is_right_down) {
    const u8 buttons = u8((is_left_down ? left_button : 0) | (is_right_down ? right_button : 0));
    has_news_ = has_news_ || right != 0 || down != 0 || buttons != buttons_;
    right_ += right;
    down_ += down;
    buttons_ = buttons;
    uart_.wake();
}

/// The lines feed the mouse: both must be high, and it starts when the later of them rises.
void SerialMouse::set_lines(bool data_terminal_ready, bool request_to_send) {
    const bool powered = data_terminal_ready && request_to_send;
    if (powered && !powered_) waiting_.assign(1, identification);
    if (!powered) waiting_.clear();
    if (powered != powered_) right_ = down_ = 0;
    has_news_ = false;
    powered_ = powered;
    uart_.wake();
}

/// Bit 6 marks the first byte; it carries the buttons and the upper two bits of both movements, each -128 to 127.
void SerialMouse::report() {
    const int x = std::clamp(right_, -128, 127), y = std::clamp(down_, -128, 127);
    right_ -= x;
    down_ -= y;
    has_news_ = right_ != 0 || down_ != 0;
    const u8 bits_x = u8(x), bits_y = u8(y);
    waiting_ = {u8(sync | buttons_ | (bits_y >> 6) << 2 | bits_x >> 6), u8(bits_x & 0x3F), u8(bits_y & 0x3F)};
}

std::optional<u8> SerialMouse::send() {
    if (!powered_) return std::nullopt;
    if (waiting_.empty() && has_news_) report();
    if (waiting_.empty()) return std::nullopt;
    const u8 byte = waiting_.front();
    waiting_.erase(waiting_.begin());
    return byte;
}

void SerialMouse::serialize(Archive& ar) {
    ar("powered", powered_);
    ar("right", right_);
    ar("down", down_);
    ar("buttons", buttons_);
    ar("has_news", has_news_);
    ar("waiting", waiting_);
}

}  // namespace dyn86
