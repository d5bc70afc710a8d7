#include "src/dos/drives.h"

#include <algorithm>

namespace dyn86::dos {
namespace {

constexpr std::size_t longest_folder = 63;  // characters behind "C:\" that the structures have room for

/// What AH=36h says: clusters of 16 KiB, and so few that sector and byte counts fit into signed 32 bits, on which old
/// programs rely.
struct Clusters {
    static constexpr u16 sectors = 32, sector_size = 512;
    static constexpr u64 bytes = u64{sectors} * sector_size;
    static constexpr u64 most = 65520;

    static u16 count(u64 size) { return u16(std::min(size / bytes, most)); }
};

}  // namespace

SegOff Drives::cds_entry(u8 drive) const {
    return in_dos_segment(u16(cds::base + drive * cds::entry_size));
}

Result<> Drives::add(const FolderSpec& spec) {
    const int number = ascii_upper(u8(spec.letter)) - 'A';
    if (number < 0 || number >= 26)
        return fail("no such drive letter: " + std::string(1, spec.letter), ErrorKind::Usage);
    auto folder = HostFolder::open(spec.path, page_);
    if (!folder) return std::unexpected(folder.error());
    drives_[std::size_t(number)] = std::make_unique<Drive>(Drive{std::move(*folder), spec.read_only, spec.label});
    return {};
}

Result<> Drives::add_built_in(char letter, std::string name, std::string_view content) {
    auto& place = drives_[std::size_t(letter - 'A')];
    if (place) return {};
    auto folder = HostFolder::built_in(std::move(name), content);
    if (!folder) return std::unexpected(folder.error());
    place = std::make_unique<Drive>(Drive{std::move(*folder), true, "DYN86"});
    return {};
}

Result<> Drives::initialise(const std::vector<FolderSpec>& specs) {
    u8 count = 0;
    for (u8 number = 0; number < cds::count; ++number) {
        set_current_folder(number, {});
        guest_.set_word(cds_entry(number) + cds::attributes, has_drive(number) ? 0xC000 : 0);
        guest_.set_word(cds_entry(number) + cds::root_offset, 2);
        if (has_drive(number)) ++count;
    }
    guest_.set_byte(in_dos_segment(lists::block_devices), count);
    guest_.set_byte(in_dos_segment(lists::last_drive), cds::count);
    guest_.set_pointer(in_dos_segment(lists::cds), in_dos_segment(cds::base));
    for (const FolderSpec& spec : specs) {
        if (spec.current.empty()) continue;
        const u8 number = u8(ascii_upper(u8(spec.letter)) - 'A');
        const auto parts = drives_[number]->folder.dos_path(spec.current);
        if (!parts) return fail(spec.current + ": no such folder in " + spec.path, ErrorKind::NotFound);
        set_current_folder(number, *parts);
    }
    return {};
}

std::string Drives::current_folder_text(u8 drive) const {
    const std::string text = guest_.asciiz(cds_entry(drive), 3 + longest_folder);
    return text.size() < 3 ? std::string{} : text.substr(3);  // programs may write there
}

std::vector<std::string> Drives::current_folder(u8 drive) const {
    std::vector<std::string> parts;
    std::string part;
    for (const char c : current_folder_text(drive) + '\\') {
        if (c != '\\') {
            part += c;
        } else if (!part.empty()) {
            parts.push_back(std::move(part));
            part.clear();
        }
    }
    return parts;
}

void Drives::set_current_folder(u8 drive, const std::vector<std::string>& parts) {
    guest_.write_asciiz(cds_entry(drive), DosPath{.drive = drive, .parts = parts}.text());
}

std::string Drives::dos_spelling(const std::string& path) const {
    if (path.size() < 3 || path[1] != ':' || path[2] != '\\') return path;
    const Drive* const on = drive(u8(ascii_upper(u8(path[0])) - 'A'));
    if (on == nullptr) return path;
    std::string relative = path.substr(3);
    std::ranges::replace(relative, '\\', '/');
    const auto parts = on->folder.dos_path(relative);
    if (!parts) return path;
    std::string spelling = path.substr(0, 2);
    for (const std::string& part : *parts) spelling += '\\' + part;
    return spelling;
}

std::string Drives::label_of(const Drive& drive) const {
    return page_.upper(page_.from_utf8(drive.label).value_or(drive.label)).substr(0, 11);
}

void Drives::set_current_drive(u8 drive) {
    guest_.set_byte(in_dos_segment(sda::drive), drive);
}

DosResult<u8> Drives::drive_argument(u8 number) const {
    const u8 drive = number == 0 ? current_drive() : u8(number - 1);
    if (!has_drive(drive)) return refuse(DosError::InvalidDrive);
    return drive;
}

DosResult<Drives::Target> Drives::find(std::string_view path) const {
    auto parsed = parse_path(path, *this);
    if (!parsed) return std::unexpected(parsed.error());
    Target target{.path = std::move(*parsed), .drive = nullptr, .place = {}};
    if (target.path.device != Device::None) return target;
    target.drive = drive(target.path.drive);
    guest_.set_byte(in_dos_segment(own::error_drive), target.path.drive);
    auto place = target.drive->folder.find(target.path.parts);
    if (!place) return std::unexpected(place.error());
    target.place = std::move(*place);
    return target;
}

DosResult<Drives::Target> Drives::find_for_writing(std::string_view path) const {
    auto target = find(path);
    if (!target) return target;
    if (target->path.device != Device::None) return refuse(DosError::AccessDenied);
    if (target->drive->read_only) return refuse(DosError::WriteProtected);
    return target;
}

void Drives::select_drive(Caller& caller) {
    if (has_drive(caller.dl())) set_current_drive(caller.dl());
    caller.set_al(cds::count);  // LASTDRIVE
}

void Drives::allocation(Caller& caller, u8 drive_number) {
    const auto number = drive_argument(drive_number);
    if (!number) return caller.set_al(0xFF);
    const HostFolder::Space space = drives_[*number]->folder.space();
    caller.set_al(Clusters::sectors);
    caller.cx = Clusters::sector_size;
    caller.dx = Clusters::count(space.total_bytes);
    guest_.set_byte(in_dos_segment(own::media_byte), 0xF8);  // a hard disk
    caller.ds = dos_segment;
    caller.bx = own::media_byte;
}

void Drives::free_space(Caller& caller) {
    const auto number = drive_argument(caller.dl());
    if (!number) {
        caller.ax = 0xFFFF;
        return;
    }
    const HostFolder::Space space = drives_[*number]->folder.space();
    caller.ax = Clusters::sectors;
    caller.bx = Clusters::count(space.free_bytes);
    caller.cx = Clusters::sector_size;
    caller.dx = Clusters::count(space.total_bytes);
}

void Drives::current_directory(Caller& caller) {
    const auto number = drive_argument(caller.dl());
    if (!number) return caller.fail(number.error());
    guest_.write_asciiz(caller.ds_si(), current_folder_text(*number));
    caller.succeed(0x0100);  // what DOS leaves in AX, and some programs test [RBIL 21/AH=47h]
}

DosResult<> Drives::make(SegOff path) {
    const auto target = find_for_writing(guest_.asciiz(path));
    if (!target) return std::unexpected(target.error());
    if (target->place.exists()) return refuse(DosError::AccessDenied);
    return target->folder().make_folder(target->place);
}

DosResult<> Drives::remove(SegOff path) {
    const auto target = find_for_writing(guest_.asciiz(path));
    if (!target) return std::unexpected(target.error());
    if (!target->place.is_folder()) return refuse(DosError::PathNotFound);
    if (current_folder(target->path.drive) == target->path.parts) return refuse(DosError::CurrentDirectory);
    return target->folder().remove_folder(target->place);
}

DosResult<> Drives::change(SegOff path) {
    const auto target = find(path);
    if (!target) return std::unexpected(target.error());
    if (target->path.device != Device::None || !target->place.is_folder()) return refuse(DosError::PathNotFound);
    if (target->path.text().size() > 3 + longest_folder) return refuse(DosError::PathNotFound);
    set_current_folder(target->path.drive, target->path.parts);
    return {};
}

void Drives::true_name(Caller& caller) {
    const auto path = parse_path(guest_.asciiz(caller.ds_si()), *this, Wildcards::InLast);
    if (!path) return caller.fail(path.error());
    guest_.write_asciiz(caller.es_di(), path->text());
    caller.succeed(0);
}

void Drives::install(Functions& functions) {
    functions.on(0x0E, [this](Caller& c) { select_drive(c); });
    functions.on(0x19, [this](Caller& c) { c.set_al(current_drive()); });
    functions.on(0x1B, [this](Caller& c) { allocation(c, 0); });
    functions.on(0x1C, [this](Caller& c) { allocation(c, c.dl()); });
    // Disk parameter blocks: a host folder has none.
    functions.on(0x1F, [](Caller& c) { c.set_al(0xFF); });
    functions.on(0x32, [](Caller& c) { c.set_al(0xFF); });
    functions.on(0x36, [this](Caller& c) { free_space(c); });
    functions.on(0x39, [this](Caller& c) { c.finish(make(c.ds_dx())); });
    functions.on(0x3A, [this](Caller& c) { c.finish(remove(c.ds_dx())); });
    functions.on(0x3B, [this](Caller& c) { c.finish(change(c.ds_dx())); });
    functions.on(0x47, [this](Caller& c) { current_directory(c); });
    functions.on(0x60, [this](Caller& c) { true_name(c); });
}

}  // namespace dyn86::dos
