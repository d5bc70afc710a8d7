// Code pages and Unicode: what the guest's bytes look like, and how typed text becomes bytes.
#pragma once

#include "src/dyn86.h"

#include <optional>
#include <string>
#include <string_view>

namespace dyn86::frontend {

inline constexpr u16 adapters_code_page = 437;  // that of the character generators

/// The glyph of a byte on the screen: 00h-1Fh and 7Fh are pictures, 00h is blank, as is what the code page lacks.
/// [Unicode VENDORS/MISC/IBMGRAPH]
[[nodiscard]] char32_t to_unicode(u8 byte, u16 code_page);
/// The byte that shows this character, or nullopt. Round trip of to_unicode, except that blank is always 20h.
[[nodiscard]] std::optional<u8> from_unicode(char32_t character, u16 code_page);

/// What comes nearest to a letter or sign on a keyboard of ASCII: r for ř, " for “.
[[nodiscard]] std::optional<char32_t> transliterated(char32_t character);

void append_utf8(std::string& text, char32_t character);
/// Takes one character off the front of `text`, which must not be empty; malformed bytes give U+FFFD, one by one.
[[nodiscard]] char32_t take_utf8(std::string_view& text);

/// The bytes that show `text`; nullopt when a character has none.
[[nodiscard]] std::optional<std::string> to_code_page(std::string_view text, u16 code_page);

}  // namespace dyn86::frontend
