// Starting programs: streams, status, and files that are no programs.
#include "tests/dos/support/dos_machine.h"

namespace dyn86::test {
namespace {

class Start : public DosTest {};
INSTANTIATE_TEST_SUITE_P(Engines, Start, testing::ValuesIn(engines()), name_of);

TEST_P(Start, TextGoesToStandardOutputAndTheScreen) {
    install("hello.com");
    const Ran ran = run({.program = "HELLO.COM"});
    ASSERT_TRUE(ran.started) << ran.error.message;
    EXPECT_EQ(ran.errorlevel, 7);
    EXPECT_EQ(ran.end, dos::End::Exit);
    EXPECT_EQ(ran.out, "Hello!\r\ntab\t\x81\r\n");
    EXPECT_EQ(ran.err, "oh");
    EXPECT_EQ(ran.screen, "Hello!\r\ntab     \x81\r\noh");
}

TEST_P(Start, ConsoleOutputIsCopiedToTheStreams) {
    install("hello.com");
    const Ran ran = run({.program = "HELLO.COM", .console = true});
    EXPECT_EQ(ran.out, "Hello!\r\ntab\t\x81\r\n");
    EXPECT_EQ(ran.err, "oh");
    EXPECT_EQ(ran.screen, "Hello!\r\ntab     \x81\r\noh");
}

TEST_P(Start, TerminalsGetUtf8) {
    install("hello.com");
    EXPECT_EQ(run({.program = "HELLO.COM", .out_utf8 = true}).out, "Hello!\r\ntab\t\xC3\xBC\r\n");
}

TEST_P(Start, AProgramFindsItsPrefixEnvironmentAndRegisters) {
    check_guest("psp", {.tail = "one.txt d:two /x", .environment = {"name=VALUE"}});
}

}  // namespace
}  // namespace dyn86::test
