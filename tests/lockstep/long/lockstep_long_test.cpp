// The same as ../lockstep_test.cpp, for longer and from other seeds.
#include "src/verify/lockstep.h"

#include "tests/lockstep/run_seeds.h"

#include <gtest/gtest.h>

namespace dyn86::verify {

TEST(LockstepLong, Recompiler) {
    if (!is_available(EngineKind::Jit)) GTEST_SKIP() << "this host has no recompiler";
    const auto lockstep = Lockstep::create(recompiler_for);
    ASSERT_TRUE(lockstep) << lockstep.error().message;
    run_seeds(**lockstep, seeds_from_environment({.first = 100'000'000, .instructions = 50'000'000}));
}

}  // namespace dyn86::verify
