#include "devices/crtc.h"

#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace dyn86 {
namespace {

constexpr i64 ticks_per_character = 8;

/// A 6845 whose beam can be sent anywhere.
struct Bench {
    ManualClock clock;
    Crtc crtc{clock, {1, ticks_per_character}};

    void set(u8 index, u8 value) {
        crtc.select(index);
        crtc.write(value);
    }
    void set_all(std::initializer_list<u8> values) {
        u8 index = 0;
        for (const u8 value : values) set(index++, value);
    }
    /// The 6845's registers for a picture of this size, with room for blanking as a monitor needs it.
    void program(u8 columns, u8 rows, u8 height) {
        set_all({u8(columns + 33), columns, u8(columns + 10), 10, u8(rows + 5), 6, rows, u8(rows + 2), 2,
                 u8(height - 1), 0, u8(height - 1), 0, 0, 0, 0});
    }
    [[nodiscard]] i64 line_length() const { return crtc.peek(0) + 1; }
    [[nodiscard]] i64 line_count() const { return (crtc.peek(4) + 1) * (crtc.peek(9) + 1) + crtc.peek(5); }
    void characters(i64 n) { clock.advance(Ticks{n * ticks_per_character}); }
    /// The next time the beam is there.
    Crtc::Beam go_to(i64 line, i64 column) {
        const Crtc::Beam at = crtc.beam();
        const i64 here = (at.row * i64{crtc.cell_height()} + at.scan_line) * line_length() + at.column;
        const i64 frame = line_length() * line_count();
        characters((line * line_length() + column - here + frame) % frame);
        return crtc.beam();
    }
    Picture describe() {
        Picture picture;
        crtc.describe(picture);
        return picture;
    }
};

// The CGA's 80x25 as the IBM BIOS programs it. [IBM XT, BIOS listing, VIDEO_PARMS]
const std::initializer_list<u8> cga_80x25{0x71, 0x50, 0x5A, 0x0A, 0x1F, 0x06, 0x19, 0x1C,
                                          0x02, 0x07, 0x06, 0x07, 0,    0,    0,    0};

}  // namespace

TEST(Crtc, CgaTextFrameIs262LinesOf114Characters) {
    Bench b;
    b.set_all(cga_80x25);
    EXPECT_EQ(b.crtc.columns(), 80);
    EXPECT_EQ(b.crtc.rows(), 25);
    EXPECT_EQ(b.crtc.cell_height(), 8);
    EXPECT_EQ(b.crtc.frame_time(), Ticks{262 * 114 * 8});  // 59.92 Hz
}

TEST(Crtc, DisplayEnableAndSyncsFollowTheRegisters) {
    Bench b;
    b.set_all(cga_80x25);
    EXPECT_TRUE(b.go_to(0, 0).displayed);
    EXPECT_TRUE(b.go_to(199, 79).displayed);
    EXPECT_FALSE(b.go_to(199, 80).displayed);
    EXPECT_FALSE(b.go_to(200, 0).displayed);
    EXPECT_FALSE(b.go_to(10, 89).horizontal_sync);
    EXPECT_TRUE(b.go_to(10, 90).horizontal_sync);
    EXPECT_TRUE(b.go_to(10, 99).horizontal_sync);
    EXPECT_FALSE(b.go_to(10, 100).horizontal_sync);
    EXPECT_FALSE(b.go_to(28 * 8 - 1, 113).vertical_sync);
    EXPECT_TRUE(b.go_to(28 * 8, 0).vertical_sync);
    EXPECT_TRUE(b.go_to(28 * 8 + 15, 113).vertical_sync);  // 16 lines, whatever R3 says
    EXPECT_FALSE(b.go_to(28 * 8 + 16, 0).vertical_sync);
}

TEST(Crtc, FramesAreCounted) {
    Bench b;
    b.set_all(cga_80x25);
    b.go_to(0, 0);
    const u64 frame = b.crtc.beam().frame;
    b.characters(262 * 114 - 1);
    EXPECT_EQ(b.crtc.beam().frame, frame);
    b.characters(1);
    EXPECT_EQ(b.crtc.beam().frame, frame + 1);
    b.characters(262 * 114 * 1000);
    EXPECT_EQ(b.crtc.beam().frame, frame + 1001);
}

TEST(Crtc, BeamGoesOnWhenTimingRegistersChange) {
    Bench b;
    b.set_all(cga_80x25);
    const Crtc::Beam before = b.go_to(100, 20);
    b.set(0, 0x38);
    b.set(7, 0x1A);
    const Crtc::Beam after = b.crtc.beam();
    EXPECT_EQ(after.frame, before.frame);
    EXPECT_EQ(after.row, before.row);
    EXPECT_EQ(after.scan_line, before.scan_line);
    EXPECT_EQ(after.column, before.column);
    b.crtc.set_character_clock({1, 16});
    EXPECT_EQ(b.crtc.beam().column, 20u);
    b.clock.advance(Ticks{16 * 3});
    EXPECT_EQ(b.crtc.beam().column, 23u);
    b.set(4, 3);  // the beam is below the new frame's end: it starts over
    EXPECT_LT(b.crtc.beam().row, 5u);
}

TEST(Crtc, OnlyCursorAndLightPenCanBeRead) {
    Bench b;
    for (u8 index = 0; index < 18; ++index) b.set(index, 0xFF);
    for (u8 index = 0; index < 32; ++index) {
        b.crtc.select(index);
        const u8 expected = index == 14 ? 0x3F : index == 15 ? 0xFF : 0x00;
        EXPECT_EQ(b.crtc.read(), expected) << int{index};
    }
    b.crtc.select(0x2E);  // five bits: R14
    EXPECT_EQ(b.crtc.read(), 0x3F);
}

TEST(Crtc, RegistersHaveTheirBitsOnly) {
    Bench b;
    const std::array<u8, 18> bits{0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0x1F, 0x7F, 0x7F, 0x03,
                                  0x1F, 0x7F, 0x1F, 0x3F, 0xFF, 0x3F, 0xFF, 0x00, 0x00};
    for (u8 index = 0; index < 18; ++index) {
        b.set(index, 0xFF);
        EXPECT_EQ(b.crtc.peek(index), bits[index]) << int{index};
    }
}

TEST(Crtc, LightPenTakesTheAddressUnderTheBeam) {
    Bench b;
    b.set_all(cga_80x25);
    b.set(12, 0x01);
    b.set(13, 0x90);  // start at 400
    b.go_to(3 * 8 + 5, 17);
    b.crtc.strobe_light_pen();
    b.crtc.select(16);
    const int high = b.crtc.read();
    b.crtc.select(17);
    EXPECT_EQ(high << 8 | b.crtc.read(), 400 + 3 * 80 + 17);
}

TEST(Crtc, CursorPlaceIsRelativeToTheStart) {
    Bench b;
    b.set_all(cga_80x25);
    const auto place = [&](u16 start, u16 cursor) {
        b.set(12, u8(start >> 8));
        b.set(13, u8(start));
        b.set(14, u8(cursor >> 8));
        b.set(15, u8(cursor));
        return b.describe().cursor;
    };
    EXPECT_EQ(place(0, 81).column, 1);
    EXPECT_EQ(place(0, 81).row, 1);
    EXPECT_TRUE(place(0, 1999).visible);
    EXPECT_FALSE(place(0, 2000).visible);
    EXPECT_FALSE(place(80, 79).visible);
    const Picture::Cursor wrapped = place(0x3FFE, 1);  // 14 address bits
    EXPECT_TRUE(wrapped.visible);
    EXPECT_EQ(wrapped.column, 3);
}

TEST(Crtc, CursorShapes) {
    Bench b;
    b.set_all(cga_80x25);
    const auto lines = [&](u8 first, u8 last) {
        b.set(10, first);
        b.set(11, last);
        const Picture::Cursor cursor = b.describe().cursor;
        std::string shape;
        for (u8 line = 0; line < 8; ++line) shape += cursor.visible && cursor.covers(line) ? '#' : '.';
        return shape;
    };
    EXPECT_EQ(lines(6, 7), "......##");
    EXPECT_EQ(lines(0, 7), "########");
    EXPECT_EQ(lines(6, 1), "##....##");    // two parts
    EXPECT_EQ(lines(11, 12), "........");  // the MDA's shape in a cell of eight lines
    EXPECT_EQ(lines(5, 13), "########");
    EXPECT_EQ(lines(0x26, 7), "........");  // switched off
}

TEST(Crtc, CursorAndCharactersBlink) {
    Bench b;
    b.set_all(cga_80x25);
    b.go_to(0, 0);
    const auto frames_lit = [&](u8 r10) {
        b.set(10, r10);
        int lit = 0;
        for (int frame = 0; frame < 64; ++frame) {
            lit += b.describe().cursor.lit ? 1 : 0;
            b.clock.advance(b.crtc.frame_time());
        }
        return lit;
    };
    EXPECT_EQ(frames_lit(0x06), 32);
    EXPECT_EQ(frames_lit(0x26), 0);
    EXPECT_EQ(frames_lit(0x66), 16);  // its own 1/32 AND the board's 1/16
    int visible = 0;
    for (int frame = 0; frame < 64; ++frame) {
        visible += b.describe().blink_lit ? 1 : 0;
        b.clock.advance(b.crtc.frame_time());
    }
    EXPECT_EQ(visible, 32);
}

TEST(Crtc, MoreDisplayedThanThereIsShowsWhatThereIs) {
    Bench b;
    b.program(80, 25, 8);
    b.set(0, 59);
    b.set(4, 19);
    EXPECT_EQ(b.crtc.columns(), 60);
    EXPECT_EQ(b.crtc.rows(), 20);
    b.set(1, 0);
    EXPECT_EQ(b.crtc.columns(), 0);
    EXPECT_FALSE(b.describe().cursor.visible);
}

TEST(Crtc, UnprogrammedChipHasABeamToo) {
    Bench b;
    b.characters(12345);
    EXPECT_EQ(b.crtc.beam().column, 0u);
    EXPECT_EQ(b.crtc.columns(), 0);
}

// Every picture up to 132x64 at the cell heights in use: what is derived, and the corners of the displayed area.
TEST(Crtc, EveryGeometryUpTo132x64) {
    for (const u8 height : {u8{1}, u8{2}, u8{4}, u8{8}, u8{14}, u8{16}, u8{32}}) {
        for (u8 rows = 1; rows <= 64; ++rows) {
            for (u8 columns = 1; columns <= 132; ++columns) {
                Bench b;
                b.program(columns, rows, height);
                const Picture picture = b.describe();
                ASSERT_EQ(picture.columns, columns);
                ASSERT_EQ(picture.rows, rows);
                ASSERT_EQ(picture.cell_height, height);
                const i64 bottom = i64{rows} * height - 1;
                ASSERT_TRUE(b.go_to(0, 0).displayed);
                const Crtc::Beam last = b.go_to(bottom, columns - 1);
                ASSERT_TRUE(last.displayed);
                ASSERT_EQ(last.row, u32(rows - 1));
                ASSERT_EQ(last.scan_line, u32(height - 1));
                ASSERT_FALSE(b.go_to(bottom, columns).displayed);
                ASSERT_FALSE(b.go_to(bottom + 1, 0).displayed);
                ASSERT_EQ(b.crtc.frame_time().count, b.line_length() * b.line_count() * ticks_per_character);
                const i64 final_cell = columns * rows - 1;
                b.set(14, u8(final_cell >> 8));
                b.set(15, u8(final_cell));
                const Picture::Cursor cursor = b.describe().cursor;
                ASSERT_TRUE(cursor.visible);
                ASSERT_EQ(cursor.column, columns - 1);
                ASSERT_EQ(cursor.row, rows - 1);
            }
        }
    }
}

// A whole frame, character by character: exactly the cells' area is displayed, in order.
TEST(Crtc, DisplayedAreaIsExactlyTheCells) {
    for (const auto& [columns, rows, height] :
         {std::array<u8, 3>{40, 25, 8}, {80, 25, 14}, {96, 64, 4}, {132, 43, 2}}) {
        Bench b;
        b.program(columns, rows, height);
        b.go_to(0, 0);
        const i64 frame = b.line_length() * b.line_count();
        i64 displayed = 0;
        for (i64 i = 0; i < frame; ++i, b.characters(1)) displayed += b.crtc.beam().displayed ? 1 : 0;
        EXPECT_EQ(displayed, i64{columns} * rows * height);
    }
}

TEST(Crtc, StateSurvivesARoundTrip) {
    Bench a;
    a.set_all(cga_80x25);
    a.set(15, 77);
    a.characters(123'456);
    a.crtc.set_character_clock({1, 16});
    a.crtc.strobe_light_pen();
    Bench b;
    b.clock.advance(a.clock.now());
    test::load(b.crtc, test::save(a.crtc));
    EXPECT_EQ(test::save(b.crtc), test::save(a.crtc));
    a.characters(999);
    b.characters(999);
    EXPECT_EQ(b.crtc.beam().column, a.crtc.beam().column);
    EXPECT_EQ(b.crtc.beam().row, a.crtc.beam().row);
    EXPECT_EQ(b.crtc.beam().frame, a.crtc.beam().frame);
    EXPECT_EQ(b.describe(), a.describe());
}

}  // namespace dyn86
