// GDB's remote serial protocol below its packets: framing, checksums, escapes, hexadecimal.
// [gdb manual, "Remote Protocol: Overview"]
#pragma once

#include "src/dyn86.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::debug {

/// "$payload#checksum", escaped as it has to be.
[[nodiscard]] std::string packet(std::string_view payload);
/// Binary data as a payload carries it.
[[nodiscard]] std::string escaped(std::string_view bytes);
[[nodiscard]] std::string unescaped(std::string_view bytes);

[[nodiscard]] std::string to_hex(std::string_view bytes);
/// Empty: an odd number of digits, or no digits.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);
/// A hexadecimal number at the beginning of `text`, which is moved behind it.
[[nodiscard]] std::optional<u64> take_number(std::string_view& text);
/// Moves `text` behind `prefix` if it begins so.
bool take(std::string_view& text, std::string_view prefix);

/// Cuts what a gdb sends into packets. Whatever the bytes are, it never holds more than one packet's worth of them.
class PacketReader {
public:
    /// The longest payload taken; gdb is told of it.
    static constexpr std::size_t longest = 0x4000;

    struct Event {
        enum class Kind : u8 { Packet, Damaged, Acknowledged, Again, Interrupt } kind = Kind::Packet;
        std::string payload = {};
    };
    void receive(std::string_view bytes, std::vector<Event>& events);
    void reset() { *this = {}; }

private:
    enum class State : u8 { Between, Payload, FirstDigit, SecondDigit };
    void between(char byte, std::vector<Event>& events);
    void finish(char first, char second, std::vector<Event>& events);

    State state_ = State::Between;
    std::string payload_;
    u8 sum_ = 0;
    char first_digit_ = 0;
    bool too_long_ = false;
};

}  // namespace dyn86::debug
