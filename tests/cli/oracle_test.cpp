// dyn86 oracle, as a program that asks it sees it. [COMMAND_LINE.md]
#include "tests/cli/process.h"

#include <algorithm>

namespace dyn86::cli {
namespace {

const std::string increment = R"({"initial":{"regs":{"ax":7,"ip":256},"ram":[[256,64]]}})";
const std::string incremented =
    R"({"final":{"regs":{"ax":8,"bx":0,"cx":0,"dx":0,"cs":0,"ss":0,"ds":0,"es":0,"sp":0,"bp":0,"si":0,"di":0,)"
    R"("ip":257,"flags":61442},"ram":[]},"cycles":)";

Finished oracle(const Arguments& options, const std::string& input) {
    Arguments command{DYN86_BINARY, "oracle"};
    command.insert(command.end(), options.begin(), options.end());
    return run_command(command, input);
}

TEST(CliOracle, AnswersEveryLineInOrder) {
    for (const char* engine : {"--engine=interpreter", "--engine=jit"}) {
        const auto run = oracle({engine}, increment + "\nnonsense\n\n" + increment + "\r\n" + increment);
        EXPECT_EQ(run.status, 0) << run.errors;
        EXPECT_EQ(run.errors, "");
        EXPECT_EQ(std::ranges::count(run.output, '\n'), 5) << run.output;
        EXPECT_TRUE(run.output.starts_with(incremented)) << run.output;
        EXPECT_NE(
            run.output.find("\n{\"error\":\"line 2, column 1: the line is not an object\"}\n{\"error\":\"line 3, "),
            std::string::npos)
            << run.output;
        EXPECT_NE(run.output.find("\"}\n" + incremented), std::string::npos) << run.output;
    }
}

TEST(CliOracle, CountsClocksAsAsked) {
    // pop ax, from an odd stack: a bus cycle more, and for the 8088 always.
    const std::string pop = R"({"initial":{"regs":{"sp":1,"ip":256},"ram":[[256,88]]}})";
    for (const std::string engine : {"--engine=interpreter", "--engine=jit"}) {
        const auto clocks_with = [&](const Arguments& options) {
            Arguments all{engine};
            all.insert(all.end(), options.begin(), options.end());
            const std::string output = oracle(all, pop).output;
            return output.substr(output.find("\"cycles\":"));
        };
        EXPECT_EQ(clocks_with({}), "\"cycles\":8}\n");
        EXPECT_EQ(clocks_with({"--timing=exact"}), "\"cycles\":12}\n");
        EXPECT_EQ(clocks_with({"--cpu=8088"}), "\"cycles\":12}\n");
    }
    EXPECT_EQ(oracle({"--cpu=80186"}, "").status, 2);
    EXPECT_EQ(oracle({"--timing=guess"}, "").status, 2);
}

TEST(CliOracle, AnswersBeforeTheNextQuestionComes) {
    Process process({DYN86_BINARY, "oracle", "--count", "1"});
    for (int i = 0; i < 3; ++i) {
        process.output.clear();
        process.write(increment + "\n");
        EXPECT_TRUE(process.read_until("}\n"));
        process.write(increment.substr(0, 20));  // half a question must not hold an answer back
        process.write(increment.substr(20) + "\n");
        EXPECT_TRUE(process.read_until("}\n{"));
        EXPECT_TRUE(process.read_until("\"cycles\""));
    }
    process.close_input();
    process.read_all();
    EXPECT_EQ(process.wait(), 0);
}

TEST(CliOracle, MistakesAre2) {
    for (const char* option : {"--count=0", "--count=x", "--engine=fast", "--nonsense", "word"}) {
        const auto run = oracle({option}, "");
        EXPECT_EQ(run.status, 2) << option;
        EXPECT_TRUE(run.errors.starts_with("dyn86: ")) << run.errors;
        EXPECT_EQ(run.output, "");
    }
    EXPECT_NE(oracle({"--help"}, "").output.find("--count"), std::string::npos);
}

TEST(CliOracle, IsAProgramWhenWrittenAsOne) {
    EXPECT_EQ(run_command({DYN86_BINARY, "./oracle"}).status, 127);
    EXPECT_EQ(run_command({DYN86_BINARY, "--", "oracle"}).status, 127);
}

}  // namespace
}  // namespace dyn86::cli
