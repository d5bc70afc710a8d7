#include "src/commands/commands.h"

#include <array>
#include <utility>

namespace dyn86::commands {

Command find(std::string_view word) {
    static constexpr std::array<std::pair<std::string_view, Command>, 8> commands = {{{"disasm", disasm},
                                                                                      {"ls", ls},
                                                                                      {"oracle", oracle},
                                                                                      {"send", send},
                                                                                      {"snap", snap},
                                                                                      {"stop", stop},
                                                                                      {"test-cpu", test_cpu},
                                                                                      {"watch", watch}}};
    for (const auto& [name, command] : commands)
        if (name == word) return command;
    return nullptr;
}

}  // namespace dyn86::commands
