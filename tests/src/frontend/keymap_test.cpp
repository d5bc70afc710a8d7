#include "src/frontend/keymap.h"

#include <gtest/gtest.h>

#include <map>

namespace dyn86::frontend {
namespace {

using Codes = std::vector<u8>;

TEST(Keymap, PrintableCharactersHaveDifferentChords) {
    std::map<std::pair<u8, bool>, char32_t> seen;
    for (char32_t character = 0x20; character < 0x7F; ++character) {
        const auto chord = chord_for(character);
        ASSERT_TRUE(chord) << unsigned(character);
        EXPECT_FALSE(chord->ctrl || chord->alt);
        EXPECT_TRUE(seen.emplace(std::pair{chord->code, chord->shift}, character).second) << unsigned(character);
    }
}

TEST(Keymap, FollowsTheUsKeyboard) {
    EXPECT_EQ(chord_for(U'a'), (Chord{.code = 0x1E}));
    EXPECT_EQ(chord_for(U'A'), (Chord{.code = 0x1E, .shift = true}));
    EXPECT_EQ(chord_for(U'@'), (Chord{.code = 0x03, .shift = true}));
    EXPECT_EQ(chord_for(U'\\'), (Chord{.code = 0x2B}));
    EXPECT_EQ(chord_for(U'~'), (Chord{.code = 0x29, .shift = true}));
    EXPECT_EQ(chord_for(U'?'), (Chord{.code = 0x35, .shift = true}));
    EXPECT_EQ(chord_for(U'\r'), (Chord{.code = 0x1C}));
    EXPECT_EQ(chord_for(U'\x03'), (Chord{.code = 0x2E, .ctrl = true}));
    EXPECT_EQ(chord_for(U'\x1C'), (Chord{.code = 0x2B, .ctrl = true}));
}

TEST(Keymap, NamesKeysWithoutRegardToCase) {
    EXPECT_EQ(chord_named("F10"), (Chord{.code = 0x44}));
    EXPECT_EQ(chord_named("f10"), (Chord{.code = 0x44}));
    EXPECT_EQ(chord_named("Ctrl+C"), (Chord{.code = 0x2E, .ctrl = true}));
    EXPECT_EQ(chord_named("ctrl+alt+DEL"), (Chord{.code = 0x53, .ctrl = true, .alt = true}));
    EXPECT_EQ(chord_named("Alt+X"), (Chord{.code = 0x2D, .alt = true}));
    EXPECT_EQ(chord_named("Shift+Tab"), (Chord{.code = 0x0F, .shift = true}));
    EXPECT_EQ(chord_named("A"), (Chord{.code = 0x1E, .shift = true}));
    EXPECT_EQ(chord_named("Alt++"), (Chord{.code = 0x0D, .shift = true, .alt = true}));
    EXPECT_EQ(chord_named("+"), (Chord{.code = 0x0D, .shift = true}));
    for (const char* name : {"", "F13", "Ctrl+", "Hyper+A", "ab", "ř"})
        EXPECT_EQ(chord_named(name), std::nullopt) << name;
}

TEST(Keymap, ShiftKeysAreHeldAroundTheKey) {
    const auto stroke = keystroke({.code = 0x53, .ctrl = true, .alt = true});
    EXPECT_EQ(stroke.press, (Codes{0x1D, 0x38, 0x53}));
    EXPECT_EQ(stroke.release, (Codes{0xD3, 0xB8, 0x9D}));
}

TEST(Keymap, OtherCharactersAreTypedByTheirNumber) {
    const auto stroke = keystroke_for(U'ß', 437);  // 225
    ASSERT_TRUE(stroke);
    EXPECT_EQ(stroke->press, (Codes{0x38, 0x50, 0xD0, 0x50, 0xD0, 0x4C, 0xCC}));
    EXPECT_EQ(stroke->release, (Codes{0xB8}));
    EXPECT_EQ(keystroke_for(U'ř', 437), std::nullopt);
    EXPECT_NE(keystroke_for(U'ř', 852), std::nullopt);
    EXPECT_EQ(keystroke_for(U'a', 437), keystroke({.code = 0x1E}));
}

TEST(Keymap, UsbKeysStandForXtKeysByPlace) {
    EXPECT_EQ(code_for_usage(0x04), 0x1E);          // A
    EXPECT_EQ(code_for_usage(0x1D), 0x2C);          // Z
    EXPECT_EQ(code_for_usage(0x27), 0x0B);          // 0
    EXPECT_EQ(code_for_usage(0x28), 0x1C);          // Enter
    EXPECT_EQ(code_for_usage(0x3A), 0x3B);          // F1
    EXPECT_EQ(code_for_usage(0x43), 0x44);          // F10
    EXPECT_EQ(code_for_usage(0x44), std::nullopt);  // F11
    EXPECT_EQ(code_for_usage(0x52), 0x48);          // Up
    EXPECT_EQ(code_for_usage(0x63), 0x53);          // keypad .
    EXPECT_EQ(code_for_usage(0xE1), 0x2A);          // left Shift
    EXPECT_EQ(code_for_usage(0xE5), 0x36);          // right Shift
    EXPECT_EQ(code_for_usage(usage_host_key), std::nullopt);
    EXPECT_EQ(code_for_usage(0x100), std::nullopt);
}

TEST(Keymap, EveryXtKeyIsOnAUsbKeyboard) {
    std::map<u8, u32> found;
    for (u32 usage = 0; usage < 0x100; ++usage)
        if (const auto code = code_for_usage(usage)) found.emplace(*code, usage);
    for (u8 code = 1; code <= 0x53; ++code) EXPECT_TRUE(found.contains(code)) << unsigned(code);
}

}  // namespace
}  // namespace dyn86::frontend
