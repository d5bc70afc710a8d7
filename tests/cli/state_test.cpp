// Save states from the command line: a run that is cut in two says the same as one that is not.
#include "tests/cli/process.h"

#include <algorithm>

namespace dyn86::cli {
namespace {

/// A folder with STATE.COM and what it looks for.
class Work {
public:
    Work() {
        std::filesystem::copy_file(guest("STATE"), folder_ / "STATE.COM");
        folder_.write("in.txt", "The quick brown fox jumps over the lazy dog.");
        for (char c = 'a'; c <= 'p'; ++c) folder_.write(std::string(1, c) + ".dat", "");
    }
    [[nodiscard]] Finished run(Arguments options) const {
        options.insert(options.begin(), {"--no-conf", "--date=fixed:1986-04-26"});
        options.push_back(folder_ / "STATE.COM");
        return dyn86(options);
    }
    [[nodiscard]] std::string state() const { return folder_ / "state"; }
    [[nodiscard]] std::string written() const { return folder_.read("out.txt"); }
    const Folder& folder() const { return folder_; }

private:
    Folder folder_;
};

const std::string expected_output = "The quick brown ";  // sixteen files are found

std::string only(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

}  // namespace

TEST(State, ARunCutInTwoSaysTheSame) {
    Work whole;
    const Finished all = whole.run({});
    ASSERT_EQ(all.status, 7) << all.errors;
    ASSERT_EQ(all.output, expected_output);
    for (unsigned moment = 0; moment < 20; ++moment) {
        Work work;
        const std::string engine = moment % 2 == 0 ? "jit" : "interpreter",
                          other = moment % 2 != 0 ? "jit" : "interpreter";
        const std::string count = std::to_string(40 + moment * 1013);
        const Finished first =
            work.run({"--engine=" + engine, "--max-instructions=" + count, "--save-state", work.state()});
        if (first.status == 7) break;
        ASSERT_EQ(first.status, 124) << first.errors;
        const Finished second = work.run({"--engine=" + other, "--load-state", work.state()});
        EXPECT_EQ(second.status, 7) << second.errors;
        EXPECT_EQ(first.output + second.output, expected_output) << count;
        EXPECT_EQ(work.written(), whole.written()) << count;
    }
}

TEST(State, AFileThatIsGoneIsNamed) {
    Work work;
    ASSERT_EQ(work.run({"--max-instructions=5000", "--save-state", work.state()}).status, 124);
    std::filesystem::remove(work.folder() / "in.txt");
    const Finished end = work.run({"--load-state", work.state()});
    EXPECT_EQ(end.status, 125);
    EXPECT_EQ(end.errors, "dyn86: --load-state " + work.state() +
                              ": chunk 'dos' of the state: in.txt was open and cannot be opened\n");
}

TEST(State, WhatIsNoneIsOneClearLine) {
    Work work;
    work.folder().write("state", "MZ, and nothing more");
    Finished end = work.run({"--load-state", work.state()});
    EXPECT_EQ(end.status, 125);
    EXPECT_EQ(end.errors, "dyn86: --load-state " + work.state() + ": not a state of dyn86\n");
    end = work.run({"--load-state", work.folder() / "nothing"});
    EXPECT_EQ(end.status, 127);
    EXPECT_EQ(std::ranges::count(end.errors, '\n'), 1) << end.errors;
    end = work.run({"--save-state", work.state()});  // the program ends first
    EXPECT_EQ(end.errors, "dyn86: the machine has ended: there is no state to save\n");
    EXPECT_EQ(end.status, 7);
    end = run_command({DYN86_BINARY, "state", "show", work.state()});
    EXPECT_EQ(end.status, 125);
    EXPECT_EQ(run_command({DYN86_BINARY, "state", "diff", work.state()}).status, 2);
    EXPECT_EQ(run_command({DYN86_BINARY, "state", "frob", work.state()}).status, 2);
}

TEST(State, IsShownAndCompared) {
    Work work;
    const std::string later = work.folder() / "later";
    ASSERT_EQ(work.run({"--max-instructions=5000", "--save-state", work.state()}).status, 124);
    ASSERT_EQ(work.run({"--max-instructions=9000", "--save-state", later}).status, 124);
    const std::string shown = run_command({DYN86_BINARY, "state", "show", work.state()}).output;
    for (const auto* part : {"pic ", "memory ", "\nThe", "CS=", "dos.files", "\"in.txt\"", "pic.imr = "})
        EXPECT_NE(shown.find(part), std::string::npos) << part << '\n' << shown;
    EXPECT_EQ(run_command({DYN86_BINARY, "state", "diff", work.state(), work.state()}).status, 0);
    const Finished diff = run_command({DYN86_BINARY, "state", "diff", work.state(), later});
    EXPECT_EQ(diff.status, 1);
    for (const auto* part : {"cpu.clocks: ", "\ncell ", "\nmemory "})
        EXPECT_NE(diff.output.find(part), std::string::npos) << part << '\n' << diff.output;
    EXPECT_FALSE(only(diff.output).empty());
}

TEST(State, OfABootedMachineGoesOn) {
    const Folder folder;
    const std::string image = boot_sector(folder), state = folder / "state";
    const Arguments options = {"--no-conf", "--boot", image};
    Arguments first = options, second = options;
    first.insert(first.begin(), {"--until-text=Booted.", "--save-state", state});
    second.insert(second.begin(), {"--load-state", state, "--until-text=Booted.", "--dump-screen=-"});
    EXPECT_EQ(dyn86(first).status, 0);
    const Finished end = dyn86(second);
    EXPECT_EQ(end.status, 0) << end.errors;
    EXPECT_NE(end.output.find("Booted."), std::string::npos);
}

}  // namespace dyn86::cli
