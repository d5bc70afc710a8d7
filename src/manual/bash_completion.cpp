#include "src/manual/completions.h"
#include "src/manual/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dyn86::manual {
namespace {

using Kind = ValueWords::Kind;

/// `shown`: what _dyn86 fills COMPREPLY from. Bash splits words at "=", which is a word of its own then.
constexpr const char* form = R"(# Completion for dyn86 in bash, made by dyn86-manual.

_dyn86_files() {{
    mapfile -t COMPREPLY < <(compgen -f -- "$1")
}}

_dyn86_words() {{
    mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1")
}}

# What stands behind an option; status 1: nothing does.
_dyn86_value() {{
    case $1 in
{values}        *) return 1 ;;
    esac
}}

# Has the command line reached PROGRAM before the word that is being completed?
_dyn86_at_program() {{
    local i word
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${{COMP_WORDS[i]}}
        if [[ $word == -- ]]; then return 0; fi
        if [[ $word != -* ]]; then return 0; fi
        if [[ ${{COMP_WORDS[i + 1]}} == = ]]; then
            ((i += 2))
        elif [[ " {takers} " == *" $word "* ]]; then
            ((i++))
        fi
    done
    return 1
}}

_dyn86() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
    COMPREPLY=()
    if [[ $current == = ]]; then
        current=
    elif [[ $previous == = ]]; then
        previous=${{COMP_WORDS[COMP_CWORD - 2]}}
    fi
    if ((COMP_CWORD > 1)); then
        case ${{COMP_WORDS[1]}} in
{subcommands}        esac
    fi
    if _dyn86_at_program; then
        _dyn86_files "$current"
    elif _dyn86_value "$previous" "$current"; then
        return
    elif [[ $current == -* ]]; then
        _dyn86_words "$current" "{options}"
    else
        _dyn86_files "$current"
        if ((COMP_CWORD == 1)); then
            mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -W "{names}" -- "$current")
        fi
    fi
}}

complete -o filenames -F _dyn86 dyn86
)";

std::string value_case(const config::Option& option) {
    const ValueWords words = value_words(option);
    std::string action = ":";
    if (words.kind == Kind::Choices) action = fmt::format("_dyn86_words \"$2\" \"{}\"", fmt::join(words.choices, " "));
    if (words.kind == Kind::Files) action = "_dyn86_files \"$2\"";
    return fmt::format("        {}) {} ;;\n", option.flag(), action);
}

std::string subcommand_case(const commands::Subcommand& command) {
    return fmt::format(R"(            {})
                if [[ $current == -* ]]; then _dyn86_words "$current" "{}"; else _dyn86_files "$current"; fi
                return
                ;;
)",
                       command.name, fmt::join(option_words(command), " "));
}

}  // namespace

std::string bash_completion() {
    std::string values, takers, options, subcommands, names;
    for (const auto& table : config::option_tables()) {
        for (const config::Option& option : table) {
            options += option.flag() + ' ';
            if (option.letter != 0 && option.name.size() > 1) options += fmt::format("-{} ", option.letter);
            // An optional value stands behind "=" alone: the next word is none.
            if (option.is_switch() || option.value_is_optional) continue;
            values += value_case(option);
            takers += fmt::format("{}{}", takers.empty() ? "" : " ", option.flag());
        }
    }
    for (const auto& command : commands::all()) {
        subcommands += subcommand_case(command);
        names += fmt::format("{} ", command.name);
    }
    return fmt::format(form, fmt::arg("values", values), fmt::arg("takers", takers), fmt::arg("options", options),
                       fmt::arg("subcommands", subcommands), fmt::arg("names", names));
}

}  // namespace dyn86::manual
