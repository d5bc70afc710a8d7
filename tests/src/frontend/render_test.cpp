#include "src/frontend/render.h"
#include "src/frontend/dump.h"
#include "src/frontend/png.h"
#include "tests/src/frontend/fake_screen.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <map>

namespace dyn86::frontend {
namespace {

/// Glyphs that tell which font, character and line they are: a tall line is its number, a small one its number's bits
/// inverted.
struct TestFont {
    std::vector<u8> tall = std::vector<u8>(4096), small = std::vector<u8>(2048);
    TestFont() {
        for (unsigned i = 0; i < tall.size(); ++i) tall[i] = u8(i % 16);
        for (unsigned i = 0; i < small.size(); ++i) small[i] = u8(~(i % 8));
        for (unsigned y = 0; y < 16; ++y) tall[' ' * 16 + y] = 0;
        for (unsigned y = 0; y < 8; ++y) small[' ' * 8 + y] = 0;
    }
    [[nodiscard]] Font font() const { return {.tall = tall, .small = small}; }
};

/// A line of a cell, '#' for `ink`, '.' for `paper`, '?' for anything else.
std::string line(const Image& image, unsigned left, unsigned y, unsigned width, u32 ink, u32 paper) {
    std::string dots;
    for (unsigned x = left; x < left + width; ++x) {
        const u32 pixel = image.pixels[std::size_t{y} * image.width + x];
        dots += pixel == ink ? '#' : pixel == paper ? '.' : '?';
    }
    return dots;
}

constexpr u32 white = 0xAAAAAA, black = 0;

class Render : public ::testing::Test {
protected:
    TestFont glyphs;
    Renderer renderer{glyphs.font()};
};

TEST_F(Render, EightyColumnsUseTheTallGlyphs) {
    FakeScreen fake(80, 25);
    fake.set(1, 2, 'A', 0x07);
    renderer.update(fake.screen, {});
    const Image& image = renderer.image();
    EXPECT_EQ(image.width, 640u);
    EXPECT_EQ(image.height, 400u);
    EXPECT_EQ(line(image, 16, 16, 8, white, black), "........");
    EXPECT_EQ(line(image, 16, 21, 8, white, black), ".....#.#");
    EXPECT_EQ(line(image, 16, 31, 8, white, black), "....####");
}

TEST_F(Render, FortyColumnsAreTwiceAsWide) {
    FakeScreen fake(40, 25);
    fake.set(0, 1, 'A', 0x07);
    renderer.update(fake.screen, {});
    EXPECT_EQ(renderer.image().width, 640u);
    EXPECT_EQ(line(renderer.image(), 16, 5, 16, white, black), "..........##..##");
}

TEST_F(Render, ManyRowsUseTheSmallGlyphsOnce) {
    FakeScreen fake(96, 64);
    fake.set(63, 95, 'A', 0x07);
    renderer.update(fake.screen, {});
    EXPECT_EQ(renderer.image().width, 768u);
    EXPECT_EQ(renderer.image().height, 512u);
    EXPECT_EQ(line(renderer.image(), 760, 504 + 1, 8, white, black), "#######.");
}

TEST_F(Render, LowRowsShowTheTopOfTheSmallGlyphs) {
    FakeScreen fake(80, 100);
    fake.screen.glyph_height = 2;
    fake.set(1, 0, 'A', 0x07);
    renderer.update(fake.screen, {});
    EXPECT_EQ(renderer.image().height, 400u);
    EXPECT_EQ(line(renderer.image(), 0, 4, 8, white, black), "########");
    EXPECT_EQ(line(renderer.image(), 0, 5, 8, white, black), "########");
    EXPECT_EQ(line(renderer.image(), 0, 6, 8, white, black), "#######.");
    EXPECT_EQ(line(renderer.image(), 0, 7, 8, white, black), "#######.");
}

TEST_F(Render, OtherCodePagesAreDrawnWithTheFontThereIs) {
    const auto picture_of = [](u8 character, u16 code_page) {
        FakeScreen fake(1, 1);
        fake.screen.glyph_height = 8;
        fake.set(0, 0, character, 0x07);
        fake.screen.code_page = code_page;
        Renderer painter(pc_font());
        painter.update(fake.screen, {});
        return painter.image().pixels;
    };
    EXPECT_EQ(picture_of(0xFD, 852), picture_of('r', 437));   // ř without its accent
    EXPECT_EQ(picture_of(0xBD, 850), picture_of(0x9B, 437));  // ¢, elsewhere
    EXPECT_EQ(picture_of(0x80, 866), picture_of(0xFE, 437));  // А: a square
    EXPECT_NE(picture_of(0xFD, 852), picture_of(0xFD, 437));
}

TEST_F(Render, MonochromeCellsHaveNineDots) {
    FakeScreen fake(80, 25);
    fake.screen.adapter = Adapter::Mda;
    fake.screen.glyph_height = 14;
    fake.set(0, 0, 'A', 0x07);
    fake.set(0, 1, 0xC4, 0x07);
    fake.set(0, 2, 'A', 0x01);
    renderer.update(fake.screen, {});
    EXPECT_EQ(renderer.image().width, 720u);
    EXPECT_EQ(renderer.image().height, 350u);
    EXPECT_EQ(line(renderer.image(), 0, 0, 9, white, black), ".......#.");  // line 1 of the glyph
    EXPECT_EQ(line(renderer.image(), 9, 0, 9, white, black), ".......##");
    EXPECT_EQ(line(renderer.image(), 18, 12, 9, white, black), "#########");
}

TEST_F(Render, AttributesGiveColours) {
    FakeScreen fake(80, 25);
    fake.set(0, 0, 'A', 0x1E);
    fake.set(0, 1, 'A', 0x96);
    renderer.update(fake.screen, {});
    EXPECT_EQ(line(renderer.image(), 0, 15, 8, 0xFFFF55, 0x0000AA), "....####");
    EXPECT_EQ(line(renderer.image(), 8, 15, 8, 0xAA5500, 0x0000AA), "....####");
    renderer.update(fake.screen, {.cursor_shows = true, .characters_show = false});
    EXPECT_EQ(line(renderer.image(), 8, 15, 8, 0xAA5500, 0x0000AA), "........");
    fake.screen.blink = false;
    renderer.update(fake.screen, {.cursor_shows = true, .characters_show = false});
    EXPECT_EQ(line(renderer.image(), 8, 15, 8, 0xAA5500, 0x5555FF), "....####");
}

TEST_F(Render, TheCursorCoversItsScanLines) {
    FakeScreen fake(80, 25);
    fake.put_cursor(0, 0);
    renderer.update(fake.screen, {});
    EXPECT_EQ(line(renderer.image(), 0, 11, 8, white, black), "........");
    EXPECT_EQ(line(renderer.image(), 0, 12, 8, white, black), "########");
    EXPECT_EQ(line(renderer.image(), 0, 15, 8, white, black), "########");
    const auto changed = renderer.update(fake.screen, {.cursor_shows = false});
    EXPECT_EQ(changed.top, 0u);
    EXPECT_EQ(changed.bottom, 16u);
    EXPECT_EQ(line(renderer.image(), 0, 15, 8, white, black), "........");
}

TEST_F(Render, OnlyWhatChangedIsDrawn) {
    FakeScreen fake(80, 25);
    const auto first = renderer.update(fake.screen, {});
    EXPECT_EQ(first.bottom, 400u);
    EXPECT_TRUE(renderer.update(fake.screen, {}).empty());
    fake.set(3, 7, 'x', 0x07);
    fake.set(5, 7, 'x', 0x07);
    const auto changed = renderer.update(fake.screen, {});
    EXPECT_EQ(changed.top, 48u);
    EXPECT_EQ(changed.bottom, 96u);
}

TEST_F(Render, ASwitchedOffScreenIsBlack) {
    FakeScreen fake(80, 25);
    fake.print(0, 0, "AAAA");
    renderer.update(fake.screen, {});
    fake.screen.mode = Screen::Mode::Off;
    EXPECT_EQ(renderer.update(fake.screen, {}).bottom, 400u);
    EXPECT_EQ(std::ranges::count(renderer.image().pixels, 0u), 640 * 400);
}

TEST_F(Render, GraphicsInFourColours) {
    FakeScreen fake(40, 25);
    fake.set_graphics(Screen::Mode::Graphics320);
    fake.screen.palette = {1, 11, 13, 15};
    std::ranges::fill(fake.memory, u8{0});
    fake.memory[0x2000] = 0b00'01'10'11;  // line 1
    renderer.update(fake.screen, {});
    const Image& image = renderer.image();
    EXPECT_EQ(image.width, 640u);
    EXPECT_EQ(image.height, 400u);
    const auto* second = &image.pixels[2 * 640];
    EXPECT_EQ(std::vector(second, second + 8),
              (std::vector<u32>{0x0000AA, 0x0000AA, 0x55FFFF, 0x55FFFF, 0xFF55FF, 0xFF55FF, 0xFFFFFF, 0xFFFFFF}));
    EXPECT_EQ(image.pixels[0], 0x0000AAu);
    EXPECT_EQ(image.pixels[3 * 640 + 7], 0xFFFFFFu);
    EXPECT_TRUE(renderer.update(fake.screen, {}).empty());
}

TEST_F(Render, GraphicsInTwoColours) {
    FakeScreen fake(80, 25);
    fake.set_graphics(Screen::Mode::Graphics640);
    fake.screen.palette = {0, 15, 0, 0};
    std::ranges::fill(fake.memory, u8{0});
    fake.memory[80] = 0xA1;  // line 2
    renderer.update(fake.screen, {});
    EXPECT_EQ(line(renderer.image(), 0, 4, 8, 0xFFFFFF, black), "#.#....#");
    fake.memory[80] = 0x01;
    const auto changed = renderer.update(fake.screen, {});
    EXPECT_EQ(changed.top, 4u);
    EXPECT_EQ(changed.bottom, 6u);
}

TEST_F(Render, HerculesGraphics) {
    std::vector<u8> page(0x8000);
    Screen screen;
    screen.mode = Screen::Mode::Graphics720;
    screen.adapter = Adapter::Hercules;
    screen.memory = page;
    screen.columns = 45;
    screen.rows = 87;
    screen.glyph_height = 4;
    screen.banks = 4;
    screen.palette = {0, 7, 0, 0};
    page[0x6000 + 86 * 90 + 89] = 0x01;  // the last dot
    page[0x2000] = 0x80;                 // the first of line 1
    renderer.update(screen, {});
    const Image& image = renderer.image();
    ASSERT_EQ(image.width, 720u);
    ASSERT_EQ(image.height, 348u);
    EXPECT_EQ(image.pixels.back(), 0xAAAAAAu);
    EXPECT_EQ(image.pixels[720], 0xAAAAAAu);
    EXPECT_EQ(std::ranges::count(image.pixels, 0u), 720 * 348 - 2);
}

TEST_F(Render, GraphicsOfAnyGeometry) {
    FakeScreen fake(1, 1);
    for (const u16 columns : std::array<u16, 4>{1, 20, 45, 80}) {
        for (const u16 rows : std::array<u16, 3>{1, 50, 127}) {
            fake.set_graphics(Screen::Mode::Graphics640);
            fake.screen.columns = columns;
            fake.screen.rows = rows;
            fake.screen.glyph_height = 8;
            renderer.update(fake.screen, {});
            EXPECT_EQ(renderer.image().width, columns * 16u);
            EXPECT_EQ(renderer.image().height, std::min(rows * 8u, 1024u) * (rows * 8 <= 240 ? 2 : 1));
        }
    }
}

TEST_F(Render, TextOfAnyGeometry) {
    for (const u16 columns : std::array<u16, 5>{1, 40, 80, 96, 132}) {
        for (u16 rows = 1; rows <= 64; ++rows) {
            if (columns * rows * 2 > 0x4000) continue;  // the rows behind show the first ones again
            FakeScreen fake(columns, rows);
            fake.screen.glyph_height = 8;
            fake.set(rows - 1u, columns - 1u, 'A', 0x07);
            renderer.update(fake.screen, {});
            const Image& image = renderer.image();
            const unsigned wide = columns <= 50 ? 2 : 1, high = rows * 8 <= 240 ? 2 : 1;
            ASSERT_EQ(image.width, columns * 8u * wide);
            ASSERT_EQ(image.height, rows * 8u * high);
            const auto lit = std::ranges::count_if(image.pixels, [](u32 pixel) { return pixel != 0; });
            ASSERT_GT(lit, 0) << columns << 'x' << rows;
            const auto first = std::ranges::find_if(image.pixels, [](u32 pixel) { return pixel != 0; });
            ASSERT_GE(std::size_t(first - image.pixels.begin()), std::size_t{rows - 1u} * 8 * high * image.width);
        }
    }
}

TEST_F(Render, ACursorInTwoParts) {
    FakeScreen fake(80, 25);
    fake.put_cursor(0, 0);
    fake.screen.cursor_top = 6;
    fake.screen.cursor_bottom = 1;
    renderer.update(fake.screen, {});
    for (unsigned y = 0; y < 16; ++y) EXPECT_EQ(renderer.image().pixels[y * 640] != 0, y / 2 <= 1 || y / 2 >= 6) << y;
}

TEST(Phases, CursorEveryEightFieldsCharactersEverySixteen) {
    EXPECT_TRUE(phase_at(0).cursor_shows && phase_at(0).characters_show);
    EXPECT_TRUE(!phase_at(8).cursor_shows && phase_at(8).characters_show);
    EXPECT_TRUE(phase_at(16).cursor_shows && !phase_at(16).characters_show);
    EXPECT_TRUE(phase_at(32).cursor_shows && phase_at(32).characters_show);
}

/// The chunks of a PNG by type; checks their CRCs.
std::map<std::string, std::string> chunks_of(std::string_view file) {
    const auto number = [&](std::size_t at) {
        u32 value = 0;
        for (std::size_t i = 0; i < 4; ++i) value = value << 8 | u8(file[at + i]);
        return value;
    };
    std::map<std::string, std::string> chunks;
    for (std::size_t at = 8; at < file.size();) {
        const u32 length = number(at);
        chunks[std::string(file.substr(at + 4, 4))] = file.substr(at + 8, length);
        EXPECT_EQ(number(at + 8 + length),
                  crc32(0, reinterpret_cast<const Bytef*>(file.data() + at + 4), uInt(length + 4)));
        at += 12 + length;
    }
    return chunks;
}

TEST(Png, HoldsThePixels) {
    const Image image{.width = 3, .height = 2, .pixels = {0xFF0000, 0x00FF00, 0xFF0000, 0x0000FF, 0x0000FF, 0x00FF00}};
    const auto file = encode_png(image);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->starts_with("\x89PNG\r\n\x1a\n"));
    auto chunks = chunks_of(*file);
    EXPECT_EQ(chunks["IHDR"], std::string("\0\0\0\3\0\0\0\2\x08\x03\0\0\0", 13));
    EXPECT_EQ(chunks["PLTE"], std::string("\xFF\0\0\0\xFF\0\0\0\xFF", 9));
    EXPECT_TRUE(chunks.contains("IEND"));
    std::string lines(100, '\0');
    uLongf size = lines.size();
    const std::string& data = chunks["IDAT"];
    ASSERT_EQ(uncompress(reinterpret_cast<Bytef*>(lines.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
                         data.size()),
              Z_OK);
    EXPECT_EQ(lines.substr(0, size), std::string("\0\0\1\0\0\2\2\1", 8));
}

TEST(Dump, TheSuffixNamesTheFormat) {
    EXPECT_EQ(*dump_format("-"), DumpFormat::Text);
    EXPECT_EQ(*dump_format("a.txt"), DumpFormat::Text);
    EXPECT_EQ(*dump_format("a.ans"), DumpFormat::Ansi);
    EXPECT_EQ(*dump_format("a.b.json"), DumpFormat::Json);
    EXPECT_EQ(*dump_format("a.bin"), DumpFormat::Cells);
    EXPECT_EQ(*dump_format("a.png"), DumpFormat::Png);
    EXPECT_EQ(dump_format("a.jpg").error().kind, ErrorKind::Usage);
}

TEST(Dump, EveryFormatShowsTheSameScreen) {
    FakeScreen fake(80, 25);
    fake.print(0, 0, "Hello");
    const TestFont glyphs;
    EXPECT_TRUE(dump_screen(fake.screen, DumpFormat::Text, glyphs.font())->starts_with("Hello\n"));
    EXPECT_NE(dump_screen(fake.screen, DumpFormat::Ansi, glyphs.font())->find("Hello"), std::string::npos);
    EXPECT_NE(dump_screen(fake.screen, DumpFormat::Json, glyphs.font())->find("\"Hello\""), std::string::npos);
    EXPECT_EQ(dump_screen(fake.screen, DumpFormat::Cells, glyphs.font())->substr(0, 4),
              "H\x07"
              "e\x07");
    EXPECT_TRUE(dump_screen(fake.screen, DumpFormat::Png, glyphs.font())->starts_with("\x89PNG"));
}

TEST(Dump, AFileThatCannotBeWrittenIsAnError) {
    EXPECT_EQ(write_file("/nonexistent/a.txt", "x").error().message, "/nonexistent/a.txt: No such file or directory");
    EXPECT_EQ(write_file("/dev/full", "x").error().message, "/dev/full: No space left on device");
}

}  // namespace
}  // namespace dyn86::frontend
