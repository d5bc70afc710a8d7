// dyn86 test-cpu on recordings made up here. [COMMAND_LINE.md]
#include "tests/cli/process.h"

#include <algorithm>

namespace dyn86::cli {
namespace {

std::string number(std::uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += char(value >> 8 * i & 0xFF);
    return text;
}
std::string chunk(const std::string& id, const std::string& payload) {
    return id + number(std::uint32_t(payload.size()), 4) + payload;
}

/// One test, `inc ax` at 0:100h with AX = 7, that ends with this AX and these flags after 2 clocks.
std::string recording(unsigned ax, unsigned flags = 0xF002, const std::string& cpu = "8086") {
    std::string initial = number(0x3FFF, 2);
    for (const unsigned value : {7u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0x100u, 0xF002u})
        initial += number(value, 2);
    const std::string final = number(0x3001, 2) + number(ax, 2) + number(0x101, 2) + number(flags, 2);
    const std::string ram = chunk("RAM ", number(1, 4) + number(0x100, 4) + '\x40');
    return chunk("MOO ", std::string("\1\0\0\0", 4) + number(1, 4) + cpu) +
           chunk("TEST", number(0, 4) + chunk("NAME", number(6, 4) + "inc ax") + chunk("BYTS", number(1, 4) + '\x40') +
                             chunk("INIT", chunk("REGS", initial) + ram) + chunk("FINA", chunk("REGS", final)) +
                             chunk("CYCL", number(2, 4)));
}

/// `pop ax` at 0:100h with SP = 2, which takes so many clocks from a full queue.
std::string recording_of_pop(unsigned clocks, const std::string& cpu) {
    std::string initial = number(0x3FFF, 2);
    for (const unsigned value : {7u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 2u, 0u, 0u, 0u, 0x100u, 0xF002u})
        initial += number(value, 2);
    const std::string final = number(0x1101, 2) + number(0, 2) + number(4, 2) + number(0x101, 2);
    const std::string ram = chunk("RAM ", number(1, 4) + number(0x100, 4) + '\x58');
    return chunk("MOO ", std::string("\1\0\0\0", 4) + number(1, 4) + cpu) +
           chunk("TEST",
                 number(0, 4) + chunk("NAME", number(6, 4) + "pop ax") + chunk("BYTS", number(1, 4) + '\x58') +
                     chunk("INIT", chunk("REGS", initial) + ram + chunk("QUEU", number(4, 4) + "\x58\x90\x90\x90")) +
                     chunk("FINA", chunk("REGS", final)) + chunk("CYCL", number(clocks, 4)));
}

Finished test_cpu(const Arguments& options) {
    Arguments command{DYN86_BINARY, "test-cpu"};
    command.insert(command.end(), options.begin(), options.end());
    return run_command(command);
}

TEST(CliTestCpu, PassesWhatIsRight) {
    const Folder folder;
    folder.write("40.MOO", recording(8));
    for (const char* engine : {"--engine=interpreter", "--engine=jit"}) {
        const auto run = test_cpu({folder / "", engine});
        EXPECT_EQ(run.status, 0) << run.output << run.errors;
        EXPECT_NE(run.output.find(": 1 of 1 tests passed with every flag, in 1 form\n"), std::string::npos)
            << run.output;
        EXPECT_NE(run.output.find("clock error (table): median 0.0%"), std::string::npos) << run.output;
        EXPECT_NE(run.output.find("clock error (exact): median 0.0%"), std::string::npos) << run.output;
        EXPECT_EQ(test_cpu({folder / "40.MOO", engine}).status, 0);
    }
    EXPECT_NE(test_cpu({folder / "", "--forms"}).output.find("\n40           1       1"), std::string::npos);
}

// Words cost an 8088 four clocks more; the recording says whose clocks they are, unless --cpu does.
TEST(CliTestCpu, CountsTheClocksOfEitherCpu) {
    const Folder folder;
    folder.write("58.MOO", recording_of_pop(8 + 4, "8088"));
    for (const char* engine : {"--engine=interpreter", "--engine=jit"}) {
        const auto right = test_cpu({folder / "", engine, "--timing=table"});
        EXPECT_NE(right.output.find("clock error (table): median 0.0%"), std::string::npos) << right.output;
        EXPECT_EQ(right.output.find("exact"), std::string::npos) << right.output;
        const auto other = test_cpu({folder / "", engine, "--cpu=8086"});
        EXPECT_NE(other.output.find("clock error (table): median 33.3%"), std::string::npos) << other.output;
        const auto json = test_cpu({folder / "", engine, "--json"});
        EXPECT_NE(json.output.find(R"("clock_error_percent":{"table":{"median":0.0,"percentile_95":0.0},"exact":)"),
                  std::string::npos)
            << json.output;
    }
    EXPECT_EQ(test_cpu({folder / "", "--cpu=8085"}).status, 2);
    EXPECT_EQ(test_cpu({folder / "", "--timing=both"}).status, 2);
}

TEST(CliTestCpu, ShowsWhatIsWrong) {
    const Folder folder;
    folder.write("40.MOO", recording(9, 0xF003));
    const auto run = test_cpu({folder / "", "--engine=interpreter"});
    EXPECT_EQ(run.status, 1);
    EXPECT_NE(run.output.find("40 #0 inc ax (40)\n"), std::string::npos) << run.output;
    EXPECT_NE(run.output.find("    AX       0008       want 0009       was 0007\n"), std::string::npos) << run.output;
    EXPECT_NE(run.output.find("    FLAGS    ---------  want --------c  was ---------  differ --------c\n"),
              std::string::npos)
        << run.output;
    EXPECT_NE(run.output.find("    clocks   2 recorded 2 (+0)\n"), std::string::npos) << run.output;
    const auto json = test_cpu({folder / "", "--engine=interpreter", "--json"});
    EXPECT_EQ(json.status, 1);
    EXPECT_NE(json.output.find(R"("failed":1)"), std::string::npos) << json.output;
    EXPECT_NE(json.output.find(R"({"name":"AX","got":8,"want":9,"was":7})"), std::string::npos) << json.output;
}

TEST(CliTestCpu, MasksWhatTheMetadataCallsUndefined) {
    const Folder folder;
    folder.write("40.MOO", recording(8, 0xF003));
    const auto without = test_cpu({folder / "", "--masked"});
    EXPECT_EQ(without.status, 127);
    EXPECT_NE(without.errors.find("metadata.json: not there, and --masked needs it"), std::string::npos);
    folder.write("metadata.json", R"({"opcodes":{"40":{"status":"normal","flags-mask":65534}}})");
    EXPECT_EQ(test_cpu({folder / "", "--masked"}).status, 0);
    EXPECT_EQ(test_cpu({folder / ""}).status, 1);
    folder.write("metadata.json", "[]");
    EXPECT_EQ(test_cpu({folder / "", "--masked"}).status, 125);
}

TEST(CliTestCpu, GoesOnAfterFilesThatAreNone) {
    const Folder folder;
    folder.write("00.MOO", "");
    folder.write("01.MOO", "What is this?");
    folder.write("02.MOO", recording(8).substr(0, 150));
    folder.write("03.MOO.gz", "\x1F\x8B\x08 not deflated");
    folder.write("04.MOO", recording(8, 0xF002, "386E"));
    folder.write("40.MOO", recording(8));
    const auto run = test_cpu({folder / ""});
    EXPECT_EQ(run.status, 1);
    EXPECT_EQ(std::ranges::count(run.errors, '\n'), 5) << run.errors;
    for (const char* name :
         {"00.MOO: offset ", "01.MOO: offset ", "02.MOO: offset ", "03.MOO.gz: offset ", "04.MOO: offset "})
        EXPECT_NE(run.errors.find(name), std::string::npos) << name << run.errors;
    EXPECT_NE(run.output.find("1 of 1 tests passed"), std::string::npos) << run.output;
    EXPECT_NE(run.output.find("5 file(s) could not be read"), std::string::npos) << run.output;
}

TEST(CliTestCpu, MistakesAre2AndWhatIsNotThereIs127) {
    const Folder folder;
    EXPECT_EQ(test_cpu({}).status, 2);
    EXPECT_EQ(test_cpu({folder / "", "--nonsense"}).status, 2);
    EXPECT_EQ(test_cpu({"a", "b"}).status, 2);
    EXPECT_EQ(test_cpu({folder / "x"}).status, 127);
    EXPECT_EQ(test_cpu({folder / ""}).status, 127);
    EXPECT_NE(test_cpu({"--help"}).output.find("--masked"), std::string::npos);
}

}  // namespace
}  // namespace dyn86::cli
