#include "src/frontend/terminal_keys.h"

#include "src/frontend/code_page.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace dyn86::frontend {
namespace {

using std::string_view;

constexpr char escape = 0x1B;

/// Keys by the final letter of CSI and SS3 sequences.
struct Letter {
    char letter;
    string_view key;
};
constexpr std::array letters = {
    Letter{'A', "Up"},        Letter{'B', "Down"}, Letter{'C', "Right"}, Letter{'D', "Left"},
    Letter{'E', "Pad5"},      Letter{'F', "End"},  Letter{'H', "Home"},  Letter{'P', "F1"},
    Letter{'Q', "F2"},        Letter{'R', "F3"},   Letter{'S', "F4"},    Letter{'M', "Enter"},
    Letter{'Z', "Shift+Tab"}, Letter{'j', "Pad*"}, Letter{'k', "Pad+"},  Letter{'m', "Pad-"},
};
/// Keys by the number of CSI number ~.
struct Number {
    unsigned number;
    string_view key;
};
constexpr std::array numbers = {
    Number{1, "Home"}, Number{2, "Ins"}, Number{3, "Del"}, Number{4, "End"}, Number{5, "PgUp"}, Number{6, "PgDn"},
    Number{7, "Home"}, Number{8, "End"}, Number{11, "F1"}, Number{12, "F2"}, Number{13, "F3"},  Number{14, "F4"},
    Number{15, "F5"},  Number{17, "F6"}, Number{18, "F7"}, Number{19, "F8"}, Number{20, "F9"},  Number{21, "F10"},
};
/// The Linux console's F1..F5: CSI [ A..E.
constexpr std::array<string_view, 5> console_keys = {"F1", "F2", "F3", "F4", "F5"};

string_view key_of_letter(char letter) {
    const auto found = std::ranges::find(letters, letter, &Letter::letter);
    return found == letters.end() ? string_view{} : found->key;
}

string_view key_of_number(unsigned number) {
    const auto found = std::ranges::find(numbers, number, &Number::number);
    return found == numbers.end() ? string_view{} : found->key;
}

/// The numbers of "5;3": parameters of a control sequence, absent ones being 1.
std::array<unsigned, 2> parameters(string_view text) {
    std::array<unsigned, 2> values = {1, 1};
    for (unsigned& value : values) {
        const auto end = std::min(text.find(';'), text.size());
        std::from_chars(text.data(), text.data() + end, value);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return values;
}

/// xterm's modifier parameter is 1 + (1 shift, 2 alt, 4 ctrl).
void add_key(TerminalKeys::Keys& keys, string_view key, unsigned modifier) {
    auto chord = chord_named(key);
    if (!chord) return;
    const unsigned held = modifier - 1;
    chord->shift = chord->shift || (held & 1) != 0;
    chord->alt = chord->alt || (held & 2) != 0;
    chord->ctrl = chord->ctrl || (held & 4) != 0;
    keys.strokes.push_back(keystroke(*chord));
}

void add_control_sequence(TerminalKeys::Keys& keys, string_view arguments, char final) {
    const auto [number, modifier] = parameters(arguments);
    // rxvt says Shift and Ctrl by the final character.
    constexpr string_view rxvt = "~$^@";
    constexpr std::array<unsigned, 4> rxvt_modifiers = {0, 1, 4, 5};
    const auto shifted = rxvt.find(final);
    if (shifted == string_view::npos) return add_key(keys, key_of_letter(final), modifier);
    add_key(keys, key_of_number(number), ((modifier - 1) | rxvt_modifiers[shifted]) + 1);
}

}  // namespace

TerminalKeys::Keys TerminalKeys::feed(string_view bytes) {
    pending_ += bytes;
    Keys keys;
    decode(keys, End::MayContinue);
    return keys;
}

TerminalKeys::Keys TerminalKeys::flush() {
    Keys keys;
    decode(keys, End::IsFinal);
    return keys;
}

void TerminalKeys::decode(Keys& keys, End end) {
    while (!pending_.empty()) {
        const std::size_t used = decode_one(keys, end);
        if (used == 0) return;
        pending_.erase(0, used);
    }
}

/// Decodes at the front of `pending_`; returns how many bytes that took, 0 when more must come.
std::size_t TerminalKeys::decode_one(Keys& keys, End end) {
    const char first = pending_.front();
    if (host_key_) {
        host_key_ = false;
        if (first == 'q' || first == 'Q') keys.quit = true;
        if (first == 'z' || first == 'Z') keys.suspend = true;
        if (first == host_key) return decode_character(keys, 0, false, end);
        return 1;
    }
    if (first == host_key) {
        host_key_ = true;
        return 1;
    }
    if (first == escape) return decode_escape(keys, end);
    return decode_character(keys, 0, false, end);
}

std::size_t TerminalKeys::decode_escape(Keys& keys, End end) {
    const bool final = end == End::IsFinal;
    if (pending_.size() == 1 || pending_[1] == escape) {
        if (pending_.size() == 1 && !final) return 0;
        add_key(keys, "Esc", 1);
        return 1;
    }
    if (pending_[1] != '[' && pending_[1] != 'O') return decode_character(keys, 1, true, end);
    if (pending_.size() == 2) return final ? decode_character(keys, 1, true, end) : 0;
    if (pending_[1] == '[' && pending_[2] == '[') {
        if (pending_.size() == 3) return final ? 3 : 0;
        const auto index = std::size_t(pending_[3] - 'A');
        if (index < console_keys.size()) add_key(keys, console_keys[index], 1);
        return 4;
    }
    // CSI parameters (30h-3Fh), intermediates (20h-2Fh), final (40h-7Eh); rxvt ends with $ as well. [ECMA-48 5.4]
    const auto is_parameter = [](char c) { return c >= 0x20 && c < 0x40 && c != '$'; };
    std::size_t last = 2;
    while (last < pending_.size() && is_parameter(pending_[last])) ++last;
    if (last == pending_.size()) return final ? last : 0;
    add_control_sequence(keys, string_view(pending_).substr(2, last - 2), pending_[last]);
    return last + 1;
}

std::size_t TerminalKeys::decode_character(Keys& keys, std::size_t from, bool alt, End end) {
    const u8 lead = u8(pending_[from]);
    const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (pending_.size() < from + length && end == End::MayContinue) return 0;
    string_view rest = string_view(pending_).substr(from);
    char32_t character = take_utf8(rest);
    if (character == 0x7F) character = U'\b';
    if (!keystroke_for(character, code_page_)) {
        ++missing_;
        character = transliterated(character).value_or(character);
    }
    auto chord = chord_for(character);
    if (chord) {
        chord->alt = alt;
        keys.strokes.push_back(keystroke(*chord));
    } else if (const auto stroke = keystroke_for(character, code_page_)) {
        keys.strokes.push_back(*stroke);
    }
    return pending_.size() - rest.size();
}

}  // namespace dyn86::frontend
