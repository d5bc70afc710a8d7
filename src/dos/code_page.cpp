#include "src/dos/code_page.h"

#include <algorithm>
#include <array>
#include <utility>

namespace dyn86::dos {
namespace {

// 80h-FFh. [CP437]
// clang-format off
constexpr std::array<u16, 128> high_half = {
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA, 0x00EB, 0x00E8, 0x00EF, 0x00EE, 0x00EC, 0x00C4, 0x00C5,
    0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9, 0x00FF, 0x00D6, 0x00DC, 0x00A2, 0x00A3, 0x00A5, 0x20A7, 0x0192,
    0x00E1, 0x00ED, 0x00F3, 0x00FA, 0x00F1, 0x00D1, 0x00AA, 0x00BA, 0x00BF, 0x2310, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB,
    0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557, 0x255D, 0x255C, 0x255B, 0x2510,
    0x2514, 0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E, 0x255F, 0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256C, 0x2567,
    0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256B, 0x256A, 0x2518, 0x250C, 0x2588, 0x2584, 0x258C, 0x2590, 0x2580,
    0x03B1, 0x00DF, 0x0393, 0x03C0, 0x03A3, 0x03C3, 0x00B5, 0x03C4, 0x03A6, 0x0398, 0x03A9, 0x03B4, 0x221E, 0x03C6, 0x03B5, 0x2229,
    0x2261, 0x00B1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00F7, 0x2248, 0x00B0, 0x2219, 0x00B7, 0x221A, 0x207F, 0x00B2, 0x25A0, 0x00A0,
};
// clang-format on

// Letters with both cases in this code page: lower, upper.
constexpr std::array<std::pair<u8, u8>, 8> accented = {{{0x81, 0x9A},    // u with diaeresis
                                                        {0x82, 0x90},    // e acute
                                                        {0x84, 0x8E},    // a diaeresis
                                                        {0x86, 0x8F},    // a ring
                                                        {0x87, 0x80},    // c cedilla
                                                        {0x91, 0x92},    // ae
                                                        {0x94, 0x99},    // o diaeresis
                                                        {0xA4, 0xA5}}};  // n tilde

void append(std::string& text, u32 point) {
    if (point < 0x80) {
        text += char(point);
    } else if (point < 0x800) {
        text += char(0xC0 | point >> 6);
        text += char(0x80 | (point & 0x3F));
    } else {
        text += char(0xE0 | point >> 12);
        text += char(0x80 | (point >> 6 & 0x3F));
        text += char(0x80 | (point & 0x3F));
    }
}

/// Takes one character of at most three bytes off the front; nothing in this code page is longer. 0: malformed.
u32 take(std::string_view& text) {
    const u8 lead = u8(text.front());
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : 0;
    if (length == 0 || text.size() < length) return 0;
    u32 point = length == 1 ? lead : lead & (length == 2 ? 0x1Fu : 0x0Fu);
    for (std::size_t i = 1; i < length; ++i) {
        const u8 next = u8(text[i]);
        if ((next & 0xC0) != 0x80) return 0;
        point = point << 6 | (next & 0x3Fu);
    }
    text.remove_prefix(length);
    return point;
}

}  // namespace

std::string to_utf8(std::string_view guest) {
    std::string text;
    text.reserve(guest.size());
    for (const char c : guest) append(text, u8(c) < 0x80 ? u8(c) : high_half[u8(c) - 0x80u]);
    return text;
}

std::optional<std::string> from_utf8(std::string_view host) {
    std::string text;
    while (!host.empty()) {
        const u32 point = take(host);
        if (point == 0) return std::nullopt;
        if (point < 0x80) {
            text += char(point);
            continue;
        }
        const auto found = std::ranges::find(high_half, point);
        if (found == high_half.end()) return std::nullopt;
        text += char(0x80 + (found - high_half.begin()));
    }
    return text;
}

u8 upper(u8 c) {
    if (c >= 'a' && c <= 'z') return u8(c - 'a' + 'A');
    for (const auto& [small, capital] : accented)
        if (c == small) return capital;
    return c;
}

u8 lower(u8 c) {
    if (c >= 'A' && c <= 'Z') return u8(c - 'A' + 'a');
    for (const auto& [small, capital] : accented)
        if (c == capital) return small;
    return c;
}

std::string upper(std::string text) {
    for (char& c : text) c = char(upper(u8(c)));
    return text;
}

std::string lower(std::string text) {
    for (char& c : text) c = char(lower(u8(c)));
    return text;
}

}  // namespace dyn86::dos
