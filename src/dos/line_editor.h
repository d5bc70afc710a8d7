// The line a user types at CON: buffered input (AH=0Ah) and cooked reads, with DOS's editing keys.
#pragma once

#include "src/dos/console.h"

namespace dyn86::dos {

/// Works on the line buffer and the template (the line before) in DOS's data segment; has no state of its own.
class LineEditor {
public:
    explicit LineEditor(Console& console) : console_(console), guest_(console.guest()) {}

    /// AH=0Ah: into the caller's buffer at DS:DX.
    Action buffered_input_step(Frame& frame);
    /// AH=3Fh on CON: a line with CR LF, given out in as many reads as the program likes.
    Action read_step(Frame& frame);

private:
    enum class Key : u8 { Typed, Done, End, Ignored };

    void begin(Frame& frame);
    /// Takes keys until the line is complete (Action::Finish) or something else must happen first.
    Action edit(Frame& frame, u8 limit);
    std::optional<Console::Input> next_input(Frame& frame, Action& next);
    Key take_redirected(const Console::Input& input);
    Action typed(Frame& frame, u8 character, u8 limit);
    Action editing_key(Frame& frame, u8 scan_code, u8 limit);
    void erase(Frame& frame);
    void start_again(Frame& frame, std::string_view mark);
    [[nodiscard]] u8 column_after(u8 length) const;
    void go_to_character(Frame& frame, u8 character);
    void keep_as_template(u8 length);
    Action deliver(Frame& frame);
    void give_out(Caller& caller, u8 length);

    [[nodiscard]] u8 get(u16 variable) const { return console_.variable(variable); }
    void set(u16 variable, u8 value) { console_.set_variable(variable, value); }
    [[nodiscard]] SegOff line(u8 index) const { return in_dos_segment(u32{own::line_buffer} + index); }

    Console& console_;
    Guest& guest_;
};

}  // namespace dyn86::dos
