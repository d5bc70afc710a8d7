#include "src/storage/fat_layout.h"

#include <algorithm>
#include <string_view>

namespace dyn86 {

namespace {

constexpr FatLayout floppy(Geometry geometry, u16 per_cluster, u16 root_entries, u16 per_fat, u8 media) {
    return {.geometry = geometry,
            .total = u32(geometry.total_sectors()),
            .sectors_per_cluster = per_cluster,
            .root_entries = root_entries,
            .sectors_per_fat = per_fat,
            .media = media};
}

/// As FORMAT makes them.
constexpr std::array floppies = {
    floppy({40, 2, 9}, 2, 112, 2, 0xFD),  floppy({80, 2, 9}, 2, 112, 3, 0xF9),  floppy({80, 2, 15}, 1, 224, 7, 0xF9),
    floppy({80, 2, 18}, 1, 224, 9, 0xF0), floppy({80, 2, 36}, 2, 240, 9, 0xF0),
};

/// One partition from the second track to the end.
constexpr FatLayout hard_disk(Geometry geometry, u16 per_cluster, u8 type) {
    FatLayout layout{.geometry = geometry,
                     .start = geometry.sectors_per_track,
                     .total = u32(geometry.total_sectors()) - geometry.sectors_per_track,
                     .sectors_per_cluster = per_cluster,
                     .root_entries = 512,
                     .partition_type = type};
    const u32 half_bytes = type == 1 ? 3 : 4;  // of a FAT's entry
    const auto needed = [&] {
        return (((layout.clusters() + 2) * half_bytes + 1) / 2 + sector_size - 1) / sector_size;
    };
    for (layout.sectors_per_fat = 1; layout.sectors_per_fat < needed();) ++layout.sectors_per_fat;
    return layout;
}

/// 10 MB, the XT's; the largest that DOS before 4 takes; then doubling up to what a BIOS without tricks reaches.
constexpr std::array hard_disks = {
    hard_disk({306, 4, 17}, 8, 0x01),  hard_disk({963, 4, 17}, 4, 0x04),    hard_disk({260, 16, 63}, 4, 0x06),
    hard_disk({520, 16, 63}, 8, 0x06), hard_disk({1024, 16, 63}, 16, 0x06),
};
static_assert(hard_disks[0].is_fat12() && !hard_disks[1].is_fat12() && hard_disks[1].total < 0x10000);
static_assert(std::ranges::all_of(hard_disks, [](const FatLayout& l) { return l.clusters() < 65525; }));

void put(std::span<u8> to, std::size_t at, u32 value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) to[at + i] = u8(value >> i * 8);
}

void put_text(std::span<u8> to, std::size_t at, std::string_view text) {
    std::ranges::copy(text, to.begin() + std::ptrdiff_t(at));
}

/// INT 18h; JMP $: the BIOS says that there is nothing to boot, and tries again at a key.
constexpr std::array<u8, 4> no_system = {0xCD, 0x18, 0xEB, 0xFE};

/// Cylinder, head, sector as a partition table has them.
void put_place(std::span<u8> to, std::size_t at, const Geometry& geometry, u64 sector) {
    const u64 track = sector / geometry.sectors_per_track, cylinder = track / geometry.heads;
    to[at] = u8(track % geometry.heads);
    to[at + 1] = u8((sector % geometry.sectors_per_track + 1) | (cylinder >> 2 & 0xC0));
    to[at + 2] = u8(cylinder);
}

}  // namespace

std::span<const FatLayout> floppy_layouts() {
    return floppies;
}
std::span<const FatLayout> hard_disk_layouts() {
    return hard_disks;
}

std::array<u8, sector_size> boot_sector_of(const FatLayout& layout) {
    std::array<u8, sector_size> sector{0xEB, 0x3C, 0x90};
    put_text(sector, 3, "dyn86   ");
    put(sector, 11, sector_size, 2);
    put(sector, 13, layout.sectors_per_cluster, 1);
    put(sector, 14, 1, 2);
    put(sector, 16, 2, 1);
    put(sector, 17, layout.root_entries, 2);
    put(sector, layout.total < 0x10000 ? 19 : 32, layout.total, layout.total < 0x10000 ? 2 : 4);
    put(sector, 21, layout.media, 1);
    put(sector, 22, layout.sectors_per_fat, 2);
    put(sector, 24, layout.geometry.sectors_per_track, 2);
    put(sector, 26, layout.geometry.heads, 2);
    put(sector, 28, layout.start, 4);
    put(sector, 36, layout.partition_type != 0 ? 0x80 : 0, 1);
    put(sector, 38, 0x29, 1);
    put(sector, 39, 0xD86, 4);  // serial number: always the same, so that runs are
    put_text(sector, 43, "NO NAME    ");
    put_text(sector, 54, layout.is_fat12() ? "FAT12   " : "FAT16   ");
    std::ranges::copy(no_system, sector.begin() + 62);
    put(sector, 510, 0xAA55, 2);
    return sector;
}

std::array<u8, sector_size> partition_sector_of(const FatLayout& layout) {
    std::array<u8, sector_size> sector{};
    std::ranges::copy(no_system, sector.begin());
    const std::span<u8> entry = std::span(sector).subspan(0x1BE, 16);
    put_place(entry, 1, layout.geometry, layout.start);
    entry[4] = layout.partition_type;
    put_place(entry, 5, layout.geometry, layout.start + layout.total - 1u);
    put(entry, 8, layout.start, 4);
    put(entry, 12, layout.total, 4);
    put(sector, 510, 0xAA55, 2);
    return sector;
}

}  // namespace dyn86
