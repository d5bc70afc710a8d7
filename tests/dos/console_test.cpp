// Console and streams: keys, redirected input, hooks on the way out.
#include "tests/dos/support/dos_machine.h"

namespace dyn86::test {
namespace {

class Console : public DosTest {};
INSTANTIATE_TEST_SUITE_P(Engines, Console, testing::ValuesIn(engines()), name_of);

constexpr u16 f3 = 0x3D00, f10 = 0x4400, enter = 0x1C0D, backspace = 0x0E08, escape = 0x011B;

std::vector<u16> typed(const std::string& text) {
    return {text.begin(), text.end()};
}

std::vector<u16> operator+(std::vector<u16> keys, const std::vector<u16>& more) {
    keys.insert(keys.end(), more.begin(), more.end());
    return keys;
}

TEST_P(Console, SurvivesAProgramThatWritesOverACall) {
    EXPECT_EQ(check_guest("frames", {.keys = typed("a"), .console = true}).errorlevel, 0);
}

TEST_P(Console, KeysAreReadCharacterByCharacterAndByLine) {
    const auto keys = typed("ab") + std::vector<u16>{f10} + typed("helloo") + std::vector<u16>{enter} + typed("again") +
                      std::vector<u16>{enter};
    const Ran ran = check_guest("input", {.keys = keys, .console = true});
    EXPECT_EQ(ran.screen, "ahello\a\r\r\nagain\r\n");
}

TEST_P(Console, RedirectedInputIsReadTheSameWay) {
    const Ran ran = check_guest("input", {.tail = "stream", .input = std::string("ab\0Dhello\nagain\r\n", 17)});
    EXPECT_EQ(ran.out, "ahello\r\r\n");
}

TEST_P(Console, LinesAreEdited) {
    install("lines.com");
    const auto keys = typed("wrong") + std::vector<u16>{escape} + typed("onx") + std::vector<u16>{backspace} +
                      typed("e") + std::vector<u16>{enter, f3} + typed("!") + std::vector<u16>{enter, enter};
    const Ran ran = run({.program = "LINES.COM", .keys = keys, .console = true});
    EXPECT_EQ(ran.errorlevel, 0);
    EXPECT_EQ(ran.out, "wrong\\\r\nonx\b \be\r[one]one!\r[one!]\r[");
}

TEST_P(Console, TheTemplateIsCopiedAndSkippedUpToACharacter) {
    constexpr u16 f2 = 0x3C00, f4 = 0x3E00;
    install("lines.com");
    const auto keys = typed("abcdef") + std::vector<u16>{enter, f2} + typed("d") + std::vector<u16>{f4} + typed("f") +
                      std::vector<u16>{f2} + typed("z") + std::vector<u16>{f3, enter, enter};
    const Ran ran = run({.program = "LINES.COM", .keys = keys, .console = true});
    EXPECT_EQ(ran.out, "abcdef\r[abcdef]abcf\r[abcf]\r[");
}

TEST_P(Console, ThePrinterListensToTheConsole) {
    constexpr u16 ctrl_p = 0x1910;
    const auto keys = std::vector<u16>{ctrl_p} + typed("x") + std::vector<u16>{ctrl_p} + typed("y");
    const Ran ran = check_guest("prints", {.keys = keys, .console = true});
    EXPECT_EQ(ran.screen, "screenboth.screen");
}

TEST_P(Console, LinesOfRedirectedInputEndInAnyWay) {
    install("lines.com");
    const Ran ran = run({.program = "LINES.COM", .input = "dos\r\nunix\nmac\rlast"});
    EXPECT_EQ(ran.errorlevel, 0);
    EXPECT_EQ(ran.out, "dos\r[dos]unix\r[unix]mac\r[mac]last\r[last]\r[");
}

TEST_P(Console, AskingForLinesBehindTheEndOfInputEndsTheProgram) {
    install("forever.com");
    const Ran ran = run({.program = "FOREVER.COM", .input = "one\n"});
    EXPECT_TRUE(ran.ended);
    EXPECT_EQ(ran.end, dos::End::Abort);
}

TEST_P(Console, BlocksOfRedirectedInputAreUnchanged) {
    install("copy.com");
    std::string bytes;
    for (int i = 0; i < 250; ++i) bytes += char(i);
    const Ran ran = run({.program = "COPY.COM", .input = bytes});
    EXPECT_EQ(ran.out, bytes);
    EXPECT_EQ(ran.errorlevel, 250);
}

TEST_P(Console, WhatAProgramDoesNotReadIsLeftForTheNextProcess) {
    install("lines.com");
    EXPECT_EQ(run({.program = "LINES.COM", .input = "\nleft\n"}).input_left, "left\n");
}

TEST_P(Console, DirectInputDoesNotWait) {
    const Ran ran = check_guest("direct", {.keys = typed("kl"), .console = true});
    EXPECT_EQ(ran.screen, "k>");
}

TEST_P(Console, HooksSeeEveryCharacterAndCall) {
    const Ran ran = check_guest("hooks", {.console = true});
    EXPECT_EQ(ran.screen, "ABC\r\n        DXABC");
    EXPECT_EQ(ran.out, "abc\r\n\tdxabc");
}

TEST_P(Console, AClosedPipeIsAnErrorToTheProgram) {
    install("copy.com");
    const Ran ran = run({.program = "COPY.COM", .input = std::string(100'000, 'x'), .out_is_closed = true});
    EXPECT_EQ(ran.errorlevel, 254);
    EXPECT_FALSE(ran.flushed);
}

}  // namespace
}  // namespace dyn86::test
