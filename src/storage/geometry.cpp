#include "src/storage/geometry.h"

#include <array>

namespace dyn86 {

namespace {

constexpr std::array<Geometry, 8> floppies = {{
    {40, 1, 8},   // 160 KB
    {40, 1, 9},   // 180 KB
    {40, 2, 8},   // 320 KB
    {40, 2, 9},   // 360 KB
    {80, 2, 9},   // 720 KB
    {80, 2, 15},  // 1.2 MB
    {80, 2, 18},  // 1.44 MB
    {80, 2, 36},  // 2.88 MB
}};

u16 word(std::span<const u8> bytes, std::size_t at) {
    return u16(bytes[at] | bytes[at + 1] << 8);
}
u32 dword(std::span<const u8> bytes, std::size_t at) {
    return word(bytes, at) | u32{word(bytes, at + 2)} << 16;
}

/// One of the four entries of a partition table. [DOS TR, "Fixed disk partition table"]
struct Partition {
    u8 type;
    u16 end_cylinder;
    u8 end_head, end_sector;
    u32 start, length;
};

Partition partition(std::span<const u8, sector_size> sector, std::size_t index) {
    const auto entry = sector.subspan(0x1BE + index * 16, 16);
    return {.type = entry[4],
            .end_cylinder = u16((entry[6] & 0xC0) << 2 | entry[7]),
            .end_head = entry[5],
            .end_sector = u8(entry[6] & 0x3F),
            .start = dword(entry, 8),
            .length = dword(entry, 12)};
}

bool has_partitions(std::span<const u8, sector_size> sector) {
    if (!has_boot_signature(sector)) return false;
    bool any = false;
    for (std::size_t i = 0; i < 4; ++i) {
        if ((sector[0x1BE + i * 16] & 0x7F) != 0) return false;  // only 80h and 00h are marks of a partition
        const Partition p = partition(sector, i);
        any = any || (p.type != 0 && p.length != 0 && p.start != 0);
    }
    return any;
}

}  // namespace

std::optional<Geometry> standard_floppy(u64 sectors) {
    for (const Geometry& g : floppies)
        if (g.total_sectors() == sectors) return g;
    return std::nullopt;
}

std::optional<Geometry> smallest_floppy(u64 sectors) {
    for (const Geometry& g : floppies)
        if (g.total_sectors() >= sectors) return g;
    return std::nullopt;
}

std::optional<ParameterBlock> parameter_block(std::span<const u8, sector_size> s) {
    const u8 per_cluster = s[13];
    const bool jumps = s[0] == 0xEB || s[0] == 0xE9;
    const bool cluster_is_power = per_cluster != 0 && (per_cluster & (per_cluster - 1)) == 0;
    const u8 fats = s[16];
    if (!jumps || word(s, 11) != sector_size || !cluster_is_power || word(s, 14) == 0 || fats < 1 || fats > 2)
        return std::nullopt;
    ParameterBlock block{.sectors_per_track = word(s, 24), .heads = word(s, 26), .total_sectors = word(s, 19)};
    if (block.total_sectors == 0) block.total_sectors = dword(s, 32);
    if (block.sectors_per_track == 0 || block.sectors_per_track > 63 || block.heads == 0 || block.heads > 255 ||
        block.total_sectors == 0)
        return std::nullopt;
    return block;
}

bool has_boot_signature(std::span<const u8, sector_size> sector) {
    return sector[510] == 0x55 && sector[511] == 0xAA;
}

std::optional<HeadsAndSectors> partition_geometry(std::span<const u8, sector_size> sector) {
    if (!has_partitions(sector)) return std::nullopt;
    // A partition ends with a cylinder, so its last head and sector are the disk's. Its linear end must agree, as far
    // as the ten bits of the cylinder reach.
    for (std::size_t i = 0; i < 4; ++i) {
        const Partition p = partition(sector, i);
        if (p.type == 0 || p.end_sector == 0 || p.end_head == 255) continue;
        const HeadsAndSectors found{.heads = u16(p.end_head + 1), .sectors_per_track = p.end_sector};
        const u64 cylinder_size = u64{found.heads} * found.sectors_per_track;
        const u64 end = u64{p.start} + p.length;
        if (end % cylinder_size != 0) continue;
        const u64 last = end / cylinder_size - 1;
        if (last == p.end_cylinder || last > 1023) return found;
    }
    return std::nullopt;
}

std::optional<u32> first_partition(std::span<const u8, sector_size> sector) {
    if (!has_partitions(sector)) return std::nullopt;
    std::optional<u32> first;
    for (std::size_t i = 0; i < 4; ++i) {
        const Partition p = partition(sector, i);
        if (p.type != 0 && p.length != 0 && (!first || p.start < *first)) first = p.start;
    }
    return first;
}

}  // namespace dyn86
