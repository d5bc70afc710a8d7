// What dyn86 makes of hosts that have less: no new executable memory, fewer features of the processor.
#include "tests/cli/process.h"

#include <algorithm>

namespace dyn86::cli {
namespace {

constexpr int status_unknown = 77;  // the kernel has no such rule

Finished denied(const std::string& how, Arguments arguments) {
    arguments = dyn86_command(std::move(arguments));
    arguments.insert(arguments.begin(), {DYN86_DENY, how});
    return run_command(arguments);
}

void expect_interpreted(const std::string& how) {
    const auto hello = denied(how, {guest("HELLO")});
    if (hello.status == status_unknown) GTEST_SKIP() << "this kernel does not know " << how;
    const auto usual = dyn86({guest("HELLO")});
    EXPECT_EQ(hello.status, usual.status);
    EXPECT_EQ(hello.output, usual.output);
    EXPECT_EQ(hello.errors,
              "dyn86: no recompiler, interpreting: cannot make translated code executable: "
              "Permission denied\n");
    const auto chosen = denied(how, {"--engine=interpreter", guest("HELLO")});
    EXPECT_EQ(chosen.status, usual.status);
    EXPECT_EQ(chosen.errors, "");
}

}  // namespace

TEST(CliHost, InterpretsWhereTheKernelRefusesExecutableMemory) {
    expect_interpreted("mdwe");
}

TEST(CliHost, InterpretsWhereAFilterRefusesExecutableMemory) {
    expect_interpreted("filter");
}

TEST(CliHost, TranslatesWhereMappingsCannotBeDuplicated) {
    auto run = denied("mremap", {"--stats", guest("TURNS")});
    if (run.status == status_unknown) GTEST_SKIP() << "no seccomp here";
    EXPECT_EQ(run.status, 7);
    EXPECT_NE(run.errors.find("dyn86: engine jit\n"), std::string::npos) << run.errors;
}

TEST(CliHost, ToolsThatNeedTheRecompilerSaySo) {
    const auto run = run_command({DYN86_DENY, "filter", DYN86_BINARY, "oracle", "--engine=jit"});
    if (run.status == status_unknown) GTEST_SKIP() << "no seccomp here";
    EXPECT_EQ(run.status, 125);
    EXPECT_EQ(std::ranges::count(run.errors, '\n'), 1) << run.errors;
    EXPECT_NE(run.errors.find("cannot make translated code executable"), std::string::npos) << run.errors;
}

TEST(CliHost, FeaturesOfTheProcessorCanBeSwitchedOff) {
    const auto all = dyn86({guest("HELLO")});
    const auto fewer = dyn86({"--host-features=-bmi2,-logic-a,-shift-a,-popcnt", guest("HELLO")});
    EXPECT_EQ(fewer.status, all.status);
    EXPECT_EQ(fewer.output, all.output);
    EXPECT_EQ(fewer.errors, "");
    const auto unknown = dyn86({"--host-features=-mmx", guest("HELLO")});
    EXPECT_EQ(unknown.status, 2);
    EXPECT_EQ(unknown.errors, "dyn86: --host-features -mmx: not a value it can have\n");
}

}  // namespace dyn86::cli
