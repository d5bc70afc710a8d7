// Raw images: geometry by size, boot sector and partition table; what can be wrong with a file.
#include "src/storage/disk_image.h"

#include "tests/src/storage/image_file.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <array>

namespace dyn86 {
namespace {

using test::ImageFile;

Result<std::unique_ptr<DiskImage>> open(const ImageFile& file, DiskKind kind = DiskKind::Floppy,
                                        DiskAccess access = DiskAccess::ReadWrite) {
    return DiskImage::open(file.path(), {.kind = kind, .access = access, .overlay = {}, .geometry = {}});
}

void put_word(std::span<u8> to, std::size_t at, u16 value) {
    to[at] = u8(value);
    to[at + 1] = u8(value >> 8);
}

std::array<u8, 512> fat_sector(u16 total, u16 sectors_per_track, u16 heads) {
    std::array<u8, 512> sector{0xEB, 0x3C, 0x90};
    put_word(sector, 11, 512);
    sector[13] = 2;
    put_word(sector, 14, 1);
    sector[16] = 2;
    put_word(sector, 19, total);
    put_word(sector, 24, sectors_per_track);
    put_word(sector, 26, heads);
    put_word(sector, 510, 0xAA55);
    return sector;
}

/// A partition table with one entry: start, length, and where it ends as cylinder, head, sector.
std::array<u8, 512> partition_sector(u32 start, u32 length, u16 cylinder, u8 head, u8 sector_number) {
    std::array<u8, 512> sector{};
    const std::span<u8> entry = std::span(sector).subspan(0x1BE, 16);
    entry[0] = 0x80;
    entry[4] = 6;
    entry[5] = head;
    entry[6] = u8(sector_number | (cylinder >> 2 & 0xC0));
    entry[7] = u8(cylinder);
    put_word(entry, 8, u16(start));
    put_word(entry, 10, u16(start >> 16));
    put_word(entry, 12, u16(length));
    put_word(entry, 14, u16(length >> 16));
    put_word(sector, 510, 0xAA55);
    return sector;
}

TEST(DiskImage, StandardFloppiesBySize) {
    struct Expected {
        unsigned kib;
        Geometry geometry;
    };
    constexpr std::array<Expected, 8> sizes = {{{160, {40, 1, 8}},
                                                {180, {40, 1, 9}},
                                                {320, {40, 2, 8}},
                                                {360, {40, 2, 9}},
                                                {720, {80, 2, 9}},
                                                {1200, {80, 2, 15}},
                                                {1440, {80, 2, 18}},
                                                {2880, {80, 2, 36}}}};
    for (const Expected& e : sizes) {
        const ImageFile file(e.kib * 1024);
        const auto image = DiskImage::open(file.path(), {});
        ASSERT_TRUE(image) << image.error().message;
        EXPECT_EQ((*image)->geometry(), e.geometry) << e.kib;
        EXPECT_EQ((*image)->kind(), DiskKind::Floppy);
    }
}

TEST(DiskImage, OtherFloppiesByTheirBootSector) {
    const ImageFile file(3360 * 512, fat_sector(3360, 21, 2));  // 1.68 MB
    const auto image = open(file);
    ASSERT_TRUE(image);
    EXPECT_EQ((*image)->geometry(), (Geometry{80, 2, 21}));
}

TEST(DiskImage, LoneBootSectorIsADiskThatEndsAfterIt) {
    std::array<u8, 512> sector{};
    put_word(sector, 510, 0xAA55);
    const ImageFile file(512, sector);
    const auto image = open(file);
    ASSERT_TRUE(image);
    EXPECT_TRUE((*image)->check_bootable());
    EXPECT_EQ((*image)->geometry(), (Geometry{40, 1, 8}));
    std::array<u8, 512> data{};
    EXPECT_TRUE((*image)->read(0, data));
    const auto past = (*image)->read(1, data);
    ASSERT_FALSE(past);
    EXPECT_NE(past.error().message.find(file.path()), std::string::npos);
}

TEST(DiskImage, BootSectorWithoutSignatureIsNoProgram) {
    const ImageFile file(512);
    const auto image = open(file);
    ASSERT_TRUE(image);
    const auto bootable = (*image)->check_bootable();
    ASSERT_FALSE(bootable);
    EXPECT_EQ(bootable.error().kind, ErrorKind::NotAProgram);
    EXPECT_NE(bootable.error().message.find("55 AA"), std::string::npos);
}

TEST(DiskImage, HardDiskByPartitionTable) {
    // 4 heads, 17 sectors, 300 cylinders; the partition fills all but the first track.
    const u32 total = 300 * 4 * 17;
    const ImageFile file(total * 512, partition_sector(17, total - 17, 299, 3, 17));
    const auto image = open(file, DiskKind::HardDisk);
    ASSERT_TRUE(image);
    EXPECT_EQ((*image)->geometry(), (Geometry{300, 4, 17}));
}

TEST(DiskImage, HardDiskWithAnInconsistentTableAsksTheFirstPartition) {
    const u32 total = 100 * 5 * 20;
    ImageFile file(total * 512, partition_sector(20, 5000, 77, 9, 11));
    file.put(20 * 512, fat_sector(5000, 20, 5));
    const auto image = open(file, DiskKind::HardDisk);
    ASSERT_TRUE(image);
    EXPECT_EQ((*image)->geometry(), (Geometry{100, 5, 20}));
}

TEST(DiskImage, HardDiskWithoutHints) {
    const ImageFile file(10 * 1024 * 1024);
    const auto image = DiskImage::open(file.path(), {});
    ASSERT_TRUE(image);
    EXPECT_EQ((*image)->geometry(), (Geometry{20, 16, 63}));
    EXPECT_EQ((*image)->kind(), DiskKind::HardDisk);
}

TEST(DiskImage, BadFilesSayWhatIsWrongInOneLine) {
    struct Case {
        ImageFile file;
        DiskKind kind;
        const char* says;
    };
    std::array<Case, 5> cases = {{{ImageFile(0), DiskKind::Floppy, "empty"},
                                  {ImageFile(1000), DiskKind::Floppy, "1000 bytes"},
                                  {ImageFile(100 * 512, fat_sector(720, 9, 2)), DiskKind::Floppy, "truncated"},
                                  {ImageFile(6000 * 512), DiskKind::Floppy, "larger than any floppy"},
                                  {ImageFile(u64{16'450'561} * 512), DiskKind::HardDisk, "INT 13h"}}};
    for (const Case& c : cases) {
        const auto image = open(c.file, c.kind);
        ASSERT_FALSE(image) << c.says;
        EXPECT_EQ(image.error().kind, ErrorKind::NotAProgram);
        EXPECT_EQ(image.error().message.find('\n'), std::string::npos);
        EXPECT_EQ(image.error().message.find(c.file.path()), 0u);
        EXPECT_NE(image.error().message.find(c.says), std::string::npos) << image.error().message;
    }
}

TEST(DiskImage, MissingFilesAndFolders) {
    const auto missing = DiskImage::open("/nonexistent/x.img", {});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind, ErrorKind::NotFound);
    for (const DiskAccess access : {DiskAccess::ReadOnly, DiskAccess::ReadWrite}) {
        const auto folder = DiskImage::open("/", {.kind = {}, .access = access, .overlay = {}, .geometry = {}});
        ASSERT_FALSE(folder);
        EXPECT_EQ(folder.error().kind, ErrorKind::NotAProgram);
        EXPECT_NE(folder.error().message.find("folder"), std::string::npos);
    }
}

TEST(DiskImage, WritesAreInTheFileAtOnce) {
    const ImageFile file(160 * 1024);
    const auto image = open(file);
    ASSERT_TRUE(image);
    std::array<u8, 1024> data{};
    data.fill(0xA5);
    ASSERT_TRUE((*image)->write(3, data));
    EXPECT_EQ(file.byte(3 * 512), 0xA5);
    EXPECT_EQ(file.byte(5 * 512 - 1), 0xA5);
    EXPECT_EQ(file.byte(5 * 512), 0);
    EXPECT_FALSE((*image)->write(319, data));
}

TEST(DiskImage, ReadOnlyRefusesWrites) {
    const ImageFile file(160 * 1024);
    const auto image = open(file, DiskKind::Floppy, DiskAccess::ReadOnly);
    ASSERT_TRUE(image);
    EXPECT_TRUE((*image)->is_read_only());
    const std::array<u8, 512> data{1};
    EXPECT_FALSE((*image)->write(0, data));
    EXPECT_EQ(file.byte(0), 0);
}

TEST(DiskImage, FileThatShrinksIsAnError) {
    const ImageFile file(160 * 1024);
    const auto image = open(file);
    ASSERT_TRUE(image);
    file.truncate(1024);
    std::array<u8, 1024> data{};
    EXPECT_TRUE((*image)->read(0, data));
    const auto read = (*image)->read(100, data);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find("shorter"), std::string::npos);
}

}  // namespace
}  // namespace dyn86
