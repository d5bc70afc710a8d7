// DOS as a whole: what the machine constructs, starts, and asks how it went.
#pragma once

#include "cpu/memory.h"
#include "src/base/archive.h"
#include "src/base/result.h"
#include "src/base/ticks.h"
#include "src/dos/host_state.h"
#include "src/dos/mouse.h"
#include "src/dos/setup.h"

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace dyn86::dos {

/// Every service is reached through guest interrupts into the ROM (roms/dos.asm). The only state that is not in guest
/// memory is the host's: open files, lists of searches under way, output on its way out.
class Dos {
public:
    /// `memory`, `clock` and `console` must outlive DOS. The drives of `setup` are opened here.
    static Result<std::unique_ptr<Dos>> create(Memory& memory, const Clock& clock, ConsoleOutput& console, Setup setup);
    ~Dos();
    Dos(const Dos&) = delete;
    Dos& operator=(const Dos&) = delete;

    /// Hands over the host services, numbers 80h and up: the machine's HostTrap::on.
    using Service = std::function<void(Registers&)>;
    void connect(const std::function<void(u8 number, Service)>& on);

    /// After the BIOS's POST, with our ROM in place: builds DOS in guest memory, loads "C:\PROG.EXE" (names as DOS or
    /// as the host spells them) with the command tail (without leading space and CR), and sets the CPU's registers so
    /// that it runs.
    /// A batch file is given to the shell.
    /// `drive` is current; 0: the program's.
    Result<> start(const std::string& guest_path, const std::string& tail, char drive = 0);
    /// The same for the shell itself: `drive` is current; it executes the commands and ends, or prompts if there are
    /// none.
    Result<> start_shell(char drive, std::vector<std::string> commands);

    /// Writes out what the program has written; an error if the host's stream does not take it, now or before. The
    /// machine calls it whenever it pauses and when the run has ended.
    Result<> flush();

    /// What the person does with the mouse.
    void move_mouse(const MousePosition& to);

    // --- save states: what guest memory does not hold
    [[nodiscard]] HostState host_state() const;
    /// Opens the files of a state, on the drives of now; `rom` is our ROM as the state has it. Nothing that runs is
    /// changed yet.
    [[nodiscard]] Result<ReopenedState> reopen(HostState state, std::span<const u8> rom);
    /// Takes it over; guest memory is then replaced too.
    void restore(ReopenedState reopened);
    [[nodiscard]] Mouse& mouse();

    /// Functions called that do not exist ("21/AH", "33/AX"), with counts.
    [[nodiscard]] std::map<std::string, u64> missing_calls() const;

private:
    struct Parts;
    Result<> build_in_memory();
    /// Starts a program, behind the drivers that are to be loaded first.
    Result<> start_process(const std::string& path, const std::string& tail);
    explicit Dos(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace dyn86::dos
