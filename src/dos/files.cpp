#include "src/dos/files.h"

#include "src/dos/arena.h"
#include "src/dos/line_editor.h"

#include <vector>

namespace dyn86::dos {
namespace {

constexpr u16 most_handles = 255;
constexpr u8 read_write = 2;

FileTable::Description describe(const Drives::Target& target, u16 mode, u8 attributes) {
    return {.name = to_fcb_name(target.path.parts.back()),
            .mode = mode,
            .drive = target.path.drive,
            .attribute = attributes,
            .path = target.place.path()};
}

}  // namespace

DosResult<u8> Files::open_entry(std::string_view path, u8 mode_byte) {
    const OpenMode mode{mode_byte};
    if (!mode.is_valid()) return refuse(DosError::InvalidAccess);
    const auto target = drives_.find(path);
    if (!target) return std::unexpected(target.error());
    if (target->path.device != Device::None)
        return table_.add_device(target->path.device, mode_byte, target->path.name);
    if (!target->place.exists()) return refuse(DosError::FileNotFound);
    auto file = target->volume->open(target->place, mode);
    if (!file) return std::unexpected(file.error());
    if (auto claimed = (*file)->claim_share(mode); !claimed) return std::unexpected(claimed.error());
    return table_.add_file(std::move(*file), describe(*target, mode_byte, target->place.status->attributes));
}

/// The attributes of a file just created, as far as the drive can keep them.
u8 Files::keep_attributes(const Drives::Target& target, u8 wanted) {
    constexpr u8 special = attribute::read_only | attribute::hidden | attribute::system;
    const auto made = target.volume->find(target.path.parts);
    if (!made || !made->exists()) return attribute::archive;
    const u8 all = u8((wanted & special) | attribute::archive), least = u8(all & ~(special ^ attribute::read_only));
    for (const u8 attributes : {all, least}) {
        if (attributes == made->status->attributes) break;
        if (target.volume->set_attributes(*made, attributes)) return attributes;
    }
    return made->status->attributes;
}

/// A volume's label is created like a file; what is written to it goes nowhere.
DosResult<u8> Files::create_label(const Drives::Target& target, u8 mode) {
    if (target.path.parts.empty()) return refuse(DosError::AccessDenied);
    const FcbName name = to_fcb_name(target.path.parts.back());
    std::string label(name.begin(), name.end());
    label.erase(label.find_last_not_of(' ') + 1);
    if (auto done = target.volume->set_label(label); !done) return std::unexpected(done.error());
    return table_.add_device(Device::Nul, mode, "NUL");
}

/// Only who may have the file to himself as far as its openers say so empties it: that comes after the open.
DosResult<u8> Files::create_entry(std::string_view path, u16 attributes, Existing existing, u8 mode_byte) {
    const OpenMode mode{mode_byte};
    if (!mode.is_valid()) return refuse(DosError::InvalidAccess);
    const auto target = drives_.find(path);
    if (!target) return std::unexpected(target.error());
    if (target->path.device != Device::None)
        return table_.add_device(target->path.device, mode_byte, target->path.name);
    if (target->volume->is_read_only()) return refuse(DosError::WriteProtected);
    if ((attributes & attribute::folder) != 0) return refuse(DosError::AccessDenied);
    if ((attributes & attribute::label) != 0) return create_label(*target, mode_byte);
    const Place& place = target->place;
    if (place.exists()) {
        if (existing == Existing::Refuse) return refuse(DosError::FileExists);
        if (place.status->is_read_only()) return refuse(DosError::AccessDenied);
    }
    const bool exclusive = existing == Existing::Refuse;
    auto file = target->volume->create(place, exclusive ? Volume::Existing::Refuse : Volume::Existing::Open);
    if (!file) return std::unexpected(file.error());
    if (auto claimed = (*file)->claim_share({u8(mode_byte | read_write)}); !claimed)
        return std::unexpected(claimed.error());
    if (auto emptied = (*file)->resize(0); !emptied) return std::unexpected(emptied.error());
    const u8 kept = keep_attributes(*target, u8(attributes));
    return table_.add_file(std::move(*file), describe(*target, mode_byte, kept));
}

DosResult<u16> Files::give_handle(DosResult<u8> entry) {
    if (!entry) return std::unexpected(entry.error());
    const auto handle = table_.free_handle();
    if (handle)
        table_.set_handle(*handle, *entry);
    else
        (void)table_.release(*entry);
    return handle;
}

DosResult<u16> Files::open(std::string_view path, u8 mode) {
    if (auto handle = table_.free_handle(); !handle) return handle;
    return give_handle(open_entry(path, mode));
}

/// AH=6Ch. DX: what to do if the file exists (low four bits) and if not (next four); DH, which told version 4 not to
/// check code pages, means nothing. [RBIL 21/AX=6C00h; DOS 4's own tools set it]
void Files::extended_open(Caller& caller) {
    const std::string path = guest_.asciiz(caller.ds_si());
    const u8 if_there = caller.dl() & 0x0F, if_not = caller.dl() >> 4;
    if (caller.al() != 0 || if_there > 2 || if_not > 1) return caller.fail(DosError::InvalidFunction);
    const auto target = drives_.find(path);
    if (!target) return caller.fail(target.error());
    const bool there = target->path.device != Device::None || target->place.exists();
    if (there ? if_there == 0 : if_not == 0) return caller.fail(there ? DosError::FileExists : DosError::FileNotFound);
    const bool opens = there && if_there == 1;
    const auto handle =
        opens ? open(path, caller.bl()) : give_handle(create_entry(path, caller.cx, Existing::Truncate, caller.bl()));
    caller.finish(handle);
    if (handle) caller.cx = opens ? 1 : there ? 3 : 2;
}

/// AH=5Ah: DS:DX is a path that ends in a backslash; a new name is put behind it.
void Files::make_temporary(Caller& caller) {
    const std::string path = guest_.asciiz(caller.ds_dx());
    const bool needs_separator = !path.empty() && path.back() != '\\' && path.back() != '/' && path.back() != ':';
    const SegOff counter = in_dos_segment(own::temporary_names);
    for (int attempt = 0; attempt < 0x10000; ++attempt) {
        const u16 number = guest_.word(counter);
        guest_.set_word(counter, u16(number + 1));
        std::string name = needs_separator ? "\\" : "";
        for (int shift = 12; shift >= 0; shift -= 4) name += char('A' + (number >> shift & 15));
        const auto entry = create_entry(path + name, caller.cx, Existing::Refuse);
        if (!entry && entry.error() == DosError::FileExists) continue;
        const auto handle = give_handle(entry);
        if (handle) guest_.write_asciiz(caller.ds_dx() + u16(path.size()), name);
        return caller.finish(handle);
    }
    caller.fail(DosError::AccessDenied);
}

/// Somebody has the file open and does not want others to touch it.
bool Files::is_denied(const Drives::Target& target) {
    if (!target.place.is_file()) return false;
    const auto file = target.volume->open(target.place, OpenMode{0});
    return file && (*file)->is_denied_by_others();
}

/// AH=5Ch: CX:DX the offset, SI:DI the length.
void Files::lock(Caller& caller) {
    const auto entry = table_.entry_of(caller.bx);
    if (!entry) return caller.fail(entry.error());
    const Region region{.start = u32{caller.cx} << 16 | caller.dx, .length = u32{caller.si} << 16 | caller.di};
    switch (caller.al()) {
        case 0x00: return caller.finish(table_.lock(*entry, region));
        case 0x01: return caller.finish(table_.unlock(*entry, region));
        default: return caller.fail(DosError::InvalidFunction);
    }
}

DosResult<> Files::remove(std::string_view path) {
    const auto target = drives_.find_for_writing(path);
    if (!target) return std::unexpected(target.error());
    if (!target->place.exists()) return refuse(DosError::FileNotFound);
    if (!target->place.is_file() || target->place.status->is_read_only()) return refuse(DosError::AccessDenied);
    if (is_denied(*target)) return refuse(DosError::SharingViolation);
    return target->volume->remove_file(target->place);
}

DosResult<> Files::rename(std::string_view from, std::string_view to) {
    const auto source = drives_.find_for_writing(from);
    if (!source) return std::unexpected(source.error());
    const auto goal = drives_.find_for_writing(to);
    if (!goal) return std::unexpected(goal.error());
    if (source->path.drive != goal->path.drive) return refuse(DosError::NotSameDevice);
    if (!source->place.exists()) return refuse(DosError::FileNotFound);
    if (goal->place.exists()) return refuse(DosError::AccessDenied);
    if (source->place.is_folder() && drives_.current_folder(source->path.drive) == source->path.parts)
        return refuse(DosError::CurrentDirectory);
    if (is_denied(*source)) return refuse(DosError::SharingViolation);
    const auto done = source->volume->rename(source->place, goal->place);
    if (!done && done.error() == DosError::FileExists) return refuse(DosError::AccessDenied);
    return done;
}

void Files::read(Caller& caller) {
    const auto entry = table_.entry_of(caller.bx);
    if (!entry) return caller.fail(entry.error());
    if (console_.is_console(*entry) || ports_.serves(*entry) || table_.must_wait(*entry)) {
        caller.waits = true;
        return;
    }
    caller.finish(table_.read(*entry, caller.ds_dx(), caller.cx));
}

Action Files::read_step(Frame& frame) {
    Caller& caller = frame.caller;
    const auto entry = table_.entry_of(caller.bx);
    if (!entry) {
        caller.fail(entry.error());
        return Action::Finish;
    }
    if (console_.is_console(*entry))
        return table_.entry(*entry).is_raw() ? console_.raw_read_step(frame) : LineEditor(console_).read_step(frame);
    if (ports_.serves(*entry)) return ports_.read_step(frame, *entry, caller.ds_dx(), caller.cx);
    if (!console_.wait_for_input()) return Action::Idle;
    caller.finish(table_.read(*entry, caller.ds_dx(), caller.cx));
    return Action::Finish;
}

void Files::write(Caller& caller) {
    const auto entry = table_.entry_of(caller.bx);
    if (!entry) return caller.fail(entry.error());
    if (ports_.serves(*entry)) {
        caller.waits = true;
        return;
    }
    if (!console_.is_console(*entry)) return caller.finish(table_.write(*entry, caller.ds_dx(), caller.cx));
    std::vector<u8> text(console_.text_length(*entry, caller.ds_dx(), caller.cx));
    guest_.read(caller.ds_dx(), text);
    if (console_.write_at_once(text, Console::copy_for(caller.bx))) return caller.succeed(caller.cx);
    caller.waits = true;
}

Action Files::write_step(Frame& frame) {
    const Caller& caller = frame.caller;
    const auto entry = table_.entry_of(caller.bx);
    if (entry && ports_.serves(*entry)) return ports_.write_step(frame, *entry, caller.ds_dx(), caller.cx);
    return console_.write_file_step(frame);
}

void Files::seek(Caller& caller) {
    const auto entry = table_.entry_of(caller.bx);
    if (!entry) return caller.fail(entry.error());
    if (caller.al() > u8(Origin::End)) return caller.fail(DosError::InvalidFunction);
    const auto position = table_.seek(*entry, Origin(caller.al()), u32{caller.cx} << 16 | caller.dx);
    if (!position) return caller.fail(position.error());
    caller.dx = u16(*position >> 16);
    caller.succeed(u16(*position));
}

DosResult<> Files::set_attributes(std::string_view path, u16 wanted) {
    const auto target = drives_.find_for_writing(path);
    if (!target) return std::unexpected(target.error());
    if (!target->place.exists()) return refuse(DosError::FileNotFound);
    if (wanted > 0xFF) return refuse(DosError::AccessDenied);
    return target->volume->set_attributes(target->place, u8(wanted));
}

void Files::attributes(Caller& caller) {
    const std::string path = guest_.asciiz(caller.ds_dx());
    if (caller.al() == 1) return caller.finish(set_attributes(path, caller.cx));
    if (caller.al() != 0) return caller.fail(DosError::InvalidFunction);
    const auto target = drives_.find(path);
    if (!target) return caller.fail(target.error());
    if (target->path.device != Device::None || !target->place.exists()) return caller.fail(DosError::FileNotFound);
    caller.cx = target->place.status->attributes;
    caller.succeed(caller.cx);
}

DosResult<u16> Files::duplicate(u16 handle) {
    const auto entry = table_.entry_of(handle);
    if (!entry) return std::unexpected(entry.error());
    const auto free = table_.free_handle();
    if (!free) return free;
    table_.add_reference(*entry);
    table_.set_handle(*free, *entry);
    return free;
}

DosResult<> Files::duplicate_to(u16 handle, u16 wanted) {
    const auto entry = table_.entry_of(handle);
    if (!entry) return std::unexpected(entry.error());
    if (wanted >= table_.handle_count()) return refuse(DosError::InvalidHandle);
    if (wanted == handle) return {};
    (void)table_.close_handle(wanted);  // it need not be open
    table_.add_reference(*entry);
    table_.set_handle(wanted, *entry);
    return {};
}

/// AX=5702h to 5704h, of version 4: a list that is empty, as that version has it on FAT disks. XCOPY insists on it.
void Files::extended_attributes(Caller& caller) {
    constexpr u16 list_size = 2, set = 4;
    if (caller.al() == set) return caller.succeed();
    if (caller.cx == 1) return caller.fail(DosError::NotEnoughMemory);
    if (caller.cx != 0) guest_.set_word(caller.es_di(), 0);
    caller.cx = list_size;
    caller.succeed();
}

void Files::stamp(Caller& caller) {
    const auto entry = table_.entry_of(caller.bx);
    if (!entry) return caller.fail(entry.error());
    if (caller.al() == 1) return caller.finish(table_.set_stamp(*entry, {.time = caller.cx, .date = caller.dx}));
    if (caller.al() >= 2 && caller.al() <= 4) return extended_attributes(caller);
    if (caller.al() != 0) return caller.fail(DosError::InvalidFunction);
    const auto stamp = table_.stamp(*entry);
    if (!stamp) return caller.fail(stamp.error());
    caller.cx = stamp->time;
    caller.dx = stamp->date;
    caller.succeed();
}

/// AH=67h: a table longer than the PSP's own twenty bytes moves into a memory block of its own.
DosResult<> Files::set_handle_count(u16 count) {
    const u16 process = guest_.word(in_dos_segment(sda::psp));
    const u16 old_count = table_.handle_count();
    if (count <= psp::default_handles) count = psp::default_handles;
    if (count > most_handles) return refuse(DosError::TooManyOpenFiles);
    if (count == old_count) return {};
    for (u16 handle = count; handle < old_count; ++handle)
        if (table_.entry_of(handle)) return refuse(DosError::TooManyOpenFiles);
    const SegOff old_table = guest_.pointer({process, psp::jft_pointer});
    SegOff table{process, psp::jft};
    if (count > psp::default_handles) {
        const auto block = arena_.allocate(u16((count + 15) / 16), process);
        if (!block) return std::unexpected(block.error());
        table = {*block, 0};
    }
    std::vector<u8> entries(old_count);
    guest_.read(old_table, entries);
    entries.resize(count, FileTable::no_entry);
    guest_.write(table, entries);
    guest_.set_pointer({process, psp::jft_pointer}, table);
    guest_.set_word({process, psp::jft_size}, count);
    if (old_table.segment != process && old_table.offset == 0) return arena_.release(old_table.segment);
    return {};
}

DosResult<> Files::check_handle(u16 handle) const {
    const auto entry = table_.entry_of(handle);
    if (!entry) return std::unexpected(entry.error());
    return {};
}

void Files::install(Functions& functions) {
    const auto path = [this](SegOff at) { return guest_.asciiz(at); };
    functions.on(
        0x3C, [=, this](Caller& c) { c.finish(give_handle(create_entry(path(c.ds_dx()), c.cx, Existing::Truncate))); });
    functions.on(0x3D, [=, this](Caller& c) { c.finish(open(path(c.ds_dx()), c.al())); });
    functions.on(0x3E, [this](Caller& c) { c.finish(table_.close_handle(c.bx)); });
    functions.on(
        0x3F, [this](Caller& c) { read(c); }, [this](Frame& f) { return read_step(f); });
    functions.on(
        0x40, [this](Caller& c) { write(c); }, [this](Frame& f) { return write_step(f); });
    functions.on(0x41, [=, this](Caller& c) { c.finish(remove(path(c.ds_dx()))); });
    functions.on(0x42, [this](Caller& c) { seek(c); });
    functions.on(0x43, [this](Caller& c) { attributes(c); });
    functions.on(0x45, [this](Caller& c) { c.finish(duplicate(c.bx)); });
    functions.on(0x46, [this](Caller& c) { c.finish(duplicate_to(c.bx, c.cx)); });
    functions.on(0x56, [=, this](Caller& c) { c.finish(rename(path(c.ds_dx()), path(c.es_di()))); });
    functions.on(0x57, [this](Caller& c) { stamp(c); });
    functions.on(0x5A, [this](Caller& c) { make_temporary(c); });
    functions.on(
        0x5B, [=, this](Caller& c) { c.finish(give_handle(create_entry(path(c.ds_dx()), c.cx, Existing::Refuse))); });
    functions.on(0x5C, [this](Caller& c) { lock(c); });
    functions.on(0x67, [this](Caller& c) { c.finish(set_handle_count(c.bx)); });
    // Nothing is held back: see FileTable::write.
    for (const u8 number : {u8{0x68}, u8{0x6A}})
        functions.on(number, [this](Caller& c) { c.finish(check_handle(c.bx)); });
    functions.on(0x6C, [this](Caller& c) { extended_open(c); });
}

}  // namespace dyn86::dos
