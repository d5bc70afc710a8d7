#include "src/dos/aliases.h"

#include <algorithm>
#include <unordered_set>

namespace dyn86::dos {
namespace {

constexpr std::size_t hash_digits = 3;

/// FNV-1a, the hash of G. Fowler, L. C. Noll and K.-P. Vo: public domain, short, and good enough for names.
u32 hash(std::string_view text, u32 seed) {
    u32 value = 2166136261u ^ seed;
    for (const char c : text) value = (value ^ u8(c)) * 16777619u;
    return value ^ value >> 15;
}

std::string digits(u32 value) {
    std::string text;
    for (std::size_t i = 0; i < hash_digits; ++i, value /= 36)
        text += "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[value % 36];
    return text;
}

/// Up to `limit` characters of `text` that a DOS name may have.
std::string cleaned(std::string_view text, std::size_t limit, CodePage page) {
    std::string result;
    for (const char c : page.upper(page.from_utf8(text).value_or(std::string(text)))) {
        if (result.size() == limit) break;
        if (is_name_character(u8(c)) && c != ' ' && c != '~') result += c;
    }
    return result;
}

}  // namespace

std::optional<std::string> plain_name(std::string_view host_name, CodePage page) {
    if (host_name.size() > 36) return std::nullopt;  // twelve characters of at most three bytes
    const auto text = page.from_utf8(host_name);
    if (!text) return std::nullopt;
    const std::size_t dot = text->find('.');
    const std::string_view base = std::string_view(*text).substr(0, dot);
    const std::string_view extension = dot == std::string::npos ? "" : std::string_view(*text).substr(dot + 1);
    const auto fits = [](std::string_view part, std::size_t limit) {
        return part.size() <= limit && (part.empty() || (part.front() != ' ' && part.back() != ' ')) &&
               std::ranges::all_of(part, [](char c) { return is_name_character(u8(c)); });
    };
    const bool ends_in_dot = dot != std::string::npos && extension.empty();
    if (base.empty() || ends_in_dot || !fits(base, 8) || !fits(extension, 3)) return std::nullopt;
    if (device_named(*text) != Device::None) return std::nullopt;  // a DOS program would get the device
    return page.upper(*text);
}

std::string hashed_name(std::string_view host_name, u32 attempt, CodePage page) {
    while (!host_name.empty() && host_name.front() == '.' && host_name.size() > 1) host_name.remove_prefix(1);
    const std::size_t dot = host_name.rfind('.');
    std::string result =
        cleaned(host_name.substr(0, dot), 8 - 1 - hash_digits, page) + '~' + digits(hash(host_name, attempt));
    if (dot == std::string_view::npos) return result;
    const std::string extension = cleaned(host_name.substr(dot + 1), 3, page);
    return extension.empty() ? result : result + '.' + extension;
}

bool may_be_hashed(std::string_view dos_name) {
    const std::size_t dot = dos_name.find('.');
    const std::size_t length = dot == std::string_view::npos ? dos_name.size() : dot;
    return length > hash_digits && dos_name[length - hash_digits - 1] == '~';
}

std::vector<NamePair> assign_names(std::vector<std::string> host_names, CodePage page) {
    std::ranges::sort(host_names);
    std::vector<NamePair> pairs(host_names.size());
    std::unordered_set<std::string> taken;
    taken.reserve(host_names.size());
    std::vector<std::optional<std::string>> plain(host_names.size());
    for (std::size_t i = 0; i < host_names.size(); ++i) {
        plain[i] = plain_name(host_names[i], page);
        const auto text = plain[i] ? page.from_utf8(host_names[i]) : std::nullopt;
        if (text && page.lower(*text) == *text && taken.insert(*plain[i]).second) pairs[i].dos = *plain[i];
    }
    for (std::size_t i = 0; i < host_names.size(); ++i)
        if (pairs[i].dos.empty() && plain[i] && taken.insert(*plain[i]).second) pairs[i].dos = *plain[i];
    for (std::size_t i = 0; i < host_names.size(); ++i) {
        for (u32 attempt = 0; pairs[i].dos.empty(); ++attempt) {
            std::string name = hashed_name(host_names[i], attempt, page);
            if (taken.insert(name).second) pairs[i].dos = std::move(name);
        }
        pairs[i].host = std::move(host_names[i]);
    }
    return pairs;
}

}  // namespace dyn86::dos
