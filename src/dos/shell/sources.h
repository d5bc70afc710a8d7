// Where the shell's lines come from when nobody types them: batch files, one inside the other, lists of commands, and
// FOR. Each lies in a guest memory block of the shell's.
#pragma once

#include "src/dos/shell/calls.h"
#include "src/dos/shell/parser.h"

#include <optional>
#include <string>
#include <vector>

namespace dyn86::dos::shell {

class Sources {
public:
    Sources(State& state, Calls& dos) : state_(state), dos_(dos) {}

    /// Is there anything but the prompt?
    [[nodiscard]] bool has_lines() const { return state_.word(layout::batch) != 0; }
    /// Is the innermost source a batch file, or is one around it?
    [[nodiscard]] bool in_batch_file() const;

    /// A batch file; `arguments` begin with %0. It replaces the one that called it unless `returns`. False: no memory.
    enum class Returns : bool { No, Yes };
    Task<bool> enter_file(std::string path, std::vector<std::string> arguments, Returns returns);
    /// The commands of -c, one a line.
    Task<bool> enter_commands(std::vector<std::string> commands);
    /// The next line of the innermost source, % replaced; sources that have ended are left. nullopt: nothing is left.
    struct Line {
        std::string text;
        bool is_shown = false;  // by ECHO ON
    };
    Task<std::optional<Line>> next_line();
    /// Leaves all batch files, and the commands of -c.
    Task<> leave_all();

    // --- of the innermost batch file
    Task<bool> go_to(std::string label);
    void shift();

    // --- FOR, one at a time in each source
    [[nodiscard]] bool is_looping() const { return state_.word(layout::loop) != 0; }
    Task<bool> enter_loop(ForLoop loop);
    Task<> leave_loop();

private:
    enum class Kind : u8 { File, Commands };

    [[nodiscard]] u16 top() const { return state_.word(layout::batch); }
    [[nodiscard]] SegOff field(u16 offset) const { return {top(), offset}; }
    [[nodiscard]] Kind kind_of(u16 block) const;
    [[nodiscard]] std::vector<std::string> arguments() const;
    Task<bool> enter(Kind kind, std::size_t bytes);
    Task<> leave();
    Task<std::optional<std::string>> next_of_file();
    std::optional<std::string> next_command();
    std::optional<std::string> next_of_loop();
    Task<std::optional<std::string>> read_line(u16 handle);

    State& state_;
    Calls& dos_;
};

}  // namespace dyn86::dos::shell
