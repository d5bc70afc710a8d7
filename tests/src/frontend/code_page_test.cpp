#include "src/frontend/code_page.h"

#include <gtest/gtest.h>

namespace dyn86::frontend {
namespace {

std::vector<char32_t> decoded(std::string_view text) {
    std::vector<char32_t> characters;
    while (!text.empty()) characters.push_back(take_utf8(text));
    return characters;
}

TEST(CodePage, EveryByteComesBackFromItsCharacter) {
    for (unsigned byte = 1; byte < 256; ++byte)
        EXPECT_EQ(from_unicode(to_unicode(u8(byte), 437), 437), u8(byte)) << byte;
    EXPECT_EQ(to_unicode(0, 437), U' ');
    EXPECT_EQ(from_unicode(U' ', 437), 0x20);
}

TEST(CodePage, KnowsItsLandmarks) {
    EXPECT_EQ(to_unicode(0x01, 437), U'☺');
    EXPECT_EQ(to_unicode(0x7F, 437), U'⌂');
    EXPECT_EQ(to_unicode(0x80, 437), U'Ç');
    EXPECT_EQ(to_unicode(0xB0, 437), U'░');
    EXPECT_EQ(to_unicode(0xC9, 437), U'╔');
    EXPECT_EQ(to_unicode(0xDB, 437), U'█');
    EXPECT_EQ(to_unicode(0xE1, 437), U'ß');
    EXPECT_EQ(to_unicode(0xFE, 437), U'■');
}

TEST(CodePage, CharactersThatItHasNotAreToldApart) {
    EXPECT_EQ(from_unicode(U'ř', 437), std::nullopt);
    EXPECT_EQ(to_code_page("Größe", 437),
              "Gr\x94\xE1"
              "e");
    EXPECT_EQ(to_code_page("Kč", 437), std::nullopt);
}

TEST(CodePage, OtherPagesHaveTheirOwnUpperHalves) {
    EXPECT_EQ(to_unicode(0xFD, 852), U'ř');
    EXPECT_EQ(from_unicode(U'ř', 852), 0xFD);
    EXPECT_EQ(to_unicode(0x84, 866), U'Д');
    EXPECT_EQ(to_unicode(0x01, 850), U'☺');
    EXPECT_EQ(from_unicode(U'§', 850), 0xF5);  // which is among the low pictures too
    EXPECT_EQ(to_unicode(0x81, 1252), U' ');   // a hole
    EXPECT_EQ(to_unicode(0x80, 999), U'Ç');
}

TEST(CodePage, Utf8RoundTrips) {
    for (const char32_t character : {U'a', U'é', U'€', U'😀'}) {
        std::string text;
        append_utf8(text, character);
        EXPECT_EQ(decoded(text), std::vector{character});
    }
}

TEST(CodePage, MalformedUtf8GivesReplacementsAndGoesOn) {
    constexpr char32_t bad = 0xFFFD;
    EXPECT_EQ(decoded("a\xFFz"), (std::vector{U'a', bad, U'z'}));
    EXPECT_EQ(decoded("\xC3"), std::vector{bad});
    EXPECT_EQ(decoded("\xC0\x80"), (std::vector{bad, bad}));           // overlong
    EXPECT_EQ(decoded("\xED\xA0\x80"), (std::vector{bad, bad, bad}));  // surrogate
    EXPECT_EQ(decoded("\xE2\x82z"), (std::vector{bad, bad, U'z'}));
}

}  // namespace
}  // namespace dyn86::frontend
