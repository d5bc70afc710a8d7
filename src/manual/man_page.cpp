#include "src/manual/man_page.h"

#include "src/commands/commands.h"
#include "src/config/option.h"

#include <fmt/format.h>

namespace dyn86::manual {
namespace {

using config::Option;
using std::string_view;

/// Text as roff shows it to the letter. [groff(7), "Escapes"; a control character counts at a line's beginning]
std::string escaped(string_view text) {
    std::string result;
    bool at_line = true;
    for (const char c : text) {
        if (at_line && (c == '.' || c == '\'')) result += "\\&";
        at_line = c == '\n';
        switch (c) {
            case '\\': result += "\\e"; break;
            case '-': result += "\\-"; break;
            case '^': result += "\\(ha"; break;
            case '~': result += "\\(ti"; break;
            default: result += c;
        }
    }
    return result;
}

std::string tag(const Option& option) {
    std::string text;
    if (option.letter != 0 && option.name.size() > 1) text += fmt::format("\\fB\\-{}\\fR, ", option.letter);
    text += fmt::format("\\fB{}\\fR", escaped(option.flag()));
    if (option.is_switch()) return text;
    const auto form = option.value_is_optional ? "[=\\fI{}\\fR]" : " \\fI{}\\fR";
    return text + fmt::format(fmt::runtime(form), escaped(option.value));
}

std::string paragraph(const Option& option) {
    std::string text = fmt::format(".TP\n{}\n{}.", tag(option), escaped(option.text));
    if (!option.preset.empty() && !option.is_switch()) text += fmt::format(" Default: {}.", escaped(option.preset));
    if (option.where == config::Where::CommandLine) text += " On the command line only.";
    if (option.where == config::Where::NotBesideProgram) text += " Not in dyn86.toml beside the program.";
    return text + '\n';
}

std::string options() {
    std::string text;
    for (const auto& table : config::option_tables())
        for (const Option& option : table) text += paragraph(option);
    return text;
}

std::string subcommands() {
    std::string text;
    for (const auto& command : commands::all())
        text += fmt::format(".SS dyn86 {}\n.nf\n{}\n.fi\n", escaped(command.name), escaped(command.help()));
    return text;
}

void replace(std::string& text, string_view place, const std::string& with) {
    for (auto at = text.find(place); at != std::string::npos; at = text.find(place, at + with.size()))
        text.replace(at, place.size(), with);
}

}  // namespace

std::string man_page(string_view form, string_view version) {
    std::string page(form);
    replace(page, "@VERSION@", escaped(version));
    replace(page, "@OPTIONS@\n", options());
    replace(page, "@SUBCOMMANDS@\n", subcommands());
    return page;
}

}  // namespace dyn86::manual
