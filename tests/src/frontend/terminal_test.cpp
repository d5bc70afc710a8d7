#include "src/frontend/key_queue.h"
#include "src/frontend/terminal_keys.h"
#include "src/frontend/terminal_painter.h"
#include "tests/src/frontend/fake_screen.h"

#include <gtest/gtest.h>

namespace dyn86::frontend {
namespace {

std::vector<Keystroke> strokes(std::initializer_list<const char*> names) {
    std::vector<Keystroke> result;
    for (const char* name : names) result.push_back(keystroke(chord_named(name).value()));
    return result;
}

std::vector<Keystroke> decoded(std::string_view bytes) {
    TerminalKeys keys(437);
    auto result = keys.feed(bytes).strokes;
    EXPECT_FALSE(keys.is_pending()) << bytes;
    return result;
}

TEST(TerminalKeys, DecodesSequencesOfSeveralTerminals) {
    const std::vector<std::pair<std::string_view, const char*>> known = {
        {"\x1b[A", "Up"},
        {"\x1bOA", "Up"},
        {"\x1b[D", "Left"},
        {"\x1b[H", "Home"},
        {"\x1bOF", "End"},
        {"\x1b[1~", "Home"},
        {"\x1b[4~", "End"},
        {"\x1b[2~", "Ins"},
        {"\x1b[3~", "Del"},
        {"\x1b[5~", "PgUp"},
        {"\x1b[6~", "PgDn"},
        {"\x1bOP", "F1"},
        {"\x1bOS", "F4"},
        {"\x1b[11~", "F1"},
        {"\x1b[15~", "F5"},
        {"\x1b[21~", "F10"},
        {"\x1b[[A", "F1"},
        {"\x1b[[E", "F5"},
        {"\x1b[Z", "Shift+Tab"},
        {"\x1b[1;5A", "Ctrl+Up"},
        {"\x1b[1;2P", "Shift+F1"},
        {"\x1b[21;3~", "Alt+F10"},
        {"\x1b[1;8D", "Ctrl+Alt+Shift+Left"},
        {"\x1b[11^", "Ctrl+F1"},
        {"\x1b[3$", "Shift+Del"},
        {"\x1bx", "Alt+x"},
        {"\x1b[1;5R", "Ctrl+F3"},
    };
    for (const auto& [bytes, name] : known) EXPECT_EQ(decoded(bytes), strokes({name})) << name;
}

TEST(TerminalKeys, DecodesCharacters) {
    EXPECT_EQ(decoded("aZ"), strokes({"a", "Z"}));
    EXPECT_EQ(decoded("\r\t\x7f"), strokes({"Enter", "Tab", "Backspace"}));
    EXPECT_EQ(decoded("\x03\x1a"), strokes({"Ctrl+C", "Ctrl+Z"}));
    EXPECT_EQ(decoded("ß"), std::vector{keystroke_for(U'ß', 437).value()});
    EXPECT_EQ(decoded("漢"), std::vector<Keystroke>{});  // not on the code page
}

TEST(TerminalKeys, ALoneEscapeIsAKeyOnceTimeIsOver) {
    TerminalKeys keys(437);
    EXPECT_TRUE(keys.feed("\x1b").strokes.empty());
    EXPECT_TRUE(keys.is_pending());
    EXPECT_EQ(keys.flush().strokes, strokes({"Esc"}));
    EXPECT_FALSE(keys.is_pending());
}

TEST(TerminalKeys, SequencesMayComeInPieces) {
    TerminalKeys keys(437);
    EXPECT_TRUE(keys.feed("\x1b").strokes.empty());
    EXPECT_TRUE(keys.feed("[1;").strokes.empty());
    EXPECT_EQ(keys.feed("5Aq").strokes, strokes({"Ctrl+Up", "q"}));
    EXPECT_TRUE(keys.feed("\xC3").strokes.empty());
    EXPECT_EQ(keys.feed("\x9F").strokes.size(), 1u);
}

TEST(TerminalKeys, TwoEscapesAreTwoKeys) {
    TerminalKeys keys(437);
    EXPECT_EQ(keys.feed("\x1b\x1b").strokes, strokes({"Esc"}));
    EXPECT_EQ(keys.flush().strokes, strokes({"Esc"}));
}

TEST(TerminalKeys, UnknownSequencesAreSwallowed) {
    EXPECT_EQ(decoded("\x1b[200~a"), strokes({"a"}));
    EXPECT_EQ(decoded("\x1b[?1;2cb"), strokes({"b"}));
    EXPECT_EQ(decoded("\x1b[23~"), std::vector<Keystroke>{});  // F11
}

TEST(TerminalPainter, DoesWithoutColoursAndWithoutUnicode) {
    EXPECT_EQ(colour_depth("1", "truecolor", "xterm"), ColourDepth::None);
    EXPECT_EQ(charset("", "", ""), Charset::Utf8);
    EXPECT_EQ(charset("", "de_DE.utf8", "C"), Charset::Utf8);
    EXPECT_EQ(charset("C", "", "de_DE.UTF-8"), Charset::Ascii);
    FakeScreen fake(6, 1);
    fake.print(0, 0, "\xC9\xCD\xBA", 0x0F);
    fake.print(0, 3, "\xDBx\x82", 0x70);
    TerminalPainter painter(ColourDepth::None, false, Charset::Ascii);
    const std::string painted = painter.paint(fake.screen, {5, 20});
    EXPECT_NE(painted.find("\x1b[0;1m+-|\x1b[0;7m#x?"), std::string::npos) << painted;
    EXPECT_EQ(painter.paint(fake.screen, {5, 20}), "");
    painter.forget();
    EXPECT_NE(painter.paint(fake.screen, {5, 20}), "");
}

TEST(TerminalKeys, WhatTheCodePageLacksIsTransliteratedAndCounted) {
    TerminalKeys keys(437);
    const auto typed = keys.feed("ř“é漢");
    EXPECT_EQ(typed.strokes, (std::vector{keystroke_for(U'r', 437).value(), keystroke_for(U'"', 437).value(),
                                          keystroke_for(U'é', 437).value()}));
    EXPECT_EQ(keys.missing(), 3u);
    TerminalKeys czech(852);
    (void)czech.feed("ř");
    EXPECT_EQ(czech.missing(), 0u);
}

TEST(TerminalKeys, TheHostKeySuspends) {
    TerminalKeys keys(437);
    const auto decoded_keys = keys.feed("\x1dz");
    EXPECT_TRUE(decoded_keys.suspend);
    EXPECT_TRUE(decoded_keys.strokes.empty());
}

TEST(TerminalKeys, TheHostKeyQuits) {
    TerminalKeys keys(437);
    EXPECT_FALSE(keys.feed("q\x1d").quit);
    EXPECT_TRUE(keys.feed("q").quit);
    EXPECT_EQ(keys.feed("\x1d\x1d").strokes, strokes({"Ctrl+]"}));
    const auto other = keys.feed("\x1dx");
    EXPECT_TRUE(other.strokes.empty() && !other.quit);
}

TEST(Painter, ColourDepthFollowsTheEnvironment) {
    EXPECT_EQ(colour_depth("", "truecolor", "xterm"), ColourDepth::True);
    EXPECT_EQ(colour_depth("", "", "xterm-256color"), ColourDepth::TwoHundredFiftySix);
    EXPECT_EQ(colour_depth("", "", "linux"), ColourDepth::Sixteen);
}

TEST(Painter, PaintsEverythingFirstThenWhatChanged) {
    FakeScreen fake(3, 2);
    fake.print(0, 0, "abc", 0x1E);
    TerminalPainter painter(ColourDepth::Sixteen, true);
    const TerminalPainter::Size size{2, 3};
    EXPECT_EQ(painter.paint(fake.screen, size),
              "\x1b[?25l\x1b[0m\x1b[2J\x1b[1;1H\x1b[0;93;44mabc\x1b[2;1H\x1b[0;37;40m   \x1b[?25l");
    EXPECT_EQ(painter.paint(fake.screen, size), "");
    fake.set(1, 1, 0xC9, 0x07);
    EXPECT_EQ(painter.paint(fake.screen, size), "\x1b[?25l\x1b[2;2H\x1b[0;37;40m╔\x1b[?25l");
}

TEST(Painter, ColoursByDepth) {
    const auto painted = [](ColourDepth depth) {
        FakeScreen fake(1, 1);
        fake.set(0, 0, 'x', 0x1E);
        TerminalPainter painter(depth, true);
        const std::string bytes = painter.paint(fake.screen, {1, 1});
        return bytes.substr(0, bytes.find('x')).substr(bytes.rfind("\x1b[0;"));
    };
    EXPECT_EQ(painted(ColourDepth::True), "\x1b[0;38;2;255;255;85;48;2;0;0;170m");
    EXPECT_EQ(painted(ColourDepth::TwoHundredFiftySix), "\x1b[0;38;5;227;48;5;19m");
    EXPECT_EQ(painted(ColourDepth::Sixteen), "\x1b[0;93;44m");
}

TEST(Painter, TheCursorHasItsPlaceAndShape) {
    FakeScreen fake(3, 2);
    TerminalPainter painter(ColourDepth::Sixteen, true);
    fake.put_cursor(1, 2);
    EXPECT_TRUE(painter.paint(fake.screen, {2, 3}).ends_with("\x1b[2;3H\x1b[3 q\x1b[?25h"));
    fake.screen.cursor_top = 0;
    EXPECT_EQ(painter.paint(fake.screen, {2, 3}), "\x1b[2;3H\x1b[1 q\x1b[?25h");
    fake.screen.cursor_visible = false;
    EXPECT_EQ(painter.paint(fake.screen, {2, 3}), "\x1b[?25l");
}

TEST(Painter, ASmallTerminalFollowsTheCursor) {
    FakeScreen fake(80, 25);
    fake.print(24, 70, "bottom");
    fake.print(0, 0, "top");
    TerminalPainter painter(ColourDepth::Sixteen, true);
    EXPECT_NE(painter.paint(fake.screen, {10, 20}).find("top"), std::string::npos);
    fake.put_cursor(24, 76);
    const std::string bytes = painter.paint(fake.screen, {10, 20});
    EXPECT_NE(bytes.find("bottom"), std::string::npos);
    EXPECT_EQ(bytes.find("top"), std::string::npos);
    EXPECT_TRUE(bytes.ends_with("\x1b[10;20H\x1b[3 q\x1b[?25h"));
}

TEST(Painter, GraphicsAreHalfBlocks) {
    FakeScreen fake(40, 25);
    fake.set_graphics(Screen::Mode::Graphics320);
    fake.screen.palette = {4, 11, 13, 15};
    std::ranges::fill(fake.memory, u8{0});
    TerminalPainter painter(ColourDepth::True, true);
    EXPECT_NE(painter.paint(fake.screen, {25, 80}).find("38;2;170;0;0;48;2;170;0;0m▀▀▀"), std::string::npos);
}

class QueueGuest final : public Guest {
public:
    [[nodiscard]] Ticks now() const override { return {}; }
    [[nodiscard]] Screen screen() const override { return {}; }
    void scan_code(u8 code) override { codes.push_back(code); }
    [[nodiscard]] bool keyboard_drained() const override { return drained; }
    std::vector<u8> codes;
    bool drained = false;
};

TEST(KeyQueue, TypingGoesThroughAtOnceAPasteWaitsForTheGuest) {
    QueueGuest guest;
    KeyQueue queue;
    queue.push(std::vector<u8>{1, 2, 3});
    queue.feed(guest);
    EXPECT_EQ(guest.codes.size(), 3u);
    queue.push(std::vector<u8>(100, 4));
    queue.feed(guest);
    EXPECT_EQ(guest.codes.size(), 3u);
    guest.drained = true;
    queue.feed(guest);
    EXPECT_EQ(guest.codes.size(), 4u);
    while (!queue.empty()) queue.feed(guest);
    EXPECT_EQ(guest.codes.size(), 103u);
}

}  // namespace
}  // namespace dyn86::frontend
