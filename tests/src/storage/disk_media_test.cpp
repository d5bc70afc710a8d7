// Images as the controllers see them: tracks of sectors, flaws, formatting, errors of the host.
#include "src/storage/disk_media.h"

#include "tests/src/storage/image_file.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dyn86 {
namespace {

using test::ImageFile;
using Status = FloppyMedium::Status;

class FloppyImage : public ::testing::Test {
protected:
    void SetUp() override {
        auto opened = DiskImage::open(file.path(), {});
        ASSERT_TRUE(opened);
        image = std::move(*opened);
        medium.emplace(*image);
    }
    ImageFile file{360 * 1024};
    std::unique_ptr<DiskImage> image;
    std::optional<ImageFloppy> medium;
    std::array<u8, sector_size> bytes{};
};

TEST_F(FloppyImage, TracksHoldTheirSectorsInOrder) {
    const auto track = medium->track(39, 1);
    ASSERT_EQ(track.size(), 9u);
    for (u8 i = 0; i < 9; ++i)
        EXPECT_EQ(track[i].id, (SectorId{.cylinder = 39, .head = 1, .record = u8(i + 1), .size_code = 2}));
    EXPECT_TRUE(medium->track(40, 0).empty());
    EXPECT_TRUE(medium->track(0, 2).empty());
}

TEST_F(FloppyImage, ReadsAndWritesWhereInt13Does) {
    const u64 place = (3 * 2 + 1) * 9 + 4;
    file.put(place * 512, std::array<u8, 1>{0x77});
    EXPECT_EQ(medium->read(3, 1, 4, bytes), Status::Ok);
    EXPECT_EQ(bytes[0], 0x77);
    bytes[0] = 0x88;
    EXPECT_EQ(medium->write(3, 1, 5, bytes, DataMark::Normal), Status::Ok);
    EXPECT_EQ(file.byte((place + 1) * 512), 0x88);
    file.truncate(4096);
    EXPECT_EQ(medium->read(3, 1, 4, bytes), Status::Unreadable);
}

TEST_F(FloppyImage, FormatsToItsOwnShapeOnly) {
    std::vector<SectorId> ids;
    for (u8 record = 9; record != 0; --record) ids.push_back({.cylinder = 2, .head = 0, .record = record});
    EXPECT_EQ(medium->format_track(2, 0, ids, 0xF6), Status::Ok);
    EXPECT_EQ(file.byte(2 * 18 * 512), 0xF6);
    EXPECT_EQ(file.byte((2 * 18 + 9) * 512 - 1), 0xF6);
    EXPECT_EQ(file.byte((2 * 18 + 9) * 512), 0);
    ids[0].size_code = 3;
    EXPECT_EQ(medium->format_track(2, 0, ids, 0), Status::Unformattable);
    ids.pop_back();
    EXPECT_EQ(medium->format_track(2, 0, ids, 0), Status::Unformattable);
}

TEST(ArchiveFloppy, MissingSectorsAreNotOnTheTrackAndDamagedOnesSaySo) {
    std::string text = "IMD 1.18\x1A";
    text += std::string("\x05\x00\x00\x03\x02\x01\x02\x03", 8);  // sectors 1 to 3 of 512 bytes
    text += std::string("\x02\xF6\x00\x06\xA5", 5);              // F6; missing; A5 with an error
    const ImageFile file(text.size(), std::span(reinterpret_cast<const u8*>(text.data()), text.size()));
    const auto image = DiskImage::open(file.path(), {});
    ASSERT_TRUE(image) << image.error().message;
    ImageFloppy medium(**image);
    EXPECT_TRUE(medium.is_write_protected());
    const auto track = medium.track(0, 0);
    ASSERT_EQ(track.size(), 2u);
    EXPECT_EQ(track[1].id.record, 3);
    EXPECT_TRUE(track[1].has_data_error);
    std::array<u8, sector_size> bytes{};
    EXPECT_EQ(medium.read(0, 0, 1, bytes), Status::Ok);
    EXPECT_EQ(bytes[511], 0xA5);
    EXPECT_EQ(medium.write(0, 0, 0, bytes, DataMark::Normal), Status::WriteProtected);
}

TEST(HardDiskImage, HasTheImagesGeometryAndSectors) {
    const ImageFile file(306 * 4 * 17 * 512);
    const auto image = DiskImage::open(file.path(), {.kind = {}, .overlay = {}, .geometry = Geometry{306, 4, 17}});
    ASSERT_TRUE(image) << image.error().message;
    ImageHardDisk disk(**image);
    EXPECT_EQ(disk.geometry().heads, 4);
    EXPECT_EQ(disk.sectors(), 20'808u);
    const std::array<u8, sector_size> bytes{0x5A};
    EXPECT_TRUE(disk.write(20'807, bytes));
    EXPECT_EQ(file.byte(20'807 * 512), 0x5A);
    EXPECT_FALSE(disk.write(20'808, bytes));
}

}  // namespace
}  // namespace dyn86
