#include "devices/keyboard.h"

#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

namespace dyn86 {
namespace {

struct Bench {
    ManualClock clock;
    Scheduler scheduler{clock};
    test::ProbePin irq;
    Keyboard keyboard{scheduler, irq};

    void wait(Ticks by) {
        const Ticks end = clock.now() + by;
        while (scheduler.next() <= end) {
            clock.advance(scheduler.next() - clock.now());
            scheduler.run_due();
        }
        clock.advance(end - clock.now());
    }
    /// What the BIOS's INT 09 does: read, then pulse bit 7.
    u8 take() {
        const u8 code = keyboard.data();
        keyboard.set_clear(true);
        keyboard.set_clear(false);
        return code;
    }
};

constexpr Ticks byte = Keyboard::byte_time;

}  // namespace

TEST(Keyboard, ByteArrivesAfterItsTimeOnTheWire) {
    Bench b;
    EXPECT_TRUE(b.keyboard.is_idle());
    b.keyboard.press(0x1E);
    EXPECT_FALSE(b.keyboard.is_idle());
    b.wait(byte - Ticks{1});
    EXPECT_FALSE(b.irq.level);
    b.wait(Ticks{1});
    EXPECT_TRUE(b.irq.level);
    EXPECT_EQ(b.keyboard.data(), 0x1E);
    EXPECT_FALSE(b.keyboard.is_idle());
    EXPECT_EQ(b.take(), 0x1E);
    EXPECT_FALSE(b.irq.level);
    EXPECT_EQ(b.keyboard.data(), 0);
    EXPECT_TRUE(b.keyboard.is_idle());
}

TEST(Keyboard, NextByteWaitsForTheAcknowledge) {
    Bench b;
    b.keyboard.press(0x1E);
    b.keyboard.press(0x9E);
    b.wait(Ticks::from_ms(100));
    EXPECT_EQ(b.irq.rises, 1);
    EXPECT_EQ(b.take(), 0x1E);
    b.wait(byte);
    EXPECT_EQ(b.irq.rises, 2);
    EXPECT_EQ(b.take(), 0x9E);
    EXPECT_EQ(b.scheduler.next(), Ticks::never());  // no event while there is nothing to do
}

TEST(Keyboard, NothingArrivesWhileTheRegisterIsHeldClear) {
    Bench b;
    b.keyboard.set_clear(true);
    b.keyboard.press(0x01);
    b.wait(Ticks::from_ms(50));
    EXPECT_FALSE(b.irq.level);
    b.keyboard.set_clear(false);
    b.wait(byte);
    EXPECT_EQ(b.keyboard.data(), 0x01);
}

TEST(Keyboard, ClearDuringAByteHasItSentAgain) {
    Bench b;
    b.keyboard.press(0x33);
    b.wait(Ticks{byte.count / 2});
    b.keyboard.set_clear(true);
    b.keyboard.set_clear(false);
    b.wait(byte - Ticks{1});
    EXPECT_FALSE(b.irq.level);
    b.wait(Ticks{1});
    EXPECT_EQ(b.keyboard.data(), 0x33);
}

TEST(Keyboard, SeventeenthByteIsTheOverrunCode) {
    Bench b;
    b.keyboard.set_clock(false);  // so that nothing leaves the buffer
    EXPECT_EQ(b.keyboard.room(), 16u);
    for (u8 code = 1; code <= 20; ++code) b.keyboard.press(code);
    EXPECT_EQ(b.keyboard.room(), 0u);
    b.keyboard.set_clock(true);
    for (u8 code = 1; code <= 16; ++code) {
        b.wait(byte);
        EXPECT_EQ(b.take(), code);
    }
    b.wait(byte);
    EXPECT_EQ(b.take(), Keyboard::overrun_code);
    EXPECT_TRUE(b.keyboard.is_idle());
}

TEST(Keyboard, ClockHeldLowFor20MsResets) {
    Bench b;
    b.keyboard.press(0x1E);
    b.keyboard.set_clock(false);
    b.wait(Keyboard::reset_time);
    b.keyboard.set_clock(true);
    EXPECT_FALSE(b.keyboard.is_idle());
    EXPECT_EQ(b.keyboard.room(), Keyboard::buffer_size);  // 1Eh was forgotten
    b.keyboard.press(0x1F);                               // and the self test does not look at the keys
    b.wait(Keyboard::self_test_time + byte);
    EXPECT_TRUE(b.irq.level);
    EXPECT_EQ(b.take(), 0xAA);
    EXPECT_TRUE(b.keyboard.is_idle());
}

TEST(Keyboard, ShorterClockLowOnlyDelays) {
    Bench b;
    b.keyboard.press(0x1E);
    b.keyboard.set_clock(false);
    b.wait(Keyboard::reset_time - Ticks{1});
    b.keyboard.set_clock(true);
    b.wait(byte);
    EXPECT_EQ(b.take(), 0x1E);
}

TEST(Keyboard, BiosResetSequenceFindsAa) {
    Bench b;  // IBM's POST: 61h = 08h for 38 ms, C8h, 48h, then wait for IRQ1
    b.keyboard.set_clock(false);
    b.wait(Ticks::from_ms(38));
    b.keyboard.set_clock(true);
    b.keyboard.set_clear(true);
    b.keyboard.set_clear(false);
    b.wait(Ticks::from_ms(100));
    EXPECT_TRUE(b.irq.level);
    EXPECT_EQ(b.keyboard.data(), 0xAA);
}

TEST(Keyboard, StateSurvivesARoundTrip) {
    Bench a;
    a.keyboard.press(0x10);
    a.keyboard.press(0x11);
    a.wait(Ticks{byte.count / 3});
    const test::Recording saved = test::save(a.keyboard);
    Bench b;
    b.clock.advance(a.clock.now());
    test::load(b.keyboard, saved);
    EXPECT_EQ(test::save(b.keyboard), saved);
    EXPECT_EQ(b.scheduler.next(), a.scheduler.next());
    b.wait(byte);
    EXPECT_EQ(b.take(), 0x10);
    b.wait(byte);
    EXPECT_EQ(b.take(), 0x11);
}

}  // namespace dyn86
