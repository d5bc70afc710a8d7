// Property: whatever geometry the 6845 is programmed to, cells, addresses and beam agree with it.
#include "devices/cga.h"

#include <gtest/gtest.h>

namespace dyn86 {
namespace {

struct Card {
    ManualClock clock;
    Cga cga{clock};
    u32 line_length = 0, height = 0;

    void set(u8 index, u32 value) {
        cga.out(0x3D4, index);
        cga.out(0x3D5, u8(value));
    }
    /// 80-column clock: eight ticks a character. Some lines and columns of border and retrace around.
    Card(u32 columns, u32 rows, u32 lines) : line_length(columns + 9), height(lines) {
        cga.out(0x3D8, 0x09);
        set(0, line_length - 1);
        set(1, columns);
        set(2, columns + 2);
        set(3, 4);
        set(4, rows);  // one row more than is displayed
        set(5, 1);
        set(6, rows);
        set(7, rows);
        set(9, lines - 1);
    }
    [[nodiscard]] Crtc::Beam beam_at(u32 column, u32 line) {
        const i64 character = i64{line} * line_length + column;
        clock.advance(Ticks{character * 8} - clock.now());
        return cga.crtc().beam();
    }
};

void check(u32 columns, u32 rows, u32 height) {
    Card card(columns, rows, height);
    const Picture picture = card.cga.picture();
    ASSERT_EQ(picture.kind, Picture::Kind::Text);
    ASSERT_EQ(picture.columns, columns);
    ASSERT_EQ(picture.rows, rows);
    ASSERT_EQ(picture.cell_height, height);
    for (u32 row = 0; row < rows; ++row)
        for (u32 column = 0; column < columns; ++column)
            ASSERT_EQ(picture.cell_address(column, row), 0xB'8000 + (row * columns + column) * 2 % 0x4000);
    // The corners of the picture, and one beyond each, within one frame.
    const u32 last_line = rows * height - 1;
    ASSERT_TRUE(card.beam_at(0, 0).displayed);
    ASSERT_TRUE(card.beam_at(columns - 1, 0).displayed);
    ASSERT_FALSE(card.beam_at(columns, 0).displayed);
    const Crtc::Beam corner = card.beam_at(columns - 1, last_line);
    ASSERT_TRUE(corner.displayed);
    ASSERT_EQ(corner.row, rows - 1);
    ASSERT_EQ(corner.scan_line, height - 1);
    ASSERT_FALSE(card.beam_at(0, last_line + 1).displayed);
    ASSERT_TRUE(card.beam_at(0, last_line + 1).vertical_sync);
    ASSERT_EQ(card.cga.crtc().frame_time().count, i64{card.line_length} * ((rows + 1) * height + 1) * 8);
    ASSERT_EQ(card.cga.in(0x3DA) & 0x09, 0x09);
}

}  // namespace

TEST(Geometry, EveryOneUpTo132By64) {
    constexpr std::array<u32, 5> heights{1, 2, 8, 14, 32};
    for (u32 columns = 1; columns <= 132; ++columns) {
        for (u32 rows = 1; rows <= 64; ++rows) {
            check(columns, rows, heights[(columns + rows) % heights.size()]);
            if (testing::Test::HasFatalFailure()) FAIL() << columns << 'x' << rows;
        }
    }
}

TEST(Geometry, NinetySixBySixtyFourFillsTwelveThousandBytes) {
    Card card(96, 64, 3);
    const Picture picture = card.cga.picture();
    EXPECT_EQ(picture.cell_address(95, 63), 0xB'8000u + 12'288 - 2);
}

TEST(Geometry, StartAddressScrollsThroughTheMemory) {
    Card card(132, 43, 8);
    card.set(12, 0x1F);
    card.set(13, 0xFF);
    const Picture picture = card.cga.picture();
    EXPECT_EQ(picture.cell_address(0, 0), 0xB'BFFEu);
    EXPECT_EQ(picture.cell_address(1, 0), 0xB'8000u);
}

}  // namespace dyn86
