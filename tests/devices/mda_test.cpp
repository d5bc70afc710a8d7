#include "devices/mda.h"

#include "tests/support/memory_archive.h"
#include "tests/support/plain_memory.h"

#include <gtest/gtest.h>

#include <array>

namespace dyn86 {
namespace {

struct Bench {
    ManualClock clock;
    test::PlainMemory memory;
    Mda mda{clock, memory};

    /// The IBM BIOS's mode 7. [IBM XT, BIOS listing, VIDEO_PARMS]
    void program() {
        constexpr std::array<u8, 16> table{0x61, 0x50, 0x52, 0x0F, 0x19, 6, 0x19, 0x19,
                                           2,    0x0D, 0x0B, 0x0C, 0,    0, 0,    0};
        mda.out(0x3B8, 0x01);
        for (u8 index = 0; index < table.size(); ++index) {
            mda.out(0x3B4, index);
            mda.out(0x3B5, table[index]);
        }
        mda.out(0x3B8, 0x29);
    }
    void fill(u8 character, u8 attribute) {
        for (Linear i = 0; i < Mda::memory_size; i += 2) {
            memory.bytes[Mda::memory + i] = character;
            memory.bytes[Mda::memory + i + 1] = attribute;
        }
    }
    /// How many ticks of the next frame each status bit is high.
    struct High {
        i64 horizontal = 0, video = 0;
    };
    High sample() {
        High high;
        for (i64 tick = 0; tick < mda.crtc().frame_time().count; ++tick, clock.advance(Ticks{1})) {
            const u8 status = mda.in(0x3BA);
            high.horizontal += status & 1;
            high.video += status >> 3 & 1;
        }
        return high;
    }
};

}  // namespace

TEST(Mda, TextPicture) {
    Bench b;
    EXPECT_EQ(b.mda.picture().kind, Picture::Kind::Off);
    b.program();
    const Picture picture = b.mda.picture();
    EXPECT_EQ(picture.kind, Picture::Kind::Text);
    EXPECT_EQ(picture.columns, 80);
    EXPECT_EQ(picture.rows, 25);
    EXPECT_EQ(picture.cell_width, 9);
    EXPECT_EQ(picture.cell_height, 14);
    EXPECT_TRUE(picture.monochrome);
    EXPECT_TRUE(picture.attributes_blink);
    EXPECT_EQ(picture.cursor.first, 11);
    EXPECT_EQ(picture.cursor.last, 12);
    EXPECT_EQ(picture.cell_address(79, 24), 0xB'0000u + 3998);
    EXPECT_EQ(picture.cell_address(0, 26), 0xB'0000u + (26 * 160 & 0xFFF));
    b.mda.out(0x3B8, 0x01);
    EXPECT_EQ(b.mda.picture().kind, Picture::Kind::Off);
}

TEST(Mda, FrameRateIsFiftyHertz) {
    Bench b;
    b.program();
    // 370 lines of 98 characters of 9 dots at 16.257 MHz: 49.817 Hz.
    EXPECT_EQ(b.mda.crtc().frame_time().count, i64(370.0 * 98 * 9 / 16.257e6 * 14'318'180));
}

TEST(Mda, HorizontalBitIsTheSyncPulse) {
    Bench b;
    b.program();
    b.fill(' ', 0x07);
    const auto high = b.sample();
    EXPECT_NEAR(double(high.horizontal), double(b.mda.crtc().frame_time().count) * 15 / 98, 400);  // R3 = 15 of 98
    EXPECT_EQ(high.video, 0);                                                                      // no dot is lit
}

TEST(Mda, VideoBitSeesLitCells) {
    Bench b;
    b.program();
    b.fill(' ', 0x70);  // what the POST looks at: reverse blanks
    EXPECT_NEAR(double(b.sample().video), double(b.mda.crtc().frame_time().count) * (80 * 350) / (98 * 370), 400);
    b.fill('A', 0x07);
    EXPECT_GT(b.sample().video, 0);
    b.fill('A', 0x00);
    EXPECT_EQ(b.sample().video, 0);
    b.fill(' ', 0x70);
    b.mda.out(0x3B8, 0x21);
    EXPECT_EQ(b.sample().video, 0);  // video off
}

TEST(Mda, PortsAreWhereTheyAreAndNowhereElse) {
    Bench b;
    b.program();
    b.mda.out(0x3B0, 14);
    b.mda.out(0x3B3, 0x12);
    EXPECT_EQ(b.mda.in(0x3B5), 0x12);
    EXPECT_EQ(b.mda.in(0x3B4), 0xFF);
    EXPECT_EQ(b.mda.in(0x3B8), 0xFF);
    EXPECT_EQ(b.mda.in(0x3BB), 0xFF);
    b.mda.out(0x3BB, 0);  // Hercules ports do nothing here
    EXPECT_EQ(b.mda.in(0x3BA) & 0xF6, 0xF6);
}

TEST(Mda, StateSurvivesARoundTrip) {
    Bench a;
    a.program();
    a.fill(' ', 0x70);
    a.clock.advance(Ticks{7'654'321});
    Bench b;
    b.memory.bytes = a.memory.bytes;
    b.clock.advance(a.clock.now());
    test::load(b.mda, test::save(a.mda));
    EXPECT_EQ(b.mda.picture(), a.mda.picture());
    for (int i = 0; i < 1000; ++i) {
        a.clock.advance(Ticks{1013});
        b.clock.advance(Ticks{1013});
        ASSERT_EQ(a.mda.in(0x3BA), b.mda.in(0x3BA));
    }
}

}  // namespace dyn86
