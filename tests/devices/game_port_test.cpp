#include "devices/game_port.h"

#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

namespace dyn86 {

TEST(GamePort, AxisBitFallsWhenItsPulseEnds) {
    ManualClock clock;
    GamePort port{clock};
    EXPECT_EQ(port.in(0x201), 0xF0);
    port.set_axis(0, 100'000);  // 24.2 us + 1100 us
    port.set_axis(1, 0);
    port.out(0x201, 0);
    EXPECT_EQ(port.in(0x201), 0xFF);
    clock.advance(Ticks::from_us(25));
    EXPECT_EQ(port.in(0x201), 0xFD);
    clock.advance(Ticks::from_us(1'095));
    EXPECT_EQ(port.in(0x201), 0xFD);
    clock.advance(Ticks::from_us(5));
    EXPECT_EQ(port.in(0x201), 0xFC);  // stick B is not there: its axes never end
}

TEST(GamePort, Buttons) {
    ManualClock clock;
    GamePort port{clock};
    port.set_buttons(0x05);
    EXPECT_EQ(port.in(0x201), 0xA0);
}

TEST(GamePort, State) {
    ManualClock clock;
    GamePort port{clock}, other{clock};
    port.set_axis(0, 50'000);
    other.set_axis(0, 50'000);
    port.out(0x201, 0);
    clock.advance(Ticks::from_us(100));
    const test::Recording saved = test::save(port);
    test::load(other, saved);
    EXPECT_EQ(test::save(other), saved);
    EXPECT_EQ(other.in(0x201), port.in(0x201));
}

}  // namespace dyn86
