// Debuggers, save states.
#include "src/config/option.h"

#include <array>

namespace dyn86::config {
namespace {

constexpr std::array table = {
    Option{.name = "gdb",
           .value = "PORT|unix:PATH",
           .text = "let gdb connect: to a port of this host, or a socket",
           .help = Help::Rare,
           .where = Where::NotBesideProgram,
           .take = [](Options& options, const Given& given) { return given.put_text(options.gdb); }},
    Option{.name = "gdb-wait",
           .text = "do not begin before gdb says so",
           .preset = "false",
           .help = Help::Rare,
           .where = Where::NotBesideProgram,
           .take =
               [](Options& options, const Given& given) {
                   options.gdb_waits = given.on();
                   return Result<>();
               }},
    Option{.name = "save-state",
           .value = "FILE",
           .text = "write the machine's state when the run stops before its end",
           .help = Help::Rare,
           .where = Where::CommandLine,
           .take = [](Options& options, const Given& given) { return given.put_text(options.save_state); }},
    Option{.name = "load-state",
           .value = "FILE",
           .text = "go on from a state; all else as the run that saved it had it",
           .help = Help::Rare,
           .where = Where::CommandLine,
           .take = [](Options& options, const Given& given) { return given.put_text(options.load_state); }},
};

}  // namespace

std::span<const Option> debug_options() {
    return table;
}

}  // namespace dyn86::config
