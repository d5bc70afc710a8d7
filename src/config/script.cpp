#include "src/config/script.h"

#include "src/config/drives.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace dyn86::config {
namespace {

using std::string_view;

constexpr string_view blanks = " \t";

string_view trimmed(string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// Takes the next line off, whether it ends in LF or CR LF.
string_view take_line(string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// "" when the argument is one that the word may have.
std::string objection(string_view word, const std::string& argument) {
    constexpr std::array words = {string_view{"wait"}, string_view{"type"}, string_view{"press"},
                                  string_view{"snap"}, string_view{"swap"}, string_view{"until-text"}};
    if (word == "quit") return argument.empty() ? "" : "it has no argument";
    if (std::ranges::find(words, word) == words.end()) return "no such step";
    if (argument.empty()) return "it needs an argument";
    if (word != "swap") return "";
    const auto drive = parse_swap(argument);
    return drive ? "" : drive.error().message;
}

}  // namespace

Result<std::vector<Step>> parse_script(string_view text, const std::string& name) {
    constexpr string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    std::vector<Step> steps;
    for (unsigned number = 1; !text.empty(); ++number) {
        string_view line = take_line(text);
        line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
        if (line.empty() || line.front() == '#') continue;
        const auto gap = std::min(line.find_first_of(blanks), line.size());
        const std::string word(line.substr(0, gap)), where = fmt::format("{}:{}", name, number);
        const string_view rest = line.substr(std::min(gap + 1, line.size()));
        const std::string argument(word == "type" ? rest : trimmed(rest));
        if (const std::string wrong = objection(word, argument); !wrong.empty())
            return fail(fmt::format("{}: {}: {}", where, word, wrong), ErrorKind::Usage);
        steps.push_back({word == "until-text" ? "wait" : word, argument, where});
        if (word == "until-text") steps.push_back({"quit", "", where});
    }
    return steps;
}

Result<std::vector<Step>> read_script(const std::string& file) {
    std::error_code error;
    std::ifstream in(file, std::ios::binary);
    if (!in || std::filesystem::is_directory(file, error))
        return fail(fmt::format("--script {}: it cannot be read", file), ErrorKind::Usage);
    return parse_script(std::string{std::istreambuf_iterator<char>(in), {}}, file);
}

}  // namespace dyn86::config
