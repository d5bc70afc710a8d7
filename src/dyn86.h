// The public API of dyn86: a machine, what to run on it, its screen, its keyboard, its time. The front ends live on
// this header alone.
#pragma once

#include "src/base/clock_model.h"
#include "src/base/duration.h"
#include "src/base/host_features.h"
#include "src/base/result.h"
#include "src/base/stops.h"
#include "src/base/ticks.h"
#include "src/base/translated_block.h"
#include "src/base/types.h"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dyn86 {

enum class EngineKind : u8 { Jit, Interpreter };
enum class Adapter : u8 { Mda, Cga, Hercules };
/// IBM's 5150 and 5160: they differ in switches, cassette, and in the diskette adapter they are given here.
enum class BoardModel : u8 { Pc, Xt };

/// A host folder as a DOS drive. The guest never reaches a host file outside it.
struct FolderDrive {
    char letter = 'C';
    std::string path;
    bool read_only = false;
    std::string label;
    /// The drive's current folder at start: a host path relative to `path`; empty: the root.
    std::string current;
};

/// A disk in a drive that INT 13h and the controllers reach: a raw, IMD or TD0 image, or a host folder as it is when
/// the disk is put in. Drive numbers as INT 13h has them: 00h = first floppy, 80h = first hard disk. From 82h on only
/// dyn86's own DOS sees them, as drive E and so on.
struct ImageDrive {
    u8 number = 0;
    std::string path;
    bool read_only = false;
    bool is_folder = false;
    std::string label = {};  // of a folder's disk
    /// Writes go to this file instead of the image.
    std::optional<std::string> overlay = {};
    /// Instead of what the image itself tells.
    struct Shape {
        u16 cylinders = 0, heads = 0, sectors = 0;
        friend bool operator==(const Shape&, const Shape&) = default;
    };
    std::optional<Shape> shape = {};

    [[nodiscard]] char letter() const { return char(number < 0x80 ? 'A' + number : 'C' + (number - 0x80)); }
};

/// What becomes of overlays when the run ends.
enum class OverlayEnd : u8 { Keep, Commit, Discard };

/// A device driver for dyn86's own DOS, and what follows its name in a CONFIG.SYS.
struct DriverFile {
    std::string path, arguments;
};

/// A ROM of the user's: an adapter's, say.
struct RomFile {
    Linear start = 0;
    std::string path;
};

/// What is on the other end of a serial port's cable.
struct SerialSetting {
    enum class Kind : u8 {
        None,   // the port is not in the machine
        Pty,    // a pseudoterminal, whose name a note tells
        Tcp,    // a connection to `target`, HOST:PORT
        File,   // what the guest sends goes to `target`; a device or FIFO is read too
        Stdio,  // standard input and output
        Mouse,  // a Microsoft mouse
    } kind = Kind::None;
    std::string target;
};

/// Where the guest's date comes from: the host's at start, a given moment running on, or a given moment that stands for
/// repeatable runs (it runs on in guest time, and written files carry it).
struct DateSetting {
    enum class Kind : u8 { Host, Given, Fixed } kind = Kind::Host;
    i64 local_seconds = 0;  // since 1970-01-01 00:00 local time; Given and Fixed
};

/// What DOS handles 0, 1 and 2 are (COMMAND_LINE.md, Streams).
struct Streams {
    /// True: keyboard and guest screen, and out/err only get a copy of what goes to handles 1 and 2 (-1: no copy).
    /// False: in, out and err are the handles, as redirected files; output appears on the guest screen too.
    bool console = false;
    int in = 0, out = 1, err = 2;
    /// True: bytes to out/err are translated from the code page to UTF-8 (a terminal); false: unchanged.
    bool out_utf8 = false, err_utf8 = false;
};

struct MachineConfig {
    EngineKind engine = EngineKind::Jit;
    Adapter adapter = Adapter::Cga;
    u32 memory_kib = 640;
    /// Whose clocks are counted, and how exactly.
    ClockModel clocks;
    /// Size of the text screen that our BIOS sets up (modes 2, 3 and 7).
    u8 columns = 80, rows = 25;
    BoardModel model = BoardModel::Xt;
    /// A no-slot clock lies under the ROM here.
    std::optional<Linear> no_slot_clock;
    std::array<SerialSetting, 2> serial;
    /// What is printed on the first parallel port goes to this file; empty: there is none.
    std::string printer_file;
    /// CPU clocks per second of guest time. The PC's: 4'772'727.
    i64 cpu_hz = 4'772'727;
    DateSetting date;
    Streams streams;
    std::vector<FolderDrive> folders;
    std::vector<ImageDrive> images;
    /// The drive that our BIOS boots first; not set: the first floppy, then the first hard disk.
    std::optional<u8> boot_drive;
    /// A foreign BIOS, instead of ours; then nothing of ours is in the guest.
    std::optional<std::string> bios;
    std::vector<RomFile> roms;
    /// Loaded by DOS before the program.
    std::vector<DriverFile> drivers;
    /// The version that DOS says it is.
    u8 dos_major = 5, dos_minor = 0;
    /// DOS's code page: of file names, of streams shown as UTF-8, of what AH=65h and 66h say, and of the screen, as if
    /// the adapter's character generator had been changed for it.
    u16 dos_code_page = 437;
    /// KEY=VALUE lines added to or replacing the DOS environment's.
    std::vector<std::string> environment;
    /// Told of every INT 21h call of dyn86's own DOS, a line each (docs/dos.md); empty: nobody listens.
    std::function<void(std::string_view line)> trace_dos;
    /// Translate at this many executions of a block's head.
    u32 jit_threshold = 16;
    /// Features of the host's processor that the recompiler is not to use: slower, but otherwise the same.
    HostFeatures host_features_off = {};
    /// Keep what is translated into what, and count how often it runs: for Machine::blocks().
    bool record_blocks = false;
    /// Write names of translated code for Linux perf to /tmp/perf-PID.map.
    bool perf_map = false;
    /// A host clock in nanoseconds, to time translation with (MachineStats::translation_ns).
    u64 (*stopwatch)() = nullptr;
    /// Both engines in lockstep; the first difference ends the run (Reason::EmulatorError). Needs EngineKind::Jit.
    bool verify = false;
    /// Count every instruction (MachineStats::instructions, limit_instructions); costs the recompiler a little.
    bool count_instructions = false;
    /// A file of video_file_size bytes that B0000-BFFFF are put on, so that other processes may map the video memory
    /// and nothing else of the guest; -1: none. It stays the caller's, and has to outlive the machine.
    int video_file = -1;
    static constexpr u32 video_file_size = 0x1'0000;
};

/// What a person does with a mouse: where it points, as fractions of the screen (0 to 65535), and its buttons (bit 0
/// left, bit 1 right).
struct MouseInput {
    u16 x = 0, y = 0;
    u8 buttons = 0;
    friend bool operator==(const MouseInput&, const MouseInput&) = default;
};

/// Why a run ended; --status-file's `reason`.
enum class Reason : u8 { Exit, Tsr, Abort, Quit, Timeout, WaitFailed, CpuFault, EmulatorError, Signal };

struct Outcome {
    Reason reason = Reason::Exit;
    u8 errorlevel = 0;
    std::string message;  // one line for the user, or empty; of MachineConfig::verify, several
};

/// Why Machine::run() came back.
enum class Pause : u8 {
    Time,          // guest time `until` is reached
    Instructions,  // the instruction limit is reached
    Requested,     // request_pause()
    Stop,          // stop_event() says why; also after step()
    Ended,         // outcome() says how
};

/// A device of the caller's at I/O ports; a word is two bytes. What is empty answers FFh, or takes no notice.
struct PortHandler {
    std::function<u8(Port)> in;
    std::function<void(Port, u8)> out;
};

/// The text (or graphics) screen as the adapter's memory and the 6845 define it at this moment.
/// `memory` is the video memory itself: it changes while the machine runs.
struct Screen {
    enum class Mode : u8 { Off, Text, Graphics320, Graphics640, Graphics720 };
    Mode mode = Mode::Off;
    Adapter adapter = Adapter::Cga;
    std::span<const u8> memory;   // what is shown: text 4 KiB (MDA, Hercules), 16 KiB (CGA), a Hercules page 32 KiB
    Linear address = 0xB8000;     // of `memory` in the guest
    u16 columns = 80, rows = 25;  // cells; in graphics they are two bytes wide
    u16 glyph_height = 8;         // scan lines of a row of cells
    u16 banks = 2;                // graphics: equal parts of the memory that scan lines alternate between
    u16 start = 0;                // 6845 start address, in cells (text) or words (graphics)
    u16 cursor = 0;               // 6845 cursor address, in cells, absolute like `start`
    u8 cursor_top = 0, cursor_bottom = 0;  // scan lines; the cursor shows from top to bottom
    bool cursor_visible = true;
    bool blink = true;            // attribute bit 7: blink (true) or bright background (false)
    u8 border = 0;                // IRGB
    std::array<u8, 4> palette{};  // graphics: pixel value to IRGB (two values at 640 dots)
    u16 code_page = 437;          // what the characters mean: upper_characters()
    u64 frame = 0;                // pictures that the beam has drawn since power-on, by the 6845's own timing

    [[nodiscard]] std::size_t cell_offset(unsigned row, unsigned column) const {
        return ((std::size_t{start} + row * columns + column) * 2) & (memory.size() - 1);
    }
    [[nodiscard]] bool is_graphics() const { return mode != Mode::Off && mode != Mode::Text; }
    [[nodiscard]] bool is_monochrome() const { return adapter != Adapter::Cga; }
    /// Graphics: bytes of a line, lines, bits of a pixel (the upper bits are left), and a byte.
    [[nodiscard]] unsigned line_bytes() const { return columns * 2u; }
    [[nodiscard]] unsigned lines() const { return rows * unsigned{glyph_height}; }
    [[nodiscard]] unsigned bits_per_pixel() const { return mode == Mode::Graphics320 ? 2 : 1; }
    [[nodiscard]] u8 graphics_byte(unsigned line, unsigned index) const {
        const std::size_t bank = memory.size() / banks;
        const unsigned row = line / glyph_height, scan_line = line % glyph_height;
        const std::size_t within = (start * 2u + std::size_t{row} * line_bytes() + index) & (bank - 1);
        return memory[(scan_line & (banks - 1u)) * bank + within];
    }
    [[nodiscard]] u8 character(unsigned row, unsigned column) const { return memory[cell_offset(row, column)]; }
    [[nodiscard]] u8 attribute(unsigned row, unsigned column) const { return memory[cell_offset(row, column) + 1]; }
    /// Cursor position on the screen; nullopt when it is hidden or outside.
    struct Position {
        u16 row, column;
        friend bool operator==(const Position&, const Position&) = default;
    };
    [[nodiscard]] std::optional<Position> cursor_position() const;
};

/// What drove the speaker: a level, and every change of it, exact to the tick.
struct SpeakerTrace {
    struct Edge {
        Ticks at;
        bool level = false;
    };
    bool level = false;  // at the start
    std::vector<Edge> edges;
    Ticks until;  // how far the list reaches
};

struct MachineStats {
    Ticks guest_time;
    Cycles cycles = 0;
    /// Executed by either engine since the program's start (a booted machine: since reset); a repetition counts once.
    /// Exact with MachineConfig::count_instructions, else of the interpreter alone.
    u64 instructions = 0;
    u64 interpreted = 0;  // instructions that the interpreter executed
    u64 idle = 0;  // that were not executed: the guest could only repeat them (counted in `instructions`, if exact)
    u64 blocks_translated = 0, instructions_translated = 0, blocks_invalidated = 0, flushes = 0, code_bytes = 0;
    u64 translation_ns = 0;                                // where there is a stopwatch
    HostFeatures host_features = {};                       // that the recompiler uses
    std::vector<std::pair<std::string, u64>> exits;        // how often translated code was left, by reason
    std::vector<std::pair<std::string, u64>> handed_over;  // what of it the interpreter executed, by instruction
    /// INT 21h functions called that do not exist (AH), INT/AH pairs of the BIOS likewise ("21/73"), with counts.
    std::map<std::string, u64> missing_calls;
};

/// Text in one of DOS's code pages (437, 850, 852, 866, 1252); nullopt when that lacks a character, or is none of them.
[[nodiscard]] std::optional<std::string> to_dos_text(std::string_view utf8, u16 code_page);

/// Unicode of bytes 80h-FFh in one of DOS's code pages; 437's for a number that is none of them.
[[nodiscard]] std::span<const u16, 128> upper_characters(u16 code_page);

/// One PC. Not thread-safe, except request_pause(). Machines are independent of each other: no globals.
class Machine {
public:
    static Result<std::unique_ptr<Machine>> create(const MachineConfig& config);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    // --- what to run (one of these, once, before run())
    /// Loads `guest_path` ("C:\PROG.EXE") with the command tail `arguments` (without leading space and CR) and starts
    /// DOS for it. A batch file is run by the DOS shell. `drive` is current; 0: the program's.
    Result<> start_program(const std::string& guest_path, const std::string& arguments, char drive = 0);
    /// Starts DOS with its shell, `drive` being current: it executes the commands (in the guest's code page) and ends
    /// with the last errorlevel; without any it prompts.
    Result<> start_shell(char drive, const std::vector<std::string>& commands);
    /// Cold boot: POST, then the first bootable image.
    Result<> start_boot();
    /// The built-in demo of roms/.
    Result<> start_demo();

    // --- time
    /// Runs until guest time `until`. Halted time costs nothing: an idle CPU skips to the next event.
    Pause run(Ticks until);
    [[nodiscard]] Ticks now() const;
    /// Makes run() return soon. Async-signal-safe, and callable from other threads.
    void request_pause();
    /// CPU clocks per second of guest time, from now on.
    void set_cpu_hz(i64 hz);
    [[nodiscard]] i64 cpu_hz() const;
    /// Stops with Pause::Instructions after exactly `count` more instructions. Needs MachineConfig::count_instructions.
    void limit_instructions(u64 count);
    [[nodiscard]] bool counts_instructions() const;
    [[nodiscard]] bool halted() const;  // waiting in HLT for an interrupt
    /// Halted in a wait for a key that our BIOS or DOS makes: only a key brings the guest on.
    [[nodiscard]] bool waits_for_key() const;
    /// True while something may come on a serial line. Where no host clock paces the guest, it must not run ahead of
    /// whoever is on the other end: call wait_for_line() after each step, and let steps be short.
    [[nodiscard]] bool has_live_line() const;
    /// When all that the guest did for so long was to wait for a line, waits as long, or until something comes.
    void wait_for_line(Ticks spent);

    [[nodiscard]] bool ended() const;
    [[nodiscard]] const Outcome& outcome() const;

    // --- screen and keyboard
    [[nodiscard]] Screen screen() const;
    /// Feeds one byte of XT scan-code set 1 (make, or make|80h for break) to the keyboard.
    void scan_code(u8 code);
    /// Moves the mouse of the DOS that runs, if one does, and a serial mouse.
    void mouse(const MouseInput& input);
    /// True when the guest has consumed everything: the keyboard's queue and the BIOS buffer are empty.
    [[nodiscard]] bool keyboard_drained() const;

    // --- devices
    /// From now on the handler has the ports, in place of what was there.
    Result<> attach_ports(Port first, u32 count, PortHandler handler);

    // --- disks
    /// Changes the disk in a floppy drive, which notices; with an empty path, takes it out. When it fails the drive is
    /// empty.
    Result<> change_disk(const ImageDrive& drive);
    /// At the end of the run: closes all disks and writes their overlays into the images, or drops them.
    Result<> close_disks(OverlayEnd end);

    // --- what else people hold in their hands, and hear
    /// Axes X and Y of the first stick, then of the second, in ohms (0 to 100,000), and buttons A1, A2, B1, B2 in bits
    /// 0-3. An axis that was never set is not plugged in.
    void set_joystick_axis(unsigned axis, u32 ohms);
    void set_joystick_buttons(u8 pressed);
    /// The level at `from`, then each change up to `to`, at most `limit` of them. The past is kept until
    /// forget_sound_before(), as far as some thousand programmings of timer and port go.
    [[nodiscard]] SpeakerTrace speaker_trace(Ticks from, Ticks to, std::size_t limit) const;
    void forget_sound_before(Ticks when);

    // --- debugging
    /// What makes run() come back with Pause::Stop; replaces those before. Not with MachineConfig::verify.
    void set_stops(Stops stops);
    /// Why the last run() or step() stopped; empty after a step that met nothing.
    [[nodiscard]] const std::optional<StopEvent>& stop_event() const;
    /// One instruction, a repeated one whole, without serving an interrupt first and whatever the stops say; a halted
    /// CPU waits for the interrupt that wakes it.
    Pause step();
    [[nodiscard]] CpuState cpu() const;
    /// Of FLAGS, the bits that an 8086 has.
    void set_cpu(const CpuState& state);
    /// Writes guest memory; code made from it is forgotten. False when some of it did not take it (ROM, devices).
    bool poke(Linear to, std::span<const u8> from);
    /// The first megabyte, from 0 on without gaps.
    [[nodiscard]] std::vector<MemoryRegion> memory_regions() const;
    [[nodiscard]] InstructionText disassemble(SegOff at) const;

    // --- save states
    /// All of the guest between two runs, but for its disks and the host's files; not once the machine has ended.
    Result<std::vector<u8>> save_state();
    /// Goes on from a state, instead of start_...() or later. The machine has to be made as the one that was saved, on
    /// whichever engine. A state that cannot be used leaves everything as it is.
    Result<> load_state(std::span<const u8> state);

    // --- inspection
    /// Reads guest memory without side effects.
    void peek(Linear from, std::span<u8> to) const;
    [[nodiscard]] MachineStats stats() const;
    /// Everything that has been translated, if MachineConfig::record_blocks is set.
    [[nodiscard]] std::vector<TranslatedBlock> blocks() const;
    /// Names the engine that really runs ("jit" or "interpreter"): the recompiler may be unavailable on this host.
    [[nodiscard]] EngineKind engine() const;
    /// What the user should know of what was opened, a line each: "serial port 1 is /dev/pts/4".
    [[nodiscard]] const std::vector<std::string>& notes() const;
    /// One line telling why the asked-for engine could not be had, or empty.
    [[nodiscard]] const std::string& engine_note() const;

private:
    class Impl;
    explicit Machine(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace dyn86
