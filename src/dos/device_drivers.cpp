#include "src/dos/device_drivers.h"

#include "src/dos/host_file.h"
#include "src/dos/loader.h"

#include <fmt/format.h>

#include <cerrno>

#include <fcntl.h>

namespace dyn86::dos {
namespace {

constexpr u16 dos_owner = 8;  // of memory that is DOS's own [RBIL 21/AH=52h "memory control block"]
constexpr u16 stack_paragraphs = 0x60, stack_size = stack_paragraphs * 16;
constexpr u16 last_header = 0xFFFF;
constexpr u16 most_headers = 64;  // of one file
constexpr u16 header_attributes = 0x04;
constexpr u16 character_device = 0x8000, standard_console = 0x0003, clock_device = 0x0008;

/// Of the initialisation request. [RBIL 2F/AX=0802h]
constexpr u16 init_break = 0x0E, init_line = 0x12;
constexpr u8 init_length = 0x18;

std::string file_name(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

}  // namespace

DosResult<SegOff> DeviceDrivers::allocate_stack() {
    const auto block = arena_.allocate(stack_paragraphs, dos_owner);
    if (!block) return std::unexpected(block.error());
    stack_ = *block;
    return SegOff{*block, stack_size};
}

Result<DeviceDrivers::Loaded> DeviceDrivers::load(std::size_t number) {
    const std::string& path = specs_[number].path;
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return fail_errno(path, errno == ENOENT ? ErrorKind::NotFound : ErrorKind::Failed);
    HostFile file(Descriptor(fd), file_name(path));
    const auto kind = examine_program(file);
    if (!kind) return fail(path + ": not a device driver: " + kind.error().message, ErrorKind::NotAProgram);
    const auto* const exe = std::get_if<ExeHeader>(&*kind);
    const u32 size = exe != nullptr ? exe->image_size : std::get<ComFile>(*kind).file_size;
    const u16 least = u16(size / 16 + 1 + (exe != nullptr ? exe->minimum : 0));
    const auto room = arena_.largest();
    if (!room || *room < least) return fail(path + ": needs more memory than there is", ErrorKind::NotAProgram);
    const auto block = arena_.allocate(*room, dos_owner);
    if (!block) return fail(path + ": needs more memory than there is", ErrorKind::NotAProgram);
    const auto placed = exe != nullptr ? place_exe(file, *exe, guest_, *block, *block)
                                       : read_into_guest(file, 0, guest_, SegOff{*block, 0}.linear(), size);
    if (!placed) return fail(path + ": cannot be loaded", ErrorKind::NotAProgram);
    return Loaded{.spec = number, .block = *block, .header = {*block, 0}, .headers = 1};
}

Result<> DeviceDrivers::check(const Loaded& loaded) const {
    const bool is_character = (guest_.word(loaded.header + header_attributes) & character_device) != 0;
    if (is_character) return {};
    return fail(
        specs_[loaded.spec].path + ": no character device's driver; dyn86's DOS has only folders and images as drives",
        ErrorKind::NotAProgram);
}

/// The line is what follows DEVICE= in a CONFIG.SYS; it stands behind the request.
void DeviceDrivers::ask(const Loaded& loaded) {
    calls_.begin_request(loaded.header, DriverCommand::Init, init_length);
    const DriverSpec& spec = specs_[loaded.spec];
    const std::string line = file_name(spec.path) + (spec.arguments.empty() ? "" : ' ' + spec.arguments) + "\r\n";
    const SegOff text = in_dos_segment(own::driver_line);
    guest_.write_asciiz(text, line.substr(0, own::driver_line_size - 1));
    guest_.set_pointer(DriverCalls::request() + init_break, {u16(loaded.block + arena_.size(loaded.block)), 0});
    guest_.set_pointer(DriverCalls::request() + init_line, text);
    asked_ = loaded;
}

/// Cuts the block down to what the driver wants to keep; the others in the same file follow it.
Result<> DeviceDrivers::finish() {
    const Loaded loaded = *asked_;
    asked_.reset();
    const Linear start = SegOff{loaded.block, 0}.linear();
    const Linear end = guest_.pointer(DriverCalls::request() + init_break).linear();
    const u16 next = guest_.word(loaded.header);
    const bool stays = calls_.request_error() == DosError::None && end > start;
    if (stays) link(loaded.header);
    if (next != last_header && loaded.headers < most_headers) {
        const Loaded following{loaded.spec, loaded.block, {loaded.block, next}, u16(loaded.headers + 1)};
        if (auto good = check(following); !good) return good;
        ask(following);
        return {};
    }
    if (stays)
        (void)arena_.resize(loaded.block, u16((end - start + 15) / 16));
    else
        (void)arena_.release(loaded.block);
    return {};
}

void DeviceDrivers::link(SegOff header) {
    const SegOff nul = in_dos_segment(lists::nul_header);
    guest_.set_pointer(header, guest_.pointer(nul));
    guest_.set_pointer(nul, header);
    const u16 attributes = guest_.word(header + header_attributes);
    if ((attributes & standard_console) != 0) guest_.set_pointer(in_dos_segment(lists::con), header);
    if ((attributes & clock_device) != 0) guest_.set_pointer(in_dos_segment(lists::clock), header);
}

Result<bool> DeviceDrivers::next() {
    if (asked_)
        if (auto done = finish(); !done) return std::unexpected(done.error());
    if (asked_) return true;
    if (next_spec_ < specs_.size()) {
        const auto loaded = load(next_spec_++);
        if (!loaded) return std::unexpected(loaded.error());
        if (auto good = check(*loaded); !good) return std::unexpected(good.error());
        ask(*loaded);
        return true;
    }
    (void)arena_.release(stack_);
    return false;
}

}  // namespace dyn86::dos
