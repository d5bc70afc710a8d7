// A disk image as a drive: the programs that check folders, on a FAT file system.
#include "tests/dos/support/dos_machine.h"
#include "tests/src/storage/fat_image.h"

namespace dyn86::test {
namespace {

class ImageDrive : public DosTest {
protected:
    /// Runs a guest that checks itself with the disk current.
    void check_on_disk(const std::string& guest, const FatLayout& layout) {
        const ImageFile file = formatted(layout);
        check_guest(guest, {.disk = file.path(), .drive = 'D'});
        std::filesystem::remove(folder() / (guest + ".com"));
        auto image = DiskImage::open(file.path(), {});
        ASSERT_TRUE(image.has_value());
        expect_consistent(**image);
    }
};
INSTANTIATE_TEST_SUITE_P(Engines, ImageDrive, testing::ValuesIn(engines()), name_of);

TEST_P(ImageDrive, HandleFunctionsWorkAsOnFolders) {
    check_on_disk("files", floppy_layouts().front());
    check_on_disk("files", hard_disk_layouts().front());
}

TEST_P(ImageDrive, FileControlBlocksWorkAsOnFolders) {
    check_on_disk("fcbs", floppy_layouts().front());
}

TEST_P(ImageDrive, SectorsAndParameterBlocksAreThere) {
    check_on_disk("disks", floppy_layouts().front());
}

TEST_P(ImageDrive, TheShellCopiesToItAndBack) {
    const ImageFile file = formatted(floppy_layouts()[3]);
    std::string text(100'000, 'x');
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = char(i * i >> 4);
    write_file("in.dat", text);
    const Ran ran = run(
        {.commands = {"MD D:\\SUB", "COPY /B IN.DAT D:\\SUB\\COPY.DAT", "D:", "CD SUB", "COPY /B COPY.DAT C:\\OUT.DAT",
                      "REN COPY.DAT OTHER.DAT", "DIR", "ECHO more>>OTHER.DAT", "DEL C:\\IN.DAT", "CD ..", "RD SUB"},
         .disk = file.path()});
    EXPECT_TRUE(ran.ended);
    EXPECT_EQ(read_file("out.dat"), text);
    EXPECT_NE(ran.out.find("OTHER    DAT"), std::string::npos) << ran.out;
    if (auto image = DiskImage::open(file.path(), {})) expect_consistent(**image);
    const Ran again = run({.commands = {"DIR D:\\SUB"}, .disk = file.path()});
    EXPECT_NE(again.out.find("100006"), std::string::npos) << again.out;
}

TEST_P(ImageDrive, WhatDoesNotFitLeavesNoFile) {
    const ImageFile file = formatted(floppy_layouts().front());
    write_file("big.dat", std::string(500'000, 'x'));
    const Ran ran = run({.commands = {"COPY /B BIG.DAT D:\\", "DIR D:\\"}, .disk = file.path()});
    EXPECT_NE(ran.err.find("nsufficient disk space"), std::string::npos) << ran.err;
    EXPECT_EQ(ran.out.find("BIG      DAT"), std::string::npos) << ran.out;
    auto image = DiskImage::open(file.path(), {});
    ASSERT_TRUE(image.has_value());
    expect_consistent(**image);
}

TEST_P(ImageDrive, ProgramsStartFromIt) {
    const ImageFile file = formatted(floppy_layouts().front());
    install("hello.com");
    const Ran ran = run({.commands = {"COPY /B HELLO.COM D:\\", "DEL HELLO.COM", "D:\\HELLO"}, .disk = file.path()});
    EXPECT_NE(ran.out.find("Hello"), std::string::npos) << ran.out;
}

TEST_P(ImageDrive, AnImageWithoutAFileSystemIsRefusedInOneLine) {
    const ImageFile file(720 * sector_size);
    install("hello.com");
    const Ran ran = run({.program = "HELLO.COM", .disk = file.path()});
    EXPECT_FALSE(ran.started);
    EXPECT_NE(ran.error.message.find("no FAT12 or FAT16"), std::string::npos) << ran.error.message;
}

}  // namespace
}  // namespace dyn86::test
