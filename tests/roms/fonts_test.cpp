#include "roms/roms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace dyn86 {
namespace {

template <std::size_t Height>
std::string glyph(std::span<const u8, 256 * Height> font, unsigned code) {
    const auto rows = font.subspan(code * Height, Height);
    return {rows.begin(), rows.end()};
}

TEST(Fonts, EveryPrintableCharacterHasAPictureOfItsOwn) {
    std::set<std::string> small, large;
    for (unsigned code = 1; code < 255; ++code) {
        if (code == 0x20) continue;
        EXPECT_TRUE(small.insert(glyph<8>(roms::glyphs8x8(), code)).second) << code;
        EXPECT_TRUE(large.insert(glyph<16>(roms::glyphs8x16(), code)).second) << code;
    }
}

TEST(Fonts, BlanksAreBlankAndTheBlockIsFull) {
    for (const unsigned code : {0u, 0x20u, 0xFFu}) {
        EXPECT_EQ(glyph<8>(roms::glyphs8x8(), code), std::string(8, '\0'));
        EXPECT_EQ(glyph<16>(roms::glyphs8x16(), code), std::string(16, '\0'));
    }
    EXPECT_EQ(glyph<8>(roms::glyphs8x8(), 0xDB), std::string(8, '\xFF'));
    EXPECT_EQ(glyph<16>(roms::glyphs8x16(), 0xDB), std::string(16, '\xFF'));
}

TEST(Fonts, LinesMeetAtTheEdgesOfCells) {
    // Every drawing character that has an arm to an edge touches it where the plain line does.
    const auto rows_touching = [](const std::string& g, u8 bit) {
        std::vector<std::size_t> rows;
        for (std::size_t y = 0; y < g.size(); ++y)
            if ((g[y] & bit) != 0) rows.push_back(y);
        return rows;
    };
    const auto single = rows_touching(glyph<8>(roms::glyphs8x8(), 0xC4), 0x01);
    const auto twice = rows_touching(glyph<8>(roms::glyphs8x8(), 0xCD), 0x01);
    for (const unsigned code : {0xC0u, 0xC3u, 0xC5u, 0xDAu, 0xC7u, 0xD3u})
        EXPECT_EQ(rows_touching(glyph<8>(roms::glyphs8x8(), code), 0x01), single) << code;
    for (const unsigned code : {0xC8u, 0xCCu, 0xCEu, 0xC9u, 0xC6u, 0xD4u})
        EXPECT_EQ(rows_touching(glyph<8>(roms::glyphs8x8(), code), 0x01), twice) << code;
    EXPECT_EQ(glyph<8>(roms::glyphs8x8(), 0xC5)[0], glyph<8>(roms::glyphs8x8(), 0xB3)[0]);
    EXPECT_EQ(glyph<8>(roms::glyphs8x8(), 0xCE)[7], glyph<8>(roms::glyphs8x8(), 0xBA)[7]);
}

TEST(Fonts, TheRomHoldsThe8x8FontWhereProgramsLookForIt) {
    const auto rom = roms::bios();
    const auto font = roms::glyphs8x8();
    EXPECT_TRUE(std::equal(font.begin(), font.begin() + 1024, rom.begin() + 0xFA6E));
}

}  // namespace
}  // namespace dyn86
