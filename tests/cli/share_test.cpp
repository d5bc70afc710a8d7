// Machines that other processes watch: --share, ls, watch, send, snap, stop.
#include "tests/cli/process.h"

namespace dyn86::cli {
namespace {

class CliShare : public ::testing::Test {
protected:
    CliShare() { ::setenv("XDG_RUNTIME_DIR", (folder / "").c_str(), 1); }
    std::unique_ptr<Process> start(Arguments arguments) {
        arguments.insert(arguments.begin(), {"--display=none", "--share=box"});
        auto process = std::make_unique<Process>(dyn86_command(std::move(arguments)));
        for (int i = 0; i < 2'000 && !ls().contains("80x25"); ++i) ::usleep(5'000);
        return process;
    }
    [[nodiscard]] static Finished tool(const Arguments& arguments) {
        Arguments command = {DYN86_BINARY};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return run_command(command);
    }
    [[nodiscard]] static std::string ls() { return tool({"ls"}).output; }

    Folder folder;
};

TEST_F(CliShare, AMachineIsTypedIntoLookedAtAndStopped) {
    const auto process = start({"--status-file", folder / "s.json", guest("KEYS")});
    EXPECT_TRUE(ls().starts_with("box "));
    EXPECT_TRUE(ls().ends_with("KEYS.COM\n"));
    EXPECT_EQ(tool({"send", "box", "aB\\r"}).status, 0);
    EXPECT_TRUE(tool({"watch", "box", "--once"}).output.starts_with("Ready\n1E61 3042 1C0D"));
    EXPECT_TRUE(tool({"watch", "--once", "--format=json"}).output.starts_with("{\n  \"mode\": \"text\""));
    EXPECT_EQ(tool({"snap", "box", folder / "s.txt"}).status, 0);
    EXPECT_EQ(folder.read("s.txt"), tool({"watch", "--once"}).output);
    EXPECT_EQ(run_command({DYN86_READER, "box"}).output.substr(0, 5), "Ready");
    EXPECT_EQ(tool({"stop", "box"}).status, 0);
    EXPECT_EQ(process->wait(), 0);
    EXPECT_TRUE(folder.read("s.json").starts_with("{\"reason\": \"quit\""));
    EXPECT_EQ(ls(), "");
}

TEST_F(CliShare, ProgramsMayEndWhileKeysAreSent) {
    const auto process = start({guest("KEYS")});
    EXPECT_EQ(tool({"send", "box", "<Esc>"}).status, 0);
    EXPECT_EQ(process->wait(), 7);
    EXPECT_EQ(tool({"send", "box", "x"}).status, 127);
}

TEST_F(CliShare, BothEnginesShare) {
    const auto process = start({"--engine=interpreter", "--video=mda", guest("KEYS")});
    EXPECT_EQ(tool({"send", "box", "a"}).status, 0);
    EXPECT_TRUE(tool({"watch", "--once"}).output.starts_with("Ready\n1E61"));
    EXPECT_EQ(tool({"stop", "box"}).status, 0);
}

TEST_F(CliShare, NamesThatAreTakenGoneOrWrongAreToldInALine) {
    const auto process = start({guest("KEYS")});
    const auto second = dyn86({"--share=box", guest("HELLO")});
    EXPECT_EQ(second.status, 2);
    EXPECT_EQ(second.errors, "dyn86: --share=box: a machine of that name runs already\n");
    EXPECT_EQ(dyn86({"--share=a/b", guest("HELLO")}).status, 2);
    ::kill(process->pid(), SIGKILL);
    EXPECT_EQ(process->wait(), 137);
    const auto gone = tool({"watch", "box", "--once"});
    EXPECT_EQ(gone.status, 127);
    EXPECT_EQ(gone.errors, "dyn86: box: no machine of that name runs any more\n");
    const auto next = dyn86({"--share=box", guest("HELLO")});
    EXPECT_EQ(next.status, 42) << next.errors;
}

TEST_F(CliShare, MistakesAreUsageErrors) {
    for (const Arguments& arguments : {Arguments{"send", "box"},
                                       {"snap", "box"},
                                       {"stop"},
                                       {"ls", "x"},
                                       {"watch", "--format=gif", "--once"},
                                       {"watch", "--format=txt"}})
        EXPECT_EQ(tool(arguments).status, 2) << arguments.front();
    EXPECT_EQ(tool({"watch", "--help"}).status, 0);
}

}  // namespace
}  // namespace dyn86::cli
