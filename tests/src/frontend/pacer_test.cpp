#include "src/frontend/pacer.h"

#include <gtest/gtest.h>

namespace dyn86::frontend {
namespace {

using namespace std::chrono_literals;

TEST(Pacer, TheVirtualClockAtFullSpeedKnowsNoHostTime) {
    Pacer pacer({}, 0ns, {});
    EXPECT_FALSE(pacer.is_throttled());
    EXPECT_EQ(pacer.target(5s, {}), Ticks::never());
    EXPECT_EQ(pacer.hz(), 4'772'727);
    EXPECT_EQ(pacer.adapt(Ticks::from_ms(1), 1s), 4'772'727);
}

TEST(Pacer, AFixedSpeedKeepsToHostTime) {
    Pacer pacer({.hz = 8'000'000}, 1s, Ticks::from_ms(100));
    EXPECT_TRUE(pacer.is_throttled());
    EXPECT_EQ(pacer.hz(), 8'000'000);
    EXPECT_EQ(pacer.target(1s + 20ms, Ticks::from_ms(100)), Ticks::from_ms(100) + Ticks::from_ms(20));
}

TEST(Pacer, TimeLostToAStopIsNotMadeUp) {
    Pacer pacer({.hz = 8'000'000}, 0ns, {});
    EXPECT_EQ(pacer.target(10s, {}), Ticks::from_ms(50));
    EXPECT_EQ(pacer.target(10s + 10ms, Ticks::from_ms(50)), Ticks::from_ms(50) + Ticks::from_ms(10));
}

TEST(Pacer, TheHostClockTakesClocksAwayWhenTheHostIsSlow) {
    Pacer pacer({.hz = 50'000'000, .host_clock = true}, 0ns, {});
    EXPECT_EQ(pacer.adapt(Ticks::from_ms(10), 5ms), 50'000'000);  // light load: never more than asked for
    const i64 slower = pacer.adapt(Ticks::from_ms(10), 20ms);     // twice what there is
    EXPECT_NEAR(double(slower), 22.5e6, 1e4);
    EXPECT_EQ(pacer.adapt(Ticks::from_ms(10), 8'500'000ns), slower);  // settled
    EXPECT_GT(pacer.adapt(Ticks::from_ms(10), 1ms), slower);
}

TEST(Pacer, MaxWithTheHostClockGrowsToWhatTheHostCanDo) {
    Pacer pacer({.hz = std::nullopt, .host_clock = true}, 0ns, {});
    i64 hz = pacer.hz();
    // A host that executes 800 million clocks a second.
    for (int i = 0; i < 50; ++i) hz = pacer.adapt(Ticks::from_ms(2), HostTime(i64(2e6 * double(hz) / 800e6)));
    EXPECT_GT(hz, 560'000'000);
    EXPECT_LT(hz, 760'000'000);
}

}  // namespace
}  // namespace dyn86::frontend
