// Every recorded instruction on both engines. [SST]
#include "src/verify/conformance.h"

#include "src/verify/metadata.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace dyn86::verify {
namespace {

/// The one switch: Masked leaves out the flags that Intel leaves undefined.
constexpr auto strict = Conformance::Strict::Exact;

void run_suite(EngineKind kind) {
    const std::string folder = DYN86_CONFORMANCE_DIR "/8086";
    if (!std::filesystem::is_directory(folder))
        GTEST_SKIP() << folder << " is absent: no recordings to compare with (set DYN86_CONFORMANCE_DIR)";
    if (!is_available(kind)) GTEST_SKIP() << "this host has no recompiler";
    const auto metadata = Metadata::read(folder + "/metadata.json");
    ASSERT_TRUE(metadata) << metadata.error().message;
    const auto files = list_moo(folder);
    ASSERT_TRUE(files) << files.error().message;
    auto runner = Conformance::create(kind);
    ASSERT_TRUE(runner) << runner.error().message;

    std::vector<FormResult> results;
    for (const std::string& path : *files) {
        const auto file = read_moo(path);
        ASSERT_TRUE(file) << file.error().message;
        results.push_back((*runner)->run(*file, metadata->defined_flags(file->form), strict));
        const FormResult& result = results.back();
        const u32 passed = strict == Conformance::Strict::Exact ? result.exact : result.masked;
        EXPECT_EQ(passed, result.tests) << "form " << result.form;
        for (const std::string& failure : result.failures) std::printf("%s\n", failure.c_str());
    }
    const std::string table = std::string(DYN86_TABLE_DIR) + "/conformance-" + std::string(name_of(kind)) + ".txt";
    std::ofstream(table) << format_table(results, kind);
    std::printf("%s\nper form: %s\n", format_total(results, kind).c_str(), table.c_str());
    EXPECT_FALSE(results.empty()) << folder << " holds no recordings";
}

}  // namespace

TEST(Conformance, Interpreter) {
    run_suite(EngineKind::Interpreter);
}
TEST(Conformance, Jit) {
    run_suite(EngineKind::Jit);
}

}  // namespace dyn86::verify
