#include "src/dos/console.h"

#include "src/dos/line_editor.h"

#include <algorithm>
#include <vector>

namespace dyn86::dos {
namespace {

constexpr u8 ctrl_c = 0x03, end_of_file = 0x1A, carriage_return = 0x0D, backspace = 0x08, tab = 0x09;
constexpr u8 yes = 0xFF, no = 0x00;
constexpr std::size_t echo_size = 32;

std::span<const u8> as_bytes(std::string_view text) {
    return {reinterpret_cast<const u8*>(text.data()), text.size()};
}

/// Ctrl-Break leaves a word of zero in the BIOS's buffer. [IBM XT, INT 09h]
bool is_break(u16 key) {
    return u8(key) == ctrl_c || key == 0;
}

}  // namespace

// --- input

bool Console::is_break_waiting() const {
    const u16 head = guest_.word({0x40, 0x1A});
    return head != guest_.word({0x40, 0x1C}) && is_break(guest_.word({0x40, head}));
}

bool Console::has_console_input() const {
    const auto entry = files_.entry_of(standard_input);
    return entry && is_console(*entry);
}

std::optional<Console::Input> Console::take(Frame& frame, Action& next) {
    const auto entry = files_.entry_of(standard_input);
    if (!entry) return Input{.character = end_of_file, .is_end = true};
    if (!is_console(*entry)) return take_from_file(*entry, next);
    if (variable(own::pending_flag) != 0) {
        set_variable(own::pending_flag, 0);
        return Input{.character = variable(own::pending_scan), .from_console = true};
    }
    if (frame.key_ready == 0) {
        (void)streams_.flush();
        next = Action::WaitKey;
        return std::nullopt;
    }
    frame.key_ready = 0;
    if (frame.key == 0) return Input{.character = ctrl_c, .from_console = true};
    if (u8(frame.key) == 0) {  // an extended key: zero, then its scan code
        set_variable(own::pending_scan, u8(frame.key >> 8));
        set_variable(own::pending_flag, 1);
    }
    return Input{.character = u8(frame.key), .from_console = true};
}

std::optional<Console::Input> Console::take_from_file(u8 entry, Action& next) {
    if (files_.must_wait(entry) && !streams_.wait_for_input()) {
        next = Action::Idle;
        return std::nullopt;
    }
    const SegOff scratch = in_dos_segment(own::echo);
    const auto got = files_.read(entry, scratch, 1);
    if (!got || *got == 0) return Input{.character = end_of_file, .is_end = true};
    set_variable(own::ends_of_input, 0);
    return Input{.character = guest_.byte(scratch)};
}

Action Console::start_break(Frame& frame) {
    put(frame, "^C\r\n");
    frame.step = Frame::breaking;
    return Action::Continue;
}

std::optional<Action> Console::lose_patience(Frame& frame) {
    constexpr u8 patience = 16;
    const u8 times = u8(std::min(variable(own::ends_of_input) + 1, 255));
    set_variable(own::ends_of_input, times);
    if (times == patience + 1) return start_break(frame);
    if (times <= 2 * patience) return std::nullopt;
    frame.step = Frame::ending;
    return Action::Continue;
}

Action Console::read_step(Frame& frame, bool echo, bool checks_break) {
    if (frame.step != 0) return Action::Finish;
    Action next = Action::Finish;
    const auto input = take(frame, next);
    if (!input) return next;
    if (checks_break && input->from_console && input->character == ctrl_c) return start_break(frame);
    if (checks_break && input->from_console && input->character == printer_key) {
        toggle_printer_echo();
        return Action::Continue;
    }
    if (input->is_end)
        if (const auto lost = lose_patience(frame)) return *lost;
    frame.caller.set_al(input->character);
    if (!echo || input->is_end) return Action::Finish;
    const char character = char(input->character);
    put(frame, {&character, 1});
    frame.step = 1;
    return Action::Continue;
}

/// AH=06h: input that does not wait (zero flag: nothing there), or output without a look for ^C.
Action Console::direct_step(Frame& frame) {
    Caller& caller = frame.caller;
    if (caller.dl() != 0xFF) {
        if (frame.step != 0) return Action::Finish;
        const char character = char(caller.dl());
        caller.set_al(caller.dl());
        put(frame, {&character, 1});
        frame.step = 1;
        return Action::Continue;
    }
    if (frame.step < 2) {
        const Action next = status_step(frame);
        if (next != Action::Finish) return next;
        caller.set_flag(flag::z, caller.al() == no);
        if (caller.al() == no) return Action::Finish;
        frame.step = 2;
        frame.key_ready = 0;
    }
    Action next = Action::Finish;
    if (const auto input = take(frame, next)) caller.set_al(input->character);
    return next;
}

Action Console::status_step(Frame& frame) {
    if (variable(own::pending_flag) != 0 || !has_console_input()) {
        const auto entry = files_.entry_of(standard_input);
        frame.caller.set_al(entry && files_.must_wait(*entry) ? no : yes);
        return Action::Finish;
    }
    if (frame.step == 0) {
        frame.step = 1;
        return Action::PollKey;
    }
    frame.caller.set_al(frame.key_ready != 0 ? yes : no);
    return Action::Finish;
}

/// AH=0Ch: empties the keyboard, then does the input function in AL.
Action Console::flush_step(Frame& frame) {
    enum Phase : u16 { Look, Looked, Flushed };
    if (frame.b == Look) {
        set_variable(own::pending_flag, 0);
        frame.key_ready = 0;
        frame.b = Looked;
        if (has_console_input()) return Action::PollKey;
    }
    if (frame.b == Looked) {
        frame.b = frame.key_ready != 0 ? Look : Flushed;
        if (frame.b == Look) return Action::WaitKey;
        frame.a = frame.caller.al();
    }
    return input_function(u8(frame.a), frame);
}

Action Console::input_function(u8 number, Frame& frame) {
    switch (number) {
        case 0x01: return read_step(frame, true, true);
        case 0x06: return direct_step(frame);
        case 0x07: return read_step(frame, false, false);
        case 0x08: return read_step(frame, false, true);
        case 0x0A: return LineEditor(*this).buffered_input_step(frame);
        default: frame.caller.set_al(0); return Action::Finish;
    }
}

Action Console::raw_read_step(Frame& frame) {
    Caller& caller = frame.caller;
    while (frame.a < caller.cx) {
        Action next = Action::Finish;
        const auto input = take(frame, next);
        if (!input) return next;
        guest_.set_byte(caller.ds_dx() + frame.a, input->character);
        ++frame.a;
    }
    caller.succeed(caller.cx);
    return Action::Finish;
}

// --- output

void Console::advance_column(u8 character) {
    const u8 column = variable(own::column);
    if (character == carriage_return)
        set_variable(own::column, 0);
    else if (character == backspace)
        set_variable(own::column, column == 0 ? u8{0} : u8(column - 1));
    else if (character >= 0x20)
        set_variable(own::column, u8(column + 1));
}

void Console::show(std::span<const u8> text) {
    std::vector<u8> expanded;
    expanded.reserve(text.size());
    for (const u8 c : text) {
        if (c != tab) {
            expanded.push_back(c);
            advance_column(c);
            continue;
        }
        do {
            expanded.push_back(' ');
            advance_column(' ');
        } while (variable(own::column) % 8 != 0);
    }
    if (!expanded.empty()) output_.write(expanded.data(), expanded.size());
}

u8 Console::next_emitted(Frame& frame) {
    const u8 c = guest_.byte(frame.out());
    advance_column(c == tab ? u8{' '} : c);
    if (c != tab || variable(own::column) % 8 == 0) frame.set_out(frame.out() + 1, u16(frame.out_count - 1));
    return c == tab ? u8{' '} : c;
}

/// The bell takes time in which the guest's timer runs: INT 10h has to ring it.
bool Console::rings(std::span<const u8> text) {
    constexpr u8 bell = 0x07;
    return std::ranges::find(text, bell) != text.end();
}

bool Console::emit_directly(Frame& frame) {
    if (!writes_directly()) return false;
    std::vector<u8> text(frame.out_count);
    guest_.read(frame.out(), text);
    if (rings(text)) return false;
    show(text);
    frame.out_count = 0;
    return true;
}

void Console::put(Frame& frame, std::string_view text) {
    const auto entry = files_.entry_of(standard_output);
    if (!entry) return;
    text = text.substr(0, echo_size);
    const SegOff scratch = in_dos_segment(own::echo);
    guest_.write(scratch, text);
    if (!is_console(*entry)) {
        (void)files_.write(*entry, scratch, u16(text.size()));
        return;
    }
    if (streams_.is_console()) (void)streams_.write(Streams::Output::Out, as_bytes(text));
    frame.set_out(scratch, u16(text.size()));
}

bool Console::write_at_once(std::span<const u8> text, Streams::Output copy) {
    if (!writes_directly() || !leads_to_rom(0x16) || is_break_waiting() || rings(text)) return false;
    if (streams_.is_console()) (void)streams_.write(copy, text);
    show(text);
    return true;
}

/// Text to CON the long way: look for ^C through INT 16h first.
Action Console::write_step(Frame& frame, SegOff text, u16 count, Streams::Output copy) {
    enum Step : u16 { Look, Looked, Took, Write };
    if (frame.step == Look) {
        frame.step = Looked;
        return Action::PollKey;
    }
    if (frame.step == Looked && frame.key_ready != 0 && is_break(frame.key)) {
        frame.step = Took;
        return Action::WaitKey;
    }
    if (frame.step == Took) return start_break(frame);
    if (frame.step == Write) return Action::Finish;
    std::vector<u8> bytes(count);
    guest_.read(text, bytes);
    if (streams_.is_console()) (void)streams_.write(copy, bytes);
    frame.set_out(text, count);
    frame.step = Write;
    return Action::Continue;
}

u16 Console::text_length(u8 entry, SegOff text, u16 count) const {
    if (files_.entry(entry).is_raw()) return count;
    u16 length = 0;
    while (length < count && guest_.byte(text + length) != end_of_file) ++length;
    return length;
}

Action Console::write_file_step(Frame& frame) {
    Caller& caller = frame.caller;
    const auto entry = files_.entry_of(caller.bx);
    if (!entry) {
        caller.fail(entry.error());
        return Action::Finish;
    }
    const u16 length = text_length(*entry, caller.ds_dx(), caller.cx);
    const Action next = write_step(frame, caller.ds_dx(), length, copy_for(caller.bx));
    if (next == Action::Finish) caller.succeed(caller.cx);
    return next;
}

u16 Console::string_length(SegOff text) const {
    u16 length = 0;
    while (length < 0xFFFF && guest_.byte(text + length) != '$') ++length;
    return length;
}

void Console::write_standard(Caller& caller, SegOff text, u16 count) {
    const auto entry = files_.entry_of(standard_output);
    if (!entry) return;
    if (!is_console(*entry)) {
        if (const auto done = files_.write(*entry, text, count); !done) caller.error = done.error();
        return;
    }
    std::vector<u8> bytes(count);
    guest_.read(text, bytes);
    caller.waits = !write_at_once(bytes, Streams::Output::Out);
}

void Console::write_character(Caller& caller) {
    const SegOff scratch = in_dos_segment(own::echo);
    guest_.set_byte(scratch, caller.dl());
    write_standard(caller, scratch, 1);
    caller.set_al(caller.dl());  // what version 2 and later leave there [RBIL 21/AH=02h]
}

void Console::write_string(Caller& caller) {
    write_standard(caller, caller.ds_dx(), string_length(caller.ds_dx()));
    caller.set_al('$');
}

Action Console::write_standard_step(Frame& frame) {
    const Caller& caller = frame.caller;
    if (caller.ah() == 0x09)
        return write_step(frame, caller.ds_dx(), string_length(caller.ds_dx()), Streams::Output::Out);
    const SegOff scratch = in_dos_segment(own::echo);
    if (frame.step != Frame::breaking) guest_.set_byte(scratch, caller.dl());
    return write_step(frame, scratch, 1, Streams::Output::Out);
}

void Console::install(Functions& functions) {
    const auto waits = [](Caller& c) { c.waits = true; };
    for (const u8 number : {u8{0x01}, u8{0x07}, u8{0x08}, u8{0x0A}})
        functions.on(number, waits, [this, number](Frame& f) { return input_function(number, f); });
    functions.on(
        0x02, [this](Caller& c) { write_character(c); }, [this](Frame& f) { return write_standard_step(f); });
    functions.on(
        0x06,
        [this](Caller& c) {
            const u8 character = c.dl();
            const auto entry = files_.entry_of(standard_output);
            const bool done = character != 0xFF && entry && is_console(*entry) &&
                              write_at_once({&character, 1}, Streams::Output::Out);
            if (done) c.set_al(character);
            c.waits = !done;
        },
        [this](Frame& f) { return direct_step(f); });
    functions.on(
        0x09, [this](Caller& c) { write_string(c); }, [this](Frame& f) { return write_standard_step(f); });
    functions.on(0x0B, waits, [this](Frame& f) {
        const Action next = status_step(f);
        const bool breaks = next == Action::Finish && f.key_ready != 0 && is_break(f.key);
        if (!breaks) return next;
        if (f.step == 2) return start_break(f);
        f.step = 2;
        return Action::WaitKey;
    });
    functions.on(0x0C, waits, [this](Frame& f) { return flush_step(f); });
}

}  // namespace dyn86::dos
