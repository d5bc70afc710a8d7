#include "src/dos/ioctl.h"

namespace dyn86::dos {
namespace {

constexpr u16 removable = 0, fixed_disk = 1, ready = 0xFF, not_ready = 0;

}  // namespace

void Ioctl::get_information(Caller& caller) {
    const auto entry = table_.entry_of(caller.bx);
    if (!entry) return caller.fail(entry.error());
    caller.dx = table_.entry(*entry).info();
    caller.succeed(caller.dx);
}

void Ioctl::set_information(Caller& caller) {
    const auto index = table_.entry_of(caller.bx);
    if (!index) return caller.fail(index.error());
    SftEntry entry = table_.entry(*index);
    if (!entry.is_device()) return caller.fail(DosError::InvalidFunction);
    if (caller.dh() != 0) return caller.fail(DosError::InvalidData);
    entry.set_info(u16((entry.info() & 0xFF00) | caller.dl() | device_info::device));
    caller.succeed();
}

void Ioctl::input_status(Caller& caller) {
    const auto index = table_.entry_of(caller.bx);
    if (!index) return caller.fail(index.error());
    const SftEntry entry = table_.entry(*index);
    if (console_.is_console(*index)) {
        caller.waits = true;
        return;
    }
    if (table_.is_input_stream(*index)) return caller.succeed(table_.must_wait(*index) ? not_ready : ready);
    if (entry.is_device()) return caller.succeed(ready);
    const auto length = table_.length(*index);
    caller.succeed(length && entry.position() < *length ? ready : not_ready);
}

/// Control strings, status and generic requests of a device with a driver of its own.
bool Ioctl::is_for_driver(const Caller& caller) const {
    const u8 function = caller.al();
    const bool may_be =
        function == 0x02 || function == 0x03 || function == 0x06 || function == 0x07 || function == 0x0C;
    const auto entry = table_.entry_of(caller.bx);
    return may_be && entry && drivers_.serves(*entry);
}

Action Ioctl::step(Frame& frame) {
    if (const auto entry = table_.entry_of(frame.caller.bx); entry && drivers_.serves(*entry))
        return drivers_.control_step(frame, *entry);
    const Action next = console_.status_step(frame);
    if (next == Action::Finish) frame.caller.succeed(frame.caller.al());
    return next;
}

void Ioctl::about_drive(Caller& caller) {
    const auto drive = drives_.drive_argument(caller.bl());
    if (!drive) return caller.fail(drive.error());
    switch (caller.al()) {
        case 0x08: return caller.succeed(drives_.drive(*drive)->is_removable() ? removable : fixed_disk);
        case 0x09:  // local; the drive has no sectors, though, for INT 25h
            caller.dx = 0;
            return caller.succeed();
        default:  // 0Eh, 0Fh: one letter only leads to this drive
            caller.set_al(0);
            return caller.succeed();
    }
}

void Ioctl::media_id(Caller& caller, u8 drive_number) {
    const auto number = drives_.drive_argument(drive_number);
    if (!number) return caller.fail(number.error());
    const Volume& drive = *drives_.drive(*number);
    const SegOff to = caller.ds_dx();
    std::string label = drive.label();
    label.resize(11, ' ');
    guest_.set_word(to, 0);
    guest_.set_dword(to + 2, drive.serial());
    guest_.write(to + 6, label);
    guest_.write(to + 17, drive.shape() && drive.shape()->is_fat12() ? std::string_view("FAT12   ")
                                                                     : std::string_view("FAT16   "));
    caller.succeed();
}

/// AH=69h: AL = 00h asks, 01h would set it. [RBIL 21/AH=69h]
void Ioctl::serial_number(Caller& caller) {
    if (caller.al() == 0) return media_id(caller, caller.bl());
    caller.fail(caller.al() == 1 ? DosError::AccessDenied : DosError::InvalidFunction);
}

/// AL = 0Dh: of the requests only the media's identification makes sense for a folder too.
void Ioctl::generic_drive(Caller& caller) {
    constexpr u16 get_parameters = 0x0860, get_media_id = 0x0866, read_track = 0x0861, write_track = 0x0841;
    if (caller.cx == get_media_id) return media_id(caller, caller.bl());
    const auto drive = drives_.drive_argument(caller.bl());
    if (!drive) return caller.fail(drive.error());
    if (caller.cx == read_track || caller.cx == write_track) {
        using enum DiskBlocks::Direction;
        return caller.finish(blocks_.transfer_track(*drive, caller.ds_dx(), caller.cx == read_track ? Read : Write));
    }
    const bool done = caller.cx == get_parameters && blocks_.write_device_parameters(*drive, caller.ds_dx());
    done ? caller.succeed() : caller.fail(DosError::InvalidFunction);
}

/// Of devices that have no driver of their own: ours have no control strings and generic requests.
void Ioctl::no_control(Caller& caller) {
    const auto entry = table_.entry_of(caller.bx);
    caller.fail(entry ? DosError::InvalidFunction : entry.error());
}

void Ioctl::call(Caller& caller) {
    if (is_for_driver(caller)) {
        caller.waits = true;
        return;
    }
    switch (caller.al()) {
        case 0x00: return get_information(caller);
        case 0x01: return set_information(caller);
        case 0x06: return input_status(caller);
        case 0x07: {
            const auto entry = table_.entry_of(caller.bx);
            return entry ? caller.succeed(ready) : caller.fail(entry.error());
        }
        case 0x08:
        case 0x09:
        case 0x0E:
        case 0x0F: return about_drive(caller);
        case 0x0A: return get_information(caller);  // bit 15 clear: the handle is local
        case 0x0B: return caller.succeed();         // retries of a sharing violation: there are none to count
        case 0x02:
        case 0x03:
        case 0x0C:
        case 0x10: return no_control(caller);
        case 0x0D: return generic_drive(caller);
        default: return caller.fail(DosError::InvalidFunction);
    }
}

void Ioctl::install(Functions& functions) {
    functions.on(
        0x44, [this](Caller& c) { call(c); }, [this](Frame& f) { return step(f); });
    functions.on(0x69, [this](Caller& c) { serial_number(c); });
}

}  // namespace dyn86::dos
