// The PC/XT keyboard: which scan codes (set 1) type a character, a named key, or a key of the host's keyboard.
#pragma once

#include "src/dyn86.h"

#include <optional>
#include <string_view>
#include <vector>

namespace dyn86::frontend {

inline constexpr u8 scan_break = 0x80;  // make code | 80h: the key is released
inline constexpr u8 scan_ctrl = 0x1D, scan_left_shift = 0x2A, scan_alt = 0x38;

/// A key with the shift keys that are held for it.
struct Chord {
    u8 code = 0;
    bool shift = false, ctrl = false, alt = false;
    friend bool operator==(const Chord&, const Chord&) = default;
};

/// What the keyboard sends for one key going down and up again, shift keys included.
struct Keystroke {
    std::vector<u8> press, release;
    friend bool operator==(const Keystroke&, const Keystroke&) = default;
};

/// The chord that types `character` on the US keyboard; control characters included (0Dh: Enter, 03h: Ctrl+C).
[[nodiscard]] std::optional<Chord> chord_for(char32_t character);
/// "F10", "Up", "Ctrl+C", "Alt+X", "Shift+Tab", "a"; case does not matter, except in a lone letter.
[[nodiscard]] std::optional<Chord> chord_named(std::string_view name);

[[nodiscard]] Keystroke keystroke(Chord chord);
/// As the US keyboard types it, or by Alt and the byte's number on the keypad, which the BIOS's INT 9 composes
/// [IBM PC, INT 9]. nullopt: not in the code page.
[[nodiscard]] std::optional<Keystroke> keystroke_for(char32_t character, u16 code_page);

/// The XT key that a key of a USB keyboard stands for, by place [HID page 07h]; nullopt: no such key.
/// Grey cursor keys are those of the keypad, which the XT has alone.
[[nodiscard]] std::optional<u8> code_for_usage(u32 usage);
/// Right Ctrl: the host key, which the guest never sees.
inline constexpr u32 usage_host_key = 0xE4;
inline constexpr u32 usage_q = 0x14;

}  // namespace dyn86::frontend
