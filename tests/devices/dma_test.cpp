#include "devices/dma.h"

#include "devices/pit.h"
#include "tests/support/memory_archive.h"
#include "tests/support/plain_memory.h"

#include <gtest/gtest.h>

#include <vector>

namespace dyn86 {
namespace {

/// Gives 1, 2, 3... and keeps what it gets, `wanted` bytes a request.
class Peripheral final : public DmaPeripheral {
public:
    explicit Peripheral(Pin& request) : request_(request) {}
    std::vector<u8> got;
    int verified = 0;
    int ends = 0;
    u8 next = 1;

    void ask(int bytes) {
        wanted_ = bytes;
        request_.set_level(true);
    }
    void drop() { request_.set_level(false); }
    u8 dma_read() override {
        moved();
        return next++;
    }
    void dma_write(u8 value) override {
        moved();
        got.push_back(value);
    }
    void dma_verify() override {
        moved();
        ++verified;
    }
    void terminal_count() override { ++ends; }

private:
    void moved() {
        if (--wanted_ == 0) drop();
    }
    Pin& request_;
    int wanted_ = 0;
};

struct Bench {
    ManualClock clock;
    Scheduler scheduler{clock};
    test::PlainMemory memory;
    Pit pit{scheduler, {nullptr, nullptr, nullptr}};
    DmaPages pages;
    Dma dma{clock, memory, pages};
    Peripheral floppy{dma.request(2)};
    Peripheral disk{dma.request(3)};

    Bench() {
        dma.connect(2, floppy);
        dma.connect(3, disk);
    }
    void word(Port port, u16 value) {
        dma.out(0x0C, 0);
        dma.out(port, u8(value));
        dma.out(port, u8(value >> 8));
    }
    u16 word(Port port) {
        dma.out(0x0C, 0);
        const u8 low = dma.in(port);
        return u16(low | dma.in(port) << 8);
    }
    void program(u8 channel, u8 mode, u16 address, u16 count) {
        dma.out(0x0A, u8(4 | channel));
        dma.out(0x0B, u8(mode | channel));
        word(Port(channel * 2), address);
        word(Port(channel * 2 + 1), count);
        dma.out(0x0A, channel);
    }
};

// Mode bytes without the channel.
constexpr u8 single_write = 0x44;
constexpr u8 single_read = 0x48;
constexpr u8 single_verify = 0x40;
constexpr u8 block_read = 0x88;
constexpr u8 automatic = 0x10;
constexpr u8 downwards = 0x20;

}  // namespace

TEST(Dma, SectorFromDiskToMemory) {
    Bench b;
    b.pages.out(0x81, 0x03);
    b.program(2, single_write, 0x1000, 511);
    b.floppy.ask(512);
    EXPECT_EQ(b.memory.bytes[0x3'1000], 1);
    EXPECT_EQ(b.memory.bytes[0x3'11FF], u8(512));
    EXPECT_EQ(b.memory.bytes[0x3'1200], 0);
    EXPECT_EQ(b.floppy.ends, 1);
    EXPECT_EQ(b.word(4), 0x1200);
    EXPECT_EQ(b.word(5), 0xFFFF);
    EXPECT_EQ(b.dma.in(8), 0x04);  // TC of channel 2
    EXPECT_EQ(b.dma.in(8), 0x00);  // once
}

TEST(Dma, OnlyAsManyBytesAsAreAskedFor) {
    Bench b;
    b.program(2, single_write, 0x100, 9);
    b.floppy.ask(4);
    EXPECT_EQ(b.word(5), 5);
    EXPECT_EQ(b.floppy.ends, 0);
    b.floppy.ask(6);
    EXPECT_EQ(b.floppy.ends, 1);
    b.floppy.ask(1);  // masked by its terminal count
    EXPECT_EQ(b.floppy.next, 11);
    EXPECT_EQ(b.dma.in(8), 0x44);  // and still asking
}

TEST(Dma, ReadAndVerifyTransfers) {
    Bench b;
    b.memory.bytes[0x2'0010] = 0xA1;
    b.memory.bytes[0x2'0011] = 0xA2;
    b.pages.out(0x82, 0x02);
    b.program(3, single_read, 0x10, 1);
    b.disk.ask(2);
    EXPECT_EQ(b.disk.got, (std::vector<u8>{0xA1, 0xA2}));
    b.program(3, single_verify, 0x10, 1);
    b.disk.ask(2);
    EXPECT_EQ(b.disk.verified, 2);
    EXPECT_EQ(b.disk.ends, 2);
    EXPECT_EQ(b.word(6), 0x12);
}

TEST(Dma, AddressesWrapWithinTheirPage) {
    Bench b;
    b.pages.out(0x81, 0x15);  // four bits: page 5
    b.program(2, single_write, 0xFFFF, 1);
    b.floppy.ask(2);
    EXPECT_EQ(b.memory.bytes[0x5'FFFF], 1);
    EXPECT_EQ(b.memory.bytes[0x5'0000], 2);
}

TEST(Dma, DownwardsAndAutomatic) {
    Bench b;
    b.program(2, single_write | downwards | automatic, 0x200, 3);
    b.floppy.ask(4);
    EXPECT_EQ(b.memory.bytes[0x200], 1);
    EXPECT_EQ(b.memory.bytes[0x1FD], 4);
    EXPECT_EQ(b.word(4), 0x200);  // base again, not masked
    EXPECT_EQ(b.word(5), 3);
    b.floppy.ask(1);
    EXPECT_EQ(b.memory.bytes[0x200], 5);
}

TEST(Dma, RequestThatOutlivesItsCountDoesNotHang) {
    Bench b;
    b.program(2, single_write | automatic, 0x200, 3);
    b.floppy.ask(1'000'000);
    EXPECT_EQ(b.floppy.ends, 1);
}

TEST(Dma, MaskedRequestWaits) {
    Bench b;
    b.program(2, single_write, 0x300, 0);
    b.dma.out(0x0F, 0x0F);
    b.floppy.ask(1);
    EXPECT_EQ(b.memory.bytes[0x300], 0);
    EXPECT_EQ(b.dma.in(8), 0x40);
    b.dma.out(0x0E, 0);  // clear mask register
    EXPECT_EQ(b.memory.bytes[0x300], 1);
}

TEST(Dma, DisabledControllerServesNobody) {
    Bench b;
    b.program(2, single_write, 0x300, 0);
    b.dma.out(0x08, 0x04);
    b.floppy.ask(1);
    EXPECT_EQ(b.memory.bytes[0x300], 0);
    b.dma.out(0x08, 0x00);
    EXPECT_EQ(b.memory.bytes[0x300], 1);
}

TEST(Dma, BlockModeGoesOnWithoutTheRequest) {
    Bench b;
    b.program(3, block_read, 0x400, 99);
    b.disk.ask(1);  // dropped after the first byte
    EXPECT_EQ(b.disk.got.size(), 100u);
    EXPECT_EQ(b.disk.ends, 1);
}

TEST(Dma, SoftwareRequestIgnoresTheMask) {
    Bench b;
    b.program(3, block_read, 0x400, 4);
    b.dma.out(0x0A, 7);
    b.dma.out(0x09, 7);
    EXPECT_EQ(b.disk.got.size(), 5u);
    EXPECT_EQ(b.dma.in(8), 0x08);  // the request bit went with the terminal count
}

TEST(Dma, MemoryToMemory) {
    Bench b;
    b.pages.out(0x83, 0x04);
    for (u8 i = 0; i < 8; ++i) b.memory.bytes[0x4'0100u + i] = u8(0x50 + i);
    b.program(0, block_read, 0x100, 0);
    b.program(1, 0x84, 0x800, 7);
    b.dma.out(0x08, 0x01);
    b.dma.out(0x09, 0x04);
    for (u8 i = 0; i < 8; ++i) EXPECT_EQ(b.memory.bytes[0x4'0800u + i], 0x50 + i);
    EXPECT_EQ(b.dma.in(0x0D), 0x57);  // the temporary register
    EXPECT_EQ(b.dma.in(8), 0x02);
    b.program(0, block_read, 0x103, 0);
    b.program(1, 0x84, 0x900, 3);
    b.dma.out(0x08, 0x03);  // hold the source: fill
    b.dma.out(0x09, 0x04);
    for (u8 i = 0; i < 4; ++i) EXPECT_EQ(b.memory.bytes[0x4'0900u + i], 0x53);
}

TEST(Dma, CascadeLeavesTheBusToAnother) {
    Bench b;
    b.program(3, 0xC0, 0x400, 5);
    b.disk.ask(3);
    EXPECT_EQ(b.word(7), 5);
    EXPECT_TRUE(b.disk.got.empty());
}

TEST(Dma, PriorityFixedAndRotating) {
    for (const bool rotating : {false, true}) {
        Bench b;
        b.dma.out(0x08, u8(0x04 | int{rotating} << 4));  // disabled while both start to ask
        b.program(2, single_write, 0x100, 7);
        b.program(3, single_verify, 0x200, 7);
        b.floppy.ask(3);
        b.disk.ask(3);
        // Let the disk's peripheral say how far the floppy's was when the disk was first served.
        struct Watch final : DmaPeripheral {
            Bench& bench;
            int floppy_first = -1;
            explicit Watch(Bench& of) : bench(of) {}
            u8 dma_read() override { return 0; }
            void dma_write(u8) override {}
            void dma_verify() override {
                if (floppy_first < 0) floppy_first = bench.floppy.next - 1;
                bench.disk.dma_verify();
            }
            void terminal_count() override {}
        } watch{b};
        b.dma.connect(3, watch);
        b.dma.out(0x08, u8(int{rotating} << 4));
        EXPECT_EQ(watch.floppy_first, rotating ? 1 : 3);
        EXPECT_EQ(b.disk.verified, 3);
    }
}

TEST(Dma, MasterClearMasksAll) {
    Bench b;
    b.program(2, single_write, 0x1234, 0x55);
    b.dma.in(4);
    b.dma.out(0x0D, 0);
    EXPECT_EQ(b.dma.in(4), 0x34);  // the flip-flop is cleared, the addresses are not
    b.floppy.ask(1);
    EXPECT_EQ(b.memory.bytes[0x1234], 0);
    for (const Port illegal : {Port{0x09}, Port{0x0A}, Port{0x0B}, Port{0x0C}, Port{0x0E}, Port{0x0F}})
        EXPECT_EQ(b.dma.in(illegal), 0xFF);
}

TEST(Dma, RefreshChannelRunsWithTheTimer) {
    Bench b;
    b.dma.refresh_from(b.pit);
    b.program(0, 0x58, 0, 0xFFFF);  // as the BIOS does
    b.pit.out(0x43, 0x54);
    b.pit.out(0x41, 18);
    const u16 before = b.word(1);
    b.clock.advance(Ticks{12 * (1 + 18 * 100)});  // the count is loaded by the first pulse
    EXPECT_EQ(u16(before - b.word(1)), 100);
    EXPECT_EQ(b.word(0), 0xFFFF - before + 100);
    EXPECT_EQ(b.dma.in(8) & 0x01, 0);
    b.clock.advance(Ticks{i64{12} * 18 * 65536 * 1000});  // three minutes later, at no cost
    EXPECT_EQ(u16(before - b.word(1)), 100);
    EXPECT_EQ(b.dma.in(8) & 0x01, 1);
    EXPECT_EQ(b.scheduler.next(), Ticks::never());
}

TEST(Dma, MaskedRefreshWaitsInItsFlipFlop) {
    Bench b;
    b.dma.refresh_from(b.pit);
    b.program(0, 0x58, 0, 0xFFFF);
    b.pit.out(0x43, 0x54);
    b.pit.out(0x41, 18);
    b.dma.out(0x0A, 4);
    const u16 before = b.word(1);
    b.clock.advance(Ticks{12 * 18 * 50});
    EXPECT_EQ(b.word(1), before);
    b.dma.out(0x0A, 0);
    EXPECT_EQ(u16(before - b.word(1)), 1);
}

TEST(Dma, AliasesDecodeFourLines) {
    Bench b;
    b.dma.out(0x1C, 0);
    b.dma.out(0x14, 0x78);
    b.dma.out(0x14, 0x56);
    EXPECT_EQ(b.word(4), 0x5678);
    b.pages.out(0x9D, 7);
    EXPECT_EQ(b.pages.base_of(2), 0x7'0000u);
    EXPECT_EQ(b.pages.in(0x81), 0xFF);
}

TEST(Dma, StateSurvivesARoundTrip) {
    Bench a;
    a.dma.refresh_from(a.pit);
    a.pages.out(0x81, 9);
    a.program(0, 0x58, 0, 0xFFFF);
    a.program(2, single_write, 0x100, 511);
    a.pit.out(0x43, 0x54);
    a.pit.out(0x41, 18);
    a.clock.advance(Ticks{123'456});
    a.floppy.ask(3);
    Bench b;
    b.dma.refresh_from(b.pit);
    b.clock.advance(a.clock.now());
    const test::Recording saved = test::save(a.dma);
    test::load(b.dma, saved);
    test::load(b.pit, test::save(a.pit));
    test::load(b.pages, test::save(a.pages));
    a.clock.advance(Ticks{99'999});
    b.clock.advance(Ticks{99'999});
    for (Port port = 0; port < 8; ++port) EXPECT_EQ(a.word(port), b.word(port));
    EXPECT_EQ(b.pages.base_of(2), 0x9'0000u);
    EXPECT_EQ(test::save(b.dma), test::save(a.dma));
}

}  // namespace dyn86
