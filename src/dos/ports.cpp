#include "src/dos/ports.h"

namespace dyn86::dos {
namespace {

constexpr u8 end_of_file = 0x1A;
constexpr u16 serial_write = 0x0100, serial_read = 0x0200, serial_status = 0x0300;

/// AH of INT 17h: time-out, I/O error, out of paper. [IBM XT, INT 17h]
DosError printer_error(u16 ax) {
    constexpr u16 time_out = 0x0100, io_error = 0x0800, no_paper = 0x2000;
    if ((ax & no_paper) != 0) return DosError::OutOfPaper;
    return (ax & (time_out | io_error)) != 0 ? DosError::WriteFault : DosError::None;
}

/// AH of INT 14h: bit 7 time-out, bit 0 a character is there. [IBM XT, INT 14h]
bool has_timed_out(u16 ax) {
    return (ax & 0x8000) != 0;
}
bool has_data(u16 ax) {
    return (ax & 0x0100) != 0;
}

}  // namespace

bool Ports::serves(u8 entry) const {
    const Device device = table_.entry(entry).device();
    return device == Device::Prn || device == Device::Aux || device == Device::Driver;
}

u16 Ports::port_of(u8 entry) const {
    const u8 digit = guest_.byte(table_.entry(entry).at() + sft::name + 3u);
    return digit >= '1' && digit <= '4' ? u16(digit - '1') : u16{0};
}

Action Ports::bios(u8 entry, u16 ax) {
    Registers& regs = guest_.memory().core().regs;
    regs.set(Reg16::Ax, ax);
    regs.set(Reg16::Dx, port_of(entry));
    return table_.entry(entry).device() == Device::Prn ? Action::Print : Action::Serial;
}

Action Ports::write_step(Frame& frame, u8 entry, SegOff from, u16 count) {
    if (drivers_.serves(entry)) return drivers_.write_step(frame, entry, from, count);
    const bool prints = table_.entry(entry).device() == Device::Prn;
    if (frame.key_ready != 0) {
        frame.key_ready = 0;
        const DosError error = prints                     ? printer_error(frame.key)
                               : has_timed_out(frame.key) ? DosError::WriteFault
                                                          : DosError::None;
        if (error != DosError::None) {
            frame.caller.fail(error);
            return Action::Finish;
        }
        ++frame.a;
    }
    const u8 character = guest_.byte(from + frame.a);
    const bool ends = frame.a < count && character == end_of_file && !table_.entry(entry).is_raw();
    if (frame.a >= count || ends) {
        frame.caller.succeed(count);
        return Action::Finish;
    }
    return bios(entry, u16(prints ? character : serial_write | character));
}

Action Ports::read_step(Frame& frame, u8 entry, SegOff to, u16 count) {
    enum Phase : u16 { Ask, Asked, Taken };
    if (drivers_.serves(entry)) return drivers_.read_step(frame, entry, to, count);
    Caller& caller = frame.caller;
    if (table_.entry(entry).device() == Device::Prn) {
        caller.fail(DosError::ReadFault);
        return Action::Finish;
    }
    if (frame.b == Asked && frame.key_ready != 0) {
        frame.key_ready = 0;
        frame.b = has_data(frame.key) ? Taken : Ask;
        if (frame.b == Ask) return Action::Idle;
        return bios(entry, serial_read);
    }
    if (frame.b == Taken && frame.key_ready != 0) {
        frame.key_ready = 0;
        frame.b = Ask;
        if (has_timed_out(frame.key)) return Action::Idle;
        const u8 character = u8(frame.key);
        if (character == end_of_file && !table_.entry(entry).is_raw()) count = frame.a;
        if (frame.a < count) guest_.set_byte(to + frame.a++, character);
    }
    if (frame.a >= count) {
        caller.succeed(frame.a);
        return Action::Finish;
    }
    frame.b = Asked;
    return bios(entry, serial_status);
}

void Ports::put_character(Caller& caller, u16 handle) {
    const auto entry = table_.entry_of(handle);
    if (!entry) return;
    if (serves(*entry)) {
        caller.waits = true;
        return;
    }
    const SegOff scratch = in_dos_segment(own::echo);
    guest_.set_byte(scratch, caller.dl());
    if (const auto done = table_.write(*entry, scratch, 1); !done) caller.error = done.error();
}

Action Ports::put_character_step(Frame& frame, u16 handle) {
    const auto entry = table_.entry_of(handle);
    if (!entry) return Action::Finish;
    const SegOff scratch = in_dos_segment(own::echo);
    guest_.set_byte(scratch, frame.caller.dl());
    const Caller before = frame.caller;
    const Action next = write_step(frame, *entry, scratch, 1);
    const DosError error = frame.caller.error;
    frame.caller = before;  // the way of version 1: nothing comes back
    frame.caller.error = error;
    return next;
}

void Ports::take_character(Caller& caller) {
    const auto entry = table_.entry_of(aux_handle);
    if (entry && serves(*entry)) {
        caller.waits = true;
        return;
    }
    const SegOff scratch = in_dos_segment(own::echo);
    const auto got = entry ? table_.read(*entry, scratch, 1) : DosResult<u16>(u16{0});
    caller.set_al(got.value_or(0) == 1 ? guest_.byte(scratch) : end_of_file);
}

Action Ports::take_character_step(Frame& frame) {
    const auto entry = table_.entry_of(aux_handle);
    if (!entry) return Action::Finish;
    const SegOff scratch = in_dos_segment(own::echo);
    const Caller before = frame.caller;
    const Action next = read_step(frame, *entry, scratch, 1);
    if (next != Action::Finish) return next;
    frame.caller = before;
    frame.caller.set_al(frame.a == 1 ? guest_.byte(scratch) : end_of_file);
    return next;
}

void Ports::install(Functions& functions) {
    functions.on(
        0x03, [this](Caller& c) { take_character(c); }, [this](Frame& f) { return take_character_step(f); });
    functions.on(
        0x04, [this](Caller& c) { put_character(c, aux_handle); },
        [this](Frame& f) { return put_character_step(f, aux_handle); });
    functions.on(
        0x05, [this](Caller& c) { put_character(c, printer_handle); },
        [this](Frame& f) { return put_character_step(f, printer_handle); });
}

}  // namespace dyn86::dos
