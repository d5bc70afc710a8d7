#include "src/config/configuration.h"

#include <gtest/gtest.h>

namespace dyn86::config {
namespace {

Result<Options> parse(std::vector<const char*> arguments) {
    const auto nothing = [](const std::string&) { return std::optional<std::string>(); };
    const auto configuration = configure(arguments, nothing);
    if (!configuration) return std::unexpected(configuration.error());
    return configuration->options;
}

Options good(std::vector<const char*> arguments) {
    const auto options = parse(std::move(arguments));
    EXPECT_TRUE(options) << options.error().message;
    return options.value_or(Options{});
}

TEST(CommandLine, NothingIsTheDemo) {
    const Options options = good({});
    EXPECT_TRUE(options.program.empty());
    EXPECT_TRUE(options.boot_image.empty());
    EXPECT_EQ(options.engine, EngineKind::Jit);
    EXPECT_EQ(options.display, DisplayChoice::Auto);
}

TEST(CommandLine, WhatFollowsTheProgramIsTheProgramsVerbatim) {
    const Options options = good({"--stats", "prog.com", "--stats", "-h", "--", "a  b", "[x,y]", ""});
    EXPECT_TRUE(options.stats);
    EXPECT_EQ(options.program, "prog.com");
    EXPECT_EQ(options.arguments, (std::vector<std::string>{"--stats", "-h", "--", "a  b", "[x,y]", ""}));
    EXPECT_EQ(command_tail(options), "--stats -h -- a  b [x,y] ");
}

TEST(CommandLine, TwoDashesEndTheOptions) {
    const Options options = good({"--speed=max", "--", "--odd.com", "x"});
    EXPECT_EQ(options.program, "--odd.com");
    EXPECT_EQ(options.arguments, std::vector<std::string>{"x"});
    EXPECT_TRUE(good({"--"}).program.empty());
}

TEST(CommandLine, TheSequenceKeepsItsOrder) {
    const Options options = good({"--wait", "Ready", "--type", "-x\\r", "--snap=a.png", "--press=F10", "--wait",
                                  "[b,c]", "--quit", "--until-text", "D", "p"});
    EXPECT_EQ(options.steps, (std::vector<Step>{{"wait", "Ready"},
                                                {"type", "-x\\r"},
                                                {"snap", "a.png"},
                                                {"press", "F10"},
                                                {"wait", "[b,c]"},
                                                {"quit", ""},
                                                {"wait", "D"},
                                                {"quit", ""}}));
}

TEST(CommandLine, TakesEveryOption) {
    const Options options = good({"--drive",
                                  "C=/tmp",
                                  "--drive",
                                  "D=/var,ro",
                                  "--engine=interpreter",
                                  "--cpu=8088",
                                  "--timing=exact",
                                  "--speed",
                                  "8MHz",
                                  "--clock=virtual",
                                  "--date=fixed:1990-01-01",
                                  "--timeout",
                                  "30s",
                                  "--max-instructions",
                                  "1000",
                                  "--wait-limit=5s",
                                  "--display=terminal",
                                  "--dump-screen",
                                  "a.txt",
                                  "--dump-screen",
                                  "b.png",
                                  "--dump-memory",
                                  "B8000,4000,m.bin",
                                  "--status-file",
                                  "s.json",
                                  "--stats",
                                  "p.exe"});
    EXPECT_EQ(options.drives.size(), 2u);
    EXPECT_EQ(options.engine, EngineKind::Interpreter);
    EXPECT_EQ(options.clocks, (ClockModel{CpuModel::I8088, Timing::Exact}));
    EXPECT_EQ(options.speed.hz, 8'000'000);
    EXPECT_EQ(options.clock, ClockChoice::Virtual);
    EXPECT_EQ(options.date.kind, DateSetting::Kind::Fixed);
    EXPECT_EQ(options.timeout_seconds, 30);
    EXPECT_EQ(options.max_instructions, 1'000u);
    EXPECT_EQ(options.wait_limit_seconds, 5);
    EXPECT_EQ(options.display, DisplayChoice::Terminal);
    EXPECT_EQ(options.dump_screens, (std::vector<std::string>{"a.txt", "b.png"}));
    EXPECT_EQ(options.dump_memory.size(), 1u);
    EXPECT_EQ(options.status_file, "s.json");
    EXPECT_TRUE(options.stats);
}

TEST(CommandLine, TheLastOfTwoValuesCounts) {
    EXPECT_EQ(good({"--timeout=1s", "--timeout=2s"}).timeout_seconds, 2);
    EXPECT_EQ(good({"--display=none", "--display=window"}).display, DisplayChoice::Window);
}

TEST(CommandLine, MistakesAreUsageErrorsOfOneLine) {
    const std::vector<std::vector<const char*>> bad = {
        {"--nonsense"},
        {"-x"},
        {"--speed"},
        {"--speed="},
        {"--speed=fast"},
        {"--display=paper"},
        {"--engine=qemu"},
        {"--cpu=80286"},
        {"--timing=approximate"},
        {"--clock=wall"},
        {"--date=yesterday"},
        {"--timeout=soon"},
        {"--max-instructions=0"},
        {"--drive=C"},
        {"--drive=C=a", "--drive=c=b"},
        {"--dump-memory=1"},
        {"--stats=false"},
        {"--boot=a.img", "prog.com"},
        {"--status-file="},
        {""},
        {"--mute", "p.com"},
    };
    for (const auto& arguments : bad) {
        const auto options = parse(arguments);
        ASSERT_FALSE(options) << arguments.front();
        EXPECT_EQ(options.error().kind, ErrorKind::Usage);
        EXPECT_FALSE(options.error().message.empty());
        EXPECT_EQ(options.error().message.find('\n'), std::string::npos) << options.error().message;
    }
}

TEST(CommandLine, HelpShowsTheEverydayOptionsAndHelpAllEveryOne) {
    EXPECT_EQ(good({"-h"}).show, Options::Show::Help);
    EXPECT_EQ(good({"--help"}).show, Options::Show::Help);
    EXPECT_EQ(good({"--help-all"}).show, Options::Show::AllHelp);
    EXPECT_EQ(good({"--version"}).show, Options::Show::Version);
    const std::string everyday = help_text(Options::Show::Help), all = help_text(Options::Show::AllHelp);
    EXPECT_NE(everyday.find("--type"), std::string::npos);
    EXPECT_EQ(everyday.find("--engine"), std::string::npos);
    EXPECT_NE(all.find("--engine"), std::string::npos);
}

}  // namespace
}  // namespace dyn86::config
