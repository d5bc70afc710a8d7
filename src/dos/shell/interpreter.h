// Fetches lines and executes them: pipelines, redirections, IF and FOR, batch files, internal commands, programs.
#pragma once

#include "src/dos/shell/commands.h"
#include "src/dos/shell/sources.h"

#include <optional>
#include <string>
#include <vector>

namespace dyn86::dos::shell {

/// What a command that cannot be started leaves for IF ERRORLEVEL and for the run's status. MS-DOS leaves the one
/// before, and a script that misses its program seems to succeed.
inline constexpr u16 not_started = 1;

/// What the first shell of a run is to do, and which version VER shows.
struct Start {
    std::vector<std::string> commands;  // one after the other, then the shell ends; empty: the prompt
    u8 version_major = 5, version_minor = 0;
};

/// Each public task begins with what guest memory says and ends with a call that is the guest's alone: EXEC, or the
/// shell's end. While a program runs there is no task.
class Interpreter {
public:
    Interpreter(Guest& guest, u16 segment, const Start& start);

    [[nodiscard]] Channel& channel() { return channel_; }
    [[nodiscard]] State& state() { return state_; }

    /// The command tail, an environment of its own; `commands` instead of a prompt.
    Task<Request> begin(std::vector<std::string> commands);
    Task<Request> run();
    /// EXEC has come back with these registers.
    Task<Request> after_child(CallRegisters exec);
    Task<Request> after_break();

private:
    using Next = std::optional<Request>;  // a program to execute, or nothing

    [[nodiscard]] Request exit_request() const;

    // --- starting
    Task<> make_environment(std::size_t room);
    Task<> obey_tail();
    Task<> take_commands(std::vector<std::string> commands);

    // --- lines
    Task<std::optional<std::string>> next_line();
    Task<std::optional<std::string>> typed_line();
    Task<std::optional<std::string>> buffered_line();
    Task<std::optional<std::string>> redirected_line();
    Task<> ask_to_terminate();

    // --- executing
    Task<Next> execute(std::string line);
    Task<Next> run_stage(std::string text);
    Task<Next> run_command(std::string text);
    Task<> finish_stage();
    /// No stage of the pipeline under way is executed any more.
    Task<> end_pipeline();
    Task<bool> redirect(Redirected what);
    Task<bool> take_over(u16 standard, DosResult<u16> handle);
    Task<> undo_redirections();
    Task<std::string> make_pipe_name();

    // --- commands that steer the shell
    struct Condition {
        bool holds = false;
        std::string rest;
    };
    Task<std::optional<Condition>> test(std::string text);
    Task<bool> file_exists(std::string path);
    Task<> loop(std::string tail);
    Task<> go_to(std::string tail);
    Task<Next> call(std::string tail);
    /// nullopt: `text` is none of them.
    Task<std::optional<Next>> steer(std::string name, std::string tail);

    // --- programs
    Task<std::optional<std::string>> find_program(std::string name);
    Task<std::optional<std::string>> find_in(std::string folder, std::string name);
    Task<Next> run_program(CommandWord word, Sources::Returns returns);
    Task<Next> prepare_exec(std::string path, std::string tail);
    Task<> explain_failure(DosError error);

    Channel channel_;
    State state_;
    Calls dos_;
    Sources sources_;
    Context context_;
    bool exits_ = false;
};

}  // namespace dyn86::dos::shell
