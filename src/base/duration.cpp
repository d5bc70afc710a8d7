#include "src/base/duration.h"

#include <charconv>

namespace dyn86 {

std::optional<double> parse_seconds(std::string_view text) {
    constexpr double longest = 1e9;
    double value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc{} || !(value >= 0) || value > longest) return std::nullopt;
    const std::string_view unit(end, std::size_t(last - end));
    if (unit.empty() || unit == "s") return value;
    if (unit == "ms") return value / 1000;
    if (unit == "m" || unit == "min") return value * 60;
    if (unit == "h") return value * 3600;
    return std::nullopt;
}

}  // namespace dyn86
