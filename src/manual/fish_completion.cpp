#include "src/manual/completions.h"
#include "src/manual/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dyn86::manual {
namespace {

using Kind = ValueWords::Kind;
using std::string_view;

std::string quoted(string_view text) {
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') result += '\\';
        result += c;
    }
    return result + '\'';
}

std::string value(const config::Option& option) {
    const ValueWords words = value_words(option);
    switch (words.kind) {
        case Kind::Files: return " -r -F";
        case Kind::Choices: return fmt::format(" -x -a {}", quoted(fmt::format("{}", fmt::join(words.choices, " "))));
        case Kind::None: return " -x";
    }
    return {};
}

std::string line(const config::Option& option) {
    std::string text =
        "complete -c dyn86 -n '__fish_is_first_token; or not __fish_seen_subcommand_from $__dyn86_subcommands'";
    if (option.name.size() > 1) text += fmt::format(" -l {}", option.name);
    if (option.letter != 0) text += fmt::format(" -s {}", option.letter);
    if (option.name.size() == 1 && option.letter == 0) text += fmt::format(" -s {}", option.name);
    if (!option.is_switch() && !option.value_is_optional) text += value(option);
    return text + fmt::format(" -d {}\n", quoted(option.text));
}

std::string lines(const commands::Subcommand& command) {
    std::string text =
        fmt::format("complete -c dyn86 -n __fish_is_first_token -a {} -d {}\n", command.name, quoted(summary(command)));
    for (const std::string& word : option_words(command)) {
        const auto name = string_view(word).substr(word.starts_with("--") ? 2 : 1);
        text += fmt::format("complete -c dyn86 -n '__fish_seen_subcommand_from {}' {} {}\n", command.name,
                            word.starts_with("--") ? "-l" : "-s", name);
    }
    return text;
}

}  // namespace

std::string fish_completion() {
    std::string text = "# Completion for dyn86 in fish, made by dyn86-manual.\nset -g __dyn86_subcommands";
    for (const auto& command : commands::all()) text += fmt::format(" {}", command.name);
    text += '\n';
    for (const auto& table : config::option_tables())
        for (const config::Option& option : table) text += line(option);
    for (const auto& command : commands::all()) text += lines(command);
    return text;
}

}  // namespace dyn86::manual
