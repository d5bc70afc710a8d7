#include "src/frontend/keymap.h"

#include "src/frontend/code_page.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string>

namespace dyn86::frontend {
namespace {

using std::string_view;

/// Keys in a row of the keyboard have consecutive codes. [IBM PC, "Keyboard scan codes"]
struct Row {
    u8 first;
    string_view plain, shifted;
};
constexpr std::array rows = {
    Row{0x02, "1234567890-=", "!@#$%^&*()_+"},
    Row{0x10, "qwertyuiop[]", "QWERTYUIOP{}"},
    Row{0x1E, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
    Row{0x2B, "\\zxcvbnm,./", "|ZXCVBNM<>?"},
    Row{0x39, " ", " "},
};

struct Named {
    string_view name;
    u8 code;
};
constexpr std::array names = {
    Named{"Esc", 0x01},
    Named{"Escape", 0x01},
    Named{"Backspace", 0x0E},
    Named{"BS", 0x0E},
    Named{"Tab", 0x0F},
    Named{"Enter", 0x1C},
    Named{"Return", 0x1C},
    Named{"PadEnter", 0x1C},
    Named{"Space", 0x39},
    Named{"Ctrl", scan_ctrl},
    Named{"Control", scan_ctrl},
    Named{"Shift", scan_left_shift},
    Named{"LShift", scan_left_shift},
    Named{"RShift", 0x36},
    Named{"Alt", scan_alt},
    Named{"CapsLock", 0x3A},
    Named{"NumLock", 0x45},
    Named{"ScrollLock", 0x46},
    Named{"Break", 0x46},  // Ctrl+Break is Ctrl+ScrollLock on this keyboard, and Pause Ctrl+NumLock
    Named{"PrtSc", 0x37},
    Named{"PrintScreen", 0x37},
    Named{"F1", 0x3B},
    Named{"F2", 0x3C},
    Named{"F3", 0x3D},
    Named{"F4", 0x3E},
    Named{"F5", 0x3F},
    Named{"F6", 0x40},
    Named{"F7", 0x41},
    Named{"F8", 0x42},
    Named{"F9", 0x43},
    Named{"F10", 0x44},
    Named{"Home", 0x47},
    Named{"Up", 0x48},
    Named{"PgUp", 0x49},
    Named{"PageUp", 0x49},
    Named{"Left", 0x4B},
    Named{"Right", 0x4D},
    Named{"End", 0x4F},
    Named{"Down", 0x50},
    Named{"PgDn", 0x51},
    Named{"PageDown", 0x51},
    Named{"Ins", 0x52},
    Named{"Insert", 0x52},
    Named{"Del", 0x53},
    Named{"Delete", 0x53},
    Named{"Pad0", 0x52},
    Named{"Pad1", 0x4F},
    Named{"Pad2", 0x50},
    Named{"Pad3", 0x51},
    Named{"Pad4", 0x4B},
    Named{"Pad5", 0x4C},
    Named{"Pad6", 0x4D},
    Named{"Pad7", 0x47},
    Named{"Pad8", 0x48},
    Named{"Pad9", 0x49},
    Named{"Pad.", 0x53},
    Named{"Pad*", 0x37},
    Named{"Pad-", 0x4A},
    Named{"Pad+", 0x4E},
};

bool equal_ignoring_case(string_view a, string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

std::optional<u8> code_named(string_view name) {
    const auto found =
        std::ranges::find_if(names, [&](const Named& key) { return equal_ignoring_case(key.name, name); });
    if (found == names.end()) return std::nullopt;
    return found->code;
}

std::optional<Chord> printable(char32_t character) {
    if (character < 0x20 || character > 0x7E) return std::nullopt;
    for (const Row& row : rows) {
        const auto plain = row.plain.find(char(character));
        if (plain != string_view::npos) return Chord{.code = u8(row.first + plain)};
        const auto shifted = row.shifted.find(char(character));
        if (shifted != string_view::npos) return Chord{.code = u8(row.first + shifted), .shift = true};
    }
    return std::nullopt;
}

/// The key of "Ctrl+<name>": shift is held only when it is said, so Ctrl+C and Ctrl+c are one.
std::optional<Chord> base_key(string_view name, bool has_modifiers) {
    if (const auto code = code_named(name)) return Chord{.code = *code};
    if (name.empty()) return std::nullopt;
    string_view rest = name;
    const char32_t character = take_utf8(rest);
    if (!rest.empty()) return std::nullopt;
    auto chord = printable(character);
    if (chord && has_modifiers && character < 0x80 && std::isalpha(int(character))) chord->shift = false;
    return chord;
}

/// Takes "Ctrl+" and the like off the front.
bool take_modifier(string_view& name, Chord& held) {
    const auto plus = name.find('+');
    if (plus == string_view::npos || plus == 0 || plus + 1 == name.size()) return false;
    const string_view word = name.substr(0, plus);
    if (equal_ignoring_case(word, "Ctrl") || equal_ignoring_case(word, "Control")) {
        held.ctrl = true;
    } else if (equal_ignoring_case(word, "Alt")) {
        held.alt = true;
    } else if (equal_ignoring_case(word, "Shift")) {
        held.shift = true;
    } else {
        return false;
    }
    name.remove_prefix(plus + 1);
    return true;
}

/// Alt down, the digits of `byte` on the keypad, Alt up.
Keystroke by_number(u8 byte) {
    constexpr std::array<u8, 10> keypad = {0x52, 0x4F, 0x50, 0x51, 0x4B, 0x4C, 0x4D, 0x47, 0x48, 0x49};
    Keystroke stroke{.press = {scan_alt}, .release = {scan_alt | scan_break}};
    for (const char digit : std::to_string(byte)) {
        const u8 code = keypad[std::size_t(digit - '0')];
        stroke.press.push_back(code);
        stroke.press.push_back(code | scan_break);
    }
    return stroke;
}

// clang-format off
/// XT codes of USB usages 04h..65h; 0: the XT has no such key.
constexpr std::array<u8, 0x62> usage_codes = {
    0x1E, 0x30, 0x2E, 0x20, 0x12, 0x21, 0x22, 0x23, 0x17, 0x24, 0x25, 0x26, 0x32,  // 04h a .. m
    0x31, 0x18, 0x19, 0x10, 0x13, 0x1F, 0x14, 0x16, 0x2F, 0x11, 0x2D, 0x15, 0x2C,  // 11h n .. z
    0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B,                    // 1Eh 1 .. 0
    0x1C, 0x01, 0x0E, 0x0F, 0x39, 0x0C, 0x0D, 0x1A, 0x1B, 0x2B,                    // 28h Enter Esc BS Tab Space - = [ ] backslash
    0x2B, 0x27, 0x28, 0x29, 0x33, 0x34, 0x35, 0x3A,                                // 32h # ; ' ` , . / Caps
    0x3B, 0x3C, 0x3D, 0x3E, 0x3F, 0x40, 0x41, 0x42, 0x43, 0x44, 0, 0,              // 3Ah F1 .. F12
    0x37, 0x46, 0x46, 0x52, 0x47, 0x49, 0x53, 0x4F, 0x51,                          // 46h PrtSc Scroll Pause Ins Home PgUp Del End PgDn
    0x4D, 0x4B, 0x50, 0x48, 0x45, 0x35, 0x37, 0x4A, 0x4E, 0x1C,                    // 4Fh Right Left Down Up Num / * - + Enter
    0x4F, 0x50, 0x51, 0x4B, 0x4C, 0x4D, 0x47, 0x48, 0x49, 0x52, 0x53,              // 59h keypad 1 .. 9 0 .
    0x2B, 0,                                                                       // 64h the 102nd key, Menu
};
// clang-format on

}  // namespace

std::optional<Chord> chord_for(char32_t character) {
    switch (character) {
        case U'\r':
        case U'\n': return Chord{.code = 0x1C};
        case U'\t': return Chord{.code = 0x0F};
        case U'\b': return Chord{.code = 0x0E};
        case 0x1B: return Chord{.code = 0x01};
        default: break;
    }
    if (character >= 0x20) return printable(character);
    if (character == 0) return Chord{.code = 0x03, .ctrl = true};  // Ctrl+2
    auto chord = printable(character + (character > 26 ? 0x40 : 0x60));
    if (chord) chord->ctrl = true;
    return chord;
}

std::optional<Chord> chord_named(string_view name) {
    if (equal_ignoring_case(name, "Pause")) return Chord{.code = 0x45, .ctrl = true};
    Chord held;
    bool has_modifiers = false;
    while (take_modifier(name, held)) has_modifiers = true;
    const auto key = base_key(name, has_modifiers);
    if (!key) return std::nullopt;
    return Chord{.code = key->code, .shift = held.shift || key->shift, .ctrl = held.ctrl, .alt = held.alt};
}

Keystroke keystroke(Chord chord) {
    Keystroke stroke;
    const auto hold = [&](u8 code) {
        stroke.press.push_back(code);
        stroke.release.insert(stroke.release.begin(), code | scan_break);
    };
    if (chord.ctrl) hold(scan_ctrl);
    if (chord.alt) hold(scan_alt);
    if (chord.shift) hold(scan_left_shift);
    hold(chord.code);
    return stroke;
}

std::optional<Keystroke> keystroke_for(char32_t character, u16 code_page) {
    if (const auto chord = chord_for(character)) return keystroke(*chord);
    const auto byte = from_unicode(character, code_page);
    if (!byte) return std::nullopt;
    return by_number(*byte);
}

std::optional<u8> code_for_usage(u32 usage) {
    constexpr std::array<u8, 7> modifiers = {scan_ctrl, scan_left_shift, scan_alt, 0, 0, 0x36, scan_alt};  // E0h..E6h
    u8 code = 0;
    if (usage >= 0x04 && usage - 0x04 < usage_codes.size()) code = usage_codes[usage - 0x04];
    if (usage >= 0xE0 && usage - 0xE0 < modifiers.size()) code = modifiers[usage - 0xE0];
    if (code == 0) return std::nullopt;
    return code;
}

}  // namespace dyn86::frontend
