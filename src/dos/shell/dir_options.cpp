#include "src/dos/shell/dir_options.h"

#include "src/dos/code_page.h"
#include "src/dos/shell/paths.h"

#include <fmt/format.h>

#include <algorithm>

namespace dyn86::dos::shell {
namespace {

u8 attribute_of(char letter) {
    switch (letter) {
        case 'D': return attribute::folder;
        case 'R': return attribute::read_only;
        case 'H': return attribute::hidden;
        case 'A': return attribute::archive;
        case 'S': return attribute::system;
        default: return 0;
    }
}

/// /A:..., /A alone: all entries. False: a letter that is none.
bool take_attributes(DirOptions& options, std::string_view letters) {
    options.required = options.excluded = 0;
    bool is_excluded = false;
    for (const char letter : letters) {
        if (letter == '-') {
            is_excluded = true;
            continue;
        }
        const u8 bit = attribute_of(letter);
        if (bit == 0) return false;
        (is_excluded ? options.excluded : options.required) |= bit;
        is_excluded = false;
    }
    return true;
}

bool take_order(DirOptions& options, std::string_view letters) {
    options.order = letters.empty() ? "GN" : letters;
    return letters.find_first_not_of("NEDSGC-") == std::string_view::npos;
}

/// One switch, without its '/', in upper case.
bool take_switch(DirOptions& options, std::string_view text) {
    const bool is_off = text.starts_with('-');
    if (is_off) text.remove_prefix(1);
    if (text.empty()) return false;
    const char letter = text.front();
    text.remove_prefix(1);
    if (text.starts_with(':')) text.remove_prefix(1);
    if (letter == 'A' && !is_off) return take_attributes(options, text);
    if (letter == 'O' && !is_off) return take_order(options, text);
    if (!text.empty()) return false;
    switch (letter) {
        case 'A':
            options.required = 0;
            options.excluded = attribute::hidden | attribute::system;
            return true;
        case 'O': options.order.clear(); return true;
        case 'P': options.pauses = !is_off; return true;
        case 'W': options.wide = !is_off; return true;
        case 'S': options.recurses = !is_off; return true;
        case 'B': options.bare = !is_off; return true;
        case 'L': options.lower_case = !is_off; return true;
        default: return false;
    }
}

void take(DirOptions& options, std::string_view text) {
    const Arguments arguments = Arguments::parse(text);
    for (const std::string& one : arguments.switches)
        if (!take_switch(options, one)) options.wrong = "Invalid switch - /" + one + "\r\n";
    if (arguments.words.size() > 1) options.wrong = "Too many parameters - " + arguments.words[1] + "\r\n";
    if (!arguments.words.empty()) options.pattern = arguments.words.front();
}

/// Negative, zero or positive, by one letter of /O.
int compare(const Entry& a, const Entry& b, char letter) {
    const auto order = [](const auto& left, const auto& right) { return left < right ? -1 : (right < left ? 1 : 0); };
    switch (letter) {
        case 'N': return order(a.name.substr(0, a.name.find('.')), b.name.substr(0, b.name.find('.')));
        case 'E': return order(extension_of(a.name), extension_of(b.name));
        case 'D': return order(u32{a.date} << 16 | a.time, u32{b.date} << 16 | b.time);
        case 'S': return order(a.size, b.size);
        case 'G': return order(!a.is_folder(), !b.is_folder());
        default: return 0;
    }
}

struct NameParts {
    std::string base, extension;
};
NameParts parts_of(const std::string& name) {
    if (name.starts_with('.')) return {name, ""};
    const auto dot = std::min(name.find('.'), name.size());
    return {name.substr(0, dot), dot < name.size() ? name.substr(dot + 1) : ""};
}

}  // namespace

bool DirOptions::shows(const Entry& entry) const {
    return (entry.attribute & required) == required && (entry.attribute & excluded) == 0;
}

DirOptions parse_dir(std::string_view dircmd, std::string_view tail) {
    DirOptions options;
    take(options, dircmd);
    options.wrong.clear();
    take(options, tail);
    return options;
}

void sort_entries(std::vector<Entry>& entries, std::string_view order) {
    std::ranges::stable_sort(entries, [&](const Entry& a, const Entry& b) {
        bool is_reversed = false;
        for (const char letter : order) {
            if (letter == '-') {
                is_reversed = true;
                continue;
            }
            const int result = is_reversed ? compare(b, a, letter) : compare(a, b, letter);
            if (result != 0) return result < 0;
            is_reversed = false;
        }
        return false;
    });
}

std::string dir_line(const Entry& entry) {
    const auto [base, extension] = parts_of(entry.name);
    const std::string size = entry.is_folder() ? " <DIR>    " : fmt::format("{:10}", entry.size);
    std::string line = fmt::format("{:8} {:3}{}", base, extension, size);
    if (entry.date == 0) return line;
    const unsigned year = (1980 + (entry.date >> 9)) % 100, month = entry.date >> 5 & 15, day = entry.date & 31;
    const unsigned hour = entry.time >> 11, minute = entry.time >> 5 & 63;
    return line + fmt::format(" {:02}-{:02}-{:02}  {:2}:{:02}{}", month, day, year, hour % 12 == 0 ? 12 : hour % 12,
                              minute, hour < 12 ? 'a' : 'p');
}

std::string wide_cell(const Entry& entry) {
    return fmt::format("{:16}", entry.is_folder() ? '[' + entry.name + ']' : entry.name);
}

}  // namespace dyn86::dos::shell
