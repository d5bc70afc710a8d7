// Finding a FAT file system on a disk.
#include "src/storage/fat_volume.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace dyn86 {
namespace {

using Sector = std::array<u8, sector_size>;

u16 word(const Sector& sector, std::size_t at) {
    return u16(sector[at] | sector[at + 1] << 8);
}
u32 dword(const Sector& sector, std::size_t at) {
    return word(sector, at) | u32{word(sector, at + 2)} << 16;
}

/// Do the numbers agree with each other and with the disk?
bool makes_sense(const FatShape& shape, u64 disk_sectors) {
    if (!std::has_single_bit(unsigned{shape.sectors_per_cluster}) || shape.sectors_per_cluster > 128) return false;
    if (shape.reserved == 0 || shape.fats == 0 || shape.fats > 4 || shape.sectors_per_fat == 0) return false;
    if (shape.root_entries == 0 || shape.total <= shape.data() || shape.start + u64{shape.total} > disk_sectors)
        return false;
    const u64 entries = shape.clusters() + 2ull, bytes = shape.is_fat12() ? (entries * 3 + 1) / 2 : entries * 2;
    constexpr u32 most_clusters = 65'524;  // more would be FAT32
    return shape.clusters() > 0 && shape.clusters() <= most_clusters &&
           bytes <= u64{shape.sectors_per_fat} * sector_size;
}

/// The boot sector's parameter block. [DOS TR, "Boot sector"]
std::optional<FatShape> from_parameters(const Sector& boot, u32 start, u64 disk_sectors) {
    if (word(boot, 0x0B) != sector_size) return std::nullopt;
    FatShape shape{.start = start,
                   .total = word(boot, 0x13),
                   .hidden = start,
                   .reserved = word(boot, 0x0E),
                   .fats = boot[0x10],
                   .sectors_per_fat = word(boot, 0x16),
                   .root_entries = word(boot, 0x11),
                   .sectors_per_cluster = boot[0x0D],
                   .media = boot[0x15],
                   .sectors_per_track = word(boot, 0x18),
                   .heads = word(boot, 0x1A)};
    if (shape.total == 0) shape.total = dword(boot, 0x20);
    constexpr u8 extended_block = 0x29;
    if (boot[0x26] == extended_block) shape.serial = dword(boot, 0x27);
    return makes_sense(shape, disk_sectors) ? std::optional(shape) : std::nullopt;
}

/// Disks of DOS 1 have no parameter block: the table's first byte says what they are. [DOS TR, "Disk allocation"]
std::optional<FatShape> from_media(u8 media, u64 disk_sectors) {
    static constexpr std::array<FatShape, 4> disks = {{
        {.total = 320,
         .sectors_per_fat = 1,
         .root_entries = 64,
         .sectors_per_cluster = 1,
         .media = 0xFE,
         .sectors_per_track = 8,
         .heads = 1},
        {.total = 360,
         .sectors_per_fat = 2,
         .root_entries = 64,
         .sectors_per_cluster = 1,
         .media = 0xFC,
         .sectors_per_track = 9,
         .heads = 1},
        {.total = 640,
         .sectors_per_fat = 1,
         .root_entries = 112,
         .sectors_per_cluster = 2,
         .media = 0xFF,
         .sectors_per_track = 8,
         .heads = 2},
        {.total = 720,
         .sectors_per_fat = 2,
         .root_entries = 112,
         .sectors_per_cluster = 2,
         .media = 0xFD,
         .sectors_per_track = 9,
         .heads = 2},
    }};
    const auto found = std::ranges::find_if(
        disks, [&](const FatShape& shape) { return shape.media == media && shape.total == disk_sectors; });
    return found == disks.end() ? std::nullopt : std::optional(*found);
}

/// Where the first FAT12 or FAT16 partition of a hard disk starts.
std::optional<u32> dos_partition(const Sector& table) {
    constexpr std::size_t first = 0x1BE, entry_size = 16, entries = 4;
    constexpr std::array<u8, 4> types = {0x01, 0x04, 0x06, 0x0E};
    if (!has_boot_signature(table)) return std::nullopt;
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t at = first + i * entry_size;
        if (std::ranges::find(types, table[at + 4]) != types.end()) return dword(table, at + 8);
    }
    return std::nullopt;
}

}  // namespace

Result<FatVolume> FatVolume::open(DiskImage& image) {
    Sector sector{};
    if (auto done = image.read(0, sector); !done) return std::unexpected(done.error());
    auto shape = from_parameters(sector, 0, image.sectors());
    const bool has_parameters = word(sector, 0x0B) == sector_size;
    if (!has_parameters && image.kind() == DiskKind::Floppy && image.sectors() > 1) {
        Sector table{};
        if (auto done = image.read(1, table); !done) return std::unexpected(done.error());
        shape = from_media(table[0], image.sectors());
    }
    if (const auto start = dos_partition(sector); !shape && start && *start < image.sectors()) {
        if (auto done = image.read(*start, sector); !done) return std::unexpected(done.error());
        shape = from_parameters(sector, *start, image.sectors());
    }
    if (!shape)
        return fail(image.path() + ": no FAT12 or FAT16 file system, as DOS knows it, is on this disk",
                    ErrorKind::NotAProgram);
    return FatVolume(image, *shape);
}

}  // namespace dyn86
