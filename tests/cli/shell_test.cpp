// Batch files, folders, -c, --here, --env, and settings, as a user meets them. [COMMAND_LINE.md]
#include "tests/cli/process.h"

namespace dyn86::cli {
namespace {

/// Runs dyn86 with another working directory.
Finished dyn86_in(const std::string& folder, const Arguments& arguments, const std::string& input = "") {
    Arguments command = {"env", "-C", folder};
    for (const std::string& word : dyn86_command(arguments)) command.push_back(word);
    return run_command(command, input);
}

TEST(CliShell, CommandsRunInTheWorkingDirectory) {
    const Folder folder;
    folder.write("a.txt", "text\r\n");
    const auto run = dyn86_in(folder / "", {"-c", "type a.txt", "-c", "echo x>b.txt", "-c", "cd"});
    EXPECT_EQ(run.status, 0) << run.errors;
    EXPECT_EQ(run.output, "text\r\nC:\\\r\n");
    EXPECT_EQ(folder.read("b.txt"), "x\r\n");
    EXPECT_EQ(dyn86({"-c", "dir /b", folder / ""}).output, "A.TXT\r\nB.TXT\r\n");
    const auto missing = dyn86_in(folder / "", {"-c", "nosuch"});
    EXPECT_EQ(missing.status, 1);
    EXPECT_EQ(missing.errors, "Bad command or file name\r\n");
}

TEST(CliShell, BatchFilesRunWithArgumentsAndStatus) {
    const Folder folder;
    folder.write("Run.bat", "@echo off\necho %1-%2\nHELLO\n");
    std::filesystem::copy_file(guest("HELLO"), folder / "HELLO.COM");
    const auto run = dyn86({folder / "run", "a", "b c"});
    EXPECT_EQ(run.status, 42) << run.errors;
    EXPECT_TRUE(run.output.starts_with("a-b\r\n")) << run.output;
}

TEST(CliShell, AScriptIsPipedIntoThePrompt) {
    const Folder folder;
    std::filesystem::copy_file(guest("HELLO"), folder / "HELLO.COM");
    const auto run = dyn86({folder / ""}, "echo one\nhello\n");
    EXPECT_EQ(run.status, 42) << run.errors;
    EXPECT_NE(run.output.find("C:\\>echo one\r\none\r\n"), std::string::npos) << run.output;
}

TEST(CliShell, ThePromptIsTypedAt) {
    const Folder folder;
    const auto run = dyn86(
        {"--wait=C:\\>", "--type=echo typed\\r", "--wait=typed", "--type=exit\\r", "--dump-screen=-", folder / ""});
    EXPECT_EQ(run.status, 0) << run.errors;
    EXPECT_NE(run.output.find("C:\\>echo typed\ntyped\n"), std::string::npos) << run.output;
}

TEST(CliShell, TheLineIsEditedAndLinesBeforeComeBack) {
    const Folder folder;
    const auto run = dyn86({"--wait=C:\\>", "--type=echo one\\recho two\\r", "--wait=two",
                            "--type=<Up><Up>X<Left><Backspace>n<End>Y\\r", "--type=<Up><Home><Del>E<Right>C<Ins>z\\r",
                            "--type=foo<Esc>exit\\r", "--dump-screen=-", folder / ""});
    EXPECT_EQ(run.status, 1) << "the last line but one was no command";
    EXPECT_NE(run.output.find("C:\\>echo onnXY\nonnXY\n"), std::string::npos) << run.output;
    EXPECT_NE(run.output.find("C:\\>EcCzo onnXY\n"), std::string::npos) << run.output;
}

TEST(CliShell, HereToolsWorkOnTheWorkingDirectory) {
    const Folder work, tools;
    std::filesystem::copy_file(guest("HELLO"), tools / "HELLO.COM");
    tools.write("tool.bat", "@cd\r\n@dir /b\r\n@path\r\n@hello >out.txt\r\n@echo x >p:\\no.txt\r\n");
    work.write("source.c", "");
    const auto run = dyn86_in(work / "", {"--here", tools / "tool.bat"});
    EXPECT_EQ(run.output, "C:\\\r\nSOURCE.C\r\nPATH=P:\\;C:\\;Z:\\\r\n") << run.errors;
    EXPECT_EQ(run.status, 42);
    EXPECT_EQ(work.read("out.txt"), "Hello, world!\r\n");
    EXPECT_FALSE(std::filesystem::exists(tools / "no.txt"));
    EXPECT_EQ(dyn86({"--here", "--drive=P=" + work / "", tools / "tool.bat"}).status, 2);
}

TEST(CliShell, TheEnvironmentIsGivenAndTakenAway) {
    EXPECT_EQ(dyn86({"--env=X", "-c", "set"}).status, 2);
    const Folder folder;
    const auto set = dyn86({"--env=Name=a b", "--env", "Prompt=", "-c", "set", folder / ""});
    EXPECT_EQ(set.output, "COMSPEC=Z:\\COMMAND.COM\r\nPATH=C:\\;Z:\\\r\nNAME=a b\r\n");
}

TEST(CliShell, SettingsComeFromAllLayers) {
    const Folder folder;
    folder.write("dyn86.toml", "[env]\nFROM = \"file\"\nTWO = \"file\"\n");
    const auto run =
        run_command(dyn86_command({"--env=TWO=line", "-c", "set", folder / ""}), "", {"DYN86_ENV=ONE=variable"});
    EXPECT_NE(run.output.find("ONE=variable\r\nTWO=line\r\n"), std::string::npos) << run.output;
    EXPECT_NE(run.output.find("FROM=file\r\n"), std::string::npos) << run.output;
    folder.write("dyn86.toml", "\nnonsense = 1\n");
    const auto bad = dyn86({"-c", "set", folder / ""});
    EXPECT_EQ(bad.status, 2);
    EXPECT_NE(bad.errors.find("dyn86.toml:2: nonsense: no such key"), std::string::npos) << bad.errors;
    EXPECT_EQ(dyn86({"--no-conf", "-c", "echo", folder / ""}).status, 0);
    const auto shown = dyn86({"--print-config", "--set", "speed=8MHz"});
    EXPECT_NE(shown.output.find("speed = \"8MHz\""), std::string::npos) << shown.output;
}

TEST(CliShell, MistakesHaveTheirStatus) {
    EXPECT_EQ(dyn86({"-c"}).status, 2);
    EXPECT_EQ(dyn86({"-c", "echo", guest("HELLO")}).status, 2);
    EXPECT_EQ(dyn86({"-c", "echo", "--boot=x.img"}).status, 2);
    EXPECT_EQ(dyn86({"-c", "echo \xE4\xB8\x80"}).status, 2);
    EXPECT_EQ(dyn86({"/nowhere/at.bat"}).status, 127);
}

}  // namespace
}  // namespace dyn86::cli
