// How far both timings are from the recorded counts, on both engines: the promise of docs/design.md, "Clocks". [SST]
#include "src/verify/report.h"
#include "src/verify/suite.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace dyn86::verify {
namespace {

void expect_near_recordings(EngineKind kind) {
    const std::string folder = DYN86_CONFORMANCE_DIR "/8086";
    if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << folder << " is absent";
    if (!is_available(kind)) GTEST_SKIP() << "this host has no recompiler";
    const SuiteWatcher nobody{.form = [](const FormResult&) {}, .problem = [](const std::string&) {}};
    const auto result = run_suite(folder, {.engine = kind}, nobody);
    ASSERT_TRUE(result) << result.error().message;
    const auto table = clock_error(*result, Timing::Table), exact = clock_error(*result, Timing::Exact);
    ASSERT_TRUE(table && exact);
    EXPECT_LE(table->percentile_95, 35);
    EXPECT_LE(exact->median, 5);
    EXPECT_LE(exact->percentile_95, 12);
}

}  // namespace

TEST(RecordedClocks, Interpreter) {
    expect_near_recordings(EngineKind::Interpreter);
}
TEST(RecordedClocks, Jit) {
    expect_near_recordings(EngineKind::Jit);
}

}  // namespace dyn86::verify
