// What the DOS shell and its programs find: commands, folder, environment.
#include "src/config/option.h"

#include <array>

namespace dyn86::config {
namespace {

Result<> take_variable(Options& options, const Given& given) {
    const auto equals = given.value.find('=');
    if (equals == 0 || equals == std::string::npos) return given.refuse("it is NAME=VALUE");
    options.environment.push_back(given.value);
    return {};
}

constexpr std::array table = {
    Option{
        .name = "c",
        .value = "COMMAND",
        .text = "run a command of the DOS shell; may be repeated",
        .where = Where::CommandLine,
        .repeats = Repeats::Yes,
        .letter = 'c',
        .take = [](Options& options, const Given& given) { return given.put_text(options.commands.emplace_back()); }},
    Option{.name = "here",
           .text = "the working directory is C:, PROGRAM's folder P:, read-only and on PATH",
           .preset = "false",
           .where = Where::NotBesideProgram,
           .take =
               [](Options& options, const Given& given) {
                   options.here = given.on();
                   return Result<>();
               }},
    Option{.name = "env",
           .value = "NAME=VALUE",
           .text = "a variable of the DOS environment; an empty value removes it",
           .repeats = Repeats::ByName,
           .take = take_variable},
};

}  // namespace

std::span<const Option> shell_options() {
    return table;
}

}  // namespace dyn86::config
