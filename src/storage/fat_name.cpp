#include "src/storage/fat_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace dyn86 {

namespace {

constexpr std::size_t base_size = 8, extension_size = 3;
constexpr std::string_view other_characters = "!#$%&'()-@^_`{}~";

/// A part of a name with nothing in it that DOS does not take. UTF-8 beyond ASCII becomes one `_` a character.
std::string cleaned(std::string_view part) {
    std::string result;
    for (const char c : part) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (is_letter) {
            result += char(c & ~0x20);
        } else if ((c >= '0' && c <= '9') || other_characters.find(c) != std::string_view::npos) {
            result += c;
        } else if (c != ' ' && c != '.' && (u8(c) & 0xC0) != 0x80) {
            result += '_';
        }
    }
    return result;
}

FatName joined(std::string_view base, std::string_view extension) {
    FatName name;
    name.fill(' ');
    std::ranges::copy(base.substr(0, base_size), name.begin());
    std::ranges::copy(extension.substr(0, extension_size), name.begin() + base_size);
    return name;
}

std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'a' && c <= 'z') c = char(c - 0x20);
    return result;
}

}  // namespace

FatName fat_name(std::string_view host, const std::set<FatName>& taken) {
    const std::size_t dot = host.rfind('.');
    const bool has_extension = dot != std::string_view::npos && dot != 0;
    const std::string_view stem = host.substr(0, has_extension ? dot : host.size());
    const std::string_view suffix = has_extension ? host.substr(dot + 1) : std::string_view();
    const std::string base = cleaned(stem), extension = cleaned(suffix);
    const bool is_dos_name = base == upper(stem) && extension == upper(suffix) && !base.empty() &&
                             base.size() <= base_size && extension.size() <= extension_size;
    const FatName plain = joined(base, extension);
    if (is_dos_name && !taken.contains(plain)) return plain;
    for (unsigned number = 1;; ++number) {
        const std::string tail = fmt::format("~{}", number);
        const FatName name = joined(base.substr(0, base_size - tail.size()) + tail, extension);
        if (!taken.contains(name)) return name;
    }
}

}  // namespace dyn86
