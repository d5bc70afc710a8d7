#include "src/storage/disk_image.h"

#include "src/base/check.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace dyn86 {

namespace {

ErrorKind kind_of_errno() {
    return errno == ENOENT || errno == ENOTDIR ? ErrorKind::NotFound : ErrorKind::Failed;
}

/// Size in bytes of a file (or block device) that may be an image.
Result<u64> image_size(const std::string& path, int fd) {
    struct stat status {};
    if (fstat(fd, &status) != 0) return fail_errno(path);
    if (S_ISDIR(status.st_mode)) return fail(path + ": is a folder, not a disk image", ErrorKind::NotAProgram);
    const off_t end = lseek(fd, 0, SEEK_END);
    if (end < 0) return fail_errno(path);
    if (end == 0) return fail(path + ": empty, not a disk image", ErrorKind::NotAProgram);
    if (end % sector_size != 0)
        return fail(fmt::format("{}: {} bytes are not whole sectors of 512; not a disk image, or truncated", path, end),
                    ErrorKind::NotAProgram);
    return u64(end) / sector_size;
}

u16 cylinders_for(u64 sectors, HeadsAndSectors shape) {
    const u64 cylinders = sectors / (u64{shape.heads} * shape.sectors_per_track);
    return u16(std::clamp<u64>(cylinders, 1, 1024));
}

}  // namespace

DiskImage::DiskImage(std::string path, int fd, DiskKind kind, DiskAccess access)
    : path_(std::move(path)), fd_(fd), kind_(kind), access_(access) {}

DiskImage::~DiskImage() {
    close(fd_);
}

Result<std::unique_ptr<DiskImage>> DiskImage::open(const std::string& path, DiskKind kind, DiskAccess access) {
    int fd = -1;
    if (access == DiskAccess::ReadWrite) fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    // A file that may not be written is a disk with its write protection on (and a folder gets its message below).
    if (fd < 0 && (access == DiskAccess::ReadOnly || errno == EACCES || errno == EROFS || errno == EISDIR)) {
        access = DiskAccess::ReadOnly;
        fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0) return fail_errno(path, kind_of_errno());
    std::unique_ptr<DiskImage> image(new DiskImage(path, fd, kind, access));
    const auto sectors = image_size(path, fd);
    if (!sectors) return std::unexpected(sectors.error());
    image->sectors_ = *sectors;
    if (auto found = image->find_geometry(); !found) return std::unexpected(found.error());
    return image;
}

Result<DiskKind> DiskImage::guess_kind(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail_errno(path, kind_of_errno());
    const auto sectors = image_size(path, fd);
    close(fd);
    if (!sectors) return std::unexpected(sectors.error());
    return *sectors <= max_floppy_sectors ? DiskKind::Floppy : DiskKind::HardDisk;
}

Result<> DiskImage::find_geometry() {
    std::array<u8, sector_size> boot_sector{};
    if (auto done = read(0, boot_sector); !done) return done;
    return kind_ == DiskKind::Floppy ? find_floppy_geometry(boot_sector) : find_hard_disk_geometry(boot_sector);
}

Result<> DiskImage::find_floppy_geometry(std::span<const u8, sector_size> boot_sector) {
    const auto block = parameter_block(boot_sector);
    if (const auto standard = standard_floppy(sectors_)) {
        geometry_ = *standard;
    } else if (block && block->heads <= 2 && block->total_sectors <= max_floppy_sectors) {
        const HeadsAndSectors shape{block->heads, block->sectors_per_track};
        geometry_ = {cylinders_for(block->total_sectors, shape), shape.heads, shape.sectors_per_track};
    } else if (const auto larger = smallest_floppy(sectors_)) {
        geometry_ = *larger;  // a boot sector alone, or the first tracks: the rest of the disk can't be read
    } else {
        return fail(fmt::format("{}: {} bytes, larger than any floppy disk", path_, sectors_ * sector_size),
                    ErrorKind::NotAProgram);
    }
    if (block && sectors_ > 1 && block->total_sectors > sectors_)
        return fail(
            fmt::format("{}: truncated: {} sectors, its boot sector says {}", path_, sectors_, block->total_sectors),
            ErrorKind::NotAProgram);
    return {};
}

Result<> DiskImage::find_hard_disk_geometry(std::span<const u8, sector_size> boot_sector) {
    if (sectors_ > max_sectors)
        return fail(fmt::format("{}: {} sectors, more than INT 13h can address ({})", path_, sectors_, max_sectors),
                    ErrorKind::NotAProgram);
    HeadsAndSectors shape{16, 63};
    if (const auto table = partition_geometry(boot_sector)) {
        shape = *table;
    } else {
        std::array<u8, sector_size> first{};
        std::copy(boot_sector.begin(), boot_sector.end(), first.begin());
        if (const auto start = first_partition(boot_sector); start && *start < sectors_)
            if (auto done = read(*start, first); !done) return done;
        if (const auto block = parameter_block(first)) shape = {block->heads, block->sectors_per_track};
    }
    geometry_ = {cylinders_for(sectors_, shape), shape.heads, shape.sectors_per_track};
    return {};
}

Result<> DiskImage::check_range(u64 first, std::size_t bytes) const {
    DYN86_CHECK(bytes % sector_size == 0);
    const u64 count = bytes / sector_size;
    if (first >= sectors_ || count > sectors_ - first)
        return fail(fmt::format("{}: sector {} is past its end", path_, std::max(first, sectors_)));
    return {};
}

Result<> DiskImage::read(u64 first, std::span<u8> to) {
    if (auto ok = check_range(first, to.size()); !ok) return ok;
    auto at = off_t(first * sector_size);
    while (!to.empty()) {
        const ssize_t got = pread(fd_, to.data(), to.size(), at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(path_);
        if (got == 0) return fail(path_ + ": has become shorter while in use");
        to = to.subspan(std::size_t(got));
        at += got;
    }
    return {};
}

Result<> DiskImage::write(u64 first, std::span<const u8> from) {
    if (is_read_only()) return fail(path_ + ": read-only");
    if (auto ok = check_range(first, from.size()); !ok) return ok;
    auto at = off_t(first * sector_size);
    while (!from.empty()) {
        const ssize_t put = pwrite(fd_, from.data(), from.size(), at);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return fail_errno(path_);
        from = from.subspan(std::size_t(put));
        at += put;
    }
    return {};
}

Result<> DiskImage::check_bootable() {
    std::array<u8, sector_size> sector{};
    if (auto done = read(0, sector); !done) return done;
    if (!has_boot_signature(sector))
        return fail(path_ + ": not bootable: its first sector does not end in 55 AA", ErrorKind::NotAProgram);
    return {};
}

}  // namespace dyn86
