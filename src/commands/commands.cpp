#include "src/commands/commands.h"

#include "src/config/share_commands.h"
#include "src/config/subcommands.h"

#include <algorithm>
#include <array>

namespace dyn86::commands {
namespace {

template <auto parse>
std::string help_of() {
    constexpr std::array<const char*, 1> question{"--help"};
    const auto parsed = parse(question);
    return parsed ? parsed->help : std::string{};
}

constexpr std::array table = {
    Subcommand{"disasm", disasm, help_of<config::parse_disasm>},
    Subcommand{"ls", ls, help_of<config::parse_ls>},
    Subcommand{"oracle", oracle, help_of<config::parse_oracle>},
    Subcommand{"send", send, help_of<config::parse_send>},
    Subcommand{"snap", snap, help_of<config::parse_snap>},
    Subcommand{"state", state, help_of<config::parse_state>},
    Subcommand{"stop", stop, help_of<config::parse_stop>},
    Subcommand{"test-cpu", test_cpu, help_of<config::parse_test_cpu>},
    Subcommand{"watch", watch, help_of<config::parse_watch>},
};

}  // namespace

std::span<const Subcommand> all() {
    return table;
}

Command find(std::string_view word) {
    const auto found = std::ranges::find(table, word, &Subcommand::name);
    return found == table.end() ? nullptr : found->run;
}

}  // namespace dyn86::commands
