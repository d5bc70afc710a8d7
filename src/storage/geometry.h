// Cylinders, heads and sectors of disk images: what a size, a boot sector or a partition table says about them.
#pragma once

#include "src/base/types.h"

#include <optional>
#include <span>

namespace dyn86 {

inline constexpr u32 sector_size = 512;

enum class DiskKind : u8 { Floppy, HardDisk };

/// As INT 13h counts: cylinders and heads from 0, sectors from 1.
struct Geometry {
    u16 cylinders = 0;
    u16 heads = 0;
    u16 sectors_per_track = 0;

    [[nodiscard]] constexpr u64 total_sectors() const { return u64{cylinders} * heads * sectors_per_track; }
    /// Number of the sector counted from the start of the disk; nullopt when there is no such place.
    [[nodiscard]] constexpr std::optional<u64> linear(u32 cylinder, u32 head, u32 sector) const {
        if (cylinder >= cylinders || head >= heads || sector == 0 || sector > sectors_per_track) return std::nullopt;
        return (u64{cylinder} * heads + head) * sectors_per_track + sector - 1;
    }
    friend constexpr bool operator==(Geometry, Geometry) = default;
};

/// What INT 13h can address: 1024 cylinders, 255 heads (DOS fails with 256), 63 sectors.
inline constexpr u64 max_sectors = u64{1024} * 255 * 63;
/// Anything larger is a hard disk: 2.88 MB.
inline constexpr u64 max_floppy_sectors = 5760;

/// The standard floppy of exactly this many sectors: 160, 180, 320, 360, 720 KB, 1.2, 1.44, 2.88 MB.
[[nodiscard]] std::optional<Geometry> standard_floppy(u64 sectors);
/// The smallest standard floppy that holds this many sectors.
[[nodiscard]] std::optional<Geometry> smallest_floppy(u64 sectors);

/// The BIOS parameter block of a FAT boot sector. [DOS TR, "Boot sector"]
struct ParameterBlock {
    u16 sectors_per_track = 0;
    u16 heads = 0;
    u64 total_sectors = 0;
};
/// nullopt when the sector holds none that makes sense.
[[nodiscard]] std::optional<ParameterBlock> parameter_block(std::span<const u8, sector_size> boot_sector);

/// True when the sector ends in 55 AA.
[[nodiscard]] bool has_boot_signature(std::span<const u8, sector_size> sector);

/// Heads and sectors that the ends of the partitions imply; nullopt without a consistent table.
struct HeadsAndSectors {
    u16 heads = 0;
    u16 sectors_per_track = 0;
};
[[nodiscard]] std::optional<HeadsAndSectors> partition_geometry(std::span<const u8, sector_size> sector);
/// Where the first partition starts, if there is a table.
[[nodiscard]] std::optional<u32> first_partition(std::span<const u8, sector_size> sector);

}  // namespace dyn86
