#include "src/dos/code_page.h"

#include <algorithm>

namespace dyn86::dos {
namespace {

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

CodePage::CodePage() : CodePage(code_page_tables().front()) {}

std::optional<CodePage> CodePage::find(u16 number) {
    for (const CodePageTable& table : code_page_tables())
        if (table.number == number) return CodePage(table);
    return std::nullopt;
}

std::string CodePage::to_utf8(std::string_view guest) const {
    std::string text;
    text.reserve(guest.size());
    for (const char c : guest) append(text, u8(c) < 0x80 ? u8(c) : table_->high[u8(c) - 0x80u]);
    return text;
}

std::optional<std::string> CodePage::from_utf8(std::string_view host) const {
    std::string text;
    while (!host.empty()) {
        const u32 point = take(host);
        if (point == 0) return std::nullopt;
        if (point < 0x80) {
            text += char(point);
            continue;
        }
        const auto found = std::ranges::find(table_->high, point);
        if (found == table_->high.end()) return std::nullopt;
        text += char(0x80 + (found - table_->high.begin()));
    }
    return text;
}

u8 CodePage::upper(u8 c) const {
    if (c < 0x80) return ascii_upper(c);
    const auto found = std::ranges::find(table_->letters, c, &CasePair::lower);
    return found == table_->letters.end() ? c : found->upper;
}

u8 CodePage::lower(u8 c) const {
    if (c >= 'A' && c <= 'Z') return u8(c - 'A' + 'a');
    if (c < 0x80) return c;
    const auto found = std::ranges::find(table_->letters, c, &CasePair::upper);
    return found == table_->letters.end() ? c : found->lower;
}

std::string CodePage::upper(std::string text) const {
    for (char& c : text) c = char(upper(u8(c)));
    return text;
}

std::string CodePage::lower(std::string text) const {
    for (char& c : text) c = char(lower(u8(c)));
    return text;
}

u8 ascii_upper(u8 c) {
    return c >= 'a' && c <= 'z' ? u8(c - 'a' + 'A') : c;
}

std::string ascii_upper(std::string text) {
    for (char& c : text) c = char(ascii_upper(u8(c)));
    return text;
}

}  // namespace dyn86::dos
