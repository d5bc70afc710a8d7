// The console: INT 21h character functions on standard input and output, and CON behind file handles.
#pragma once

#include "src/dos/file_table.h"
#include "src/dos/functions.h"

#include <optional>
#include <span>

namespace dyn86::dos {

/// Input comes from the guest's INT 16h and output goes through its INT 29h, so that whoever hooks them sees every
/// character; only when both ways still lead into our ROM is text handed to the BIOS in one piece. What waits has its
/// state in its frame or in DOS's data segment.
class Console {
public:
    Console(Guest& guest, FileTable& files, Streams& streams, ConsoleOutput& output)
        : guest_(guest), files_(files), streams_(streams), output_(output) {}
    void install(Functions& functions);

    /// A character read from standard input.
    struct Input {
        u8 character = 0;
        bool from_console = false;
        bool is_end = false;  // end of a redirected input
    };
    /// The next character, or nullopt and in `next` what has to happen before asking again.
    std::optional<Input> take(Frame& frame, Action& next);
    /// Text to standard output; when it is more than a guest hook allows at once, it goes out before the task's next
    /// step.
    void put(Frame& frame, std::string_view text);
    /// "^C", and the call ends in INT 23h.
    Action start_break(Frame& frame);

    /// Somebody asks behind the end of redirected input, where DOS would let him ask for ever: in the end that is ^C,
    /// and if he goes on asking, the program's end. nullopt: not yet.
    std::optional<Action> lose_patience(Frame& frame);

    /// ^P: from now on, or no longer, the printer gets what the console shows.
    void toggle_printer_echo() { set_variable(own::printer_echo, variable(own::printer_echo) ^ 1); }
    static constexpr u8 printer_key = 0x10;

    // --- CON as a file
    [[nodiscard]] bool is_console(u8 entry) const { return files_.entry(entry).device() == Device::Con; }
    /// Writes at once if nobody has to be asked; false: take the long way.
    bool write_at_once(std::span<const u8> text, Streams::Output copy);
    Action write_step(Frame& frame, SegOff text, u16 count, Streams::Output copy);
    /// AH=40h on CON, the long way.
    Action write_file_step(Frame& frame);
    /// How much of a write to CON is shown: up to ^Z, unless the device is raw.
    [[nodiscard]] u16 text_length(u8 entry, SegOff text, u16 count) const;
    /// Which host stream gets a copy of what goes to this handle of the console.
    [[nodiscard]] static Streams::Output copy_for(u16 handle) {
        return handle == 2 ? Streams::Output::Err : Streams::Output::Out;
    }
    /// Waits for the host's standard input; false: not yet, let the guest idle.
    [[nodiscard]] bool wait_for_input() { return streams_.wait_for_input(); }
    /// One keystroke waiting? Sets AL to FFh or 00h.
    Action status_step(Frame& frame);
    Action raw_read_step(Frame& frame);

    /// The next character of the frame's pending text on its way to INT 29h.
    u8 next_emitted(Frame& frame);
    [[nodiscard]] static bool rings(std::span<const u8> text);
    /// All of the frame's pending text, if nobody hooks the way and no bell is in it.
    bool emit_directly(Frame& frame);
    /// Straight to the screen, tabs expanded.
    void show(std::span<const u8> text);

    [[nodiscard]] u8 variable(u16 offset) const { return guest_.byte(in_dos_segment(offset)); }
    void set_variable(u16 offset, u8 value) { guest_.set_byte(in_dos_segment(offset), value); }
    [[nodiscard]] Guest& guest() { return guest_; }

private:
    static constexpr u16 standard_input = 0, standard_output = 1;

    [[nodiscard]] bool leads_to_rom(u8 interrupt) const { return guest_.vector(interrupt).segment == 0xF000; }
    [[nodiscard]] bool writes_directly() const {
        return leads_to_rom(0x10) && leads_to_rom(0x29) && variable(own::printer_echo) == 0;
    }
    [[nodiscard]] bool is_break_waiting() const;
    [[nodiscard]] bool has_console_input() const;
    std::optional<Input> take_from_file(u8 entry, Action& next);
    void advance_column(u8 character);

    void write_character(Caller& caller);
    void write_string(Caller& caller);
    void write_standard(Caller& caller, SegOff text, u16 count);
    Action write_standard_step(Frame& frame);
    Action read_step(Frame& frame, bool echo, bool checks_break);
    Action direct_step(Frame& frame);
    Action flush_step(Frame& frame);
    Action input_function(u8 number, Frame& frame);
    [[nodiscard]] u16 string_length(SegOff text) const;

    Guest& guest_;
    FileTable& files_;
    Streams& streams_;
    ConsoleOutput& output_;
};

}  // namespace dyn86::dos
