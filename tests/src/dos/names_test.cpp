// DOS names: components, paths, wildcards, aliases, names out of command lines.
#include "src/dos/names.h"

#include "src/dos/aliases.h"
#include "src/dos/code_page.h"
#include "src/dos/fcb_name.h"

#include <gtest/gtest.h>

#include <set>

namespace dyn86::dos {
namespace {

class Somewhere final : public PathContext {
public:
    [[nodiscard]] u8 current_drive() const override { return 2; }
    [[nodiscard]] bool has_drive(u8 drive) const override { return drive == 2 || drive == 3; }
    [[nodiscard]] std::vector<std::string> current_folder(u8 drive) const override {
        return drive == 2 ? std::vector<std::string>{"DIR", "SUB"} : std::vector<std::string>{};
    }
};

std::string absolute(std::string_view path) {
    const auto parsed = parse_path(path, Somewhere{}, Wildcards::InLast);
    return parsed ? parsed->text() : "error " + std::to_string(unsigned(parsed.error()));
}

TEST(Names, PathsBecomeAbsolute) {
    EXPECT_EQ(absolute("x.txt"), "C:\\DIR\\SUB\\X.TXT");
    EXPECT_EQ(absolute("/x"), "C:\\X");
    EXPECT_EQ(absolute("d:x"), "D:\\X");
    EXPECT_EQ(absolute("..\\.\\y\\"), "C:\\DIR\\Y");
    EXPECT_EQ(absolute("..\\.."), "C:\\");
    EXPECT_EQ(absolute("..\\..\\.."), "error 3");
    EXPECT_EQ(absolute("e:x"), "error 3");
    EXPECT_EQ(absolute("a*\\x"), "error 3");
    EXPECT_EQ(absolute("*.*"), "C:\\DIR\\SUB\\*.*");
    EXPECT_EQ(absolute("a:b:c"), "error 3");
    EXPECT_EQ(parse_path("*.c", Somewhere{}).error(), DosError::FileNotFound);
}

TEST(Names, ComponentsAreCutToEightAndThree) {
    EXPECT_EQ(dos_component("longfilename.text"), "LONGFILE.TEX");
    EXPECT_EQ(dos_component("a.b.c"), std::nullopt);
    EXPECT_EQ(dos_component("x."), "X");
    EXPECT_EQ(dos_component(".x"), std::nullopt);
    EXPECT_EQ(dos_component("a b"), "A B");
    EXPECT_EQ(dos_component("\x84.txt"), "\x8E.TXT");  // a with diaeresis
    EXPECT_EQ(dos_component("a\"b"), std::nullopt);
}

TEST(Names, CodePagesDecideAboutLetters) {
    const CodePage latin = *CodePage::find(850), slavic = *CodePage::find(852), cyrillic = *CodePage::find(866),
                   western = *CodePage::find(1252);
    EXPECT_EQ(CodePage::find(999), std::nullopt);
    EXPECT_EQ(CodePage().number(), 437);
    EXPECT_EQ(latin.from_utf8("\xC3\xA1"), "\xA0");   // a acute
    EXPECT_EQ(latin.upper(u8{0xA0}), 0xB5);           // has a capital here,
    EXPECT_EQ(CodePage().upper(u8{0xA0}), 0xA0);      // and none in 437
    EXPECT_EQ(slavic.from_utf8("\xC5\x99"), "\xFD");  // r caron
    EXPECT_EQ(slavic.upper(u8{0xFD}), 0xFC);
    EXPECT_EQ(CodePage().from_utf8("\xC5\x99"), std::nullopt);
    EXPECT_EQ(cyrillic.to_utf8("\x84\xA0"), "\xD0\x94\xD0\xB0");  // Da
    EXPECT_EQ(cyrillic.lower(u8{0x84}), 0xA4);
    EXPECT_EQ(western.from_utf8("\xE2\x82\xAC"), "\x80");  // the euro sign
    EXPECT_EQ(plain_name("\xC5\x99.c", slavic), "\xFC.C");
    EXPECT_EQ(plain_name("\xC5\x99.c"), std::nullopt);
    for (const u16 number : {u16{437}, u16{850}, u16{852}, u16{866}, u16{1252}}) {
        const CodePage page = *CodePage::find(number);
        for (unsigned c = 0x20; c < 0x100; ++c) {
            const std::string byte(1, char(c));
            EXPECT_EQ(page.from_utf8(page.to_utf8(byte)), byte) << number << " " << c;
            EXPECT_EQ(page.lower(page.upper(u8(c))), page.lower(u8(c))) << number << " " << c;
        }
    }
}

TEST(Names, DevicesAreDevicesWithAnyExtension) {
    EXPECT_EQ(device_named("con"), Device::Con);
    EXPECT_EQ(device_named("NUL.TXT"), Device::Nul);
    EXPECT_EQ(device_named("lpt1.x.y"), Device::Prn);
    EXPECT_EQ(device_named("com2:"), Device::Aux);
    EXPECT_EQ(device_named("clock$"), Device::Clock);
    EXPECT_EQ(device_named("console"), Device::None);
    EXPECT_EQ(device_named("com5"), Device::None);
    EXPECT_EQ(parse_path("DIR\\CON.TXT", Somewhere{})->device, Device::Con);
}

TEST(Names, WildcardsMatchAsFcbsDo) {
    const auto match = [](std::string_view pattern, std::string_view name) {
        return matches(to_fcb_name(pattern), to_fcb_name(name));
    };
    EXPECT_TRUE(match("*.*", "A"));
    EXPECT_TRUE(match("*", "README"));
    EXPECT_FALSE(match("*", "README.TXT"));
    EXPECT_TRUE(match("A?.C", "AB.C"));
    EXPECT_TRUE(match("A?.C", "A.C"));
    EXPECT_FALSE(match("A?.C", "ABC.C"));
    EXPECT_TRUE(match("A*X.C", "AB.C"));  // what follows a star is not looked at
}

TEST(Names, FcbNamesGoBackAndForth) {
    for (const char* const name : {"A", "ABCDEFGH.IJK", "X.Y"}) EXPECT_EQ(from_fcb_name(to_fcb_name(name)), name);
}

TEST(Names, ParsingTakesDriveNameAndExtension) {
    const ParsedFcb parsed = parse_fcb_name("  d:file*.c rest", Leading::Blanks, Somewhere{});
    EXPECT_EQ(parsed.drive, 4);
    EXPECT_TRUE(parsed.has_wildcards);
    EXPECT_EQ(std::string(parsed.name.data(), 11), "FILE????C  ");
    EXPECT_EQ(parsed.length, 11u);
    EXPECT_EQ(parse_fcb_name(",x", Leading::Separators, Somewhere{}).length, 2u);
    EXPECT_FALSE(parse_fcb_name("", Leading::Separators, Somewhere{}).has_name);
    EXPECT_FALSE(parse_fcb_name("z:x", Leading::Blanks, Somewhere{}).is_drive_valid);
    EXPECT_EQ(parse_fcb_name("toolongname.extra", Leading::Blanks, Somewhere{}).length, 17u);
}

TEST(Aliases, PlainNamesAreThoseThatDosCouldHaveMade) {
    EXPECT_EQ(plain_name("Readme.txt"), "README.TXT");
    EXPECT_EQ(plain_name("\xC3\xA4.c"), "\x8E.C");
    for (const char* const name :
         {"long name.txt", "a.b.c", ".profile", "x.", "nine.long", "a+b", "\xE2\x82\xAC", "con.txt", "bad\xFF"})
        EXPECT_EQ(plain_name(name), std::nullopt) << name;
}

TEST(Aliases, AreValidStableAndUnique) {
    std::vector<std::string> names;
    for (int i = 0; i < 3000; ++i) names.push_back("a rather long name " + std::to_string(i) + ".html");
    names.insert(names.end(), {"readme", "README", "ReadMe", "\xE2\x82\xAC.\xE2\x82\xAC", ".git", "~~~~~~~~~~", " "});
    std::set<std::string> taken;
    for (const NamePair& pair : assign_names(names)) {
        EXPECT_TRUE(taken.insert(pair.dos).second) << pair.dos;
        EXPECT_EQ(dos_component(pair.dos), pair.dos);
        EXPECT_TRUE(plain_name(pair.host) == pair.dos || may_be_hashed(pair.dos)) << pair.dos;
        EXPECT_TRUE(pair.host != "readme" || pair.dos == "README") << pair.dos;
    }
    // The same name alone in its folder gets the same alias, unless two of the many shared a hash.
    const std::string alone = assign_names({".git"}).front().dos;
    EXPECT_TRUE(taken.contains(alone)) << alone;
}

TEST(CodePage, TextGoesBackAndForth) {
    const CodePage page;
    std::string all;
    for (int c = 1; c < 256; ++c) all += char(c);
    EXPECT_EQ(page.from_utf8(page.to_utf8(all)), all);
    for (const char* const bad : {"\xC3", "\xC3(", "\xFF", "\xF0\x9F\x98\x80", "\xE4\xB8\xAD"})
        EXPECT_EQ(page.from_utf8(bad), std::nullopt);
    EXPECT_EQ(page.upper(std::string("a\x84z")), "A\x8EZ");
    EXPECT_EQ(page.lower(std::string("A\x8EZ")), "a\x84z");
}

}  // namespace
}  // namespace dyn86::dos
