#include "src/storage/disk_image.h"

#include "src/base/check.h"
#include "src/storage/decoded_disk.h"
#include "src/storage/imd.h"
#include "src/storage/overlay.h"
#include "src/storage/td0.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace dyn86 {

namespace {

/// What tells archives from raw images.
constexpr std::size_t start_size = 12;
/// No archive of a floppy is larger.
constexpr u64 largest_archive = 16 << 20;

u16 cylinders_for(u64 sectors, HeadsAndSectors shape) {
    const u64 cylinders = sectors / (u64{shape.heads} * shape.sectors_per_track);
    return u16(std::clamp<u64>(cylinders, 1, 1024));
}

/// The disk in an IMD or TD0 file; null for a raw image.
Result<std::unique_ptr<DecodedDisk>> decode(RawFile& file) {
    std::vector<u8> bytes(std::min<u64>(file.bytes(), start_size));
    if (auto done = file.read_bytes(0, bytes); !done) return std::unexpected(done.error());
    if (!is_imd(bytes) && !is_td0(bytes)) return nullptr;
    if (file.bytes() > largest_archive)
        return fail(file.path() + ": too large for an archive of a floppy disk", ErrorKind::NotAProgram);
    bytes.resize(file.bytes());
    if (auto done = file.read_bytes(0, bytes); !done) return std::unexpected(done.error());
    return is_imd(bytes) ? decode_imd(file.path(), bytes) : decode_td0(file.path(), bytes);
}

}  // namespace

DiskImage::DiskImage(std::string path, DiskKind kind) : path_(std::move(path)), kind_(kind) {}
DiskImage::~DiskImage() = default;

Result<std::unique_ptr<DiskImage>> DiskImage::open(const std::string& path, const DiskOptions& options) {
    // Under an overlay the image is only read, and so may serve several machines.
    const bool writes = options.access == DiskAccess::ReadWrite && !options.overlay;
    auto file = RawFile::open(path, writes ? DiskAccess::ReadWrite : DiskAccess::ReadOnly);
    if (!file) return std::unexpected(file.error());
    auto decoded = decode(**file);
    if (!decoded) return std::unexpected(decoded.error());
    if (auto done = *decoded ? Result<>() : (*file)->check_size(); !done) return std::unexpected(done.error());
    const bool larger = !*decoded && (*file)->sectors() > max_floppy_sectors;
    const DiskKind kind = options.kind.value_or(larger ? DiskKind::HardDisk : DiskKind::Floppy);
    std::unique_ptr<DiskImage> image(new DiskImage(path, kind));
    if (auto done = image->fill(std::move(*file), std::move(*decoded), options); !done)
        return std::unexpected(done.error());
    return image;
}

Result<> DiskImage::fill(std::unique_ptr<RawFile> file, std::unique_ptr<DecodedDisk> decoded,
                         const DiskOptions& options) {
    const std::optional<Geometry> known = decoded ? std::optional(decoded->geometry()) : options.geometry;
    raw_ = file.get();
    if (decoded) {
        raw_ = nullptr;
        store_ = std::move(decoded);
    } else {
        store_ = std::move(file);
    }
    if (auto found = find_geometry(known); !found) return found;
    if (!options.overlay) return {};
    if (options.access == DiskAccess::ReadOnly) return {};  // nothing will be written
    auto overlay = Overlay::open(*options.overlay, std::move(store_));
    if (!overlay) return std::unexpected(overlay.error());
    overlay_ = overlay->get();
    store_ = std::move(*overlay);
    return {};
}

std::unique_ptr<DiskImage> DiskImage::made(std::unique_ptr<RawFile> file, DiskKind kind, const Geometry& geometry) {
    std::unique_ptr<DiskImage> image(new DiskImage(file->path(), kind));
    image->raw_ = file.get();
    image->store_ = std::move(file);
    image->geometry_ = geometry;
    return image;
}

Result<> DiskImage::find_geometry(const std::optional<Geometry>& known) {
    if (known) return check_geometry(*known);
    std::array<u8, sector_size> boot_sector{};
    if (auto done = read(0, boot_sector); !done) return done;
    return kind_ == DiskKind::Floppy ? find_floppy_geometry(boot_sector) : find_hard_disk_geometry(boot_sector);
}

Result<> DiskImage::check_geometry(const Geometry& known) {
    if (known.total_sectors() > sectors())
        return fail(fmt::format("{}: {} sectors, fewer than the {} of {}:{}:{}", path_, sectors(),
                                known.total_sectors(), known.cylinders, known.heads, known.sectors_per_track),
                    ErrorKind::NotAProgram);
    geometry_ = known;
    return {};
}

Result<> DiskImage::find_floppy_geometry(std::span<const u8, sector_size> boot_sector) {
    const auto block = parameter_block(boot_sector);
    if (const auto standard = standard_floppy(sectors())) {
        geometry_ = *standard;
    } else if (block && block->heads <= 2 && block->total_sectors <= max_floppy_sectors) {
        const HeadsAndSectors shape{block->heads, block->sectors_per_track};
        geometry_ = {cylinders_for(block->total_sectors, shape), shape.heads, shape.sectors_per_track};
    } else if (const auto larger = smallest_floppy(sectors())) {
        geometry_ = *larger;  // a boot sector alone, or the first tracks: the rest of the disk can't be read
    } else {
        return fail(fmt::format("{}: {} bytes, larger than any floppy disk", path_, sectors() * sector_size),
                    ErrorKind::NotAProgram);
    }
    if (block && sectors() > 1 && block->total_sectors > sectors())
        return fail(
            fmt::format("{}: truncated: {} sectors, its boot sector says {}", path_, sectors(), block->total_sectors),
            ErrorKind::NotAProgram);
    return {};
}

Result<> DiskImage::find_hard_disk_geometry(std::span<const u8, sector_size> boot_sector) {
    if (sectors() > max_sectors)
        return fail(fmt::format("{}: {} sectors, more than INT 13h can address ({})", path_, sectors(), max_sectors),
                    ErrorKind::NotAProgram);
    HeadsAndSectors shape{16, 63};
    if (const auto table = partition_geometry(boot_sector)) {
        shape = *table;
    } else {
        std::array<u8, sector_size> first{};
        std::copy(boot_sector.begin(), boot_sector.end(), first.begin());
        if (const auto start = first_partition(boot_sector); start && *start < sectors())
            if (auto done = read(*start, first); !done) return done;
        if (const auto block = parameter_block(first)) shape = {block->heads, block->sectors_per_track};
    }
    geometry_ = {cylinders_for(sectors(), shape), shape.heads, shape.sectors_per_track};
    return {};
}

Result<> DiskImage::check_range(u64 first, std::size_t bytes) const {
    DYN86_CHECK(bytes % sector_size == 0);
    const u64 count = bytes / sector_size;
    if (first >= sectors() || count > sectors() - first)
        return fail(fmt::format("{}: sector {} is past its end", path_, std::max(first, sectors())));
    return {};
}

Result<> DiskImage::read(u64 first, std::span<u8> to) {
    if (auto ok = check_range(first, to.size()); !ok) return ok;
    return store_->read(first, to);
}

Result<> DiskImage::write(u64 first, std::span<const u8> from) {
    if (is_read_only()) return fail(path_ + ": read-only");
    if (auto ok = check_range(first, from.size()); !ok) return ok;
    return store_->write(first, from);
}

Result<> DiskImage::commit_overlay() {
    if (overlay_ == nullptr) return {};
    if (raw_ == nullptr) return fail(path_ + ": not a raw image, so --commit cannot change it");
    return overlay_->commit(*raw_);
}

Result<> DiskImage::discard_overlay() {
    return overlay_ == nullptr ? Result<>() : overlay_->discard();
}

Result<> DiskImage::check_bootable() {
    std::array<u8, sector_size> sector{};
    if (auto done = read(0, sector); !done) return done;
    if (!has_boot_signature(sector))
        return fail(path_ + ": not bootable: its first sector does not end in 55 AA", ErrorKind::NotAProgram);
    return {};
}

}  // namespace dyn86
