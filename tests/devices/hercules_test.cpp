#include "devices/hercules.h"

#include "tests/support/memory_archive.h"
#include "tests/support/plain_memory.h"

#include <gtest/gtest.h>

namespace dyn86 {
namespace {

constexpr std::array<u8, 12> text_registers{0x61, 0x50, 0x52, 0x0F, 0x19, 0x06, 0x19, 0x19, 0x02, 0x0D, 0x0B, 0x0C};
constexpr std::array<u8, 12> graphics_registers{0x35, 0x2D, 0x2E, 0x07, 0x5B, 0x02, 0x57, 0x57, 0x02, 0x03, 0x00, 0x00};

struct Bench {
    ManualClock clock;
    test::PlainMemory memory;
    test::ProbePin second_page;
    Hercules card{clock, memory, second_page};

    void program(const std::array<u8, 12>& registers) {
        for (u8 index = 0; index < registers.size(); ++index) {
            card.out(0x3B4, index);
            card.out(0x3B5, registers.at(index));
        }
    }
};

}  // namespace

TEST(Hercules, IsAnMdaUntilTheSwitchSaysMore) {
    Bench b;
    b.program(text_registers);
    b.card.out(0x3B8, 0xAA);  // graphics and second page are not allowed
    const Picture picture = b.card.picture();
    EXPECT_EQ(picture.kind, Picture::Kind::Text);
    EXPECT_EQ(picture.columns, 80);
    EXPECT_EQ(picture.rows, 25);
    EXPECT_EQ(picture.memory, 0xB'0000u);
    EXPECT_EQ(picture.memory_size, 0x1000u);
    EXPECT_TRUE(picture.monochrome);
    EXPECT_FALSE(b.second_page.level);
}

TEST(Hercules, GraphicsInFourParts) {
    Bench b;
    b.program(graphics_registers);
    b.card.out(0x3BF, 0x01);
    b.card.out(0x3B8, 0x0A);
    const Picture picture = b.card.picture();
    EXPECT_EQ(picture.kind, Picture::Kind::Graphics);
    EXPECT_EQ(picture.columns * picture.cell_width, 720);
    EXPECT_EQ(picture.rows * picture.cell_height, 348);
    EXPECT_EQ(picture.pixels_address(0, 0, 0), 0xB'0000u);
    EXPECT_EQ(picture.pixels_address(1, 0, 1), 0xB'2002u);
    EXPECT_EQ(picture.pixels_address(0, 1, 2), 0xB'405Au);
    EXPECT_EQ(picture.pixels_address(44, 86, 3), 0xB'6000u + 86 * 90 + 88);
}

TEST(Hercules, SecondPage) {
    Bench b;
    b.program(graphics_registers);
    b.card.out(0x3BF, 0x03);
    EXPECT_TRUE(b.second_page.level);
    b.card.out(0x3B8, 0x8A);
    EXPECT_EQ(b.card.picture().memory, 0xB'8000u);
    b.card.out(0x3BF, 0x01);
    EXPECT_FALSE(b.second_page.level);
    EXPECT_EQ(b.card.picture().memory, 0xB'0000u);
    b.card.out(0x3BF, 0x00);
    EXPECT_EQ(b.card.picture().kind, Picture::Kind::Text);
}

// What tells it from an MDA: bit 7 of the status moves with the vertical sync, low during it.
TEST(Hercules, VerticalSyncInBit7) {
    Bench b;
    b.program(text_registers);
    const i64 frame = b.card.crtc().frame_time().count;
    i64 low = 0;
    for (i64 i = 0; i < 1000; ++i) {
        low += (b.card.in(0x3BA) & 0x80) == 0 ? 1 : 0;
        EXPECT_EQ(b.card.in(0x3BA) & 0x70, 0x70);
        b.clock.advance({frame / 1000});
    }
    EXPECT_NEAR(double(low), 1000.0 * 16 / 370, 3);
}

TEST(Hercules, DotUnderTheBeam) {
    Bench b;
    b.program(graphics_registers);
    b.card.out(0x3BF, 0x01);
    b.card.out(0x3B8, 0x0A);
    while (!b.card.crtc().beam().displayed) b.clock.advance({1});
    EXPECT_EQ(b.card.in(0x3BA) & 0x08, 0);
    std::fill_n(b.memory.bytes.begin() + 0xB'0000, 0x8000, u8{0xFF});
    EXPECT_EQ(b.card.in(0x3BA) & 0x08, 0x08);
}

TEST(Hercules, State) {
    Bench b, c;
    b.program(graphics_registers);
    b.card.out(0x3BF, 0x03);
    b.card.out(0x3B8, 0x8A);
    const test::Recording saved = test::save(b.card);
    test::load(c.card, saved);
    EXPECT_EQ(test::save(c.card), saved);
    EXPECT_TRUE(c.second_page.level);
    EXPECT_EQ(c.card.picture(), b.card.picture());
}

}  // namespace dyn86
