// --cpu and --timing: what a program computes does not depend on them, how long it takes does. [COMMAND_LINE.md]
#include "tests/cli/process.h"

#include <array>

namespace dyn86::cli {
namespace {

constexpr std::array cpus{"--cpu=8086", "--cpu=8088"};
constexpr std::array timings{"--timing=table", "--timing=exact"};

/// What the status file says how long a run took.
std::string seconds_in(const std::string& status) {
    const std::size_t at = status.find("virtual_seconds");
    return at == std::string::npos ? "" : status.substr(at, status.find_first_of(",}", at) - at);
}

TEST(CliClocks, ProgramsRunInAllFourModelsAlikeOnBothEngines) {
    const Folder folder;
    const std::string file = folder / "status.json";
    std::vector<std::string> times;
    for (const char* cpu : cpus)
        for (const char* timing : timings) {
            std::string first;
            for (const char* engine : {"--engine=interpreter", "--engine=jit"}) {
                const auto run =
                    dyn86({cpu, timing, engine, "--date=fixed:1990-01-01", "--status-file", file, "--wait=Ready",
                           "--type=aB\\r", "--press=Ctrl+C", "--type=<Esc>", guest("KEYS")});
                EXPECT_EQ(run.status, 7) << cpu << timing << engine << run.errors;
                EXPECT_EQ(run.output, "Ready\r\n1E61 3042 1C0D 2E03 011B ") << cpu << timing << engine;
                const std::string seconds = seconds_in(folder.read("status.json"));
                EXPECT_NE(seconds, "");
                if (first.empty()) first = seconds;
                EXPECT_EQ(seconds, first) << cpu << timing << engine;
            }
            times.push_back(first);
        }
    EXPECT_NE(times[0], times[1]);
    EXPECT_NE(times[0], times[2]);
    EXPECT_NE(times[2], times[3]);
}

TEST(CliClocks, BootSectorsRunInAllFourModels) {
    const Folder folder;
    const std::string sector = boot_sector(folder);
    for (const char* cpu : cpus)
        for (const char* timing : timings)
            for (const char* engine : {"--engine=interpreter", "--engine=jit"}) {
                const auto run = dyn86({cpu, timing, engine, "--until-text=Booted.", "--boot", sector});
                EXPECT_EQ(run.status, 0) << cpu << timing << engine << run.errors;
            }
}

}  // namespace
}  // namespace dyn86::cli
