// --verify: a program runs as it does without, its devices act once, and both engines agree on all of it.
#include "tests/cli/process.h"

namespace dyn86::cli {
namespace {

std::string program(const std::string& name) {
    return std::string(DYN86_GUESTS) + "/" + name + ".com";
}

}  // namespace

TEST(Verify, ProgramsRunAsEver) {
    for (const char* const name : {"hello", "fib", "smc", "strops", "textout"}) {
        const Finished plain = dyn86({"--engine=interpreter", program(name)});
        const Finished verified = dyn86({"--verify", program(name)});
        EXPECT_EQ(verified.status, plain.status) << name;
        EXPECT_EQ(verified.output, plain.output) << name;
        EXPECT_EQ(verified.errors, plain.errors) << name;
    }
}

TEST(Verify, TheDemoWithItsTimerKeyboardAndScreen) {
    const Finished run = dyn86({"--verify", "--display=none", "--date=fixed:2026-01-02T03:04:05", "--wait=Esc end",
                                "--type=2<wait 4s>", "--quit", "--dump-screen=-"});
    std::ifstream golden(DYN86_GOLDENS "/demo-clock.txt", std::ios::binary);
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.output, std::string(std::istreambuf_iterator<char>(golden), {}));
    EXPECT_EQ(run.errors, "");
}

TEST(Verify, NeedsTheRecompiler) {
    const Finished run = dyn86({"--verify", "--engine=interpreter", program("hello")});
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.errors, "dyn86: --verify compares the engines: not with --engine=interpreter\n");
}

}  // namespace dyn86::cli
