// What `cmake --install` puts under a prefix runs from there, with its modules, and nothing of the build folder.
#include "tests/cli/process.h"

namespace dyn86::cli {
namespace {

class Installed : public testing::Test {
protected:
    void SetUp() override {
        const auto run = run_command({DYN86_CMAKE, "--install", DYN86_BUILD, "--prefix", prefix_ / "usr"});
        ASSERT_EQ(run.status, 0) << run.errors;
    }
    [[nodiscard]] std::string path(const std::string& name) const { return prefix_ / ("usr/" + name); }
    [[nodiscard]] Finished run(Arguments arguments) const {
        arguments.insert(arguments.begin(), path("bin/dyn86"));
        return run_command(arguments);
    }

private:
    Folder prefix_;
};

}  // namespace

TEST_F(Installed, RunsAProgram) {
    const auto finished = run({"--timeout=60s", guest("HELLO")});
    const auto built = dyn86({guest("HELLO")});
    EXPECT_EQ(finished.status, built.status);
    EXPECT_EQ(finished.output, built.output);
    EXPECT_EQ(finished.errors, "");
}

TEST_F(Installed, FindsItsModules) {
    if (!std::filesystem::exists(DYN86_BUILD "/dyn86-zydis.so")) GTEST_SKIP() << "built without Zydis";
    const auto finished = run({"--timeout=60s", "--list-blocks=-", guest("TURNS")});
    EXPECT_EQ(finished.errors, "");
    EXPECT_NE(finished.output.find(" times "), std::string::npos) << finished.output;
}

TEST_F(Installed, HasManualAndCompletions) {
    for (const char* file :
         {"share/man/man1/dyn86.1", "share/bash-completion/completions/dyn86", "share/zsh/site-functions/_dyn86",
          "share/fish/vendor_completions.d/dyn86.fish", "share/applications/dyn86.desktop"}) {
        std::error_code error;
        EXPECT_GT(std::filesystem::file_size(path(file), error), 0u) << file;
        EXPECT_FALSE(error) << file;
    }
}

}  // namespace dyn86::cli
