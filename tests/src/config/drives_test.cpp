// Which --drive settings become DOS's folders and which disks; what does not go together.
#include "src/config/drives.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace dyn86::config {
namespace {

class DrivesTest : public ::testing::Test {
protected:
    static Result<Drives> sorted(const std::string& text, FolderUse use = FolderUse::Drive) {
        const auto setting = parse_drive(text);
        EXPECT_TRUE(setting) << text;
        return sort_drives({*setting}, use);
    }
    std::string folder = std::filesystem::temp_directory_path().string();
};

TEST_F(DrivesTest, FoldersAreDrivesForDosAndDisksForABootedSystem) {
    EXPECT_EQ(sorted("C=" + folder)->folders.size(), 1u);
    EXPECT_EQ(sorted("X=" + folder)->folders.front().letter, 'X');
    const auto disk = sorted("C=" + folder + ",label=WORK", FolderUse::Disk);
    ASSERT_TRUE(disk);
    ASSERT_EQ(disk->images.size(), 1u);
    EXPECT_TRUE(disk->images.front().is_folder);
    EXPECT_EQ(disk->images.front().number, 0x80);
    EXPECT_EQ(disk->images.front().label, "WORK");
    EXPECT_EQ(sorted("B=" + folder + ",type=floppy")->images.front().number, 1);
    EXPECT_EQ(sorted("C=" + folder + ",type=folder", FolderUse::Disk)->folders.size(), 1u);
}

TEST_F(DrivesTest, FilesAreDisks) {
    const auto drives = sorted("D=/etc/passwd,overlay,chs=10:2:9");
    ASSERT_TRUE(drives);
    const ImageDrive& image = drives->images.front();
    EXPECT_EQ(image.number, 0x81);
    EXPECT_FALSE(image.is_folder);
    EXPECT_EQ(*image.overlay, "/etc/passwd.overlay");
    EXPECT_EQ(*image.shape, (ImageDrive::Shape{10, 2, 9}));
    EXPECT_TRUE(sorted("A=/nonexistent", FolderUse::Disk)->folders.empty());
    EXPECT_EQ(sorted("A=/nonexistent")->folders.size(), 1u);
    EXPECT_EQ(sorted("A=/nonexistent,overlay")->images.size(), 1u);
}

TEST_F(DrivesTest, WhatDoesNotGoTogetherIsAUsageError) {
    for (const char* bad : {"A=/etc/passwd,type=hd", "C=/etc/passwd,type=floppy", "A=/etc/passwd,label=X",
                            "A=/etc/passwd,type=folder", "A=/etc/passwd,ro,overlay"}) {
        const auto drives = sorted(bad);
        ASSERT_FALSE(drives) << bad;
        EXPECT_EQ(drives.error().kind, ErrorKind::Usage);
    }
    EXPECT_FALSE(sorted("A=" + folder + ",overlay", FolderUse::Disk));
    EXPECT_FALSE(sorted("C=" + folder + ",chs=1:1:1"));
    EXPECT_FALSE(sorted("E=" + folder, FolderUse::Disk));
    EXPECT_FALSE(sorted("E=/etc/passwd", FolderUse::Disk));            // the BIOS has no such drive,
    EXPECT_EQ(sorted("E=/etc/passwd")->images.front().letter(), 'E');  // our DOS has
}

TEST_F(DrivesTest, SwapsAreForFloppies) {
    const auto swap = parse_swap("b=/etc/passwd,ro");
    ASSERT_TRUE(swap);
    EXPECT_EQ(swap->number, 1);
    EXPECT_TRUE(swap->read_only);
    EXPECT_TRUE(parse_swap("A=")->path.empty());
    for (const char* bad : {"", "A", "C=/etc/passwd", "A=x,label=L"}) EXPECT_FALSE(parse_swap(bad)) << bad;
}

}  // namespace
}  // namespace dyn86::config
