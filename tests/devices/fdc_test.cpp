#include "devices/fdc.h"

#include "devices/pit.h"
#include "tests/support/array_floppy.h"
#include "tests/support/memory_archive.h"
#include "tests/support/plain_memory.h"

#include <gtest/gtest.h>

namespace dyn86 {
namespace {

using Bytes = std::vector<u8>;

/// The adapter of an XT with its DMA channel, driven as a BIOS does.
struct Bench {
    ManualClock clock;
    Scheduler scheduler{clock};
    test::PlainMemory memory;
    DmaPages pages;
    Dma dma{clock, memory, pages};
    test::ProbePin irq;
    Fdc fdc{scheduler, irq, dma.request(2)};
    test::ArrayFloppy disk = test::ArrayFloppy::standard(40, 2, 9);

    Bench() {
        dma.connect(2, fdc);
        fdc.set_drive_count(2);
        fdc.insert(0, &disk);
        fdc.out(0x3F2, 0x18);
        fdc.out(0x3F2, 0x1C);
        wait(Ticks::from_ms(5));
        EXPECT_EQ(command({0x08}), (Bytes{0xC0, 0x00}));
        command({0x03, 0xCF, 0x02});  // 8 ms a step, DMA
    }
    void wait(Ticks by) {
        const Ticks end = clock.now() + by;
        while (scheduler.next() <= end) {
            clock.advance(scheduler.next() - clock.now());
            scheduler.run_due();
        }
        clock.advance(end - clock.now());
    }
    /// Sends a command; what it answers at once.
    Bytes command(const Bytes& bytes) {
        for (const u8 byte : bytes) {
            EXPECT_EQ(fdc.in(0x3F4) & 0xC0, 0x80);
            fdc.out(0x3F5, byte);
        }
        return results();
    }
    Bytes results() {
        Bytes result;
        while ((fdc.in(0x3F4) & 0xD0) == 0xD0) result.push_back(fdc.in(0x3F5));
        return result;
    }
    Bytes run(const Bytes& bytes, Ticks time = Ticks::from_ms(500)) {
        const int before = irq.rises;
        EXPECT_EQ(command(bytes), Bytes{});
        wait(time);
        EXPECT_EQ(irq.rises, before + 1);
        const Bytes result = results();
        EXPECT_FALSE(irq.level);
        return result;
    }
    void program_dma(u8 mode, u16 address, u16 bytes) {
        dma.out(0x0C, 0);
        dma.out(0x0B, u8(mode | 2));
        dma.out(4, u8(address));
        dma.out(4, u8(address >> 8));
        dma.out(5, u8(bytes - 1));
        dma.out(5, u8((bytes - 1) >> 8));
        dma.out(0x0A, 2);
    }
    void to_memory(u16 bytes) { program_dma(0x44, 0x2000, bytes); }
    void to_disk(u16 bytes) { program_dma(0x48, 0x2000, bytes); }
    void seek(u8 cylinder) {
        command({0x0F, 0x00, cylinder});
        wait(Ticks::from_ms(1000));
        EXPECT_EQ(command({0x08}), (Bytes{0x20, cylinder}));
    }
};

}  // namespace

TEST(Fdc, ResetTellsOfFourDrivesOnce) {
    Bench b;
    b.fdc.out(0x3F2, 0x08);
    EXPECT_EQ(b.fdc.in(0x3F4), 0x00);
    b.fdc.out(0x3F2, 0x0C);
    EXPECT_EQ(b.fdc.in(0x3F4), 0x80);
    EXPECT_FALSE(b.irq.level);
    b.wait(Ticks::from_ms(1));
    EXPECT_TRUE(b.irq.level);
    for (u8 drive = 0; drive < 4; ++drive) EXPECT_EQ(b.command({0x08}), (Bytes{u8(0xC0 | drive), 0}));
    EXPECT_EQ(b.command({0x08}), Bytes{0x80});  // nothing left to tell: invalid
    EXPECT_FALSE(b.irq.level);
}

TEST(Fdc, ReadsSectorsIntoMemory) {
    Bench b;
    b.to_memory(1024);
    EXPECT_EQ(b.run({0xE6, 0, 0, 0, 2, 2, 9, 0x2A, 0xFF}), (Bytes{0x00, 0, 0, 0, 0, 4, 2}));
    EXPECT_EQ(b.memory.bytes[0x2000], 2);
    EXPECT_EQ(b.memory.bytes[0x21FF], u8(2 + 511));
    EXPECT_EQ(b.memory.bytes[0x2200], 3);
    EXPECT_EQ(b.fdc.in(0x3F4), 0x80);
}

TEST(Fdc, BytesTakeTheirTime) {
    Bench b;
    b.to_memory(512);
    b.command({0xE6, 0, 0, 0, 1, 2, 9, 0x2A, 0xFF});
    EXPECT_EQ(b.fdc.in(0x3F4), 0x10);
    b.wait(Ticks::from_us(512 * 32));
    EXPECT_FALSE(b.irq.level);
    b.wait(Ticks::from_us(100 * 32));
    EXPECT_TRUE(b.irq.level);
    EXPECT_EQ(b.results().size(), 7u);
}

TEST(Fdc, MultiTrackGoesOnWithTheOtherHead) {
    Bench b;
    b.seek(3);
    b.to_memory(1024);
    EXPECT_EQ(b.run({0xE6, 0, 3, 0, 9, 2, 9, 0x2A, 0xFF}), (Bytes{0x04, 0, 0, 3, 1, 2, 2}));
    EXPECT_EQ(b.memory.bytes[0x2000], u8(3 * 16 + 9));
    EXPECT_EQ(b.memory.bytes[0x2200], u8(3 * 16 + 8 + 1));
}

// [765, table 2]: what the ID reads when the processor ends the command at the last sector.
TEST(Fdc, IdBehindTheLastSector) {
    Bench b;
    b.to_memory(512);
    EXPECT_EQ(b.run({0x46, 0, 0, 0, 9, 2, 9, 0x2A, 0xFF}), (Bytes{0x00, 0, 0, 1, 0, 1, 2}));
    b.to_memory(512);
    EXPECT_EQ(b.run({0xC6, 0, 0, 0, 9, 2, 9, 0x2A, 0xFF}), (Bytes{0x04, 0, 0, 0, 1, 1, 2}));
    b.to_memory(512);
    EXPECT_EQ(b.run({0xC6, 4, 0, 1, 9, 2, 9, 0x2A, 0xFF}), (Bytes{0x00, 0, 0, 1, 0, 1, 2}));
}

TEST(Fdc, EndOfCylinderWithoutTerminalCount) {
    Bench b;
    b.to_memory(4096);
    const Bytes result = b.run({0x46, 0, 0, 0, 8, 2, 9, 0x2A, 0xFF});
    EXPECT_EQ(result[0], 0x40);
    EXPECT_EQ(result[1], 0x80);
    EXPECT_EQ(b.memory.bytes[0x2200], 9);
}

TEST(Fdc, WhatIsNotThere) {
    Bench b;
    b.to_memory(512);
    EXPECT_EQ(b.run({0x46, 0, 0, 0, 10, 2, 15, 0x2A, 0xFF}), (Bytes{0x40, 0x04, 0, 0, 0, 10, 2}));
    EXPECT_EQ(b.run({0x46, 0, 5, 0, 1, 2, 9, 0x2A, 0xFF}), (Bytes{0x40, 0x04, 0x10, 5, 0, 1, 2}));
    EXPECT_EQ(b.run({0x06, 0, 0, 0, 1, 2, 9, 0x2A, 0xFF}), (Bytes{0x40, 0x01, 0, 0, 0, 1, 2}));  // single density
    b.seek(45);
    EXPECT_EQ(b.run({0x46, 0, 45, 0, 1, 2, 9, 0x2A, 0xFF})[1], 0x01);  // unformatted
    EXPECT_EQ(b.run({0x4A, 0})[1], 0x01);
}

TEST(Fdc, WritesSectors) {
    Bench b;
    for (u32 i = 0; i < 1024; ++i) b.memory.bytes[0x2000 + i] = u8(i * 3);
    b.to_disk(1024);
    EXPECT_EQ(b.run({0x45, 0, 0, 0, 4, 2, 9, 0x2A, 0xFF}), (Bytes{0x00, 0, 0, 0, 0, 6, 2}));
    const auto& track = b.disk.tracks[{0, 0}];
    EXPECT_EQ(track[3].data[100], u8(300));
    EXPECT_EQ(track[4].data[511], u8(1023 * 3));
    EXPECT_EQ(track[5].data[0], 6);
}

TEST(Fdc, RestOfASectorThatDmaEndsEarlyIsZero) {
    Bench b;
    b.memory.bytes[0x2000] = 0x77;
    b.to_disk(1);
    EXPECT_EQ(b.run({0x45, 0, 0, 0, 4, 2, 9, 0x2A, 0xFF})[0], 0x00);
    EXPECT_EQ(b.disk.tracks[std::make_pair(u8{0}, u8{0})][3].data[0], 0x77);
    EXPECT_EQ(b.disk.tracks[std::make_pair(u8{0}, u8{0})][3].data[1], 0x00);
}

TEST(Fdc, WriteProtection) {
    Bench b;
    b.disk.write_protected = true;
    b.to_disk(512);
    const Bytes result = b.run({0x45, 0, 0, 0, 1, 2, 9, 0x2A, 0xFF});
    EXPECT_EQ(result[0], 0x40);
    EXPECT_EQ(result[1], 0x02);
    EXPECT_EQ(b.run({0x4D, 0, 2, 9, 0x50, 0xF6})[1], 0x02);
    EXPECT_EQ(b.command({0x04, 0x00}), Bytes{0x78});
}

TEST(Fdc, DeletedSectors) {
    Bench b;
    b.to_disk(512);
    EXPECT_EQ(b.run({0x49, 0, 0, 0, 2, 2, 9, 0x2A, 0xFF})[0], 0x00);
    b.to_memory(1536);  // stops behind the deleted one
    EXPECT_EQ(b.run({0x46, 0, 0, 0, 1, 2, 9, 0x2A, 0xFF}), (Bytes{0x00, 0, 0x40, 0, 0, 2, 2}));
    b.to_memory(1024);  // skips it
    EXPECT_EQ(b.run({0x66, 0, 0, 0, 1, 2, 9, 0x2A, 0xFF}), (Bytes{0x00, 0, 0x40, 0, 0, 4, 2}));
    EXPECT_EQ(b.memory.bytes[0x2200], 3);
    b.to_memory(512);
    EXPECT_EQ(b.run({0x4C, 0, 0, 0, 2, 2, 9, 0x2A, 0xFF}), (Bytes{0x00, 0, 0, 0, 0, 3, 2}));
}

TEST(Fdc, BadDataIsDeliveredAndTold) {
    Bench b;
    b.disk.tracks[std::make_pair(u8{0}, u8{0})][0].sector.has_data_error = true;
    b.to_memory(512);
    EXPECT_EQ(b.run({0x46, 0, 0, 0, 1, 2, 9, 0x2A, 0xFF}), (Bytes{0x40, 0x20, 0x20, 0, 0, 1, 2}));
    EXPECT_EQ(b.memory.bytes[0x2005], 6);
}

TEST(Fdc, ReadTrackGoesByOrder) {
    Bench b;
    b.disk.tracks[std::make_pair(u8{0}, u8{0})][1].sector.id.record = 77;
    b.to_memory(4096);
    const Bytes result = b.run({0x42, 0, 0, 0, 1, 2, 3, 0x2A, 0xFF});
    EXPECT_EQ(result[1], 0x84);  // another ID was met; EOT without terminal count
    EXPECT_EQ(b.memory.bytes[0x2400], 3);
    EXPECT_EQ(b.memory.bytes[0x2600], 0);
}

TEST(Fdc, FormatsATrack) {
    Bench b;
    const Bytes ids{1, 0, 7, 1, 1, 0, 8, 1};
    std::ranges::copy(ids, b.memory.bytes.begin() + 0x2000);
    b.seek(1);
    b.to_disk(8);
    EXPECT_EQ(b.run({0x4D, 0, 1, 2, 0x50, 0xE5})[0], 0x00);
    const auto track = b.disk.tracks[{1, 0}];
    ASSERT_EQ(track.size(), 2u);
    EXPECT_EQ(track[1].sector.id, (SectorId{1, 0, 8, 1}));
    EXPECT_EQ(track[1].data, Bytes(256, 0xE5));
}

TEST(Fdc, ReadIdShowsTheSectorsAsTheyPass) {
    Bench b;
    std::array<bool, 10> seen{};
    u8 before = 0;
    for (int i = 0; i < 9; ++i) {
        const Bytes result = b.run({0x4A, 0}, Ticks::from_ms(23));
        ASSERT_EQ(result.size(), 7u);
        EXPECT_NE(result[5], before);
        before = result[5];
        seen.at(result[5]) = true;
    }
    EXPECT_EQ(std::ranges::count(seen, true), 9);
}

TEST(Fdc, Scans) {
    Bench b;
    std::ranges::copy(b.disk.tracks[std::make_pair(u8{0}, u8{0})][2].data, b.memory.bytes.begin() + 0x2000);
    for (u32 sector = 1; sector < 3; ++sector)
        std::copy_n(b.memory.bytes.begin() + 0x2000, 512, b.memory.bytes.begin() + 0x2000 + sector * 512);
    b.to_disk(1536);
    EXPECT_EQ(b.run({0x51, 0, 0, 0, 1, 2, 9, 0x2A, 1}), (Bytes{0x00, 0, 0x08, 0, 0, 3, 2}));
    b.to_disk(512);
    EXPECT_EQ(b.run({0x51, 0, 0, 0, 1, 2, 1, 0x2A, 1})[2], 0x04);
    b.to_disk(512);
    EXPECT_EQ(b.run({0x59, 0, 0, 0, 1, 2, 9, 0x2A, 1})[2], 0x00);  // lower
    b.to_disk(512);
    EXPECT_EQ(b.run({0x5D, 0, 0, 0, 4, 2, 9, 0x2A, 1})[2], 0x00);  // higher
}

TEST(Fdc, SeeksTakeSteps) {
    Bench b;
    b.command({0x0F, 0x04, 10});
    EXPECT_EQ(b.fdc.in(0x3F4), 0x81);  // drive 0 moves, the chip takes commands
    b.wait(Ticks::from_ms(79));
    EXPECT_FALSE(b.irq.level);
    b.wait(Ticks::from_ms(2));
    EXPECT_TRUE(b.irq.level);
    EXPECT_EQ(b.command({0x08}), (Bytes{0x24, 10}));
    EXPECT_EQ(b.fdc.in(0x3F4), 0x80);
    EXPECT_EQ(b.command({0x04, 0x00}), Bytes{0x28});  // not on track 0
    b.command({0x07, 0x00});
    b.wait(Ticks::from_ms(81));
    EXPECT_EQ(b.command({0x08}), (Bytes{0x20, 0}));
    EXPECT_EQ(b.command({0x04, 0x00}), Bytes{0x38});
}

TEST(Fdc, HeadsStopWhereTheDriveOfSuchADiskEnds) {
    Bench b;
    b.seek(48);
    b.seek(10);  // 38 steps back from 41
    EXPECT_EQ(b.command({0x04, 0x00}), (Bytes{0x28}));
    b.seek(7);
    EXPECT_EQ(b.command({0x04, 0x00}), (Bytes{0x38}));  // at track 0 already
    test::ArrayFloppy large = test::ArrayFloppy::standard(80, 2, 9);
    b.fdc.insert(0, &large);
    b.command({0x07, 0x00});
    b.wait(Ticks::from_ms(100));
    b.command({0x08});
    b.seek(79);
    EXPECT_EQ(b.run({0x4A, 0x00})[3], 79);
}

TEST(Fdc, TwoDrivesSeekAtOnce) {
    Bench b;
    b.command({0x0F, 0x00, 5});
    b.fdc.out(0x3F2, 0x3D);
    b.command({0x0F, 0x01, 2});
    EXPECT_EQ(b.fdc.in(0x3F4), 0x83);
    b.wait(Ticks::from_ms(17));
    EXPECT_EQ(b.command({0x08}), (Bytes{0x21, 2}));
    EXPECT_EQ(b.fdc.in(0x3F4), 0x81);
    b.wait(Ticks::from_ms(30));
    EXPECT_TRUE(b.irq.level);
    EXPECT_EQ(b.command({0x08}), (Bytes{0x20, 5}));
}

TEST(Fdc, RecalibrateFindsNoDrive) {
    Bench b;
    b.fdc.out(0x3F2, 0x8F);
    b.command({0x07, 0x03});
    b.wait(Ticks::from_ms(700));
    EXPECT_EQ(b.command({0x08}), (Bytes{0x73, 0}));
}

TEST(Fdc, TheDorSelectsTheDriveAndTheCommandNamesAUnit) {
    Bench b;
    test::ArrayFloppy other = test::ArrayFloppy::standard(40, 2, 9);
    other.write_protected = true;
    b.fdc.insert(1, &other);
    b.seek(20);
    b.command({0x07, 0xFE});  // as IBM's BIOS of 1986 does
    b.wait(Ticks::from_ms(200));
    EXPECT_EQ(b.command({0x08}), (Bytes{0x22, 0}));
    EXPECT_EQ(b.command({0x04, 0x02}), (Bytes{0x3A}));  // at track 0
    b.fdc.out(0x3F2, 0x3D);
    EXPECT_EQ(b.command({0x04, 0x00}), (Bytes{0x78}));  // and the other drive's protection
}

TEST(Fdc, WaitsForADiskUntilReset) {
    Bench b;
    b.fdc.insert(0, nullptr);
    b.to_memory(512);
    b.command({0xE6, 0, 0, 0, 1, 2, 9, 0x2A, 0xFF});
    b.wait(Ticks::from_ms(5000));
    EXPECT_EQ(b.fdc.in(0x3F4), 0x10);
    b.fdc.insert(0, &b.disk);
    b.wait(Ticks::from_ms(100));
    EXPECT_EQ(b.results()[0], 0x00);
    b.fdc.insert(0, nullptr);
    b.command({0xE6, 0, 0, 0, 1, 2, 9, 0x2A, 0xFF});
    b.fdc.out(0x3F2, 0x18);
    b.fdc.out(0x3F2, 0x1C);
    EXPECT_EQ(b.fdc.in(0x3F4), 0x80);
}

TEST(Fdc, ChangeLineFallsWithAStep) {
    Bench b;
    EXPECT_EQ(b.fdc.in(0x3F7), 0x80);
    b.seek(1);
    EXPECT_EQ(b.fdc.in(0x3F7), 0x00);
    b.fdc.insert(0, nullptr);
    b.seek(0);
    EXPECT_EQ(b.fdc.in(0x3F7), 0x80);  // no disk: it stays
    b.fdc.insert(0, &b.disk);
    b.seek(1);
    EXPECT_EQ(b.fdc.in(0x3F7), 0x00);
    b.fdc.out(0x3F2, 0x0C);  // motor off: not selected
    b.fdc.insert(0, &b.disk);
    EXPECT_EQ(b.fdc.in(0x3F7), 0x00);
}

TEST(Fdc, DmaThatDoesNotServeIsAnOverrun) {
    Bench b;
    b.dma.out(0x0A, 6);
    const Bytes result = b.run({0x46, 0, 0, 0, 1, 2, 9, 0x2A, 0xFF});
    EXPECT_EQ(result[0], 0x40);
    EXPECT_EQ(result[1], 0x10);
}

TEST(Fdc, BytesWithoutDma) {
    Bench b;
    b.command({0x03, 0xCF, 0x03});
    b.command({0x46, 0, 0, 0, 1, 2, 1, 0x2A, 0xFF});
    b.wait(Ticks::from_ms(30));
    EXPECT_TRUE(b.irq.level);
    for (u32 i = 0; i < 512; ++i) {
        ASSERT_EQ(b.fdc.in(0x3F4), 0xF0);
        ASSERT_EQ(b.fdc.in(0x3F5), u8(1 + i));
    }
    b.wait(Ticks::from_ms(1));
    EXPECT_EQ(b.results()[1], 0x80);
    b.command({0x45, 0, 0, 0, 1, 2, 1, 0x2A, 0xFF});
    b.wait(Ticks::from_ms(30));
    EXPECT_EQ(b.fdc.in(0x3F4), 0xB0);
    for (u32 i = 0; i < 512; ++i) b.fdc.out(0x3F5, 0x5A);
    EXPECT_EQ(b.results().size(), 7u);
    EXPECT_EQ(b.disk.tracks[std::make_pair(u8{0}, u8{0})][0].data, Bytes(512, 0x5A));
}

TEST(Fdc, UnknownCommandsAreInvalid) {
    Bench b;
    EXPECT_EQ(b.command({0x10}), Bytes{0x80});  // VERSION of later chips
    EXPECT_EQ(b.command({0x1F}), Bytes{0x80});
}

TEST(Fdc, StateInTheMiddleOfASeekAndARead) {
    Bench b, c;
    b.seek(2);
    b.to_memory(512);
    b.fdc.out(0x3F2, 0x3D);
    b.command({0x0F, 0x01, 20});
    b.fdc.out(0x3F2, 0x3C);
    b.command({0x46, 0, 2, 0, 1, 2, 9, 0x2A, 0xFF});
    b.wait(Ticks::from_ms(5));
    c.clock.advance(b.clock.now() - c.clock.now());
    c.to_memory(512);
    const test::Recording saved = test::save(b.fdc);
    test::load(c.fdc, saved);
    EXPECT_EQ(test::save(c.fdc), saved);
    c.wait(Ticks::from_ms(50));
    EXPECT_EQ(c.results()[0], 0x00);
    EXPECT_EQ(c.memory.bytes[0x2000], u8(2 * 16 + 1));
}

}  // namespace dyn86
