// Where settings come from, and what dyn86 says of itself.
#include "src/config/option.h"

#include <array>

namespace dyn86::config {
namespace {

template <Options::Show what>
Result<> show(Options& options, const Given&) {
    options.show = what;
    return {};
}

constexpr Option information(std::string_view name, std::string_view text, Result<> (*take)(Options&, const Given&),
                             char letter = 0) {
    return {.name = name, .text = text, .where = Where::CommandLine, .letter = letter, .take = take};
}

constexpr std::array table = {
    Option{
        .name = "conf",
        .value = "FILE",
        .text = "read settings from FILE too, above all other files and the environment",
        .help = Help::Rare,
        .where = Where::CommandLine,
        .repeats = Repeats::Yes,
        .take = [](Options& options, const Given& given) { return given.put_text(options.conf_files.emplace_back()); }},
    Option{.name = "set",
           .value = "KEY=VALUE",
           .text = "a setting as a file would have it, as in speed=max",
           .help = Help::Rare,
           .where = Where::CommandLine,
           .repeats = Repeats::Yes},  // the command line turns it into the option KEY
    Option{.name = "no-conf",
           .text = "read no settings from files, except --conf's",
           .help = Help::Rare,
           .where = Where::CommandLine,
           .take =
               [](Options& options, const Given&) {
                   options.reads_files = false;
                   return Result<>();
               }},
    Option{.name = "print-config",
           .text = "show all settings, and where each comes from",
           .help = Help::Rare,
           .where = Where::CommandLine,
           .take = show<Options::Show::Config>},
    information("help", "show the everyday options", show<Options::Show::Help>, 'h'),
    information("help-all", "show all options", show<Options::Show::AllHelp>),
    information("version", "show the version", show<Options::Show::Version>),
};

}  // namespace

std::span<const Option> config_options() {
    return table;
}

}  // namespace dyn86::config
