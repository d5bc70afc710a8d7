// Code page 437 as text: host names and streams are UTF-8, the guest's bytes are not.
#pragma once

#include "src/base/types.h"

#include <optional>
#include <string>
#include <string_view>

namespace dyn86::dos {

/// Guest bytes as UTF-8. Control characters stay what they are.
[[nodiscard]] std::string to_utf8(std::string_view guest);
/// UTF-8 as guest bytes; nullopt when it is malformed or has a character that code page 437 lacks.
[[nodiscard]] std::optional<std::string> from_utf8(std::string_view host);

/// Upper case of one guest byte, accented letters as DOS maps them for country 1 (no accents lost that have capitals).
[[nodiscard]] u8 upper(u8 c);
[[nodiscard]] u8 lower(u8 c);
[[nodiscard]] std::string upper(std::string text);
[[nodiscard]] std::string lower(std::string text);

}  // namespace dyn86::dos
