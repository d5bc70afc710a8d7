#include "src/frontend/code_page.h"

#include <algorithm>
#include <array>

namespace dyn86::frontend {
namespace {

// clang-format off
constexpr std::array<u16, 128> glyphs = {
    0x0020, 0x263A, 0x263B, 0x2665, 0x2666, 0x2663, 0x2660, 0x2022,
    0x25D8, 0x25CB, 0x25D9, 0x2642, 0x2640, 0x266A, 0x266B, 0x263C,
    0x25BA, 0x25C4, 0x2195, 0x203C, 0x00B6, 0x00A7, 0x25AC, 0x21A8,
    0x2191, 0x2193, 0x2192, 0x2190, 0x221F, 0x2194, 0x25B2, 0x25BC,
    0x0020, 0x0021, 0x0022, 0x0023, 0x0024, 0x0025, 0x0026, 0x0027,
    0x0028, 0x0029, 0x002A, 0x002B, 0x002C, 0x002D, 0x002E, 0x002F,
    0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x0035, 0x0036, 0x0037,
    0x0038, 0x0039, 0x003A, 0x003B, 0x003C, 0x003D, 0x003E, 0x003F,
    0x0040, 0x0041, 0x0042, 0x0043, 0x0044, 0x0045, 0x0046, 0x0047,
    0x0048, 0x0049, 0x004A, 0x004B, 0x004C, 0x004D, 0x004E, 0x004F,
    0x0050, 0x0051, 0x0052, 0x0053, 0x0054, 0x0055, 0x0056, 0x0057,
    0x0058, 0x0059, 0x005A, 0x005B, 0x005C, 0x005D, 0x005E, 0x005F,
    0x0060, 0x0061, 0x0062, 0x0063, 0x0064, 0x0065, 0x0066, 0x0067,
    0x0068, 0x0069, 0x006A, 0x006B, 0x006C, 0x006D, 0x006E, 0x006F,
    0x0070, 0x0071, 0x0072, 0x0073, 0x0074, 0x0075, 0x0076, 0x0077,
    0x0078, 0x0079, 0x007A, 0x007B, 0x007C, 0x007D, 0x007E, 0x2302,
};
// clang-format on

// Letters without their accents, and typographers' signs as typewriters have them.
constexpr std::u32string_view accented =
    U"ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöøùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢ"
    U"ģĤĥĦħĨĩĪīĬĭĮįİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽž‘’‚“”„‐–"
    U"—…€\u00A0";
constexpr std::u32string_view plain =
    U"AAAAAACEEEEIIIINOOOOOOUUUUYaaaaaaceeeeiiiinoooooouuuuyyAaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgG"
    U"gHhHhIiIiIiIiIiJjKkLlLlLlLlNnNnNnOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZz'''\"\"\""
    U"---.E ";
static_assert(accented.size() == plain.size());

constexpr char32_t replacement = 0xFFFD;

/// Length of the sequence that `lead` starts, 0 when it starts none. [RFC 3629]
constexpr std::size_t sequence_length(u8 lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return 2;
    if (lead >= 0xE0 && lead <= 0xEF) return 3;
    if (lead >= 0xF0 && lead <= 0xF4) return 4;
    return 0;
}

constexpr bool is_overlong_or_surrogate(char32_t character, std::size_t length) {
    constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    return character < least[length] || (character >= 0xD800 && character <= 0xDFFF) || character > 0x10FFFF;
}

}  // namespace

char32_t to_unicode(u8 byte, u16 code_page) {
    if (byte < 0x80) return glyphs[byte];
    const char32_t character = upper_characters(code_page)[byte - 0x80u];
    return character < 0xA0 ? U' ' : character;  // 1252 has holes
}

std::optional<u8> from_unicode(char32_t character, u16 code_page) {
    if (character >= 0x20 && character < 0x7F) return u8(character);
    const auto upper = upper_characters(code_page);
    if (character >= 0xA0) {
        const auto found = std::ranges::find(upper, character);
        if (found != upper.end()) return u8(0x80 + (found - upper.begin()));
    }
    const auto found = std::ranges::find(glyphs, character);
    if (found == glyphs.end()) return std::nullopt;
    return u8(found - glyphs.begin());
}

std::optional<char32_t> transliterated(char32_t character) {
    const auto place = accented.find(character);
    if (place == std::u32string_view::npos) return std::nullopt;
    return plain[place];
}

void append_utf8(std::string& text, char32_t character) {
    const auto byte = [&](char32_t bits) { text.push_back(char(u8(bits))); };
    if (character < 0x80) return byte(character);
    if (character < 0x800) {
        byte(0xC0 | character >> 6);
        return byte(0x80 | (character & 0x3F));
    }
    if (character < 0x10000) {
        byte(0xE0 | character >> 12);
    } else {
        byte(0xF0 | character >> 18);
        byte(0x80 | (character >> 12 & 0x3F));
    }
    byte(0x80 | (character >> 6 & 0x3F));
    byte(0x80 | (character & 0x3F));
}

char32_t take_utf8(std::string_view& text) {
    const u8 lead = u8(text.front());
    text.remove_prefix(1);
    const std::size_t length = sequence_length(lead);
    if (length == 1) return lead;
    if (length == 0 || text.size() < length - 1) return replacement;
    char32_t character = lead & (0xFFu >> (length + 1));
    for (std::size_t i = 0; i < length - 1; ++i) {
        const u8 next = u8(text[i]);
        if ((next & 0xC0) != 0x80) return replacement;
        character = character << 6 | (next & 0x3F);
    }
    if (is_overlong_or_surrogate(character, length)) return replacement;
    text.remove_prefix(length - 1);
    return character;
}

std::optional<std::string> to_code_page(std::string_view text, u16 code_page) {
    std::string bytes;
    while (!text.empty()) {
        const auto byte = from_unicode(take_utf8(text), code_page);
        if (!byte) return std::nullopt;
        bytes.push_back(char(*byte));
    }
    return bytes;
}

}  // namespace dyn86::frontend
