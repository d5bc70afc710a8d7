// Freshly formatted disk images, and a look at whether a file system is still one.
#pragma once

#include "src/storage/fat_layout.h"
#include "src/storage/fat_volume.h"
#include "tests/src/storage/image_file.h"

namespace dyn86::test {

/// An empty disk of this layout.
inline ImageFile formatted(const FatLayout& layout) {
    ImageFile file(layout.geometry.total_sectors() * sector_size);
    if (layout.partition_type != 0) file.put(0, partition_sector_of(layout));
    file.put(u64{layout.start} * sector_size, boot_sector_of(layout));
    const std::array<u8, 4> first_entries = {layout.media, 0xFF, 0xFF, layout.is_fat12() ? u8{0} : u8{0xFF}};
    for (u32 copy = 0; copy < 2; ++copy)
        file.put(u64{layout.first_fat() + copy * layout.sectors_per_fat} * sector_size, first_entries);
    return file;
}

/// Counts the clusters of everything that a folder holds, and expects that none is used twice.
inline void count_clusters(FatVolume& volume, u32 folder, std::vector<bool>& used) {
    const auto entries = volume.list(folder);
    ASSERT_TRUE(entries.has_value());
    for (const FatEntry& entry : *entries) {
        if (entry.name[0] == u8{'.'}) continue;
        u32 clusters = 0;
        std::array<u8, 2> value{};
        const FatShape& shape = volume.shape();
        for (u32 cluster = entry.cluster; cluster != 0; ++clusters) {
            ASSERT_TRUE(shape.has_cluster(cluster));
            ASSERT_FALSE(used[cluster]) << "cluster " << cluster << " is used twice";
            used[cluster] = true;
            const u32 at = shape.is_fat12() ? cluster * 3 / 2 : cluster * 2;
            for (u32 i = 0; i < 2; ++i) {
                std::array<u8, sector_size> sector{}, other{};
                const u32 number = shape.reserved + (at + i) / sector_size;
                ASSERT_TRUE(volume.read_sectors(number, sector).has_value());
                ASSERT_TRUE(volume.read_sectors(number + shape.sectors_per_fat, other).has_value());
                ASSERT_EQ(sector, other) << "the two tables differ";
                value.at(i) = sector.at((at + i) % sector_size);
            }
            u32 next = u32(value[0] | value[1] << 8);
            if (shape.is_fat12()) next = cluster % 2 == 0 ? next & 0xFFF : next >> 4;
            const u32 end = shape.is_fat12() ? 0xFF8 : 0xFFF8;
            cluster = next >= end ? 0 : next;
        }
        if (entry.is_folder())
            count_clusters(volume, entry.cluster, used);
        else
            EXPECT_EQ(clusters, (entry.size + shape.cluster_bytes() - 1) / shape.cluster_bytes());
    }
}

/// Every cluster belongs to one file or folder, or is free.
inline void expect_consistent(DiskImage& image) {
    auto volume = FatVolume::open(image);
    ASSERT_TRUE(volume.has_value()) << volume.error().message;
    std::vector<bool> used(volume->shape().clusters() + 2);
    count_clusters(*volume, 0, used);
    const auto count = u32(std::count(used.begin(), used.end(), true));
    EXPECT_EQ(volume->free_clusters().value_or(0), volume->shape().clusters() - count);
}

}  // namespace dyn86::test
