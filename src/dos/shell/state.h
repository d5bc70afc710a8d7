// What a shell keeps in its own guest memory: all that must outlive the line it is working on.
#pragma once

#include "src/dos/guest.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::dos::shell {

/// Offsets in the shell's segment, behind its PSP. roms/shell.asm knows `size` alone.
namespace layout {
inline constexpr u16 signature = 0x100;  // 4 bytes
inline constexpr u16 phase = 0x104;      // byte
inline constexpr u16 flags = 0x105;      // byte
inline constexpr u16 errorlevel = 0x106;
inline constexpr u16 batch = 0x108;     // segment of the innermost batch file, 0: none
inline constexpr u16 loop = 0x10A;      // segment of the FOR under way, 0: none
inline constexpr u16 saved_in = 0x10C;  // handles to which redirected standard streams have been moved
inline constexpr u16 saved_out = 0x10E;
inline constexpr u16 pipes = 0x110;             // byte: how many temporary files of a pipeline there are
inline constexpr u16 rest_length = 0x111;       // byte
inline constexpr u16 rest = 0x120;              // 160 bytes: stages of the pipeline that are still to run
inline constexpr u16 pipe_names = 0x1C0;        // two of 80 bytes
inline constexpr u16 environment_room = 0x260;  // word: bytes of the environment that there are
inline constexpr u16 path = 0x270;              // two of 128 bytes: names in calls
inline constexpr u16 path_size = 0x80;
inline constexpr u16 tail = 0x370;        // 128: EXEC's
inline constexpr u16 fcbs = 0x3F0;        // two of 16
inline constexpr u16 parameters = 0x410;  // 14: EXEC's
inline constexpr u16 dta = 0x420;         // 43
inline constexpr u16 history = 0x450;     // word: segment of the lines typed before, 0: none yet
inline constexpr u16 input = 0x460;       // 2 + 128: AH=0Ah
inline constexpr u16 buffer = 0x500;      // text on its way in and out
inline constexpr u16 buffer_size = 0x200;
inline constexpr u16 size = 0x800;  // the stack comes down from here
}  // namespace layout

/// Where a shell is between two lines; what happens in between has to be done again when it is interrupted.
enum class Phase : u8 {
    Starting,
    Line,    // fetch the next line and execute it
    Child,   // a program that it has started is running, or has just ended
    Broken,  // ^C
};

enum class ShellFlag : u8 {
    Echo = 0x01,
    Once = 0x02,       // /C: ends with its command
    Permanent = 0x04,  // /P: does not end
    Break = 0x08,      // the child that has ended was ended by ^C
};

/// One shell's state; a view of guest memory.
class State {
public:
    State(Guest& guest, u16 segment) : guest_(&guest), segment_(segment) {}

    void initialise();
    [[nodiscard]] bool is_shell() const;

    [[nodiscard]] u16 segment() const { return segment_; }
    [[nodiscard]] Guest& guest() const { return *guest_; }
    [[nodiscard]] SegOff at(u16 offset) const { return {segment_, offset}; }
    [[nodiscard]] u8 byte(u16 field) const { return guest_->byte(at(field)); }
    [[nodiscard]] u16 word(u16 field) const { return guest_->word(at(field)); }
    void set_byte(u16 field, u8 value) { guest_->set_byte(at(field), value); }
    void set_word(u16 field, u16 value) { guest_->set_word(at(field), value); }

    [[nodiscard]] Phase phase() const { return Phase(byte(layout::phase)); }
    void set_phase(Phase phase) { set_byte(layout::phase, u8(phase)); }
    [[nodiscard]] bool has(ShellFlag flag) const { return (byte(layout::flags) & u8(flag)) != 0; }
    void set(ShellFlag flag, bool on) {
        const u8 others = u8(byte(layout::flags) & ~u8(flag));
        set_byte(layout::flags, on ? u8(others | u8(flag)) : others);
    }
    [[nodiscard]] u16 errorlevel() const { return word(layout::errorlevel); }
    void set_errorlevel(u16 value) { set_word(layout::errorlevel, value); }

    /// The stages of a pipeline that wait for the one under way.
    [[nodiscard]] std::string rest() const;
    void set_rest(std::string_view text);

    // --- the environment of the shell itself, which its children inherit
    [[nodiscard]] u16 environment_segment() const;
    [[nodiscard]] std::vector<std::string> environment() const;
    [[nodiscard]] std::optional<std::string> variable(std::string_view name) const;
    /// An empty value removes the variable; false when there is no room.
    bool set_variable(std::string_view name, std::string_view value);

private:
    Guest* guest_;
    u16 segment_;
};

}  // namespace dyn86::dos::shell
