#include "src/dos/line_editor.h"

#include <algorithm>
#include <string>
#include <vector>

namespace dyn86::dos {
namespace {

constexpr u8 ctrl_c = 0x03, backspace = 0x08, tab = 0x09, line_feed = 0x0A, carriage_return = 0x0D, end_of_file = 0x1A,
             escape = 0x1B, rubout = 0x7F;
constexpr u8 longest_read = 126;  // CON's own buffer is 128 bytes: a line and CR LF

// Steps of both functions.
constexpr u16 at_start = 0, editing = 1, extended_key = 2, line_done = 3, copy_to = 4, skip_to = 5;
// Frame::b while some of the template is being typed (F2, F3).
constexpr u16 copying = 0x100;

// Scan codes of the editing keys. [RBIL 21/AH=0Ah; DOS TR]
constexpr u8 f1 = 0x3B, f2 = 0x3C, f3 = 0x3D, f4 = 0x3E, f5 = 0x3F, f6 = 0x40, left = 0x4B, right = 0x4D, del = 0x53;

bool shows_as_caret(u8 c) {
    return c < 0x20 && c != tab;
}

}  // namespace

void LineEditor::begin(Frame& frame) {
    set(own::line_length, 0);
    set(own::line_taken, 0);
    set(own::line_start, get(own::column));
    set(own::template_taken, 0);
    frame.step = editing;
}

std::optional<Console::Input> LineEditor::next_input(Frame& frame, Action& next) {
    if ((frame.b & copying) == 0) return console_.take(frame, next);
    const u8 taken = get(own::template_taken);
    if (taken >= get(own::template_stop)) {
        frame.b = u16(frame.b & ~copying);
        return console_.take(frame, next);
    }
    return Console::Input{.character = guest_.byte(in_dos_segment(u32{own::template_buffer} + taken)),
                          .from_console = true};
}

/// Redirected input: LF, CR and CR LF end a line, and so does the end of input.
LineEditor::Key LineEditor::take_redirected(const Console::Input& input) {
    const bool after_cr = get(own::after_cr) != 0;
    set(own::after_cr, input.character == carriage_return && !input.is_end);
    if (input.is_end) {
        return get(own::line_length) > 0 ? Key::Done : Key::End;
    }
    if (input.character == line_feed) return after_cr ? Key::Ignored : Key::Done;
    return input.character == carriage_return ? Key::Done : Key::Typed;
}

Action LineEditor::edit(Frame& frame, u8 limit) {
    Action next = Action::Finish;
    const auto input = next_input(frame, next);
    if (!input) return next;
    if (!input->from_console) {
        switch (take_redirected(*input)) {
            case Key::Done: return Action::Finish;
            case Key::End: return console_.lose_patience(frame).value_or(Action::Finish);
            case Key::Ignored: return Action::Continue;
            case Key::Typed: break;
        }
        return typed(frame, input->character, limit);
    }
    if (frame.step == extended_key) {
        frame.step = editing;
        return editing_key(frame, input->character, limit);
    }
    if (frame.step == copy_to || frame.step == skip_to) {
        go_to_character(frame, input->character);
        return Action::Continue;
    }
    switch (input->character) {
        case carriage_return: return Action::Finish;
        case Console::printer_key: console_.toggle_printer_echo(); return Action::Continue;
        case ctrl_c: return console_.start_break(frame);
        case 0: frame.step = extended_key; return Action::Continue;
        case backspace:
        case rubout: erase(frame); return Action::Continue;
        case escape: start_again(frame, "\\\r\n"); return Action::Continue;
        case line_feed: console_.put(frame, "\r\n"); return Action::Continue;
        default: return typed(frame, input->character, limit);
    }
}

Action LineEditor::typed(Frame& frame, u8 character, u8 limit) {
    const u8 length = get(own::line_length);
    set(own::template_taken, u8(std::min(get(own::template_taken) + 1, 255)));
    if (length >= limit) {
        frame.b = u16(frame.b & ~copying);
        console_.put(frame, "\a");
        return Action::Continue;
    }
    guest_.set_byte(line(length), character);
    set(own::line_length, u8(length + 1));
    std::string text;
    if (shows_as_caret(character)) text += '^';
    text += char(shows_as_caret(character) ? character + '@' : character);
    console_.put(frame, text);
    return Action::Continue;
}

Action LineEditor::editing_key(Frame& frame, u8 scan_code, u8 limit) {
    const u8 taken = get(own::template_taken);
    const bool has_more = taken < get(own::template_length);
    switch (scan_code) {
        case f1:
        case right:
            return has_more ? typed(frame, guest_.byte(in_dos_segment(u32{own::template_buffer} + taken)), limit)
                            : Action::Continue;
        case f2: frame.step = copy_to; break;
        case f4: frame.step = skip_to; break;
        case f3:
            set(own::template_stop, get(own::template_length));
            frame.b = u16(frame.b | copying);
            break;
        case f5:
            keep_as_template(get(own::line_length));
            start_again(frame, "@\r\n");
            break;
        case f6: return typed(frame, end_of_file, limit);
        case left: erase(frame); break;
        case del:
            if (has_more) set(own::template_taken, u8(taken + 1));
            break;
        default: break;
    }
    return Action::Continue;
}

/// F2 and F4: on to the next such character in the template, if there is one.
void LineEditor::go_to_character(Frame& frame, u8 character) {
    const bool copies = frame.step == copy_to;
    frame.step = editing;
    const u8 length = get(own::template_length);
    for (unsigned at = get(own::template_taken) + 1u; at < length; ++at) {
        if (guest_.byte(in_dos_segment(own::template_buffer + at)) != character) continue;
        set(copies ? own::template_stop : own::template_taken, u8(at));
        if (copies) frame.b = u16(frame.b | copying);
        return;
    }
}

/// The column behind the first `length` characters of the line, as far as tabs need it.
u8 LineEditor::column_after(u8 length) const {
    unsigned column = get(own::line_start);
    for (u8 i = 0; i < length; ++i) {
        const u8 c = guest_.byte(line(i));
        column = c == tab ? (column / 8 + 1) * 8 : column + (shows_as_caret(c) ? 2 : 1);
    }
    return u8(column);
}

void LineEditor::erase(Frame& frame) {
    const u8 length = get(own::line_length);
    if (length == 0) return;
    const unsigned width = u8(column_after(length) - column_after(u8(length - 1)));
    set(own::line_length, u8(length - 1));
    if (get(own::template_taken) > 0) set(own::template_taken, u8(get(own::template_taken) - 1));
    std::string text;
    for (unsigned i = 0; i < width; ++i) text += "\b \b";
    console_.put(frame, text);
}

void LineEditor::start_again(Frame& frame, std::string_view mark) {
    begin(frame);
    set(own::line_start, 0);
    console_.put(frame, mark);
}

void LineEditor::keep_as_template(u8 length) {
    std::vector<u8> text(length);
    guest_.read(line(0), text);
    guest_.write(in_dos_segment(own::template_buffer), text);
    set(own::template_length, length);
}

Action LineEditor::buffered_input_step(Frame& frame) {
    const SegOff buffer = frame.caller.ds_dx();
    const u8 size = guest_.byte(buffer);
    if (size == 0 || frame.step == line_done) return Action::Finish;
    if (frame.step == at_start) {
        const u8 old = guest_.byte(buffer + 1);  // a line that ends in CR there is the template
        const bool has_template = old < size && guest_.byte(buffer + u16(2 + old)) == carriage_return;
        std::vector<u8> text(has_template ? old : 0);
        guest_.read(buffer + 2, text);
        guest_.write(in_dos_segment(own::template_buffer), text);
        set(own::template_length, u8(text.size()));
        begin(frame);
    }
    if (const Action next = edit(frame, u8(size - 1)); next != Action::Finish) return next;
    const u8 length = get(own::line_length);
    std::vector<u8> text(length);
    guest_.read(line(0), text);
    guest_.write(buffer + 2, text);
    guest_.set_byte(buffer + u16(2 + length), carriage_return);
    guest_.set_byte(buffer + 1, length);
    set(own::line_length, 0);
    set(own::line_taken, 0);
    console_.put(frame, "\r");
    frame.step = line_done;
    return Action::Continue;
}

void LineEditor::give_out(Caller& caller, u8 length) {
    const u8 taken = get(own::line_taken);
    const u8 count = u8(std::min<u16>(caller.cx, u16(length - taken)));
    std::vector<u8> text(count);
    guest_.read(line(taken), text);
    guest_.write(caller.ds_dx(), text);
    set(own::line_taken, u8(taken + count));
    caller.succeed(count);
}

Action LineEditor::deliver(Frame& frame) {
    const u8 length = get(own::line_length);
    if (get(own::line_taken) == 0 && guest_.byte(line(0)) == end_of_file) {  // ^Z first: end of file
        set(own::line_taken, length);
        frame.caller.succeed(0);
        return Action::Finish;
    }
    give_out(frame.caller, length);
    return Action::Finish;
}

Action LineEditor::read_step(Frame& frame) {
    if (frame.step == line_done) return deliver(frame);
    if (frame.step == at_start) {
        if (frame.caller.cx == 0) {
            frame.caller.succeed(0);
            return Action::Finish;
        }
        if (get(own::line_taken) < get(own::line_length)) return deliver(frame);
        begin(frame);
    }
    if (const Action next = edit(frame, longest_read); next != Action::Finish) return next;
    const u8 length = get(own::line_length);
    keep_as_template(length);
    guest_.write(line(length), "\r\n");
    set(own::line_length, u8(length + 2));
    console_.put(frame, "\r\n");
    frame.step = line_done;
    return Action::Continue;
}

}  // namespace dyn86::dos
