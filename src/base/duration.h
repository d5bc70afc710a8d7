// Durations as people write them: "30s", "500ms", "1.5m", "2h"; a bare number is seconds.
#pragma once

#include <optional>
#include <string_view>

namespace dyn86 {

/// Seconds; nullopt when the text is no duration (negative, empty, unknown unit, over a thousand million seconds).
[[nodiscard]] std::optional<double> parse_seconds(std::string_view text);

}  // namespace dyn86
