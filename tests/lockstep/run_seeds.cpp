#include "tests/lockstep/run_seeds.h"

#include "src/verify/random_machine.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace dyn86::verify {
namespace {

/// After that many the test ends; one bug often shows in many seeds.
constexpr unsigned most_failures = 3;
/// Machines serve that many consecutive seeds, beginning at a multiple of it.
constexpr u64 seeds_per_machine = 256;

u64 number_from(const char* variable, u64 otherwise) {
    const char* const text = std::getenv(variable);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string failure_text(Lockstep& lockstep, const Episode& episode, const Mismatch& mismatch) {
    const Trial trial = trial_on(lockstep);
    if (!trial(episode))
        return fmt::format("only on machines that ran the seeds from {}: {}",
                           episode.seed / seeds_per_machine * seeds_per_machine, describe(episode, mismatch));
    const Episode small = shrink(episode, trial);
    return describe(small, *trial(small));
}

}  // namespace

Seeds seeds_from_environment(Seeds usual) {
    if (std::getenv("DYN86_SEED") != nullptr) usual.instructions = 0;
    return {.first = number_from("DYN86_SEED", usual.first),
            .instructions = number_from("DYN86_LOCKSTEP_INSTRUCTIONS", usual.instructions)};
}

Trial trial_on(Lockstep& lockstep) {
    return [&lockstep](const Episode& episode) {
        lockstep.renew();
        return lockstep.run(episode);
    };
}

void run_seeds(Lockstep& lockstep, const Seeds& seeds) {
    const Lockstep::Progress& progress = lockstep.progress();
    unsigned failures = 0;
    u64 seed = seeds.first;
    do {
        if (seed % seeds_per_machine == 0) lockstep.renew();
        const Episode episode = random_episode(seed, u32(lockstep_configs().size()));
        if (const auto mismatch = lockstep.run(episode)) {
            ADD_FAILURE() << failure_text(lockstep, episode, *mismatch);
            ++failures;
        }
        ++seed;
    } while (progress.instructions < seeds.instructions && failures < most_failures);
    fmt::print("seeds {} to {}: {} instructions agreed; {} episodes excused", seeds.first, seed - 1,
               progress.instructions, progress.excused);
    if (progress.observed != 0)
        fmt::print("; {:.1f}% in translated code",
                   100.0 - 100.0 * double(progress.interpreted) / double(progress.observed));
    fmt::print("\n");
}

}  // namespace dyn86::verify
