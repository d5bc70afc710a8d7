// FAT file systems: what is written is read back, whatever the order, and the disk stays one that others can read.
#include "src/storage/fat_volume.h"

#include "src/verify/random.h"
#include "tests/src/storage/fat_image.h"

#include <fmt/format.h>

#include <map>

namespace dyn86::test {
namespace {

FatEntry named(std::string_view name) {
    FatEntry entry;
    entry.name.fill(' ');
    std::ranges::copy(name, entry.name.begin());
    return entry;
}

std::unique_ptr<DiskImage> open(const ImageFile& file) {
    auto image = DiskImage::open(file.path(), {});
    EXPECT_TRUE(image.has_value()) << image.error().message;
    return std::move(*image);
}

/// Random writes, cuts, deletions and new files against a model in memory.
void play(const FatLayout& layout, u64 seed) {
    SCOPED_TRACE(seed);
    const ImageFile file = formatted(layout);
    const auto image = open(file);
    auto volume = FatVolume::open(*image);
    ASSERT_TRUE(volume.has_value()) << volume.error().message;
    EXPECT_EQ(volume->shape().is_fat12(), layout.is_fat12());
    struct Model {
        FatEntry entry;
        std::string content;
        FatVolume::Cursor cursor;
    };
    std::map<u32, Model> files;
    verify::Random random(seed);
    for (int step = 0; step < 400; ++step) {
        const u32 which = random.below(8);
        if (!files.contains(which)) {
            const auto added = volume->add(0, named(fmt::format("FILE{}", which)));
            ASSERT_TRUE(added.has_value());
            files[which] = {*added, {}, {}};
        }
        Model& model = files[which];
        switch (random.below(5)) {
            case 0: {
                const u32 size = random.below(60'000);
                ASSERT_TRUE(volume->resize(model.entry, size, model.cursor).has_value());
                model.content.resize(size);
                break;
            }
            case 1: {
                ASSERT_TRUE(volume->erase(model.entry).has_value());
                ASSERT_TRUE(volume->release(model.entry.cluster).has_value());
                files.erase(which);
                continue;
            }
            default: {
                const u32 at = random.below(40'000);
                std::vector<u8> bytes(1 + random.below(9'000));
                for (u8& byte : bytes) byte = u8(random.below(256));
                ASSERT_EQ(volume->write(model.entry, at, bytes, model.cursor), bytes.size());
                if (model.content.size() < at + bytes.size()) model.content.resize(at + bytes.size());
                std::ranges::copy(bytes, model.content.begin() + at);
            }
        }
        ASSERT_TRUE(volume->update(model.entry).has_value());
    }
    for (auto& [which, model] : files) {
        std::vector<u8> bytes(model.content.size() + 1);
        FatVolume::Cursor cursor;
        ASSERT_EQ(volume->read(model.entry, 0, bytes, cursor), model.content.size());
        EXPECT_TRUE(std::equal(model.content.begin(), model.content.end(), bytes.begin(),
                               [](char a, u8 b) { return u8(a) == b; }));
    }
    expect_consistent(*image);
}

TEST(FatVolume, RandomWorkOnFloppiesAndHardDisksIsReadBack) {
    u64 seed = 1;
    for (const FatLayout& layout : floppy_layouts()) play(layout, seed++);
    for (const FatLayout& layout : hard_disk_layouts().first(1)) play(layout, seed++);
    play(hard_disk_layouts().back(), seed);
}

TEST(FatVolume, AFullDiskTakesWhatFits) {
    const ImageFile file = formatted(floppy_layouts().front());
    const auto image = open(file);
    auto volume = FatVolume::open(*image);
    ASSERT_TRUE(volume.has_value());
    const u32 room = volume->shape().clusters() * volume->shape().cluster_bytes();
    auto entry = volume->add(0, named("BIG"));
    ASSERT_TRUE(entry.has_value());
    FatVolume::Cursor cursor;
    const std::vector<u8> bytes(room + 5000, 0x55);
    EXPECT_EQ(volume->write(*entry, 0, bytes, cursor), room);
    EXPECT_EQ(volume->write(*entry, room, bytes, cursor), 0u);
    EXPECT_EQ(volume->free_clusters(), 0u);
    auto other = volume->add(0, named("OTHER"));
    ASSERT_TRUE(other.has_value());
    FatVolume::Cursor none;
    EXPECT_EQ(volume->resize(*other, 1, none).error(), FatError::Full);
    ASSERT_TRUE(volume->update(*entry).has_value());
    expect_consistent(*image);
}

TEST(FatVolume, FoldersGrowAndTheRootDoesNot) {
    const ImageFile file = formatted(floppy_layouts().front());
    const auto image = open(file);
    auto volume = FatVolume::open(*image);
    ASSERT_TRUE(volume.has_value());
    FatEntry folder = named("SUB");
    folder.attributes = FatEntry::folder;
    folder.cluster = volume->make_folder(0, folder).value_or(u16{0});
    ASSERT_TRUE(volume->add(0, folder).has_value());
    for (int i = 0; i < 300; ++i) ASSERT_TRUE(volume->add(folder.cluster, named(fmt::format("F{}", i))).has_value());
    EXPECT_EQ(volume->list(folder.cluster)->size(), 302u);
    for (u32 i = 1; i < volume->shape().root_entries; ++i)
        ASSERT_TRUE(volume->add(0, named(fmt::format("R{}", i))).has_value());
    EXPECT_EQ(volume->add(0, named("TOOMANY")).error(), FatError::Full);
    expect_consistent(*image);
}

TEST(FatVolume, HostileChainsEnd) {
    const FatLayout& layout = floppy_layouts().front();
    const ImageFile file = formatted(layout);
    const auto image = open(file);
    auto volume = FatVolume::open(*image);
    ASSERT_TRUE(volume.has_value());
    FatEntry circle = named("CIRCLE");
    circle.size = 50'000;
    circle.cluster = 2;
    file.put(u64{layout.first_fat()} * sector_size + 3, std::array<u8, 3>{0x03, 0x20, 0x00});  // 2 -> 3 -> 2
    std::vector<u8> bytes(1000);
    FatVolume::Cursor cursor;
    EXPECT_TRUE(volume->read(circle, 49'000, bytes, cursor).has_value());  // it has the length its entry says
    EXPECT_EQ(volume->list(2).error(), FatError::Corrupt);
    EXPECT_EQ(volume->write(circle, 60'000, bytes, cursor).error(), FatError::Corrupt);
    circle.cluster = 4000;
    FatVolume::Cursor other;
    EXPECT_EQ(volume->read(circle, 0, bytes, other).error(), FatError::Corrupt);
    EXPECT_EQ(volume->release(4000).error(), FatError::Corrupt);
}

TEST(FatVolume, WhatIsNoFileSystemIsRefused) {
    const FatLayout& layout = floppy_layouts().front();
    const auto refused = [](const ImageFile& file) {
        const auto image = open(file);
        return !FatVolume::open(*image).has_value();
    };
    EXPECT_TRUE(refused(ImageFile(layout.geometry.total_sectors() * sector_size)));
    struct Change {
        u64 at;
        u8 value;
    };
    // Clusters of 3 sectors, no table, five tables, no root, no reserved sector.
    for (const Change& change : {Change{0x0D, 3}, Change{0x16, 0}, Change{0x10, 5}, Change{0x11, 0}, Change{0x0E, 0}}) {
        const ImageFile file = formatted(layout);
        file.put(change.at, std::array{change.value});
        EXPECT_TRUE(refused(file)) << change.at;
    }
}

TEST(FatVolume, DisksOfDos1AreKnownByTheirTable) {
    const ImageFile file(320 * sector_size);
    file.put(sector_size, std::array<u8, 3>{0xFE, 0xFF, 0xFF});
    const auto image = open(file);
    const auto volume = FatVolume::open(*image);
    ASSERT_TRUE(volume.has_value());
    EXPECT_EQ(volume->shape().root_entries, 64);
    EXPECT_EQ(volume->shape().clusters(), 313u);
}

}  // namespace
}  // namespace dyn86::test
