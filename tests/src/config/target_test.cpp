#include "src/config/target.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace dyn86::config {
namespace {

namespace fs = std::filesystem;

class Target : public ::testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "dyn86-target-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder = fs::canonical(pattern);
    }
    void TearDown() override { fs::remove_all(folder); }

    std::string write(const std::string& name, const std::string& bytes) {
        fs::create_directories((folder / name).parent_path());
        std::ofstream(folder / name, std::ios::binary) << bytes;
        return (folder / name).string();
    }
    static std::string boot_sector(std::size_t size = 512) {
        std::string bytes(size, '\0');
        bytes[510] = '\x55';
        bytes[511] = '\xAA';
        return bytes;
    }
    std::string found(const std::string& name) {
        const auto path = find_program((folder / name).string());
        return path ? fs::path(*path).lexically_relative(folder).string() : "";
    }
    ErrorKind refusal(const std::string& path) {
        const auto kind = kind_of(path);
        EXPECT_FALSE(kind) << path;
        return kind ? ErrorKind::Failed : kind.error().kind;
    }

    fs::path folder;
};

TEST_F(Target, FindsProgramsWithoutRegardToCaseOrSuffix) {
    write("Sub/Hello.Com", "x");
    write("tool.exe", "x");
    write("both.com", "x");
    write("both.exe", "x");
    EXPECT_EQ(found("Sub/Hello.Com"), "Sub/Hello.Com");
    EXPECT_EQ(found("sub/HELLO.COM"), "Sub/Hello.Com");
    EXPECT_EQ(found("SUB/hello"), "Sub/Hello.Com");
    EXPECT_EQ(found("TOOL"), "tool.exe");
    EXPECT_EQ(found("both"), "both.com");
    EXPECT_EQ(find_program((folder / "none").string()).error().kind, ErrorKind::NotFound);
}

TEST_F(Target, AnExactNameComesFirst) {
    write("a", "x");
    write("A.COM", "x");
    EXPECT_EQ(found("a"), "a");
    EXPECT_EQ(found("A"), "a");
}

TEST_F(Target, TellsProgramsFromImages) {
    EXPECT_EQ(*kind_of(write("a.com", "\xC3")), TargetKind::Program);
    EXPECT_EQ(*kind_of(write("sector.com", boot_sector())), TargetKind::Program);
    EXPECT_EQ(*kind_of(write("a.EXE", "no header")), TargetKind::Program);
    EXPECT_EQ(*kind_of(write("plain", "MZ and more")), TargetKind::Program);
    EXPECT_EQ(*kind_of(write("boot.bin", boot_sector())), TargetKind::Image);
    EXPECT_EQ(*kind_of(write("disk.img", boot_sector(368'640))), TargetKind::Image);
    EXPECT_EQ(*kind_of(write("disk", boot_sector(1'024))), TargetKind::Image);
    EXPECT_EQ(*kind_of(write("disk1", "IMD 1.18: a comment")), TargetKind::Image);
    EXPECT_EQ(*kind_of(write("disk2", std::string("td\0x", 4))), TargetKind::Image);
    EXPECT_EQ(*kind_of(write("run.bat", "")), TargetKind::Program);
    EXPECT_EQ(*kind_of(folder.string()), TargetKind::Folder);
}

TEST_F(Target, RefusesTheRestWithStatus126) {
    EXPECT_EQ(refusal(write("empty.com", "")), ErrorKind::NotAProgram);
    EXPECT_EQ(refusal(write("letter.txt", "Dear")), ErrorKind::NotAProgram);
    EXPECT_EQ(refusal(write("unsigned.bin", std::string(512, '\0'))), ErrorKind::NotAProgram);
    EXPECT_EQ(refusal(write("blank.img", std::string(368'640, '\0'))), ErrorKind::NotAProgram);
    EXPECT_EQ(refusal(write("odd.img", boot_sector(513))), ErrorKind::NotAProgram);
    EXPECT_EQ(check_bootable(write("x.com", "\xC3")).error().kind, ErrorKind::NotAProgram);
    EXPECT_EQ(check_bootable((folder / "none").string()).error().kind, ErrorKind::NotFound);
    EXPECT_TRUE(check_bootable(write("y.com", boot_sector())));
}

TEST_F(Target, LargeImagesAreHardDisks) {
    EXPECT_EQ(*drive_number_of(write("floppy.img", boot_sector(1'474'560))), 0x00);
    EXPECT_EQ(*drive_number_of(write("hard.img", boot_sector(10'653'696))), 0x80);
}

TEST_F(Target, TheProgramsFolderIsC) {
    const auto path = write("games/play.exe", "x");
    const auto placed = place_program(path, {}, folder.string());
    ASSERT_TRUE(placed);
    ASSERT_EQ(placed->drives.size(), 1u);
    EXPECT_EQ(placed->drives[0].letter, 'C');
    EXPECT_EQ(placed->drives[0].path, (folder / "games").string());
    EXPECT_EQ(placed->drives[0].current, "");
    EXPECT_EQ(placed->guest_path, "C:\\play.exe");
}

FolderDrive drive_at(char letter, const fs::path& path) {
    FolderDrive drive;
    drive.letter = letter;
    drive.path = path.string();
    return drive;
}

TEST_F(Target, AProgramInsideADriveRunsThere) {
    const auto path = write("disk/bin/tool.com", "x");
    fs::create_directories(folder / "disk/src/lib");
    const std::vector<FolderDrive> drives = {drive_at('D', folder / "disk")};
    const auto outside = place_program(path, drives, folder.string());
    ASSERT_TRUE(outside);
    EXPECT_EQ(outside->drives.size(), 1u);
    EXPECT_EQ(outside->guest_path, "D:\\bin\\tool.com");
    EXPECT_EQ(outside->drives[0].current, "bin");
    const auto inside = place_program(path, drives, (folder / "disk/src/lib").string());
    ASSERT_TRUE(inside);
    EXPECT_EQ(inside->drives[0].current, "src/lib");
    EXPECT_EQ(place_program(path, drives, (folder / "disk").string())->drives[0].current, "");
}

TEST_F(Target, BesideOtherDrivesItsFolderIsStillC) {
    const auto path = write("bin/tool.com", "x");
    fs::create_directory(folder / "data");
    const auto placed = place_program(path, {drive_at('D', folder / "data")}, folder.string());
    ASSERT_TRUE(placed);
    EXPECT_EQ(placed->drives.size(), 2u);
    EXPECT_EQ(placed->guest_path, "C:\\tool.com");
    EXPECT_EQ(place_program(path, {drive_at('C', folder / "data")}, folder.string()).error().kind, ErrorKind::Usage);
    EXPECT_EQ(place_program(path, {drive_at('D', folder / "none")}, folder.string()).error().kind, ErrorKind::NotFound);
    EXPECT_EQ(place_program(path, {drive_at('D', path)}, folder.string()).error().kind, ErrorKind::Usage);
}

TEST_F(Target, HereTheWorkingDirectoryIsCAndTheProgramsFolderP) {
    const auto path = write("tools/cc.exe", "x");
    fs::create_directory(folder / "work");
    const std::string work = (folder / "work").string();
    const auto placed = place_program_here(path, {}, work);
    ASSERT_TRUE(placed);
    ASSERT_EQ(placed->drives.size(), 2u);
    EXPECT_EQ(placed->drives[0].path, work);
    EXPECT_FALSE(placed->drives[0].read_only);
    EXPECT_EQ(placed->drives[1].letter, 'P');
    EXPECT_EQ(placed->drives[1].path, (folder / "tools").string());
    EXPECT_TRUE(placed->drives[1].read_only);
    EXPECT_EQ(placed->drive, 'C');
    EXPECT_EQ(placed->guest_path, "P:\\cc.exe");
    EXPECT_TRUE(place_program_here(path, {drive_at('C', work)}, work)) << "the same folder";
    EXPECT_EQ(place_program_here(path, {drive_at('C', folder)}, work).error().kind, ErrorKind::Usage);
    EXPECT_EQ(place_program_here(path, {drive_at('P', folder)}, work).error().kind, ErrorKind::Usage);
}

TEST_F(Target, AFolderIsCOrLiesInADrive) {
    fs::create_directories(folder / "disk/sub");
    const auto alone = place_folder((folder / "disk/sub").string(), {});
    ASSERT_TRUE(alone);
    EXPECT_EQ(alone->drives[0].path, (folder / "disk/sub").string());
    const auto inside = place_folder((folder / "disk/sub").string(), {drive_at('D', folder / "disk")});
    ASSERT_TRUE(inside);
    EXPECT_EQ(inside->drive, 'D');
    EXPECT_EQ(inside->drives[0].current, "sub");
    EXPECT_EQ(place_folder(folder.string(), {drive_at('C', folder / "disk")}).error().kind, ErrorKind::Usage);
}

}  // namespace
}  // namespace dyn86::config
