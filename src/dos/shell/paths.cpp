#include "src/dos/shell/paths.h"

#include <algorithm>
#include <cstddef>

namespace dyn86::dos::shell {
namespace {

using std::string;
using std::string_view;

/// One of name and extension: '?' takes the character of the same place, '*' the rest.
string fill_part(string_view pattern, string_view name) {
    string result;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '*') {
            if (i < name.size()) result += name.substr(i);
            break;
        }
        if (pattern[i] != '?') {
            result += pattern[i];
        } else if (i < name.size()) {
            result += name[i];
        }
    }
    return result;
}

}  // namespace

SplitPath split_path(string_view path) {
    const auto end = path.find_last_of("\\/:");
    const std::size_t length = end == string_view::npos ? 0 : end + 1;
    return {string(path.substr(0, length)), string(path.substr(length))};
}

bool has_wildcards(string_view name) {
    return name.find_first_of("*?") != string_view::npos;
}

string_view extension_of(string_view name) {
    const auto dot = name.rfind('.');
    const auto folder = name.find_last_of("\\/:");
    if (dot == string_view::npos || (folder != string_view::npos && dot < folder)) return {};
    return name.substr(dot);
}

string join(string_view folder, string_view name) {
    const bool needs_one =
        !folder.empty() && !folder.ends_with('\\') && !folder.ends_with('/') && !folder.ends_with(':');
    return string(folder) + (needs_one ? "\\" : "") + string(name);
}

string fill_wildcards(string_view pattern, string_view name) {
    const auto split = [](string_view text) {
        const auto dot = std::min(text.find('.'), text.size());
        return std::pair(text.substr(0, dot), dot < text.size() ? text.substr(dot + 1) : string_view{});
    };
    const auto [pattern_base, pattern_extension] = split(pattern);
    const auto [base, extension] = split(name);
    const string filled = fill_part(pattern_extension, extension);
    return fill_part(pattern_base, base) + (filled.empty() ? "" : '.' + filled);
}

}  // namespace dyn86::dos::shell
