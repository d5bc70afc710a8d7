#include "src/debug/packet.h"

#include <fmt/format.h>

#include <algorithm>

namespace dyn86::debug {
namespace {

constexpr char escape = '}', flip = 0x20, interrupt = 0x03;

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

u8 sum_of(std::string_view text) {
    u8 sum = 0;
    for (const char c : text) sum = u8(sum + u8(c));
    return sum;
}

}  // namespace

std::string packet(std::string_view payload) {
    return fmt::format("${}#{:02x}", payload, sum_of(payload));
}

std::string escaped(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        const bool is_special = c == '#' || c == '$' || c == escape || c == '*';
        if (is_special) text += escape;
        text += is_special ? char(c ^ flip) : c;
    }
    return text;
}

std::string unescaped(std::string_view bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const bool is_escape = bytes[i] == escape && i + 1 < bytes.size();
        text += is_escape ? char(bytes[++i] ^ flip) : bytes[i];
    }
    return text;
}

std::string to_hex(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) text += fmt::format("{:02x}", u8(c));
    return text;
}

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit_of(text[i]), low = digit_of(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += char(high * 16 + low);
    }
    return bytes;
}

std::optional<u64> take_number(std::string_view& text) {
    constexpr std::size_t most_digits = 16;
    std::size_t length = 0;
    u64 value = 0;
    while (length < text.size() && digit_of(text[length]) >= 0) value = value * 16 + u64(digit_of(text[length++]));
    if (length == 0 || length > most_digits) return std::nullopt;
    text.remove_prefix(length);
    return value;
}

bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

void PacketReader::receive(std::string_view bytes, std::vector<Event>& events) {
    for (const char byte : bytes) {
        switch (state_) {
            case State::Between: between(byte, events); break;
            case State::Payload:
                if (byte == '#') {
                    state_ = State::FirstDigit;
                } else if (byte == '$') {  // the rest of the one before was lost
                    payload_.clear();
                    sum_ = 0;
                } else {
                    sum_ = u8(sum_ + u8(byte));
                    too_long_ = too_long_ || payload_.size() == longest;
                    if (!too_long_) payload_ += byte;
                }
                break;
            case State::FirstDigit:
                first_digit_ = byte;
                state_ = State::SecondDigit;
                break;
            case State::SecondDigit: finish(first_digit_, byte, events); break;
        }
    }
}

void PacketReader::between(char byte, std::vector<Event>& events) {
    switch (byte) {
        case '$':
            payload_.clear();
            sum_ = 0;
            too_long_ = false;
            state_ = State::Payload;
            break;
        case '+': events.push_back({Event::Kind::Acknowledged}); break;
        case '-': events.push_back({Event::Kind::Again}); break;
        case interrupt: events.push_back({Event::Kind::Interrupt}); break;
        default: break;  // noise
    }
}

void PacketReader::finish(char first, char second, std::vector<Event>& events) {
    state_ = State::Between;
    const int high = digit_of(first), low = digit_of(second);
    const bool is_sound = high >= 0 && low >= 0 && high * 16 + low == sum_ && !too_long_;
    events.push_back(is_sound ? Event{Event::Kind::Packet, std::move(payload_)} : Event{Event::Kind::Damaged});
    payload_ = {};
}

}  // namespace dyn86::debug
