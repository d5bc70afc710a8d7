// Where the parts of a FAT file system lie on a disk: the standard floppies, and hard disks with one partition.
#pragma once

#include "src/storage/geometry.h"

#include <array>
#include <span>

namespace dyn86 {

/// FAT12 or FAT16 with two FATs and one reserved sector. Sector numbers count from the start of the disk.
/// [DOS TR, "Disk allocation"]
struct FatLayout {
    Geometry geometry;
    u32 start = 0;  // the boot sector: behind the partition table's track on a hard disk
    u32 total = 0;  // sectors from there
    u16 sectors_per_cluster = 1;
    u16 root_entries = 0;
    u16 sectors_per_fat = 0;
    u8 media = 0xF8;
    u8 partition_type = 0;  // 0: no partition table

    static constexpr u32 entry_size = 32;

    [[nodiscard]] constexpr u32 first_fat() const { return start + 1; }
    [[nodiscard]] constexpr u32 root() const { return first_fat() + 2u * sectors_per_fat; }
    [[nodiscard]] constexpr u32 data() const { return root() + root_entries * entry_size / sector_size; }
    [[nodiscard]] constexpr u32 clusters() const { return (start + total - data()) / sectors_per_cluster; }
    [[nodiscard]] constexpr u32 cluster_bytes() const { return sectors_per_cluster * sector_size; }
    /// DOS tells them by the number of clusters alone.
    [[nodiscard]] constexpr bool is_fat12() const { return clusters() < 4085; }
    /// Sector of a cluster; the first has number 2.
    [[nodiscard]] constexpr u32 sector_of(u32 cluster) const { return data() + (cluster - 2) * sectors_per_cluster; }
};

/// Smallest first: what a folder may become.
[[nodiscard]] std::span<const FatLayout> floppy_layouts();
[[nodiscard]] std::span<const FatLayout> hard_disk_layouts();

/// The boot sector: its parameter block, and code that says that there is no system on the disk.
[[nodiscard]] std::array<u8, sector_size> boot_sector_of(const FatLayout& layout);
/// The first sector of a hard disk: the table with its one partition. It starts nothing.
[[nodiscard]] std::array<u8, sector_size> partition_sector_of(const FatLayout& layout);

}  // namespace dyn86
