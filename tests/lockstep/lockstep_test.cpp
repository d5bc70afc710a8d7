// The recompiler against the interpreter on random programs; and the harness against engines that are wrong on purpose.
#include "src/verify/lockstep.h"

#include "src/verify/random_machine.h"
#include "tests/lockstep/run_seeds.h"
#include "tests/verify/stepper.h"

#include <gtest/gtest.h>

namespace dyn86::verify {
namespace {

std::unique_ptr<Lockstep> make(const SubjectFactory& subject) {
    auto lockstep = Lockstep::create(subject);
    EXPECT_TRUE(lockstep) << lockstep.error().message;
    return std::move(*lockstep);
}

SubjectFactory always(const EngineFactory& factory) {
    return [factory](const LockstepConfig&) { return factory; };
}

}  // namespace

TEST(LockstepHarness, AnEngineAgreesWithItself) {
    const auto lockstep = make(always(factory_of(EngineKind::Interpreter, 0)));
    run_seeds(*lockstep, {.first = 1, .instructions = 200'000});
}

// The interpreter's fast loop and its single steps are two ways through the same code.
TEST(LockstepHarness, SteppingAgreesWithRunning) {
    const auto lockstep = make(always(Stepper::factory()));
    run_seeds(*lockstep, {.first = 1, .instructions = 500'000});
}

/// Finds `spoil`'s effect within a few seeds and shrinks it to at most `items` instructions.
void expect_found(const Stepper::Spoil& spoil, std::size_t items) {
    const auto lockstep = make(always(Stepper::factory(spoil)));
    for (u64 seed = 1; seed < 200; ++seed) {
        const Episode episode = random_episode(seed, 1);
        if (!lockstep->run(episode)) continue;
        const Trial trial = trial_on(*lockstep);
        const Episode small = shrink(episode, trial);
        const auto mismatch = trial(small);
        ASSERT_TRUE(mismatch);
        ASSERT_EQ(small.programs.size(), 1u);
        EXPECT_LE(small.programs[0].code.size(), items) << describe(small, *mismatch);
        const auto again = parse_episode(to_text(small), "kept");
        ASSERT_TRUE(again);
        EXPECT_TRUE(trial(*again));
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
    run_seeds(*lockstep, seeds_from_environment({.first = 1'000'000, .instructions = 20'000'000}));
}

// Features of the host change speed and nothing else: each alone missing, and all.
TEST(Lockstep, RecompilerOnLesserHosts) {
    if (!is_available(EngineKind::Jit)) GTEST_SKIP() << "this host has no recompiler";
    std::vector<HostFeatures> missing = {HostFeatures::all()};
    for (std::size_t i = 0; i < host_feature_names.size(); ++i) missing.push_back({HostFeature(i)});
    u64 first = 2'000'000;
    for (const HostFeatures features : missing) {
        const auto lockstep = make(recompiler_without(features));
        run_seeds(*lockstep, {.first = first, .instructions = 700'000});
        first += 1'000'000;
    }
}

}  // namespace dyn86::verify
