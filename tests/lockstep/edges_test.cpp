// Every kind of access at every edge, on both engines.
#include "tests/lockstep/edges.h"

#include "src/verify/lockstep.h"
#include "tests/lockstep/run_seeds.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace dyn86::verify {
namespace {

/// A prime, so that all combinations of any two coordinates come soon. DYN86_EDGES=1 tries them all (an hour or so).
unsigned stride() {
    constexpr unsigned usual = 1009;
    const char* const text = std::getenv("DYN86_EDGES");
    return text != nullptr ? unsigned(std::strtoul(text, nullptr, 10)) : usual;
}

}  // namespace

TEST(Edges, EveryAccessAtEveryEdge) {
    if (!is_available(EngineKind::Jit)) GTEST_SKIP() << "this host has no recompiler";
    const auto lockstep = Lockstep::create(recompiler_for);
    ASSERT_TRUE(lockstep) << lockstep.error().message;
    unsigned failures = 0;
    for (const u32 config : {0u, 2u, 3u})  // plain, with ROM and repeated pages, with devices
        for_edge_episodes(config, stride(), [&](const Episode& episode) {
            constexpr unsigned enough = 3;
            if (failures == enough) return;
            if (!(*lockstep)->run(episode)) return;
            const Trial trial = trial_on(**lockstep);
            const Episode small = trial(episode) ? shrink(episode, trial) : episode;
            const auto mismatch = (*lockstep)->run(small);
            ADD_FAILURE() << (mismatch ? describe(small, *mismatch) : to_text(small));
            ++failures;
        });
}

}  // namespace dyn86::verify
