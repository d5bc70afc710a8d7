// INT 13h and the start from disks.
#include "roms/roms.h"
#include "tests/src/bios/test_pc.h"
#include "tests/src/storage/image_file.h"

#include <array>
#include <vector>

namespace dyn86 {
namespace {

using test::ImageFile;
using test::TestPc;

std::unique_ptr<DiskImage> open(const ImageFile& file, DiskKind kind = DiskKind::Floppy,
                                DiskAccess access = DiskAccess::ReadWrite) {
    auto image = DiskImage::open(file.path(), {.kind = kind, .access = access, .overlay = {}, .geometry = {}});
    EXPECT_TRUE(image) << image.error().message;
    return std::move(*image);
}

/// A boot sector that shows DL as a letter at the top left ('A' + DL, 80h as 'C') and halts for ever.
std::array<u8, 512> boot_sector() {
    std::array<u8, 512> sector = {
        0x31, 0xC0, 0x8E, 0xD8,        // xor ax, ax; mov ds, ax
        0xB8, 0x00, 0xB8, 0x8E, 0xC0,  // mov ax, B800; mov es, ax
        0x80, 0xFA, 0x80,              // cmp dl, 80
        0x75, 0x02, 0xB2, 0x02,        // jne +2; mov dl, 2
        0x80, 0xC2, 0x41,              // add dl, 'A'
        0x26, 0x88, 0x16, 0x00, 0x00,  // mov es:[0], dl
        0xF4, 0xEB, 0xFD,              // hlt; jmp $-1
    };
    sector[510] = 0x55;
    sector[511] = 0xAA;
    return sector;
}

class Int13 : public ::testing::Test {
protected:
    static constexpr u16 buffer_segment = 0x2000;

    void SetUp() override {
        for (u16 sector = 0; sector < 720; ++sector) {
            const std::array<u8, 4> mark = {u8(sector), u8(sector >> 8), 0xDE, 0xAD};
            file.put(u64{sector} * 512, mark);
            hard_file.put(u64{sector} * 512, mark);
        }
        pc.bios().mount(0, image.get());
        pc.bios().mount(0x80, hard_disk.get());
        pc.post();
    }
    Registers disk(u16 ax, u16 cx, u16 dx, u16 segment = buffer_segment, u16 bx = 0) {
        Registers regs;
        regs.set(Reg16::Ax, ax);
        regs.set(Reg16::Bx, bx);
        regs.set(Reg16::Cx, cx);
        regs.set(Reg16::Dx, dx);
        regs.set(Sreg::Es, segment);
        const Registers after = pc.interrupt(0x13, regs);
        failed = (after.flags & flag::c) != 0;
        return after;
    }

    ImageFile file{360 * 1024};
    ImageFile hard_file{300 * 4 * 17 * 512};
    std::unique_ptr<DiskImage> image = open(file);
    std::unique_ptr<DiskImage> hard_disk = open(hard_file, DiskKind::HardDisk);
    TestPc pc;
    bool failed = false;
};

TEST_F(Int13, ReadsByCylinderHeadSector) {
    const Registers regs = disk(0x0203, 0x0305, 0x0100);  // cylinder 3, head 1, sector 5
    EXPECT_FALSE(failed);
    EXPECT_EQ(regs.get(Reg16::Ax), 3);
    EXPECT_EQ(pc.word(0x20000), (3 * 2 + 1) * 9 + 4);
    EXPECT_EQ(pc.word(0x20400), (3 * 2 + 1) * 9 + 6);
    EXPECT_EQ(pc.byte(0x441), 0);
}

TEST_F(Int13, ReadIntoRomChangesNothingAndReadAcrossItsStartFillsTheRam) {
    EXPECT_EQ(disk(0x0201, 0x0001, 0, 0xFFE0).get(Reg8::Al), 1);
    EXPECT_FALSE(failed);
    EXPECT_EQ(pc.byte(0xFFFF0), 0xEA);
    pc.memory().map_ram(0xEF000, 0x1000);
    disk(0x0203, 0x0001, 0x80, 0xEFD0);  // 0EFD00: the second sector ends in ROM
    EXPECT_FALSE(failed);
    EXPECT_EQ(pc.word(0xEFD02), 0xADDE);
    EXPECT_EQ(pc.word(0xEFF00), 1);
    EXPECT_EQ(pc.byte(0xF0000), roms::bios()[0]);
}

TEST_F(Int13, ReadAcrossTheEndOfMemoryGoesOnAtItsStart) {
    disk(0x0202, 0x0001, 0, 0xFFFF, 0x0010);
    EXPECT_FALSE(failed);
    EXPECT_EQ(pc.word(0x00002), 0xADDE);
}

TEST_F(Int13, WritesReachTheFile) {
    pc.memory().write16(0x20000, 0x1234);
    disk(0x0301, 0x0002, 0);
    EXPECT_FALSE(failed);
    EXPECT_EQ(file.byte(512), 0x34);
    EXPECT_EQ(file.byte(513), 0x12);
}

TEST_F(Int13, ErrorsAreThoseOfAnXt) {
    EXPECT_EQ(disk(0x0201, 0x000A, 0).get(Reg16::Ax), 0x0400);  // no sector 10
    EXPECT_TRUE(failed);
    EXPECT_EQ(pc.byte(0x441), 4);
    EXPECT_EQ(disk(0x0100, 0, 0).get(Reg8::Ah), 4);
    EXPECT_TRUE(failed);
    EXPECT_EQ(disk(0x0201, 0x2801, 0).get(Reg8::Ah), 0x04);  // no cylinder 40
    EXPECT_EQ(disk(0x0201, 0x0001, 1).get(Reg8::Ah), 0x80);  // nothing in B:
    EXPECT_EQ(disk(0x0201, 0x0001, 0x81).get(Reg8::Ah), 0x01);
    EXPECT_EQ(disk(0x4100, 0, 0x80).get(Reg8::Ah), 0x01);
    EXPECT_EQ(pc.bios().missing_calls().at("13/41"), 1u);
    EXPECT_EQ(disk(0x0000, 0, 0).get(Reg8::Ah), 0);
    EXPECT_FALSE(failed);
}

TEST_F(Int13, ReadOnlyDiskIsWriteProtected) {
    const ImageFile other(360 * 1024);
    const auto protected_disk = open(other, DiskKind::Floppy, DiskAccess::ReadOnly);
    pc.bios().mount(1, protected_disk.get());
    EXPECT_EQ(disk(0x0301, 0x0001, 1).get(Reg8::Ah), 0x03);
    EXPECT_TRUE(failed);
    EXPECT_EQ(disk(0x0509, 0x0001, 1).get(Reg8::Ah), 0x03);
}

TEST_F(Int13, FileThatShrinksIsADiskError) {
    file.truncate(4096);
    EXPECT_EQ(disk(0x0201, 0x0501, 0).get(Reg8::Ah), 0x20);
    EXPECT_TRUE(failed);
}

TEST_F(Int13, FloppiesDoNotCrossAPageOfTheDma) {
    EXPECT_EQ(disk(0x0202, 0x0001, 0, 0x2FE0, 0x0001).get(Reg16::Ax), 0x0900);
    EXPECT_TRUE(failed);
    EXPECT_EQ(disk(0x0202, 0x0001, 0, 0x2FC0).get(Reg16::Ax), 0x0002);  // ends with the page
    EXPECT_EQ(disk(0x0202, 0x0001, 0x80, 0x2FE0, 0x0001).get(Reg16::Ax), 0x0002);
    EXPECT_EQ(disk(0x0402, 0x0001, 0, 0x2FE0, 0x0001).get(Reg8::Ah), 0);  // nothing moves
}

TEST_F(Int13, AChangedDiskIsToldOnce) {
    EXPECT_EQ(disk(0x1500, 0, 0).get(Reg8::Ah), 2);
    EXPECT_EQ(disk(0x1600, 0, 0).get(Reg8::Ah), 0);
    pc.bios().mount(0, nullptr);
    EXPECT_EQ(disk(0x0201, 0x0001, 0).get(Reg8::Ah), 0x80);
    EXPECT_EQ(disk(0x1600, 0, 0).get(Reg8::Ah), 0x80);
    pc.bios().mount(0, image.get());
    EXPECT_EQ(disk(0x1600, 0, 0).get(Reg8::Ah), 0x06);
    EXPECT_TRUE(failed);
    EXPECT_EQ(disk(0x1600, 0, 0).get(Reg8::Ah), 0x06);
    EXPECT_EQ(disk(0x0201, 0x0001, 0).get(Reg8::Ah), 0x06);
    EXPECT_EQ(disk(0x0201, 0x0001, 0).get(Reg8::Ah), 0x00);
    EXPECT_EQ(disk(0x1600, 0, 0).get(Reg8::Ah), 0x00);
    EXPECT_FALSE(failed);
}

TEST_F(Int13, FormatsOfAnotherDriveTypeAreRefused) {
    EXPECT_EQ(disk(0x1800, 0x2709, 0).get(Reg8::Ah), 0);
    EXPECT_EQ(disk(0x1800, 0x2709, 0).get(Reg16::Di), 0xEFC7);
    EXPECT_NE(disk(0x1800, 0x4F12, 0).get(Reg8::Ah), 0);
    EXPECT_TRUE(failed);
    EXPECT_EQ(disk(0x1701, 0, 0).get(Reg8::Ah), 0);
}

TEST_F(Int13, HardDiskFunctionsOfAnXt) {
    for (const int function : {0x00, 0x09, 0x0D, 0x10, 0x11, 0x12, 0x13, 0x14}) {
        EXPECT_EQ(disk(u16(function << 8), 0, 0x80).get(Reg8::Ah), 0) << function;
        EXPECT_FALSE(failed);
    }
    EXPECT_EQ(disk(0x0C00, 0x1301, 0x0380).get(Reg8::Ah), 0);     // cylinder 19
    EXPECT_EQ(disk(0x0C00, 0x1401, 0x0380).get(Reg8::Ah), 0x40);  // there are 20
    EXPECT_EQ(disk(0x0A02, 0x0002, 0x80).get(Reg16::Ax), 0x0002);
    EXPECT_EQ(pc.word(0x20000), 1);
    EXPECT_EQ(pc.word(0x20200), 0);  // four bytes of error correction
    EXPECT_EQ(pc.word(0x20204), 2);
    disk(0x0500, 0x0001, 0x0080);
    EXPECT_EQ(hard_file.byte(5 * 512), 0);
    EXPECT_EQ(hard_file.byte(64 * 512), 64);
    disk(0x0700, 0x0001, 0x0080);
    EXPECT_EQ(hard_file.byte(64 * 512), 0);
}

TEST_F(Int13, FormatFillsATrack) {
    disk(0x0509, 0x0200, 0x0100);
    EXPECT_FALSE(failed);
    const u64 track = (2 * 2 + 1) * 9 * 512;
    EXPECT_EQ(file.byte(track), 0xF6);
    EXPECT_EQ(file.byte(track + 9 * 512 - 1), 0xF6);
    EXPECT_NE(file.byte(track + 9 * 512), 0xF6);
}

TEST_F(Int13, ParametersOfFloppyAndHardDisk) {
    Registers regs = disk(0x0800, 0, 0);
    EXPECT_EQ(regs.get(Reg16::Cx), 0x2709);
    EXPECT_EQ(regs.get(Reg16::Dx), 0x0102);
    EXPECT_EQ(regs.get(Reg8::Bl), 1);
    EXPECT_EQ(regs.get(Sreg::Es), 0xF000);
    EXPECT_EQ(regs.get(Reg16::Di), 0xEFC7);
    regs = disk(0x0800, 0, 0x80);  // 20,400 sectors as 20 x 16 x 63
    EXPECT_EQ(regs.get(Reg16::Cx), 19 << 8 | 63);
    EXPECT_EQ(regs.get(Reg16::Dx), 0x0F01);
    EXPECT_EQ(pc.byte(0x475), 1);
    regs = disk(0x1500, 0, 0x80);
    EXPECT_EQ(regs.get(Reg8::Ah), 3);
    EXPECT_EQ(regs.get(Reg16::Dx), 20 * 16 * 63);
    EXPECT_EQ(disk(0x1500, 0, 1).get(Reg8::Ah), 2);
}

TEST_F(Int13, AnEmptyDriveHasParametersAndOneThatIsNotThereHasNone) {
    EXPECT_EQ(disk(0x0800, 0, 1).get(Reg16::Cx), 0x4F12);  // B: is empty
    EXPECT_FALSE(failed);
    EXPECT_EQ(disk(0x0800, 0, 2).get(Reg8::Ah), 0x80);
    EXPECT_TRUE(failed);
    EXPECT_EQ(disk(0x1500, 0, 2).get(Reg8::Ah), 0);
}

TEST_F(Int13, Int41PointsToTheHardDisksParameters) {
    const Linear table = SegOff{pc.word(0x41 * 4 + 2), pc.word(0x41 * 4)}.linear();
    EXPECT_EQ(pc.word(table), 20);
    EXPECT_EQ(pc.byte(table + 2), 16);
    EXPECT_EQ(pc.byte(table + 14), 63);
}

class BootTest : public ::testing::Test {
protected:
    TestPc pc;
};

TEST_F(BootTest, FloppyFirst) {
    const ImageFile file(512, boot_sector()), hard_file(512, boot_sector());
    const auto image = open(file), hard_disk = open(hard_file, DiskKind::HardDisk);
    pc.bios().mount(0, image.get());
    pc.bios().mount(0x80, hard_disk.get());
    pc.run_for(Ticks::from_ms(50));
    EXPECT_EQ(pc.row(0)[0], 'A');
    EXPECT_EQ(pc.core().regs.get(Sreg::Cs), 0);
}

TEST_F(BootTest, HardDiskWhenThereIsNoFloppy) {
    const ImageFile file(20400 * 512, boot_sector());
    const auto image = open(file, DiskKind::HardDisk);
    pc.bios().mount(0x80, image.get());
    pc.run_for(Ticks::from_ms(50));
    EXPECT_EQ(pc.row(0)[0], 'C');
}

TEST_F(BootTest, NothingToBootSaysSoAndTriesAgainAtAKey) {
    pc.run_for(Ticks::from_ms(50));
    EXPECT_NE(pc.screen().find("dyn86 BIOS: 640 KiB, diskette drives: 2, hard disks: 0"), std::string::npos);
    EXPECT_NE(pc.screen().find("Adapters:  clock"), std::string::npos);
    EXPECT_NE(pc.screen().find("No disk"), std::string::npos);
    const ImageFile file(512, boot_sector());
    const auto image = open(file);
    pc.bios().mount(0, image.get());
    pc.type({0x39, 0xB9});
    pc.run_for(Ticks::from_ms(50));
    EXPECT_EQ(pc.row(0)[0], 'A');
}

TEST_F(BootTest, TheBootDriveComesFirst) {
    const ImageFile file(512, boot_sector()), hard_file(20400 * 512, boot_sector());
    const auto image = open(file), hard_disk = open(hard_file, DiskKind::HardDisk);
    pc.bios().mount(0, image.get());
    pc.bios().mount(0x80, hard_disk.get());
    pc.bios().set_boot_drive(0x80);
    pc.run_for(Ticks::from_ms(50));
    EXPECT_EQ(pc.row(0)[0], 'C');
}

TEST_F(BootTest, DiskettesNeedNoSignatureButASystem) {
    auto sector = boot_sector();
    sector[511] = 0;
    const ImageFile old(512, sector);
    const auto image = open(old);
    pc.bios().mount(0, image.get());
    pc.run_for(Ticks::from_ms(50));
    EXPECT_EQ(pc.row(0)[0], 'A');
}

TEST_F(BootTest, EmptyDiskettesDoNotStart) {
    for (const u8 fill : {u8{0}, u8{0xF6}}) {
        std::array<u8, 512> sector{};
        sector.fill(fill);
        const ImageFile file(512, sector);
        const auto image = open(file);
        TestPc other;
        other.bios().mount(0, image.get());
        other.run_for(Ticks::from_ms(50));
        EXPECT_NE(other.screen().find("No disk"), std::string::npos) << int{fill};
    }
}

TEST_F(BootTest, HardDiskWithoutSignatureDoesNotStart) {
    auto sector = boot_sector();
    sector[511] = 0;
    const ImageFile file(20400 * 512, sector);
    const auto image = open(file, DiskKind::HardDisk);
    pc.bios().mount(0x80, image.get());
    pc.run_for(Ticks::from_ms(50));
    EXPECT_NE(pc.screen().find("No disk"), std::string::npos);
}

}  // namespace
}  // namespace dyn86
