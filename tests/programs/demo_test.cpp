// The built-in demo's four pages, as --dump-screen shows them.
#include "tests/cli/process.h"

namespace dyn86::cli {
namespace {

std::string golden(const std::string& name) {
    std::ifstream file(std::string(DYN86_GOLDENS) + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Demo : public testing::TestWithParam<const char*> {
protected:
    [[nodiscard]] Finished show(const Arguments& steps) const {
        Arguments arguments{std::string("--engine=") + GetParam(), "--display=none",
                            "--date=fixed:2026-01-02T03:04:05"};
        arguments.insert(arguments.end(), steps.begin(), steps.end());
        arguments.insert(arguments.end(), {"--quit", "--dump-screen=-"});
        return dyn86(arguments);
    }
};

TEST_P(Demo, ShowsAllCharactersAndAttributes) {
    const auto run = show({"--wait=Esc end"});
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.output, golden("demo-characters.txt"));
}

TEST_P(Demo, ItsClockRunsOnTheTimer) {
    const auto run = show({"--wait=Esc end", "--type=2<wait 4s>"});
    EXPECT_EQ(run.output, golden("demo-clock.txt"));
}

TEST_P(Demo, Programs96By64Cells) {
    const auto run = show({"--wait=Esc end", "--type=3", "--wait=of the 6845"});
    EXPECT_EQ(run.output, golden("demo-96x64.txt"));
}

TEST_P(Demo, ShowsKeysAsTheyComeAndGo) {
    const auto run = show({"--wait=Esc end", "--type=4", "--wait=Esc back", "--type=<Shift+F2><wait 100ms>"});
    EXPECT_EQ(run.output, golden("demo-keyboard.txt"));
    EXPECT_NE(show({"--wait=Esc end", "--type=4a<Esc>", "--wait=Space next"}).output.find("Space next"),
              std::string::npos);
}

TEST_P(Demo, EndsWithEscape) {
    const auto run = dyn86({std::string("--engine=") + GetParam(), "--display=none", "--type=<Esc>"});
    EXPECT_EQ(run.status, 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, Demo, testing::Values("jit", "interpreter"));

}  // namespace
}  // namespace dyn86::cli
