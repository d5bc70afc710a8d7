// Waiting that is not executed leaves no trace in the guest.
#include "tests/src/machine/booted_machine.h"

#include <algorithm>

namespace dyn86::test {
namespace {

struct Waited {
    std::vector<u8> memory;
    u64 cycles = 0, instructions = 0, idle = 0, interpreted = 0;
};

/// An instruction limit, however large, has every instruction executed.
enum class Turns : u8 { Pass, Execute };

Waited wait_with(EngineKind engine, Timing timing, Turns turns, double step) {
    MachineConfig config;
    config.engine = engine;
    config.clocks.timing = timing;
    config.count_instructions = true;
    config.cpu_hz = 25'000'000;  // a search in vain is not repeated at once
    BootedMachine machine("waits", config);
    if (turns == Turns::Execute) machine->limit_instructions(u64{1} << 40);
    for (int i = 0; i < 100'000 && !machine->ended(); ++i) machine.run_for(step);
    EXPECT_TRUE(machine->ended());
    const MachineStats stats = machine->stats();
    return {machine.bytes(0, 0x8000), u64(stats.cycles), stats.instructions, stats.idle, stats.interpreted};
}

class Idle : public ::testing::TestWithParam<std::tuple<EngineKind, Timing>> {};

TEST_P(Idle, TimePassesAsIfEveryTurnWereExecuted) {
    const auto [engine, timing] = GetParam();
    for (const double step : {0.002, 5.0}) {
        const Waited executed = wait_with(engine, timing, Turns::Execute, step);
        EXPECT_EQ(executed.idle, 0u);
        const Waited passed = wait_with(engine, timing, Turns::Pass, step);
        const auto different = std::ranges::mismatch(passed.memory, executed.memory).in1 - passed.memory.begin();
        EXPECT_EQ(different, std::ptrdiff_t(executed.memory.size()));  // where the first difference lies
        EXPECT_EQ(passed.cycles, executed.cycles);
        EXPECT_EQ(passed.instructions, executed.instructions);
        EXPECT_GT(passed.idle, 1'000'000u);
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, Idle,
                         ::testing::Combine(::testing::Values(EngineKind::Jit, EngineKind::Interpreter),
                                            ::testing::Values(Timing::Table, Timing::Exact)));

}  // namespace
}  // namespace dyn86::test
