#include "src/config/machine_values.h"

#include "src/config/values.h"

#include <charconv>

namespace dyn86::config {
namespace {

using std::string_view;

/// What follows `prefix`, unless it is empty or something else comes.
std::optional<string_view> behind(string_view text, string_view prefix) {
    if (!text.starts_with(prefix) || text.size() == prefix.size()) return std::nullopt;
    return text.substr(prefix.size());
}

bool is_host_and_port(string_view text) {
    const auto colon = text.rfind(':');
    if (colon == string_view::npos || colon == 0) return false;
    u16 port = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
    return error == std::errc{} && stop == end && port != 0;
}

}  // namespace

std::optional<u32> parse_memory_size(string_view text) {
    constexpr u32 least = 64, most = 704, step = 16;
    if (text.ends_with('K') || text.ends_with('k')) text.remove_suffix(1);
    u32 size = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, size);
    if (error != std::errc{} || stop != end) return std::nullopt;
    if (size < least || size > most || size % step != 0) return std::nullopt;
    return size;
}

std::optional<Linear> parse_no_slot_clock(string_view text) {
    constexpr Linear lowest = 0xA'0000, size = 0x2000;
    const auto address = behind(text, "ds1216@");
    if (!address) return std::nullopt;
    const auto at = parse_address(*address);
    return at && *at >= lowest && *at <= address_space - size ? at : std::nullopt;
}

std::optional<SerialSetting> parse_serial(string_view text) {
    using enum SerialSetting::Kind;
    if (text == "pty") return SerialSetting{Pty, {}};
    if (text == "stdio") return SerialSetting{Stdio, {}};
    if (text == "mouse") return SerialSetting{Mouse, {}};
    if (const auto path = behind(text, "file:")) return SerialSetting{File, std::string(*path)};
    const auto host = behind(text, "tcp:");
    if (host && is_host_and_port(*host)) return SerialSetting{Tcp, std::string(*host)};
    return std::nullopt;
}

std::optional<std::string> parse_printer(string_view text) {
    const auto path = behind(text, "file:");
    return path ? std::optional(std::string(*path)) : std::nullopt;
}

}  // namespace dyn86::config
