#include "devices/xtide.h"

#include "tests/support/array_hard_disk.h"
#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

#include <string>

namespace dyn86 {
namespace {

constexpr u8 ready = 0x50, data = 0x58, failed = 0x51;

/// A card with a master of 4 heads and 17 sectors, driven as an option ROM does.
struct Bench {
    test::ArrayHardDisk disk{{100, 4, 17}};
    XtIde card;

    Bench() { card.attach(0, &disk); }
    void chs(u16 cylinder, u8 head, u8 sector, u8 count) {
        card.out(0x302, count);
        card.out(0x303, sector);
        card.out(0x304, u8(cylinder));
        card.out(0x305, u8(cylinder >> 8));
        card.out(0x306, u8(0xA0 | head));
    }
    void lba(u32 sector, u8 count) {
        card.out(0x302, count);
        card.out(0x303, u8(sector));
        card.out(0x304, u8(sector >> 8));
        card.out(0x305, u8(sector >> 16));
        card.out(0x306, u8(0xE0 | sector >> 24));
    }
    u8 command(u8 code) {
        card.out(0x307, code);
        return card.in(0x307);
    }
    std::vector<u8> read_sector() {
        std::vector<u8> bytes;
        for (int i = 0; i < 256; ++i) {
            bytes.push_back(card.in(0x300));
            bytes.push_back(card.in(0x308));
        }
        return bytes;
    }
    void write_sector(u8 fill) {
        for (int i = 0; i < 256; ++i) {
            card.out(0x308, u8(fill + 1));
            card.out(0x300, fill);
        }
    }
    static u16 word(const std::vector<u8>& bytes, std::size_t index) {
        return u16(bytes[index * 2] | bytes[index * 2 + 1] << 8);
    }
};

}  // namespace

TEST(XtIde, IdentifiesItsDisk) {
    Bench b;
    EXPECT_EQ(b.card.in(0x307), ready);
    b.card.out(0x306, 0xA0);
    EXPECT_EQ(b.command(0xEC), data);
    const auto answer = b.read_sector();
    EXPECT_EQ(b.card.in(0x307), ready);
    EXPECT_EQ(Bench::word(answer, 1), 100);
    EXPECT_EQ(Bench::word(answer, 3), 4);
    EXPECT_EQ(Bench::word(answer, 6), 17);
    EXPECT_EQ(Bench::word(answer, 60), 6800);
    EXPECT_EQ(Bench::word(answer, 49) & 0x0200, 0x0200);
    EXPECT_EQ(Bench::word(answer, 27), u16('d' << 8 | 'y'));
}

TEST(XtIde, ReadsByCylinderAndByNumber) {
    Bench b;
    b.chs(3, 2, 16, 3);
    EXPECT_EQ(b.command(0x20), data);
    const u8 first = u8((3 * 4 + 2) * 17 + 15);
    for (u8 i = 0; i < 3; ++i) {
        EXPECT_EQ(b.card.in(0x307), data);
        EXPECT_EQ(b.read_sector()[1], u8(first + i + 1));
    }
    EXPECT_EQ(b.card.in(0x307), ready);
    EXPECT_EQ(b.card.in(0x302), 0);
    EXPECT_EQ(b.card.in(0x303), 1);  // the last one read: 3/3/1
    EXPECT_EQ(b.card.in(0x306), 0xA3);
    b.lba(6799, 1);
    EXPECT_EQ(b.command(0x21), data);
    EXPECT_EQ(b.read_sector()[0], u8(6799));
}

TEST(XtIde, WritesAreOnTheMediumWhenReady) {
    Bench b;
    b.lba(255, 2);
    EXPECT_EQ(b.command(0x30), data);
    b.write_sector(0x10);
    EXPECT_EQ(b.disk.bytes[255 * 512], 0x10);
    EXPECT_EQ(b.disk.bytes[255 * 512 + 511], 0x11);
    EXPECT_EQ(b.card.in(0x307), data);
    b.write_sector(0x20);
    EXPECT_EQ(b.card.in(0x307), ready);
    EXPECT_EQ(b.disk.bytes[256 * 512], 0x20);
    EXPECT_EQ(b.card.in(0x304), 1);  // sector 256
}

TEST(XtIde, BlocksOfMultiple) {
    Bench b;
    b.lba(0, 5);
    EXPECT_EQ(b.command(0xC4), failed);  // not before SET MULTIPLE
    EXPECT_EQ(b.card.in(0x301), 0x04);
    b.card.out(0x302, 3);
    EXPECT_EQ(b.command(0xC6), failed);
    b.card.out(0x302, 4);
    EXPECT_EQ(b.command(0xC6), ready);
    b.lba(0, 5);
    EXPECT_EQ(b.command(0xC4), data);
    for (u8 i = 0; i < 5; ++i) EXPECT_EQ(b.read_sector()[0], i);
    EXPECT_EQ(b.card.in(0x307), ready);
    b.lba(8, 5);
    EXPECT_EQ(b.command(0xC5), data);
    for (u8 i = 0; i < 4; ++i) b.write_sector(0x40);
    EXPECT_EQ(b.card.in(0x307), data);
    b.write_sector(0x40);
    EXPECT_EQ(b.card.in(0x307), ready);
    EXPECT_EQ(b.disk.bytes[12 * 512], 0x40);
}

TEST(XtIde, WhatIsNotThere) {
    Bench b;
    b.lba(6800, 1);
    EXPECT_EQ(b.command(0x20), failed);
    EXPECT_EQ(b.card.in(0x301), 0x10);
    b.chs(0, 0, 18, 1);
    EXPECT_EQ(b.command(0x20), failed);
    b.chs(0, 4, 1, 1);
    EXPECT_EQ(b.command(0x30), failed);
    b.lba(6799, 2);
    EXPECT_EQ(b.command(0x40), failed);
    b.lba(6798, 2);
    EXPECT_EQ(b.command(0x40), ready);
    EXPECT_EQ(b.command(0xA1), failed);  // IDENTIFY PACKET DEVICE
    EXPECT_EQ(b.card.in(0x301), 0x04);
}

TEST(XtIde, MediumThatFails) {
    Bench b;
    b.disk.fails = true;
    b.lba(1, 1);
    EXPECT_EQ(b.command(0x20), failed);
    EXPECT_EQ(b.card.in(0x301), 0x40);
    EXPECT_EQ(b.command(0x30), data);
    b.write_sector(1);
    EXPECT_EQ(b.card.in(0x307), failed);
    b.disk.fails = false;
    b.disk.write_protected = true;
    EXPECT_EQ(b.command(0x30), failed);
    EXPECT_EQ(b.card.in(0x301), 0x04);
}

TEST(XtIde, OtherGeometries) {
    Bench b;
    b.chs(0, 7, 0, 10);
    EXPECT_EQ(b.command(0x91), ready);
    b.chs(1, 0, 1, 1);
    b.command(0x20);
    EXPECT_EQ(b.read_sector()[0], 80);
    test::ArrayHardDisk wide{{10, 255, 63}};  // a geometry that only INT 13h can say
    b.card.attach(0, &wide);
    b.command(0xEC);
    const auto answer = b.read_sector();
    EXPECT_EQ(Bench::word(answer, 3), 16);
    EXPECT_EQ(Bench::word(answer, 6), 63);
    EXPECT_EQ(Bench::word(answer, 1), 10 * 255 / 16);
}

TEST(XtIde, ResetShowsTheSignature) {
    Bench b;
    b.lba(1, 1);
    b.command(0x20);
    b.card.out(0x30E, 0x04);
    EXPECT_EQ(b.card.in(0x30E), 0x80);
    b.card.out(0x30E, 0x00);
    EXPECT_EQ(b.card.in(0x30E), ready);
    EXPECT_EQ(b.card.in(0x301), 0x01);
    EXPECT_EQ(b.card.in(0x302), 0x01);
    EXPECT_EQ(b.card.in(0x303), 0x01);
    EXPECT_EQ(b.card.in(0x304), 0x00);
    EXPECT_EQ(b.command(0x90), ready);
    EXPECT_EQ(b.card.in(0x301), 0x01);
}

TEST(XtIde, NoSlaveAndNoDrive) {
    Bench b;
    b.card.out(0x306, 0xB0);
    EXPECT_EQ(b.card.in(0x307), 0x00);
    EXPECT_EQ(b.command(0xEC), 0x00);
    XtIde empty;
    EXPECT_EQ(empty.in(0x307), 0xFF);
}

TEST(XtIde, EightBitTransfers) {
    Bench b;
    b.card.out(0x301, 0x01);
    EXPECT_EQ(b.command(0xEF), ready);
    b.lba(9, 1);
    b.command(0x20);
    for (u32 i = 0; i < 512; ++i) ASSERT_EQ(b.card.in(0x300), u8(9 + i));
    EXPECT_EQ(b.card.in(0x307), ready);
    b.card.out(0x301, 0x03);
    b.card.out(0x302, 0x22);  // multiword DMA
    EXPECT_EQ(b.command(0xEF), failed);
}

TEST(XtIde, StateInTheMiddleOfASector) {
    Bench b, c;
    b.lba(20, 2);
    b.command(0x20);
    b.read_sector();
    EXPECT_EQ(b.card.in(0x300), 21);
    const test::Recording saved = test::save(b.card);
    test::load(c.card, saved);
    EXPECT_EQ(test::save(c.card), saved);
    EXPECT_EQ(c.card.in(0x308), 22);
    EXPECT_EQ(c.card.in(0x300), 23);
}

}  // namespace dyn86
