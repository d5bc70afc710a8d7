#include "src/dos/file_table.h"

#include <algorithm>
#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

namespace dyn86::dos {
namespace {

constexpr u8 aux_entry = 0, con_entry = 1, prn_entry = 2, first_stream = 3;
constexpr u16 read_write = 2;

u16 info_of(Device device) {
    switch (device) {
        case Device::Con: return device_info::con;
        case Device::Nul: return device_info::nul;
        case Device::Clock: return device_info::clock;
        case Device::Prn: return device_info::prn;
        default: return device_info::aux;
    }
}

/// Lets `read_some(bytes, done)` fill guest memory until it gives less than asked for.
template <typename ReadSome>
DosResult<u16> fill_guest(Memory& memory, Linear to, u16 count, ReadSome read_some) {
    u16 done = 0;
    while (done < count) {
        const auto wanted = u32(count - done);
        DosResult<std::size_t> got;
        std::size_t asked = 0;
        if (WritableRange range = memory.writable(to + done, wanted); !range.bytes().empty()) {
            asked = range.bytes().size();
            got = read_some(range.bytes(), done);
            range.commit(got.value_or(0));
        } else {  // ROM or a device's memory
            std::vector<u8> bytes(std::min<u32>(wanted, 512));
            range.commit(0);
            asked = bytes.size();
            got = read_some(std::span(bytes), done);
            if (got) memory.copy_in(to + done, std::span(bytes).first(*got));
        }
        if (!got) return done > 0 ? DosResult<u16>(done) : std::unexpected(got.error());
        done = u16(done + *got);
        if (*got < asked) break;
    }
    return done;
}

/// One read(2).
DosResult<std::size_t> read_once(int fd, std::span<u8> to) {
    for (;;) {
        const ssize_t got = ::read(fd, to.data(), to.size());
        if (got >= 0) return std::size_t(got);
        if (errno != EINTR) return refuse(errno == EIO ? DosError::ReadFault : from_errno(errno));
    }
}

}  // namespace

Device SftEntry::device() const {
    const u16 word = info();
    if ((word & device_info::device) == 0) return Device::None;
    if ((word & 0x03) != 0) return Device::Con;
    if ((word & 0x04) != 0) return Device::Nul;
    const SegOff header = guest_->pointer(at_ + sft::device);
    if (header != SegOff{} && header.segment != dos_segment) return Device::Driver;
    if ((word & 0x08) != 0) return Device::Clock;
    return (word & 0x0800) != 0 ? Device::Prn : Device::Aux;
}

void FileTable::initialise() {
    const SegOff table = in_dos_segment(sft::base);
    guest_.set_pointer(table, {0xFFFF, 0xFFFF});  // no further block
    guest_.set_word(table + 4, sft::count);
    guest_.set_pointer(in_dos_segment(lists::first_sft), table);
    fill_entry(aux_entry, 1, read_write, device_info::aux);
    fill_entry(con_entry, 1, read_write, device_info::con);
    fill_entry(prn_entry, 1, read_write, device_info::prn);
    if (streams_.is_console()) return;
    for (u8 i = 0; i < 3; ++i) {
        behind_[first_stream + i].stream = Stream(1 + i);
        fill_entry(u8(first_stream + i), 1, i == 0 ? 0 : 1, 2 | device_info::not_written);
    }
}

std::array<u8, 5> FileTable::first_handles() const {
    if (streams_.is_console()) return {con_entry, con_entry, con_entry, aux_entry, prn_entry};
    return {first_stream, first_stream + 1, first_stream + 2, aux_entry, prn_entry};
}

void FileTable::fill_entry(u8 index, u16 references, u16 mode, u16 info) {
    SftEntry slot = entry(index);
    guest_.fill(slot.at(), sft::entry_size, 0);
    slot.set_references(references);
    slot.set_mode(mode);
    slot.set_info(info);
    slot.set_stamp(calendar_.stamp());
    guest_.set_word(slot.at() + sft::owner, guest_.word(in_dos_segment(sda::psp)));
}

// --- handles

u16 FileTable::handle_count() const {
    return guest_.word({guest_.word(in_dos_segment(sda::psp)), psp::jft_size});
}

SegOff FileTable::handle_slot(u16 handle) const {
    return guest_.pointer({guest_.word(in_dos_segment(sda::psp)), psp::jft_pointer}) + handle;
}

DosResult<u8> FileTable::entry_of(u16 handle) const {
    if (handle >= handle_count()) return refuse(DosError::InvalidHandle);
    const u8 index = guest_.byte(handle_slot(handle));
    if (index >= sft::count || entry(index).references() == 0) return refuse(DosError::InvalidHandle);
    return index;
}

DosResult<u16> FileTable::free_handle() const {
    for (u16 handle = 0; handle < handle_count(); ++handle)
        if (guest_.byte(handle_slot(handle)) == no_entry) return handle;
    return refuse(DosError::TooManyOpenFiles);
}

void FileTable::set_handle(u16 handle, u8 index) {
    guest_.set_byte(handle_slot(handle), index);
}

DosResult<> FileTable::close_handle(u16 handle) {
    const auto index = entry_of(handle);
    if (!index) return std::unexpected(index.error());
    set_handle(handle, no_entry);
    return release(*index);
}

// --- entries

DosResult<u8> FileTable::allocate() const {
    for (u8 index = 0; index < sft::count; ++index)
        if (entry(index).references() == 0 && behind_[index].stream == Stream::None) return index;
    return refuse(DosError::TooManyOpenFiles);
}

DosResult<u8> FileTable::add_file(std::unique_ptr<OpenFile> file, const Description& description) {
    const auto index = allocate();
    if (!index) return index;
    const auto status = file->status();
    if (!status) return std::unexpected(status.error());
    fill_entry(*index, 1, description.mode, u16(description.drive | device_info::not_written));
    SftEntry slot = entry(*index);
    slot.set_size(u32(std::min<u64>(status->size, 0xFFFF'FFFF)));
    slot.set_stamp(status->stamp);
    guest_.set_byte(slot.at() + sft::attribute, description.attribute);
    guest_.write(slot.at() + sft::name, std::string_view(description.name.data(), description.name.size()));
    behind_[*index] = Behind{.file = std::move(file),
                             .path = description.path,
                             .stream = Stream::None,
                             .is_written = false,
                             .keep_stamp = {},
                             .locks = {}};
    return index;
}

SegOff FileTable::driver_named(const FcbName& name) const {
    constexpr int longest_chain = 256;  // programs may break it
    SegOff header = in_dos_segment(lists::nul_header);
    for (int i = 0; i < longest_chain && header.offset != 0xFFFF; ++i, header = guest_.pointer(header)) {
        std::array<u8, 8> driver{};
        guest_.read(header + 10, driver);
        if (std::equal(driver.begin(), driver.end(), name.begin(), [](u8 a, char b) { return a == u8(b); }))
            return header;
    }
    return in_dos_segment(lists::nul_header);
}

DosResult<u8> FileTable::add_device(Device device, u16 mode, std::string_view name) {
    const auto index = allocate();
    if (!index) return index;
    const FcbName field = to_fcb_name(name);
    const u16 attributes = guest_.word(driver_named(field) + 4);
    constexpr u16 driver_info = device_info::device | device_info::not_written;
    fill_entry(*index, 1, mode, device == Device::Driver ? u16((attributes & 0xFF00) | driver_info) : info_of(device));
    guest_.write(entry(*index).at() + sft::name, std::string_view(field.data(), field.size()));
    guest_.set_pointer(entry(*index).at() + sft::device, driver_named(field));
    behind_[*index] = Behind{};
    return index;
}

DosResult<> FileTable::release(u8 index) {
    SftEntry slot = entry(index);
    const u16 left = u16(slot.references() - 1);
    if (left == 0 && behind_[index].file) close_file(index);
    slot.set_references(left);
    return {};
}

void FileTable::close_file(u8 index) {
    Behind& behind = behind_[index];
    if (behind.is_written && !behind.keep_stamp && calendar_.stamps_files()) behind.keep_stamp = calendar_.stamp();
    if (behind.is_written && behind.keep_stamp) (void)behind.file->set_stamp(*behind.keep_stamp);
    behind = Behind{};
}

// --- bytes

int FileTable::descriptor(Stream stream) const {
    if (stream == Stream::In) return streams_.input();
    return streams_.descriptor(stream == Stream::Out ? Streams::Output::Out : Streams::Output::Err);
}

DosResult<u32> FileTable::length(u8 index) const {
    if (!behind_[index].file) return refuse(DosError::InvalidHandle);
    const auto status = behind_[index].file->status();
    if (!status) return std::unexpected(status.error());
    return u32(std::min<u64>(status->size, 0xFFFF'FFFF));
}

DosResult<u16> FileTable::read(u8 index, SegOff to, u16 count) {
    const SftEntry slot = entry(index);
    if ((slot.mode() & 7) == 1) return refuse(DosError::AccessDenied);
    if (slot.device() == Device::Nul) return u16{0};
    if (slot.is_device()) return refuse(DosError::ReadFault);
    if (is_input_stream(index)) {
        return fill_guest(guest_.memory(), to.linear(), count, [&](std::span<u8> bytes, u16 done) {
            // Once: the rest of what a pipe brings later is for the next call.
            return done > 0 ? DosResult<std::size_t>(0) : read_once(streams_.input(), bytes);
        });
    }
    return read_file(index, to, count);
}

DosResult<u16> FileTable::read_file(u8 index, SegOff to, u16 count) {
    OpenFile* const file = behind_[index].file.get();
    if (file == nullptr) return refuse(DosError::InvalidHandle);
    SftEntry slot = entry(index);
    guest_.set_byte(in_dos_segment(own::error_drive), slot.drive());
    const u32 position = slot.position();
    if (count > 0 && file->is_locked_by_others({position, count}, Purpose::Read))
        return refuse(DosError::LockViolation);
    auto done = fill_guest(guest_.memory(), to.linear(), count,
                           [&](std::span<u8> bytes, u16 before) { return file->read(u64{position} + before, bytes); });
    if (done) slot.set_position(position + *done);
    return done;
}

DosResult<u16> FileTable::write(u8 index, SegOff from, u16 count) {
    const SftEntry slot = entry(index);
    if ((slot.mode() & 7) == 0) return refuse(DosError::AccessDenied);
    if (slot.device() == Device::Nul) return count;
    if (slot.is_device()) return refuse(DosError::WriteFault);
    return is_stream(index) ? write_stream(index, from, count) : write_file(index, from, count);
}

DosResult<u16> FileTable::write_stream(u8 index, SegOff from, u16 count) {
    std::vector<u8> bytes(count);
    guest_.read(from, bytes);
    const auto to = behind_[index].stream == Stream::Err ? Streams::Output::Err : Streams::Output::Out;
    const auto done = streams_.write(to, bytes);
    if (!done && done.error() == DosError::DiskFull) return u16{0};
    if (!done) return refuse(DosError::WriteFault);
    if (show_) show_(bytes);
    return count;
}

DosResult<u16> FileTable::write_file(u8 index, SegOff from, u16 count) {
    Behind& behind = behind_[index];
    if (!behind.file) return refuse(DosError::InvalidHandle);
    SftEntry slot = entry(index);
    guest_.set_byte(in_dos_segment(own::error_drive), slot.drive());
    const u32 position = slot.position();
    // Without bytes the file's end moves, to here: what lies behind must not be anybody's.
    const u64 length = count > 0 ? count : share_byte::base - position;
    if (behind.file->is_locked_by_others({position, length}, Purpose::Write)) return refuse(DosError::LockViolation);
    behind.is_written = true;
    slot.set_info(slot.info() & ~device_info::not_written);
    if (count == 0) {  // the end of the file moves here
        if (auto resized = behind.file->resize(position); !resized) return std::unexpected(resized.error());
        slot.set_size(position);
        return u16{0};
    }
    std::vector<u8> bytes(count);
    guest_.read(from, bytes);
    const auto done = behind.file->write(position, bytes);  // full: DOS says how much found room, without an error
    if (!done) return std::unexpected(done.error());
    slot.set_position(u32(position + *done));
    slot.set_size(std::max(slot.size(), u32(position + *done)));
    return u16(*done);
}

DosResult<u32> FileTable::seek(u8 index, Origin origin, u32 distance) {
    SftEntry slot = entry(index);
    if (slot.is_device()) return u32{0};
    if (is_stream(index)) {
        if (auto flushed = streams_.flush(); !flushed) return refuse(DosError::WriteFault);
        const off_t now = lseek(descriptor(behind_[index].stream), off_t{i32(distance)}, int(origin));
        return now < 0 ? u32{0} : u32(now);  // pipes have no position, as devices have none
    }
    u32 base = 0;
    if (origin == Origin::Position) base = slot.position();
    if (origin == Origin::End) {
        const auto end = length(index);
        if (!end) return end;
        base = *end;
    }
    slot.set_position(base + distance);
    return base + distance;
}

DosResult<> FileTable::lock(u8 index, Region region) {
    Behind& behind = behind_[index];
    if (!behind.file || region.length == 0) return refuse(DosError::InvalidFunction);
    if (std::ranges::any_of(behind.locks, [&](const Region& held) { return held.overlaps(region); }))
        return refuse(DosError::LockViolation);
    const auto done = behind.file->lock(region);
    if (done) behind.locks.push_back(region);
    return done;
}

DosResult<> FileTable::unlock(u8 index, Region region) {
    Behind& behind = behind_[index];
    if (!behind.file) return refuse(DosError::InvalidFunction);
    const auto held = std::ranges::find(behind.locks, region);
    if (held == behind.locks.end()) return refuse(DosError::LockViolation);
    behind.locks.erase(held);
    return behind.file->unlock(region);
}

DosResult<FileStamp> FileTable::stamp(u8 index) const {
    const SftEntry slot = entry(index);
    if (behind_[index].keep_stamp) return *behind_[index].keep_stamp;
    if (is_stream(index)) {
        struct stat status {};
        const bool is_known = fstat(descriptor(behind_[index].stream), &status) == 0;
        return is_known ? Calendar::from_host(status.st_mtime) : slot.stamp();
    }
    if (!behind_[index].file) return slot.stamp();
    const auto status = behind_[index].file->status();
    if (!status) return std::unexpected(status.error());
    return status->stamp;
}

DosResult<> FileTable::set_stamp(u8 index, FileStamp stamp) {
    SftEntry slot = entry(index);
    slot.set_stamp(stamp);
    if (!behind_[index].file) return {};
    if (auto done = behind_[index].file->set_stamp(stamp); !done) return done;
    behind_[index].keep_stamp = stamp;
    return {};
}

}  // namespace dyn86::dos
