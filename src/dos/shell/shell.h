// COMMAND.COM. The program is a few bytes that jump into the ROM (roms/shell.asm), whose loop asks the host which INT
// 21h call comes next and makes it. So a shell is a process like any other: it has a PSP, is started by EXEC, is
// interrupted by ^C, reads and writes its handles. What it has to remember lies in its memory block (state.h). The
// tasks that make a command's calls one after the other are the host's, and end before a program is started; should a
// machine be saved while one is under way, its command starts again.
#pragma once

#include "cpu/registers.h"
#include "src/dos/shell/interpreter.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::dos::shell {

/// All shells that run, one inside the other or beside it.
class Shells {
public:
    Shells(Guest& guest, Start start) : guest_(guest), start_(std::move(start)) {}

    /// What the first of them is to do.
    void set_commands(std::vector<std::string> commands) { start_.commands = std::move(commands); }
    [[nodiscard]] const std::vector<std::string>& commands() const { return start_.commands; }
    /// Has the first shell taken its commands? What is under way begins anew after restore().
    [[nodiscard]] bool has_begun() const;
    void restore(std::vector<std::string> commands, bool has_begun);
    /// COMMAND.COM as a file; `entry` is dos_shell in the ROM.
    [[nodiscard]] static std::string program(SegOff entry);

    // --- services; SS is the shell's segment
    void begin(const Registers& regs);
    /// Sets the registers of the next call. Carry set: INT 10h, not 21h.
    void step(Registers& regs);
    /// INT 23h while BX is the current process. Carry set: that is a shell, whose stack is set; else the process ends.
    void broken(Registers& regs);
    /// INT 2Eh: sets the registers of an EXEC of the interpreter with the command at DS:SI, its parameters on the
    /// stack.
    void prepare_command(Registers& regs, std::string_view interpreter);

private:
    struct Session {
        Session(Guest& guest, u16 segment, const Start& start) : interpreter(guest, segment, start) {}
        Interpreter interpreter;
        Task<Request> activity;
    };
    Session& session_at(u16 segment);
    Task<Request> next_activity(Session& session, const CallRegisters& answer);

    Guest& guest_;
    Start start_;
    bool has_begun_ = false;
    std::map<u16, std::unique_ptr<Session>> sessions_;  // by segment
};

}  // namespace dyn86::dos::shell
