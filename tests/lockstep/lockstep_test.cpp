// The recompiler against the interpreter on random programs; and the harness against engines that are wrong on purpose.
#include "src/verify/lockstep.h"

#include "src/verify/random_machine.h"
#include "tests/verify/stepper.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

namespace dyn86::verify {
namespace {

/// The first seed of the run that every build does; DYN86_SEED replaces it and runs that one alone.
constexpr u64 first_seed = 1'000'000;
constexpr u64 most_failures = 3;

std::unique_ptr<Lockstep> make(const SubjectFactory& subject) {
    auto lockstep = Lockstep::create(subject);
    EXPECT_TRUE(lockstep) << lockstep.error().message;
    return std::move(*lockstep);
}

SubjectFactory always(const EngineFactory& factory) {
    return [factory](const LockstepConfig&) { return factory; };
}

/// Runs the seed; a difference is shrunk and described.
std::optional<std::string> failure_of(Lockstep& lockstep, u64 seed) {
    const Episode episode = random_episode(seed, u32(lockstep_configs().size()));
    if (!lockstep.run(episode)) return {};
    const Episode small = shrink(episode, [&](const Episode& candidate) { return bool(lockstep.run(candidate)); });
    const auto mismatch = lockstep.run(small);
    return mismatch ? describe(small, *mismatch) : "vanished while shrinking: seed " + std::to_string(seed);
}

/// Seeds from `first` until so many instructions agreed.
void run_seeds(Lockstep& lockstep, u64 first, u64 instructions) {
    u64 seed = first, failures = 0;
    for (; lockstep.progress().instructions < instructions && failures < most_failures; ++seed)
        if (const auto failure = failure_of(lockstep, seed)) {
            ADD_FAILURE() << *failure;
            ++failures;
        }
    const auto& progress = lockstep.progress();
    std::printf("seeds %llu to %llu: %llu instructions agreed", static_cast<unsigned long long>(first),
                static_cast<unsigned long long>(seed - 1), static_cast<unsigned long long>(progress.instructions));
    if (progress.observed != 0)
        std::printf(", %.1f%% of them in translated code",
                    100.0 - 100.0 * double(progress.interpreted) / double(progress.observed));
    std::printf("\n");
}

}  // namespace

TEST(LockstepHarness, AnEngineAgreesWithItself) {
    const auto lockstep = make(always(factory_of(EngineKind::Interpreter, 0)));
    run_seeds(*lockstep, 1, 200'000);
}

// The interpreter's fast loop and its single steps are two ways through the same code.
TEST(LockstepHarness, SteppingAgreesWithRunning) {
    const auto lockstep = make(always(Stepper::factory()));
    run_seeds(*lockstep, 1, 500'000);
}

/// Finds `spoil`'s effect within a few seeds and shrinks it to at most `items` instructions.
void expect_found(const Stepper::Spoil& spoil, std::size_t items) {
    const auto lockstep = make(always(Stepper::factory(spoil)));
    for (u64 seed = 1; seed < 200; ++seed) {
        const Episode episode = random_episode(seed, 1);
        if (!lockstep->run(episode)) continue;
        const Episode small = shrink(episode, [&](const Episode& candidate) { return bool(lockstep->run(candidate)); });
        const auto mismatch = lockstep->run(small);
        ASSERT_TRUE(mismatch);
        ASSERT_EQ(small.programs.size(), 1u);
        EXPECT_LE(small.programs[0].code.size(), items) << describe(small, *mismatch);
        const auto again = parse_episode(to_text(small), "kept");
        ASSERT_TRUE(again);
        EXPECT_TRUE(lockstep->run(*again));
        return;
    }
    FAIL() << "not found";
}

TEST(LockstepHarness, FindsAWrongFlag) {
    expect_found(
        [](const u8* bytes, Memory& memory) {
            if (bytes[0] == 0x13) memory.core().regs.flags ^= flag::a;  // ADC r16, r/m16
        },
        6);
}

TEST(LockstepHarness, FindsAWrongByte) {
    expect_found(
        [](const u8* bytes, Memory& memory) {
            if (bytes[0] == 0xA3) memory.write8(0x30000, 0x5A);  // MOV [d16], AX
        },
        6);
}

TEST(LockstepHarness, FindsALostClock) {
    expect_found(
        [](const u8* bytes, Memory& memory) {
            if (bytes[0] == 0x98) memory.core().budget -= 1;  // CBW
        },
        6);
}

TEST(Lockstep, Recompiler) {
    if (!is_available(EngineKind::Jit)) GTEST_SKIP() << "this host has no recompiler";
    const auto lockstep = make(recompiler_for);
    if (const char* text = std::getenv("DYN86_SEED")) {
        const auto failure = failure_of(*lockstep, std::strtoull(text, nullptr, 10));
        if (failure) ADD_FAILURE() << *failure;
        return;
    }
    const char* const wanted = std::getenv("DYN86_LOCKSTEP_INSTRUCTIONS");
    run_seeds(*lockstep, first_seed, wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 2'000'000);
}

}  // namespace dyn86::verify
