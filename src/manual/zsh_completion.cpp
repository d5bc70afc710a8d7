#include "src/manual/completions.h"
#include "src/manual/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dyn86::manual {
namespace {

using Kind = ValueWords::Kind;
using std::string_view;

constexpr const char* form = R"(#compdef dyn86
# Completion for dyn86 in zsh, made by dyn86-manual.

_dyn86() {{
    local -a subcommands options
    subcommands=(
{names}    )
    options=(
{options}    )
    if (( CURRENT > 2 )); then
        case $words[2] in
{subcommands}        esac
    fi
    if (( CURRENT == 2 )); then
        _alternative 'subcommands:subcommand:(({shown}))' 'programs:program:_files'
    fi
    _arguments -S $options '1:program: ' '*::argument:_files'
}}

_dyn86 "$@"
)";

/// In single quotes, with what _arguments takes for syntax behind backslashes.
std::string escaped(string_view text, string_view special) {
    std::string result;
    for (const char c : text) {
        if (special.find(c) != string_view::npos) result += '\\';
        if (c == '\'')
            result += "'\\''";
        else
            result += c;
    }
    return result;
}

std::string action(const config::Option& option) {
    const ValueWords words = value_words(option);
    if (words.kind == Kind::Files) return "_files";
    if (words.kind == Kind::None) return " ";
    std::string choices;
    for (const auto& choice : words.choices)
        choices += fmt::format("{}{}", choices.empty() ? "" : " ", escaped(choice, ":"));
    return fmt::format("({})", choices);
}

std::string spec(const config::Option& option, const std::string& flag) {
    const string_view repeat = option.repeats == config::Repeats::No ? "" : "*";
    const string_view separator = option.is_switch()         ? ""
                                  : option.value_is_optional ? "=-"
                                  : flag.starts_with("--")   ? "="
                                                             : "";
    std::string text = fmt::format("        '{}{}{}[{}]", repeat, flag, separator, escaped(option.text, R"(\[]:)"));
    if (!option.is_switch())
        text += fmt::format("{}:{}:{}", option.value_is_optional ? ":" : "", escaped(option.value, R"(\:)"),
                            action(option));
    return text + "'\n";
}

}  // namespace

std::string zsh_completion() {
    std::string options, names, shown, subcommands;
    for (const auto& table : config::option_tables()) {
        for (const config::Option& option : table) {
            options += spec(option, option.flag());
            if (option.letter != 0 && option.name.size() > 1)
                options += spec(option, fmt::format("-{}", option.letter));
        }
    }
    for (const auto& command : commands::all()) {
        names += fmt::format("        {}\n", command.name);
        shown += fmt::format("{}\\:\"{}\" ", command.name, escaped(summary(command), R"("\:)"));
        subcommands += fmt::format("            {}) _arguments {} '*:argument:_files'; return ;;\n", command.name,
                                   fmt::join(option_words(command), " "));
    }
    return fmt::format(form, fmt::arg("options", options), fmt::arg("names", names), fmt::arg("shown", shown),
                       fmt::arg("subcommands", subcommands));
}

}  // namespace dyn86::manual
