#include "src/frontend/screen_reader.h"

#include "tests/src/frontend/fake_screen.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dyn86::frontend {
namespace {

/// What is said while `frames` pass.
std::string said(ScreenReader& reader, FakeScreen& fake, u64 frames = 30) {
    std::string text;
    for (u64 i = 0; i < frames; ++i) {
        ++fake.screen.frame;
        text += reader.look(fake.screen);
    }
    return text;
}

TEST(ScreenReader, SaysWhatIsNewInReadingOrderOnce) {
    FakeScreen fake(20, 4);
    ScreenReader reader;
    fake.print(2, 3, "below");
    fake.print(0, 0, "above");
    EXPECT_EQ(said(reader, fake), "above\nbelow\n");
    EXPECT_EQ(said(reader, fake, 1'000), "");
    fake.print(1, 0, "\xB3 between \xB3");  // frames of boxes are silent
    EXPECT_EQ(said(reader, fake), "between\n");
}

TEST(ScreenReader, WaitsUntilTheScreenHasSettled) {
    FakeScreen fake(20, 2);
    ScreenReader reader;
    fake.print(0, 0, "abc");
    EXPECT_EQ(said(reader, fake, 3), "");
    fake.print(0, 3, "def");
    EXPECT_EQ(said(reader, fake), "abcdef\n");
}

TEST(ScreenReader, WhatIsAddedToARowIsSaidAlone) {
    FakeScreen fake(20, 2);
    ScreenReader reader;
    fake.print(0, 0, "C:\\>");
    fake.put_cursor(0, 4);
    EXPECT_EQ(said(reader, fake), "C:\\>\n");
    fake.print(0, 4, "d");
    fake.put_cursor(0, 5);
    EXPECT_EQ(said(reader, fake, 10), "");  // more may be typed
    fake.print(0, 5, "ir");
    fake.put_cursor(0, 7);
    EXPECT_EQ(said(reader, fake), "dir\n");
}

TEST(ScreenReader, AScrolledScreenIsNotReadAgain) {
    FakeScreen fake(20, 3);
    ScreenReader reader;
    for (unsigned row = 0; row < 3; ++row) fake.print(row, 0, std::string("line ") + char('1' + row));
    EXPECT_EQ(said(reader, fake), "line 1\nline 2\nline 3\n");
    for (unsigned row = 0; row < 3; ++row) fake.print(row, 0, std::string("line ") + char('2' + row));
    EXPECT_EQ(said(reader, fake), "line 4\n");
}

TEST(ScreenReader, RowsThatLeaveUnreadAreRead) {
    FakeScreen fake(20, 2);
    ScreenReader reader;
    fake.print(0, 0, "one");
    fake.print(1, 0, "two");
    EXPECT_EQ(said(reader, fake, 2), "");
    fake.print(0, 0, "two");
    fake.print(1, 0, "six");
    EXPECT_EQ(said(reader, fake, 1), "one\n");
    EXPECT_EQ(said(reader, fake), "two\nsix\n");
}

TEST(ScreenReader, AScreenThatNeverRestsIsReadOnceASecond) {
    FakeScreen fake(20, 1);
    ScreenReader reader;
    std::string text;
    for (unsigned i = 0; i < 120; ++i) {
        fake.print(0, 0, std::string("count ") + char('A' + i % 26));
        text += said(reader, fake, 1);
    }
    EXPECT_GE(std::ranges::count(text, '\n'), 2);
    EXPECT_LE(std::ranges::count(text, '\n'), 3);
}

TEST(ScreenReader, SaysTheHighlightedItemOfAMenu) {
    FakeScreen fake(20, 3);
    ScreenReader reader;
    const auto show = [&](unsigned highlighted) {
        const std::string_view items[] = {"Open", "Save", "Quit"};
        for (unsigned row = 0; row < 3; ++row) fake.print(row, 2, items[row], row == highlighted ? 0x70 : 0x1F);
    };
    show(0);
    (void)said(reader, fake);
    show(1);
    EXPECT_EQ(said(reader, fake), "> Save\n");
    show(2);
    EXPECT_EQ(said(reader, fake), "> Quit\n");
}

TEST(ScreenReader, SaysTheRowThatTheCursorGoesTo) {
    FakeScreen fake(20, 3);
    ScreenReader reader;
    fake.print(0, 0, "first");
    fake.print(2, 0, "third");
    fake.put_cursor(0, 0);
    (void)said(reader, fake);
    fake.put_cursor(2, 0);
    EXPECT_EQ(said(reader, fake), "third\n");
}

TEST(ScreenReader, GraphicsAreNamedAndTheLastWordComesAtOnce) {
    FakeScreen fake(20, 2);
    ScreenReader reader;
    fake.print(0, 0, "last");
    EXPECT_EQ(reader.finish(fake.screen), "last\n");
    fake.set_graphics(Screen::Mode::Graphics320);
    EXPECT_EQ(said(reader, fake), "(graphics)\n");
}

}  // namespace
}  // namespace dyn86::frontend
