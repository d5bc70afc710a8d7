#include "src/frontend/text.h"
#include "tests/src/frontend/fake_screen.h"

#include <gtest/gtest.h>

namespace dyn86::frontend {
namespace {

TEST(Text, RowsAreTrimmedAndInUtf8) {
    FakeScreen fake(10, 3);
    fake.print(0, 0, "\xC9\xCD\xBB");
    fake.print(1, 1, "a b");
    fake.set(1, 5, 0x00, 0x07);
    EXPECT_EQ(screen_text(fake.screen), "╔═╗\n a b\n\n");
    EXPECT_EQ(final_text(fake.screen), "╔═╗\n a b\n");
}

TEST(Text, AnEmptyScreenLeavesNothing) {
    FakeScreen fake(10, 3);
    EXPECT_EQ(screen_text(fake.screen), "\n\n\n");
    EXPECT_EQ(final_text(fake.screen), "");
}

TEST(Text, FollowsTheStartAddressRoundTheMemory) {
    FakeScreen fake(4, 2);
    fake.screen.start = 0x1FFE;  // the last two cells of 16 KiB
    fake.print(0, 0, "abcd");
    EXPECT_EQ(fake.memory[0x3FFC], 'a');
    EXPECT_EQ(fake.memory[0x0000], 'c');
    EXPECT_EQ(screen_characters(fake.screen), "abcd    ");
}

TEST(Text, AnsiSetsColoursWhereTheyChange) {
    FakeScreen fake(4, 1);
    fake.print(0, 0, "ab", 0x1E);
    fake.print(0, 2, "cd", 0x84);
    EXPECT_EQ(screen_ansi(fake.screen), "\x1b[0;93;44mab\x1b[0;5;31;40mcd\x1b[0m\n");
    fake.screen.blink = false;
    EXPECT_EQ(screen_ansi(fake.screen), "\x1b[0;93;44mab\x1b[0;31;100mcd\x1b[0m\n");
}

TEST(Text, JsonHoldsCellsAttributesCursorAndMode) {
    FakeScreen fake(2, 2);
    fake.print(0, 0, "\"x", 0x1F);
    fake.put_cursor(1, 1);
    EXPECT_EQ(screen_json(fake.screen), R"({
  "mode": "text",
  "adapter": "cga",
  "code_page": 437,
  "columns": 2,
  "rows": 2,
  "glyph_height": 8,
  "blink": true,
  "cursor": {"visible": true, "row": 1, "column": 1, "top": 6, "bottom": 7},
  "text": [
    "\"x",
    ""],
  "cells": [
    [34,120],
    [32,32]],
  "attributes": [
    [31,31],
    [7,7]]
}
)");
}

TEST(Text, CellsAreCharactersAndAttributesInTurn) {
    FakeScreen fake(2, 1);
    fake.print(0, 0, "ab", 0x70);
    EXPECT_EQ(screen_cells(fake.screen), "apbp");
}

TEST(Text, GraphicsHaveNoText) {
    FakeScreen fake(2, 1);
    fake.screen.mode = Screen::Mode::Graphics320;
    EXPECT_EQ(screen_text(fake.screen), "");
    EXPECT_EQ(screen_cells(fake.screen).size(), 0x4000u);
}

TEST(Text, MonochromeAttributes) {
    Screen screen;
    screen.adapter = Adapter::Hercules;
    screen.blink = true;
    EXPECT_EQ(look_of(0x07, screen), (Look{.foreground = 7}));
    EXPECT_EQ(look_of(0x0F, screen), (Look{.foreground = 15}));
    EXPECT_EQ(look_of(0x01, screen), (Look{.foreground = 7, .underlined = true}));
    EXPECT_EQ(look_of(0x70, screen), (Look{.foreground = 0, .background = 7}));
    EXPECT_EQ(look_of(0xF0, screen), (Look{.foreground = 0, .background = 7, .blinks = true}));
    EXPECT_EQ(look_of(0x00, screen), (Look{.foreground = 0}));
    EXPECT_EQ(look_of(0x88, screen), (Look{.foreground = 0}));
    EXPECT_EQ(look_of(0x44, screen), (Look{.foreground = 7}));  // no colours
}

}  // namespace
}  // namespace dyn86::frontend
