// Every lockstep failure that was found and mended, as the shrunk episode that showed it: NAME.episode beside this
// file.
#include "src/verify/lockstep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace dyn86::verify {

TEST(Regressions, KeptEpisodesAgree) {
    if (!is_available(EngineKind::Jit)) GTEST_SKIP() << "this host has no recompiler";
    const auto lockstep = Lockstep::create(recompiler_for);
    ASSERT_TRUE(lockstep) << lockstep.error().message;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(DYN86_SOURCE_DIR "/tests/regressions"))
        if (entry.path().extension() == ".episode") files.push_back(entry.path());
    std::ranges::sort(files);
    EXPECT_FALSE(files.empty());
    for (const auto& path : files) {
        std::ifstream file(path);
        const auto episode = parse_episode({std::istreambuf_iterator<char>(file), {}}, path.filename());
        ASSERT_TRUE(episode) << episode.error().message;
        // Whatever configuration showed it, none may.
        for (u32 config = 0; config < lockstep_configs().size(); ++config) {
            Episode variant = *episode;
            variant.config = config;
            const auto mismatch = (*lockstep)->run(variant);
            EXPECT_FALSE(mismatch) << path.filename() << " with configuration " << config << '\n'
                                   << describe(variant, *mismatch);
        }
    }
}

}  // namespace dyn86::verify
