#include "src/dos/drives.h"

#include <algorithm>

namespace dyn86::dos {
namespace {

constexpr std::size_t longest_folder = 63;  // characters behind "C:\" that the structures have room for

}  // namespace

SegOff Drives::cds_entry(u8 drive) {
    return in_dos_segment(u16(cds::base + drive * cds::entry_size));
}

Result<u8> Drives::letter_number(char letter) const {
    const int number = ascii_upper(u8(letter)) - 'A';
    if (number < 0 || number >= int(drives_.size()))
        return fail("no such drive letter: " + std::string(1, letter), ErrorKind::Usage);
    return u8(number);
}

Result<> Drives::add(const FolderSpec& spec) {
    const auto number = letter_number(spec.letter);
    if (!number) return std::unexpected(number.error());
    auto folder = HostFolder::open(spec.path, {.page = page_, .read_only = spec.read_only, .label = spec.label});
    if (!folder) return std::unexpected(folder.error());
    auto drive = std::make_unique<HostFolder>(std::move(*folder));
    folders_[*number] = drive.get();
    drives_[*number] = std::move(drive);
    return {};
}

Result<> Drives::add(const DiskSpec& spec, std::function<FileStamp()> now) {
    const auto number = letter_number(spec.letter);
    if (!number) return std::unexpected(number.error());
    if (const DiskInDrive there = spec.drive(); there.image != nullptr)
        if (const auto fat = FatVolume::open(*there.image); !fat) return std::unexpected(fat.error());
    drives_[*number] = std::make_unique<ImageVolume>(spec.drive, std::move(now));
    return {};
}

Result<> Drives::add_built_in(char letter, std::string name, std::string_view content) {
    auto& place = drives_[std::size_t(letter - 'A')];
    if (place) return {};
    auto folder = HostFolder::built_in(std::move(name), content);
    if (!folder) return std::unexpected(folder.error());
    place = std::make_unique<HostFolder>(std::move(*folder));
    return {};
}

/// The drivers of others stand before ours in the chain. One for the console is found in another way: by INT 29h.
bool Drives::has_driver(std::string_view name) const {
    constexpr int longest_chain = 256;  // programs may close it to a circle
    constexpr u16 character_device = 0x8000, standard_console = 0x0003;
    SegOff header = guest_.pointer(in_dos_segment(lists::nul_header));
    for (int i = 0; i < longest_chain && header.segment != dos_segment && header.offset != 0xFFFF; ++i) {
        const u16 attributes = guest_.word(header + 4);
        FcbName driver{};
        guest_.read(header + 10, std::span(reinterpret_cast<u8*>(driver.data()), 8));
        std::fill(driver.begin() + 8, driver.end(), ' ');
        const bool is_device = (attributes & character_device) != 0 && (attributes & standard_console) == 0;
        if (is_device && from_fcb_name(driver) == name) return true;
        header = guest_.pointer(header);
    }
    return false;
}

Result<> Drives::initialise(const std::vector<FolderSpec>& specs) {
    u8 count = 0;
    for (u8 number = 0; number < cds::count; ++number) {
        set_current_folder(number, {});
        constexpr u16 physical = 0x4000, redirected = 0xC000;
        const u16 kind = drives_[number] && drives_[number]->is_on_disk() ? physical : redirected;
        guest_.set_word(cds_entry(number) + cds::attributes, has_drive(number) ? kind : u16{0});
        guest_.set_word(cds_entry(number) + cds::root_offset, 2);
        if (has_drive(number)) ++count;
    }
    guest_.set_byte(in_dos_segment(lists::block_devices), count);
    guest_.set_byte(in_dos_segment(lists::last_drive), cds::count);
    guest_.set_pointer(in_dos_segment(lists::cds), in_dos_segment(cds::base));
    for (const FolderSpec& spec : specs) {
        if (spec.current.empty()) continue;
        const u8 number = u8(ascii_upper(u8(spec.letter)) - 'A');
        const auto parts = folders_.at(number)->dos_path(spec.current);
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
    const auto number = letter_number(path[0]);
    if (!number || folders_[*number] == nullptr) return path;
    std::string relative = path.substr(3);
    std::ranges::replace(relative, '\\', '/');
    const auto parts = folders_[*number]->dos_path(relative);
    if (!parts) return path;
    std::string spelling = path.substr(0, 2);
    for (const std::string& part : *parts) spelling += '\\' + part;
    return spelling;
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
    Target target{.path = std::move(*parsed), .volume = nullptr, .place = {}};
    if (target.path.device != Device::None) return target;
    target.volume = drive(target.path.drive);
    guest_.set_byte(in_dos_segment(own::error_drive), target.path.drive);
    auto place = target.volume->find(target.path.parts);
    if (!place) return std::unexpected(place.error());
    target.place = std::move(*place);
    return target;
}

DosResult<Drives::Target> Drives::find_for_writing(std::string_view path) const {
    auto target = find(path);
    if (!target) return target;
    if (target->path.device != Device::None) return refuse(DosError::AccessDenied);
    if (target->volume->is_read_only()) return refuse(DosError::WriteProtected);
    return target;
}

void Drives::select_drive(Caller& caller) {
    if (has_drive(caller.dl())) set_current_drive(caller.dl());
    caller.set_al(cds::count);  // LASTDRIVE
}

void Drives::allocation(Caller& caller, u8 drive_number) {
    const auto number = drive_argument(drive_number);
    if (!number) return caller.set_al(0xFF);
    const Clusters clusters = drives_[*number]->clusters();
    if (clusters.sectors == 0) return caller.set_al(0xFF);
    caller.set_al(u8(clusters.sectors));
    caller.cx = clusters.sector_size;
    caller.dx = clusters.total;
    constexpr u8 hard_disk = 0xF8;
    const auto shape = drives_[*number]->shape();
    guest_.set_byte(in_dos_segment(own::media_byte), shape ? shape->media : hard_disk);
    caller.ds = dos_segment;
    caller.bx = own::media_byte;
}

void Drives::free_space(Caller& caller) {
    const auto number = drive_argument(caller.dl());
    if (!number) {
        caller.ax = 0xFFFF;
        return;
    }
    const Clusters clusters = drives_[*number]->clusters();
    caller.ax = clusters.sectors == 0 ? u16{0xFFFF} : clusters.sectors;
    caller.bx = clusters.free;
    caller.cx = clusters.sector_size;
    caller.dx = clusters.total;
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
    return target->volume->make_folder(target->place);
}

DosResult<> Drives::remove(SegOff path) {
    const auto target = find_for_writing(guest_.asciiz(path));
    if (!target) return std::unexpected(target.error());
    if (!target->place.is_folder()) return refuse(DosError::PathNotFound);
    if (current_folder(target->path.drive) == target->path.parts) return refuse(DosError::CurrentDirectory);
    return target->volume->remove_folder(target->place);
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
    functions.on(0x36, [this](Caller& c) { free_space(c); });
    functions.on(0x39, [this](Caller& c) { c.finish(make(c.ds_dx())); });
    functions.on(0x3A, [this](Caller& c) { c.finish(remove(c.ds_dx())); });
    functions.on(0x3B, [this](Caller& c) { c.finish(change(c.ds_dx())); });
    functions.on(0x47, [this](Caller& c) { current_directory(c); });
    functions.on(0x60, [this](Caller& c) { true_name(c); });
}

}  // namespace dyn86::dos
