// Runs random episodes until enough instructions agreed; differences are shrunk, described and fail the test.
#pragma once

#include "src/verify/lockstep.h"

namespace dyn86::verify {

struct Seeds {
    u64 first = 0;
    u64 instructions = 0;  // 0: the first seed alone
};

/// DYN86_SEED replaces the first seed, and runs it alone unless DYN86_LOCKSTEP_INSTRUCTIONS says how far to go.
Seeds seeds_from_environment(Seeds usual);

void run_seeds(Lockstep& lockstep, const Seeds& seeds);

/// Every trial on new machines, so that it depends on nothing but the episode.
Trial trial_on(Lockstep& lockstep);

}  // namespace dyn86::verify
