// Overlays: what goes where, what survives, committing, and files that are no overlays.
#include "src/storage/disk_image.h"
#include "tests/src/storage/image_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace dyn86 {
namespace {

using test::ImageFile;
using Sector = std::array<u8, sector_size>;

Sector filled(u8 value) {
    Sector sector;
    sector.fill(value);
    return sector;
}

class OverlayTest : public ::testing::Test {
protected:
    void TearDown() override { unlink(overlay.c_str()); }

    std::unique_ptr<DiskImage> open() {
        auto image = DiskImage::open(file.path(), {.kind = {}, .overlay = overlay, .geometry = {}});
        EXPECT_TRUE(image) << image.error().message;
        return image ? std::move(*image) : nullptr;
    }
    std::string why_not() {
        const auto image = DiskImage::open(file.path(), {.kind = {}, .overlay = overlay, .geometry = {}});
        EXPECT_FALSE(image);
        return image ? "" : image.error().message;
    }
    static u8 first_byte(DiskImage& image, u64 sector) {
        Sector bytes{};
        EXPECT_TRUE(image.read(sector, bytes));
        return bytes[0];
    }

    ImageFile file{360 * 1024, filled(1)};
    std::string overlay = file.path() + ".overlay";
};

TEST_F(OverlayTest, WritesStayBesideTheImageAndSurvive) {
    {
        const auto image = open();
        ASSERT_TRUE(image->write(0, filled(2)));
        ASSERT_TRUE(image->write(719, filled(3)));
        EXPECT_EQ(first_byte(*image, 0), 2);
    }
    EXPECT_EQ(file.byte(0), 1);
    const auto image = open();
    EXPECT_EQ(first_byte(*image, 0), 2);
    EXPECT_EQ(first_byte(*image, 1), 0);
    EXPECT_EQ(first_byte(*image, 719), 3);
    std::array<u8, 3 * sector_size> three{};
    ASSERT_TRUE(image->write(7, three));  // across a byte of the map
    three.fill(9);
    ASSERT_TRUE(image->write(6, std::span(three).first(1024)));
    ASSERT_TRUE(image->read(6, three));
    EXPECT_EQ(three[1023], 9);
    EXPECT_EQ(three[1024], 0);
}

TEST_F(OverlayTest, TakesOnlyWhatWasWritten) {
    const auto image = open();
    ASSERT_TRUE(image->write(700, filled(2)));
    struct stat status {};
    ASSERT_EQ(stat(overlay.c_str(), &status), 0);
    EXPECT_LT(status.st_blocks * 512, 64 * 1024);
}

TEST_F(OverlayTest, CommitMakesTheImageWhatTheGuestSaw) {
    ASSERT_EQ(chmod(file.path().c_str(), 0640), 0);
    {
        const auto image = open();
        ASSERT_TRUE(image->write(5, filled(7)));
        ASSERT_TRUE(image->commit_overlay());
    }
    EXPECT_FALSE(std::filesystem::exists(overlay));
    struct stat status {};
    ASSERT_EQ(stat(file.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777u, 0640u);
    EXPECT_EQ(status.st_size, 360 * 1024);
    const auto image = DiskImage::open(file.path(), {});
    ASSERT_TRUE(image);
    EXPECT_EQ(first_byte(**image, 5), 7);
    EXPECT_EQ(first_byte(**image, 0), 1);
}

TEST_F(OverlayTest, CommitThroughALinkReplacesTheFileBehindIt) {
    const std::string link = file.path() + ".link";
    ASSERT_EQ(symlink(file.path().c_str(), link.c_str()), 0);
    {
        const auto image = DiskImage::open(link, {.kind = {}, .overlay = overlay, .geometry = {}});
        ASSERT_TRUE(image);
        ASSERT_TRUE((*image)->write(5, filled(7)));
        ASSERT_TRUE((*image)->commit_overlay());
    }
    EXPECT_TRUE(std::filesystem::is_symlink(link));
    const auto image = DiskImage::open(file.path(), {});
    ASSERT_TRUE(image);
    EXPECT_EQ(first_byte(**image, 5), 7);
    unlink(link.c_str());
}

TEST_F(OverlayTest, CommitWaitsForNobodyAndLosesNothing) {
    const auto image = open();
    ASSERT_TRUE(image->write(5, filled(7)));
    const auto reader =
        DiskImage::open(file.path(), {.kind = {}, .access = DiskAccess::ReadOnly, .overlay = {}, .geometry = {}});
    ASSERT_TRUE(reader);  // others may read the image meanwhile, but it can't be replaced under them
    const auto done = image->commit_overlay();
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("in use"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(overlay));
    EXPECT_EQ(first_byte(*image, 5), 7);
}

TEST_F(OverlayTest, DiscardForgets) {
    {
        const auto image = open();
        ASSERT_TRUE(image->write(5, filled(7)));
        ASSERT_TRUE(image->discard_overlay());
    }
    EXPECT_FALSE(std::filesystem::exists(overlay));
    EXPECT_EQ(first_byte(*open(), 5), 0);
}

TEST_F(OverlayTest, FilesThatAreNoOverlayOfThisDiskAreRefused) {
    {
        const ImageFile other(720 * 1024);
        const auto image = DiskImage::open(other.path(), {.kind = {}, .overlay = overlay, .geometry = {}});
        ASSERT_TRUE(image);
    }
    EXPECT_NE(why_not().find("another disk"), std::string::npos);
    ASSERT_EQ(truncate(overlay.c_str(), 4100), 0);
    std::filesystem::remove(overlay);
    std::filesystem::copy_file(file.path(), overlay);
    EXPECT_NE(why_not().find("not an overlay"), std::string::npos);
    EXPECT_EQ(std::filesystem::file_size(overlay), 360u * 1024);
}

TEST_F(OverlayTest, TruncatedOverlayIsRefusedAndAnUnfinishedOneStartsAfresh) {
    open();
    ASSERT_EQ(truncate(overlay.c_str(), 4100), 0);
    EXPECT_NE(why_not().find("truncated"), std::string::npos);
    std::filesystem::remove(overlay);
    const ImageFile unfinished(8192);
    std::filesystem::copy_file(unfinished.path(), overlay);
    EXPECT_EQ(first_byte(*open(), 0), 1);
}

TEST_F(OverlayTest, TwoMachinesMayNotShareOne) {
    const auto image = open();
    EXPECT_NE(why_not().find("in use by another dyn86"), std::string::npos);
}

TEST(Lock, AnImageThatIsWrittenIsNobodyElses) {
    const ImageFile file(160 * 1024);
    const auto first = DiskImage::open(file.path(), {});
    ASSERT_TRUE(first);
    for (const DiskAccess access : {DiskAccess::ReadWrite, DiskAccess::ReadOnly}) {
        const auto second = DiskImage::open(file.path(), {.kind = {}, .access = access, .overlay = {}, .geometry = {}});
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().message, file.path() + ": in use by another dyn86");
    }
}

TEST(Lock, ReadersShare) {
    const ImageFile file(160 * 1024);
    const DiskOptions reading{.kind = {}, .access = DiskAccess::ReadOnly, .overlay = {}, .geometry = {}};
    const auto first = DiskImage::open(file.path(), reading), second = DiskImage::open(file.path(), reading);
    EXPECT_TRUE(first);
    EXPECT_TRUE(second);
}

}  // namespace
}  // namespace dyn86
