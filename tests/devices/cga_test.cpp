#include "devices/cga.h"

#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace dyn86 {
namespace {

using Kind = Picture::Kind;

// The IBM BIOS's table and mode bytes for modes 0-1, 2-3 and 4-6. [IBM XT, BIOS listing, VIDEO_PARMS]
constexpr std::array<u8, 16> text_40{0x38, 0x28, 0x2D, 0x0A, 0x1F, 6, 0x19, 0x1C, 2, 7, 6, 7, 0, 0, 0, 0};
constexpr std::array<u8, 16> text_80{0x71, 0x50, 0x5A, 0x0A, 0x1F, 6, 0x19, 0x1C, 2, 7, 6, 7, 0, 0, 0, 0};
constexpr std::array<u8, 16> graphics{0x38, 0x28, 0x2D, 0x0A, 0x7F, 6, 0x64, 0x70, 2, 1, 6, 7, 0, 0, 0, 0};

struct Bench {
    ManualClock clock;
    Cga cga{clock};

    void crtc(u8 index, u8 value) {
        cga.out(0x3D4, index);
        cga.out(0x3D5, value);
    }
    void program(const std::array<u8, 16>& table, u8 mode, u8 color = 0x30) {
        cga.out(0x3D8, 0);
        for (u8 index = 0; index < table.size(); ++index) crtc(index, table[index]);
        cga.out(0x3D8, mode);
        cga.out(0x3D9, color);
    }
    u8 status() { return cga.in(0x3DA); }
};

}  // namespace

TEST(Cga, TextModes) {
    Bench b;
    b.program(text_80, 0x29);
    Picture picture = b.cga.picture();
    EXPECT_EQ(picture.kind, Kind::Text);
    EXPECT_EQ(picture.columns, 80);
    EXPECT_EQ(picture.rows, 25);
    EXPECT_EQ(picture.cell_width, 8);
    EXPECT_EQ(picture.cell_height, 8);
    EXPECT_TRUE(picture.attributes_blink);
    EXPECT_EQ(picture.border, 0);
    EXPECT_FALSE(picture.monochrome);
    EXPECT_EQ(picture.cell_address(79, 24), 0xB'8000u + 3998);
    EXPECT_EQ(b.cga.crtc().frame_time(), Ticks{262 * 114 * 8});

    b.program(text_40, 0x08, 0x05);
    picture = b.cga.picture();
    EXPECT_EQ(picture.columns, 40);
    EXPECT_FALSE(picture.attributes_blink);
    EXPECT_EQ(picture.border, 5);
    EXPECT_EQ(b.cga.crtc().frame_time(), Ticks{262 * 57 * 16});  // the same frame rate
}

TEST(Cga, VideoOffKeepsTheGeometry) {
    Bench b;
    EXPECT_EQ(b.cga.picture().kind, Kind::Off);  // power-on
    b.program(text_80, 0x21);
    const Picture picture = b.cga.picture();
    EXPECT_EQ(picture.kind, Kind::Off);
    EXPECT_EQ(picture.columns, 80);
}

TEST(Cga, PageOf96x64Cells) {
    Bench b;
    b.program({0x71, 96, 0x64, 0x0A, 0x41, 6, 64, 0x41, 2, 3, 2, 3, 0, 0, 0, 0}, 0x29);
    const Picture picture = b.cga.picture();
    EXPECT_EQ(picture.columns, 96);
    EXPECT_EQ(picture.rows, 64);
    EXPECT_EQ(picture.cell_height, 4);
    std::set<Linear> addresses;
    for (u32 row = 0; row < 64; ++row)
        for (u32 column = 0; column < 96; ++column) addresses.insert(picture.cell_address(column, row));
    EXPECT_EQ(addresses.size() * 2, 12'288u);
    EXPECT_EQ(*addresses.begin(), 0xB'8000u);
    EXPECT_EQ(*addresses.rbegin(), 0xB'8000u + 12'286);
}

TEST(Cga, StartAddressScrollsAndWrapsAt16K) {
    Bench b;
    b.program(text_80, 0x29);
    b.crtc(12, 0x1F);
    b.crtc(13, 0xF0);
    const Picture picture = b.cga.picture();
    EXPECT_EQ(picture.start, 0x1FF0);
    EXPECT_EQ(picture.cell_address(0, 0), 0xB'8000u + 0x3FE0);
    EXPECT_EQ(picture.cell_address(16, 0), 0xB'8000u);
}

TEST(Cga, GraphicsOf320Dots) {
    Bench b;
    b.program(graphics, 0x2A, 0x30);
    Picture picture = b.cga.picture();
    EXPECT_EQ(picture.kind, Kind::Graphics);
    EXPECT_EQ(picture.columns * picture.cell_width, 320);
    EXPECT_EQ(picture.rows * picture.cell_height, 200);
    EXPECT_EQ(picture.bits_per_pixel, 2);
    EXPECT_EQ(picture.palette, (std::array<u8, 4>{0, 11, 13, 15}));
    EXPECT_FALSE(picture.cursor.visible);
    EXPECT_EQ(picture.pixels_address(0, 0, 1), 0xB'A000u);
    EXPECT_EQ(picture.pixels_address(39, 99, 0), 0xB'8000u + 99 * 80 + 78);
    b.cga.out(0x3D9, 0x01);
    EXPECT_EQ(b.cga.picture().palette, (std::array<u8, 4>{1, 2, 4, 6}));
    EXPECT_EQ(b.cga.picture().border, 1);
    b.cga.out(0x3D8, 0x2E);
    EXPECT_EQ(b.cga.picture().palette, (std::array<u8, 4>{1, 3, 4, 7}));
}

TEST(Cga, GraphicsOf640Dots) {
    Bench b;
    b.program(graphics, 0x1E, 0x0F);
    const Picture picture = b.cga.picture();
    EXPECT_EQ(picture.columns * picture.cell_width, 640);
    EXPECT_EQ(picture.bits_per_pixel, 1);
    EXPECT_EQ(picture.palette[0], 0);
    EXPECT_EQ(picture.palette[1], 15);
    EXPECT_EQ(picture.border, 0);
}

TEST(Cga, StatusFollowsTheBeam) {
    Bench b;
    b.program(text_80, 0x29);
    const i64 frame = b.cga.crtc().frame_time().count;
    int enabled = 0;
    int sync = 0;
    int bad = 0;
    for (i64 t = 0; t < frame; t += 8, b.clock.advance(Ticks{8})) {
        const u8 status = b.status();
        enabled += (status & 1) == 0 ? 1 : 0;
        sync += (status & 8) != 0 ? 1 : 0;
        bad += (status & 9) == 8 ? 1 : 0;  // never sync while displaying
    }
    EXPECT_EQ(enabled, 80 * 200);
    EXPECT_EQ(sync, 114 * 16);
    EXPECT_EQ(bad, 0);
}

TEST(Cga, LightPenLatch) {
    Bench b;
    b.program(text_80, 0x29);
    EXPECT_EQ(b.status() & 0x06, 0x04);  // not latched, switch open
    b.cga.set_light_pen_switch(true);
    EXPECT_EQ(b.status() & 0x06, 0x00);
    b.cga.trigger_light_pen();
    EXPECT_EQ(b.status() & 0x02, 0x02);
    const auto address = [&] {
        b.cga.out(0x3D4, 16);
        const int high = b.cga.in(0x3D5);
        b.cga.out(0x3D4, 17);
        return high << 8 | b.cga.in(0x3D5);
    };
    const int first = address();
    b.clock.advance(Ticks{8 * 5});
    b.cga.trigger_light_pen();  // latched already
    EXPECT_EQ(address(), first);
    b.cga.in(0x3DB);  // a read clears as well as a write
    EXPECT_EQ(b.status() & 0x02, 0x00);
    b.cga.out(0x3DC, 0);
    EXPECT_EQ(b.status() & 0x02, 0x02);
    EXPECT_EQ(address(), first + 5);
}

TEST(Cga, The6845RepeatsInItsEightPorts) {
    Bench b;
    b.cga.out(0x3D0, 15);
    b.cga.out(0x3D7, 0x5A);
    EXPECT_EQ(b.cga.in(0x3D1), 0x5A);
    EXPECT_EQ(b.cga.in(0x3D4), 0xFF);
    EXPECT_EQ(b.cga.in(0x3D8), 0xFF);  // write only
}

TEST(Cga, StateSurvivesARoundTrip) {
    Bench a;
    a.program(graphics, 0x2A, 0x15);
    a.clock.advance(Ticks{1'000'003});
    a.cga.out(0x3DC, 0);
    Bench b;
    b.clock.advance(a.clock.now());
    test::load(b.cga, test::save(a.cga));
    EXPECT_EQ(b.cga.picture(), a.cga.picture());
    for (int i = 0; i < 2000; ++i) {
        a.clock.advance(Ticks{97});
        b.clock.advance(Ticks{97});
        ASSERT_EQ(a.status(), b.status());
    }
}

}  // namespace dyn86
