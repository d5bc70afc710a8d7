// Processes: EXEC, termination, resident programs, and the root process from which the first program is started.
#pragma once

#include "src/dos/arena.h"
#include "src/dos/console.h"
#include "src/dos/drives.h"
#include "src/dos/environment.h"
#include "src/dos/loader.h"
#include "src/dos/psp.h"

namespace dyn86::dos {

/// Offsets in the ROM (segment F000h) that processes are sent to.
struct ProcessEntries {
    SegOff finish;     // ends a long call: dos_finish
    SegOff root_exit;  // where the first program returns to
};

/// How a process ended: the high byte of AH=4Dh.
enum class Ending : u8 { Normal = 0, Break = 1, CriticalError = 2, Resident = 3 };

class Process {
public:
    Process(Guest& guest, Drives& drives, FileTable& files, Arena& arena, u16 version)
        : guest_(guest), drives_(drives), files_(files), arena_(arena), version_(version) {}

    /// Builds the root process, whose parent is itself and whose environment the first program gets.
    DosResult<> create_root(const ProcessEntries& entries, std::vector<std::string> environment);
    /// Can this program be started, as far as its file says?
    [[nodiscard]] Result<> check(const std::string& path) const;
    void set_entries(const ProcessEntries& entries) { entries_ = entries; }
    /// Loads the first program and sets the CPU's registers for it.
    Result<> start(const std::string& path, const std::string& tail);
    void install(Functions& functions);

    [[nodiscard]] u16 current() const { return guest_.word(in_dos_segment(sda::psp)); }
    void set_current(u16 psp) { guest_.set_word(in_dos_segment(sda::psp), psp); }
    /// Ends the current process and goes on in its parent: sets the CPU's registers.
    void terminate(Ending ending, u8 code);
    /// INT 20h and AH=00h: the caller's CS names the process. When it is not the current one (debuggers run programs
    /// so, in a prefix made by AH=26h) its INT 22h is gone to and nothing is released.
    void terminate_named(u16 code_segment);
    /// Keeps the current process in memory, `paragraphs` of it, and ends it.
    void stay_resident(u16 paragraphs, u8 code);
    /// What the last process left for AH=4Dh.
    [[nodiscard]] Ending last_ending() const { return Ending(guest_.byte(in_dos_segment(sda::return_code + 1u))); }
    [[nodiscard]] u8 last_code() const { return guest_.byte(in_dos_segment(sda::return_code)); }

private:
    /// AH=4Bh's parameter block, as far as a new process needs it.
    struct Parameters {
        u16 environment = 0;  // segment; 0: the parent's
        SegOff tail, fcb1, fcb2;
    };
    struct Loaded {
        u16 psp = 0;
        Entry entry;
    };
    struct ProgramFile {
        std::unique_ptr<OpenFile> file;
        ProgramKind kind;
        DosPath path;
    };
    LoadResult<ProgramFile> open_program(std::string_view path) const;
    /// A process of its own for the program, current from now on; `back` is its INT 22h.
    LoadResult<Loaded> load(const ProgramFile& program, const std::vector<std::string>& environment, SegOff back,
                            std::size_t environment_room = 0);
    /// A block with the environment and the program's name, at least `room` bytes long.
    DosResult<u16> allocate_environment(const std::vector<std::string>& environment, const DosPath& program,
                                        std::size_t room = 0);
    DosResult<u16> allocate_program(const Footprint& footprint);
    void build_psp(u16 segment, u16 environment, const DosPath& program);
    void give_arguments(u16 psp, const Parameters& parameters);
    void parse_arguments(u16 psp, std::string_view tail);
    [[nodiscard]] u16 drive_validity(u16 psp) const;
    void set_registers(const Loaded& loaded);

    Action exec_step(Frame& frame);
    void set_execution_state(Caller& caller);
    LoadResult<Loaded> load_child(const Caller& caller);
    LoadResult<> load_overlay(const Caller& caller);
    void describe_child(const Caller& caller, const Loaded& loaded);
    void close_handles(u16 psp);
    void return_to(u16 parent, SegOff back);
    void go_to(SegOff address);
    void create_child_psp(const Caller& caller);
    [[nodiscard]] bool is_psp(u16 segment) const { return guest_.word({segment, 0}) == Psp::int20; }

    [[nodiscard]] Registers& regs() { return guest_.memory().core().regs; }

    Guest& guest_;
    Drives& drives_;
    FileTable& files_;
    Arena& arena_;
    u16 version_;
    ProcessEntries entries_;
};

}  // namespace dyn86::dos
