#include "src/machine/cpu_clock.h"

#include <gtest/gtest.h>

namespace dyn86 {

TEST(CpuClock, PcRunsAtAThirdOfTheCrystal) {
    Core core;
    const CpuClock clock{core, 4'772'727};
    core.set_deadline(1000);
    core.advance(100);
    EXPECT_EQ(clock.now(), Ticks{300});
    EXPECT_EQ(clock.cycles_at(Ticks{301}), 101);
    EXPECT_EQ(clock.cycles_at(Ticks{303}), 101);
}

TEST(CpuClock, CyclesAtIsTheFirstClockNotBefore) {
    Core core;
    const CpuClock clock{core, 50'000'000};
    for (i64 tick = 0; tick < 2000; tick += 7) {
        const Cycles at = clock.cycles_at(Ticks{tick});
        core.set_deadline(at);
        core.budget = 0;
        EXPECT_GE(clock.now(), Ticks{tick});
        if (at == 0) continue;
        core.budget = 1;
        EXPECT_LT(clock.now(), Ticks{tick});
    }
}

TEST(CpuClock, TimeGoesOnWithoutAStepWhenTheRateChanges) {
    Core core;
    CpuClock clock{core, 4'772'727};
    core.set_deadline(1'000'000);
    core.advance(1'000'000);
    const Ticks before = clock.now();
    clock.set_rate(10'000'000);
    EXPECT_EQ(clock.now(), before);
    core.advance(10'000);  // a millisecond
    EXPECT_EQ(clock.now() - before, Ticks::from_ms(1));
}

}  // namespace dyn86
