#include "src/dos/names.h"

#include <algorithm>

namespace dyn86::dos {
namespace {

struct DeviceName {
    std::string_view name;
    Device device;
};
constexpr std::array<DeviceName, 12> device_names = {{{"CON", Device::Con},
                                                      {"NUL", Device::Nul},
                                                      {"PRN", Device::Prn},
                                                      {"AUX", Device::Aux},
                                                      {"CLOCK$", Device::Clock},
                                                      {"LPT1", Device::Prn},
                                                      {"LPT2", Device::Prn},
                                                      {"LPT3", Device::Prn},
                                                      {"COM1", Device::Aux},
                                                      {"COM2", Device::Aux},
                                                      {"COM3", Device::Aux},
                                                      {"COM4", Device::Aux}}};

constexpr bool is_separator(char c) {
    return c == '\\' || c == '/';
}
constexpr bool is_wildcard(char c) {
    return c == '*' || c == '?';
}

/// The base or extension of a component: at most `limit` characters; nullopt when one is not allowed.
std::optional<std::string> cut(std::string_view text, std::size_t limit, CodePage page) {
    std::string result;
    for (const char c : text) {
        if (!is_wildcard(c) && !is_name_character(u8(c))) return std::nullopt;
        if (result.size() < limit) result += char(page.upper(u8(c)));
    }
    while (!result.empty() && result.back() == ' ') result.pop_back();
    return result;
}

void fill_field(std::string_view text, char* field, std::size_t length) {
    for (std::size_t i = 0; i < length; ++i) {
        if (i < text.size() && text[i] == '*') {
            std::fill(field + i, field + length, '?');
            return;
        }
        field[i] = i < text.size() ? text[i] : ' ';
    }
}

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto end = std::ranges::find_if(text, is_separator);
        const auto length = std::size_t(end - text.begin());
        if (length > 0) parts.push_back(text.substr(0, length));
        text.remove_prefix(std::min(text.size(), length + 1));
    }
    return parts;
}

/// What of a component may be a device's name.
std::string device_base(std::string_view component) {
    std::string base = ascii_upper(std::string(component.substr(0, component.find('.'))));
    if (base.size() > 8) base.resize(8);
    while (!base.empty() && (base.back() == ' ' || base.back() == ':')) base.pop_back();
    return base;
}

/// Appends one component of a program's path to an absolute one.
DosResult<> append(DosPath& path, std::string_view part, CodePage page) {
    if (part == ".") return {};
    if (part == "..") {
        if (path.parts.empty()) return refuse(DosError::PathNotFound);
        path.parts.pop_back();
        return {};
    }
    auto component = dos_component(part, page);
    if (!component) return refuse(DosError::PathNotFound);
    path.parts.push_back(std::move(*component));
    return {};
}

}  // namespace

Device device_named(std::string_view component) {
    const std::string base = device_base(component);
    for (const DeviceName& entry : device_names)
        if (entry.name == base) return entry.device;
    return Device::None;
}

bool is_name_character(u8 c) {
    if (c < 0x20 || c == 0x7F) return false;
    return std::string_view("\"*+,./:;<=>?[\\]|").find(char(c)) == std::string_view::npos;
}

std::optional<std::string> dos_component(std::string_view text, CodePage page) {
    const std::size_t dot = text.find('.');
    const auto base = cut(text.substr(0, dot), 8, page);
    if (!base || base->empty() || base->front() == ' ') return std::nullopt;
    if (dot == std::string_view::npos) return base;
    const auto extension = cut(text.substr(dot + 1), 3, page);
    if (!extension) return std::nullopt;
    return extension->empty() ? *base : *base + '.' + *extension;
}

FcbName to_fcb_name(std::string_view component) {
    FcbName name{};
    const std::size_t dot = component.find('.');
    fill_field(component.substr(0, dot), name.data(), 8);
    fill_field(dot == std::string_view::npos ? std::string_view{} : component.substr(dot + 1), name.data() + 8, 3);
    return name;
}

std::string from_fcb_name(const FcbName& name) {
    const auto trimmed = [](std::string_view field) {
        const std::size_t last = field.find_last_not_of(' ');
        return last == std::string_view::npos ? std::string_view{} : field.substr(0, last + 1);
    };
    std::string text(trimmed({name.data(), 8}));
    const std::string_view extension = trimmed({name.data() + 8, 3});
    if (!extension.empty()) text.append(".").append(extension);
    return text;
}

bool matches(const FcbName& pattern, const FcbName& name) {
    for (std::size_t i = 0; i < pattern.size(); ++i)
        if (pattern[i] != '?' && pattern[i] != name[i]) return false;
    return true;
}

bool has_wildcards(std::string_view component) {
    return std::ranges::any_of(component, is_wildcard);
}

std::string DosPath::text() const {
    std::string result{char('A' + drive), ':', '\\'};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) result += '\\';
        result += parts[i];
    }
    return result;
}

DosResult<DosPath> parse_path(std::string_view text, const PathContext& context, Wildcards wildcards) {
    DosPath path{.drive = context.current_drive(), .parts = {}};
    if (text.size() >= 2 && text[1] == ':') {
        const u8 letter = ascii_upper(u8(text[0]));
        if (letter < 'A' || letter > 'Z') return refuse(DosError::PathNotFound);
        path.drive = u8(letter - 'A');
        text.remove_prefix(2);
    }
    if (!context.has_drive(path.drive)) return refuse(DosError::PathNotFound);
    auto parts = split(text);
    if (!parts.empty()) {
        const bool has_driver = context.has_driver(device_base(parts.back()));
        path.device = has_driver ? Device::Driver : device_named(parts.back());
    }
    if (path.device != Device::None) {
        path.name = device_base(parts.back());
        parts.pop_back();
    }
    if (text.empty() || !is_separator(text.front())) path.parts = context.current_folder(path.drive);
    for (const std::string_view part : parts)
        if (auto done = append(path, part, context.code_page()); !done) return std::unexpected(done.error());
    for (std::size_t i = 0; i < path.parts.size(); ++i) {
        if (!has_wildcards(path.parts[i])) continue;
        const bool last = i + 1 == path.parts.size();
        if (!last || wildcards == Wildcards::Forbidden)
            return refuse(last ? DosError::FileNotFound : DosError::PathNotFound);
    }
    return path;
}

}  // namespace dyn86::dos
