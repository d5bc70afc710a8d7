#include "src/dos/driver_calls.h"

#include <optional>

namespace dyn86::dos {
namespace {

/// Of a device driver's header. [RBIL 21/AH=52h "device driver header"]
constexpr u16 header_attributes = 0x04, header_strategy = 0x06, header_interrupt = 0x08;
/// Of a request.
constexpr u16 request_command = 0x02, request_status = 0x03, request_memory = 0x0E, request_count = 0x12;
constexpr u16 status_error = 0x8000, status_busy = 0x0200;
constexpr u8 end_of_file = 0x1A, carriage_return = 0x0D;

/// What AH=44h asks for becomes a command; nullopt: not of a driver with these attributes.
std::optional<DriverCommand> control_command(u8 function, u16 attributes) {
    constexpr u16 has_control = 0x4000, has_generic = 0x0040;
    switch (function) {
        case 0x02: return (attributes & has_control) != 0 ? std::optional(DriverCommand::ReadControl) : std::nullopt;
        case 0x03: return (attributes & has_control) != 0 ? std::optional(DriverCommand::WriteControl) : std::nullopt;
        case 0x06: return DriverCommand::InputStatus;
        case 0x07: return DriverCommand::OutputStatus;
        case 0x0C: return (attributes & has_generic) != 0 ? std::optional(DriverCommand::Generic) : std::nullopt;
        default: return std::nullopt;
    }
}

}  // namespace

SegOff DriverCalls::request() {
    return in_dos_segment(own::request);
}

SegOff DriverCalls::header_of(u8 entry) const {
    return guest_.pointer(table_.entry(entry).at() + sft::device);
}

void DriverCalls::begin_request(SegOff header, DriverCommand command, u8 length) {
    guest_.fill(request(), own::request_size, 0);
    guest_.set_byte(request(), length);
    guest_.set_byte(request() + request_command, u8(command));
    const auto entry = [&](u16 field) { return SegOff{header.segment, guest_.word(header + field)}; };
    guest_.set_pointer(in_dos_segment(own::driver_strategy), entry(header_strategy));
    guest_.set_pointer(in_dos_segment(own::driver_interrupt), entry(header_interrupt));
}

DosError DriverCalls::request_error() const {
    const u16 status = guest_.word(request() + request_status);
    if ((status & status_error) == 0) return DosError::None;
    constexpr u8 last_code = 0x0F;
    return DosError(u16(DosError::WriteProtected) + std::min(u8(status), last_code));
}

void DriverCalls::begin_transfer(u8 entry, DriverCommand command, SegOff memory, u16 count) {
    constexpr u8 length = 0x14;
    begin_request(header_of(entry), command, length);
    guest_.set_pointer(request() + request_memory, memory);
    guest_.set_word(request() + request_count, count);
}

u16 DriverCalls::transferred() const {
    return guest_.word(request() + request_count);
}

/// Raw: all at once. Else character by character up to CR or ^Z, as DOS reads lines. frame.a: how many there are.
Action DriverCalls::read_step(Frame& frame, u8 entry, SegOff to, u16 count) {
    if (frame.key_ready != 0) {
        frame.key_ready = 0;
        if (const DosError error = request_error(); error != DosError::None) {
            frame.caller.fail(error);
            return Action::Finish;
        }
        const u16 got = transferred();
        const u8 last = got == 0 ? end_of_file : guest_.byte(to + frame.a);
        const bool ends = !is_raw(entry) && last == end_of_file;
        frame.a = u16(frame.a + (ends ? 0 : got));
        if (is_raw(entry) || ends || last == carriage_return) count = frame.a;
    }
    if (frame.a >= count) {
        frame.caller.succeed(frame.a);
        return Action::Finish;
    }
    begin_transfer(entry, DriverCommand::Read, to + frame.a, is_raw(entry) ? count : u16{1});
    return Action::Device;
}

Action DriverCalls::write_step(Frame& frame, u8 entry, SegOff from, u16 count) {
    u16 length = 0;
    while (length < count && (is_raw(entry) || guest_.byte(from + length) != end_of_file)) ++length;
    if (frame.key_ready == 0 && length > 0) {
        begin_transfer(entry, DriverCommand::Write, from, length);
        return Action::Device;
    }
    frame.key_ready = 0;
    const DosError error = length > 0 ? request_error() : DosError::None;
    if (error != DosError::None)
        frame.caller.fail(error);
    else
        frame.caller.succeed(length < count ? count : transferred());
    return Action::Finish;
}

Action DriverCalls::control_step(Frame& frame, u8 entry) {
    Caller& caller = frame.caller;
    const auto command = control_command(caller.al(), guest_.word(header_of(entry) + header_attributes));
    if (!command) {
        caller.fail(DosError::InvalidFunction);
        return Action::Finish;
    }
    if (frame.key_ready == 0) {
        begin_transfer(entry, *command, caller.ds_dx(), caller.cx);
        if (*command == DriverCommand::Generic) {  // category and function instead of memory and count
            constexpr u8 length = 0x17;
            begin_request(header_of(entry), *command, length);
            guest_.set_word(request() + 0x0D, u16(caller.cx >> 8 | caller.cx << 8));
            guest_.set_pointer(request() + 0x13, caller.ds_dx());
        }
        return Action::Device;
    }
    frame.key_ready = 0;
    if (const DosError error = request_error(); error != DosError::None) {
        caller.fail(error);
        return Action::Finish;
    }
    const bool is_busy = (guest_.word(request() + request_status) & status_busy) != 0;
    switch (*command) {
        case DriverCommand::InputStatus:
        case DriverCommand::OutputStatus: caller.succeed(is_busy ? 0x00 : 0xFF); break;
        case DriverCommand::Generic: caller.succeed(); break;
        default: caller.succeed(transferred()); break;
    }
    return Action::Finish;
}

}  // namespace dyn86::dos
