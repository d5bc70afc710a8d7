// The text screen as characters: UTF-8 text, text with ANSI colours, JSON, raw cells.
#pragma once

#include "src/dyn86.h"

#include <array>
#include <string>

namespace dyn86::frontend {

/// The bytes of all rows one after the other, blanks as 20h: what `--wait` searches. Empty in graphics modes.
[[nodiscard]] std::string screen_characters(const Screen& screen);

/// One line per row, trailing blanks trimmed. Empty in graphics modes.
[[nodiscard]] std::string screen_text(const Screen& screen);
/// The same without the blank rows at the end: what stays in the user's terminal.
[[nodiscard]] std::string final_text(const Screen& screen);
/// UTF-8 text with the sixteen ANSI colours.
[[nodiscard]] std::string screen_ansi(const Screen& screen);
[[nodiscard]] std::string screen_json(const Screen& screen);
/// Character and attribute bytes, row by row; in graphics modes the video memory.
[[nodiscard]] std::string screen_cells(const Screen& screen);

/// What an attribute byte asks for, as indices into the sixteen colours.
struct Look {
    u8 foreground = 7, background = 0;
    bool blinks = false, underlined = false;
    friend bool operator==(const Look&, const Look&) = default;
};
[[nodiscard]] Look look_of(u8 attribute, const Screen& screen);

/// The sixteen colours as 00RRGGBBh. [IBM O&A, "IBM Color/Graphics Monitor Adapter", colour table]; the
/// monitor halves the green of colour 6, which makes it brown.
inline constexpr std::array<u32, 16> palette = {0x000000, 0x0000AA, 0x00AA00, 0x00AAAA, 0xAA0000, 0xAA00AA,
                                                0xAA5500, 0xAAAAAA, 0x555555, 0x5555FF, 0x55FF55, 0x55FFFF,
                                                0xFF5555, 0xFF55FF, 0xFFFF55, 0xFFFFFF};
/// Index of an ANSI colour for each of the PC's: red and blue change places.
inline constexpr std::array<u8, 8> ansi_colour = {0, 4, 2, 6, 1, 5, 3, 7};

}  // namespace dyn86::frontend
