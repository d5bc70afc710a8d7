// Exit statuses and messages. [COMMAND_LINE.md, Status; issue 2, "Bad input"]
#include "tests/cli/process.h"

#include <algorithm>

namespace dyn86::cli {
namespace {

void expect_one_line(const Finished& run, int status) {
    EXPECT_EQ(run.status, status) << run.errors;
    EXPECT_TRUE(run.errors.starts_with("dyn86: ")) << run.errors;
    EXPECT_EQ(std::ranges::count(run.errors, '\n'), 1) << run.errors;
}

TEST(CliStatus, IsTheErrorlevel) {
    const auto run = dyn86({guest("HELLO")});
    EXPECT_EQ(run.status, 42);
    EXPECT_EQ(run.output, "Hello, world!\r\n");
    EXPECT_EQ(run.errors, "");
}

TEST(CliStatus, UsageErrorsAre2) {
    for (const char* option : {"--nonsense", "-x", "--speed=fast", "--display=paper", "--type=<F99>",
                               "--wait=", "--snap=x.gif", "--dump-screen=x.gif", "--mute"})
        expect_one_line(dyn86({option, guest("HELLO")}), 2);
}

TEST(CliStatus, WhatIsNotThereIs127) {
    expect_one_line(dyn86({"/nonexistent/program"}), 127);
    expect_one_line(dyn86({"--boot=/nonexistent/image"}), 127);
    expect_one_line(dyn86({"--drive=D=/nonexistent", guest("HELLO")}), 127);
}

TEST(CliStatus, WhatIsNoProgramIs126) {
    const Folder folder;
    folder.write("EMPTY.COM", "");
    folder.write("HUGE.COM", std::string(65'281, '\x90'));
    folder.write("LYING.EXE", std::string("MZ\x10\0\xFF\xFF\0\0\xFF\xFF", 10) + std::string(100, '\0'));
    folder.write("blank.img", std::string(512, '\0'));
    folder.write("letter.txt", "Dear");
    for (const char* name : {"EMPTY.COM", "HUGE.COM", "LYING.EXE", "blank.img", "letter.txt"})
        expect_one_line(dyn86({folder / name}), 126);
    expect_one_line(dyn86({"--boot", folder / "blank.img"}), 126);
}

TEST(CliStatus, TimeLimitsAre124) {
    expect_one_line(run_command({DYN86_BINARY, "--timeout=200ms", guest("SPIN")}), 124);
    expect_one_line(dyn86({"--max-instructions=100000", guest("SPIN")}), 124);
    expect_one_line(dyn86({"--wait=never", "--wait-limit=1s", guest("SPIN")}), 124);
    expect_one_line(dyn86({"--wait=never", guest("HELLO")}), 124);
}

TEST(CliStatus, AProcessorThatStopsForGoodIs125) {
    const auto run = dyn86({guest("HALT")});
    expect_one_line(run, 125);
    EXPECT_NE(run.errors.find(':', 7), std::string::npos) << "CS:IP in " << run.errors;
}

TEST(CliStatus, NoDisplayIs125WhenItWasAskedFor) {
    expect_one_line(dyn86({"--display=window", guest("HELLO")}), 125);
}

TEST(CliStatus, SignalsAre128AndTheirNumber) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        const Folder folder;
        Process process(dyn86_command({"--status-file", folder / "s.json", "--until-text=never", guest("SPIN")}));
        // The program's first words come when DOS's buffer is flushed, so wait for the thread that watches for signals.
        while (std::distance(std::filesystem::directory_iterator("/proc/" + std::to_string(process.pid()) + "/task"),
                             {}) < 2)
            ::usleep(1'000);
        ::kill(process.pid(), signal);
        process.read_all();
        EXPECT_EQ(process.wait(), 128 + signal);
        EXPECT_TRUE(folder.read("s.json").starts_with("{\"reason\": \"signal\", \"errorlevel\": 0, "))
            << folder.read("s.json");
    }
}

TEST(CliStatus, TheStatusFileRemovesAllDoubt) {
    const Folder folder;
    const std::string option = "--status-file=" + (folder / "s.json");
    const auto reason = [&](Arguments arguments) {
        arguments.insert(arguments.begin(), option);
        (void)dyn86(arguments);
        const std::string json = folder.read("s.json");
        EXPECT_TRUE(json.ends_with("}\n")) << json;
        return json.substr(0, json.find(", \"virtual"));
    };
    EXPECT_EQ(reason({guest("HELLO")}), R"({"reason": "exit", "errorlevel": 42)");
    EXPECT_EQ(reason({"--max-instructions=1000", guest("SPIN")}), R"({"reason": "timeout", "errorlevel": 0)");
    EXPECT_EQ(reason({"--wait=never", guest("HELLO")}), R"({"reason": "wait-failed", "errorlevel": 42)");
    EXPECT_EQ(reason({"--until-text=spinning", guest("SPIN")}), R"({"reason": "quit", "errorlevel": 0)");
    EXPECT_EQ(reason({guest("HALT")}), R"({"reason": "cpu-fault", "errorlevel": 0)");
}

TEST(CliStatus, AReportThatCannotBeWrittenFailsTheRun) {
    expect_one_line(dyn86({"--until-text=spinning", "--dump-screen=/nonexistent/s.txt", guest("SPIN")}), 125);
    expect_one_line(dyn86({"--snap=/nonexistent/s.txt", guest("SPIN")}), 125);
}

TEST(CliStatus, HelpAndVersionGoToStandardOutput) {
    for (const char* option : {"-h", "--help", "--help-all"}) {
        const auto run = dyn86({option});
        EXPECT_EQ(run.status, 0);
        EXPECT_NE(run.output.find("PROGRAM"), std::string::npos);
        EXPECT_EQ(run.errors, "");
    }
    EXPECT_TRUE(dyn86({"--version"}).output.starts_with("dyn86 "));
}

}  // namespace
}  // namespace dyn86::cli
