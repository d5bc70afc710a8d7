#include "src/dos/shell/parser.h"

#include "src/dos/code_page.h"

#include <algorithm>

namespace dyn86::dos::shell {
namespace {

using std::string;
using std::string_view;

constexpr string_view separators = " \t,;=";
constexpr string_view blanks = " \t";

/// Where one of `wanted` stands outside quotation marks.
std::size_t find_unquoted(string_view text, string_view wanted, std::size_t from = 0) {
    bool is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') is_quoted = !is_quoted;
        if (i >= from && !is_quoted && wanted.contains(text[i])) return i;
    }
    return string_view::npos;
}

/// Takes a file name off the front, behind separators.
string take_name(string_view& text) {
    text = skip_separators(text);
    const auto end = std::min(text.find_first_of(" \t,;=<>|"), text.size());
    string name(text.substr(0, end));
    text.remove_prefix(end);
    return name;
}

/// %NAME% at the front of `text`: its name.
std::optional<string_view> variable_at(string_view text) {
    const auto end = text.find('%', 1);
    if (end == string_view::npos || end == 1) return std::nullopt;
    return text.substr(1, end - 1);
}

}  // namespace

bool is_separator(char c) {
    return separators.contains(c);
}

string_view skip_separators(string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    return text;
}

string_view trim(string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

bool equals_ignoring_case(string_view a, string_view b) {
    return ascii_upper(string(a)) == ascii_upper(string(b));
}

Stages split_pipe(string_view line) {
    const auto bar = find_unquoted(line, "|");
    if (bar == string_view::npos) return {string(line), std::nullopt};
    return {string(line.substr(0, bar)), string(line.substr(bar + 1))};
}

Redirected take_redirections(string_view text) {
    Redirected result;
    for (;;) {
        const auto at = find_unquoted(text, "<>");
        result.command += text.substr(0, at);
        if (at == string_view::npos) return result;
        const bool is_input = text[at] == '<';
        text.remove_prefix(at + 1);
        const bool appends = !is_input && text.starts_with('>');
        if (appends) text.remove_prefix(1);
        const string name = take_name(text);
        if (name.empty()) result.is_bad = true;
        (is_input ? result.in : result.out) = name;
        if (!is_input) result.appends = appends;
    }
}

CommandWord split_command(string_view text) {
    const auto end = std::min(text.find_first_of(" \t,;=/"), text.size());
    return {string(text.substr(0, end)), string(text.substr(end))};
}

std::optional<CommandWord> split_internal(string_view text, const std::function<bool(string_view)>& is_internal) {
    const auto end = std::min(text.find_first_of(" \t,;=/.\\:\"+[]"), text.size());
    const string name = ascii_upper(string(text.substr(0, end)));
    if (!is_internal(name)) return std::nullopt;
    const string_view tail = text.substr(end);
    // DIR.EXE is a program; CD.. and CD.\X are not, and ECHO. takes all.
    const bool dotted = tail.starts_with('.') && name != "ECHO" && tail.size() > 1 && tail[1] != '.' &&
                        tail[1] != '\\' && !is_separator(tail[1]);
    if (dotted || tail.starts_with(':')) return std::nullopt;
    return CommandWord{name, string(tail)};
}

FirstWord first_word(string_view text) {
    text = skip_separators(text);
    const auto end = std::min(text.find_first_of(separators), text.size());
    return {string(text.substr(0, end)), text.substr(end)};
}

// --- arguments

Arguments Arguments::parse(string_view tail) {
    Arguments result;
    for (;;) {
        tail = skip_separators(tail);
        if (tail.empty()) return result;
        const bool is_switch = tail.front() == '/';
        if (is_switch) tail.remove_prefix(1);
        const auto end = std::min(tail.find_first_of(" \t,;=/"), tail.size());
        const string word(tail.substr(0, end));
        is_switch ? result.switches.push_back(ascii_upper(word)) : result.words.push_back(word);
        tail.remove_prefix(end);
    }
}

bool Arguments::has(string_view name) const {
    return std::ranges::find(switches, name) != switches.end();
}

std::optional<string> Arguments::unknown(string_view letters) const {
    for (const string& one : switches)
        if (one.empty() || !letters.contains(one.front())) return '/' + one;
    return std::nullopt;
}

// --- batch files

string expand_batch_line(string_view line, const std::vector<string>& arguments, const VariableLookup& variable) {
    string result;
    while (!line.empty()) {
        const auto percent = std::min(line.find('%'), line.size());
        result += line.substr(0, percent);
        line.remove_prefix(percent);
        if (line.empty()) break;
        const char next = line.size() > 1 ? line[1] : '\0';
        if (next >= '0' && next <= '9') {
            const auto index = std::size_t(next - '0');
            if (index < arguments.size()) result += arguments[index];
            line.remove_prefix(2);
        } else if (next == '%') {
            result += '%';
            line.remove_prefix(2);
        } else if (const auto name = variable_at(line)) {
            result += variable(*name).value_or("");
            line.remove_prefix(name->size() + 2);
        } else {
            line.remove_prefix(1);  // a lone percent sign disappears
        }
    }
    return result;
}

string expand_variables(string_view line, const VariableLookup& variable) {
    string result;
    while (!line.empty()) {
        const auto name = line.front() == '%' ? variable_at(line) : std::nullopt;
        const auto value = name ? variable(*name) : std::nullopt;
        if (value) {
            result += *value;
            line.remove_prefix(name->size() + 2);
        } else {
            result += line.front();
            line.remove_prefix(1);
        }
    }
    return result;
}

std::vector<string> batch_arguments(string_view name, string_view tail) {
    std::vector<string> arguments = {string(name)};
    for (FirstWord next = first_word(tail); !next.word.empty(); next = first_word(next.rest))
        arguments.push_back(next.word);
    return arguments;
}

// --- FOR

std::optional<ForLoop> parse_for(string_view tail) {
    ForLoop loop;
    tail = trim(tail);
    if (tail.size() < 2 || tail[0] != '%' || is_separator(tail[1])) return std::nullopt;
    loop.variable = tail[1];
    const auto open = tail.find('('), close = tail.find(')', open);
    if (open == string_view::npos || close == string_view::npos) return std::nullopt;
    if (!equals_ignoring_case(trim(tail.substr(2, open - 2)), "IN")) return std::nullopt;
    const string_view set = tail.substr(open + 1, close - open - 1);
    for (FirstWord item = first_word(set); !item.word.empty(); item = first_word(item.rest))
        loop.set.push_back(item.word);
    const FirstWord word = first_word(tail.substr(close + 1));
    loop.command = trim(word.rest);
    if (!equals_ignoring_case(word.word, "DO") || loop.command.empty()) return std::nullopt;
    return loop;
}

string substitute(string_view command, char variable, string_view value) {
    string result;
    for (std::size_t i = 0; i < command.size(); ++i) {
        const bool is_variable = command[i] == '%' && i + 1 < command.size() && command[i + 1] == variable;
        if (!is_variable) {
            result += command[i];
            continue;
        }
        result += value;
        ++i;
    }
    return result;
}

}  // namespace dyn86::dos::shell
