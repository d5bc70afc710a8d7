#include "devices/rtc.h"

#include "devices/calendar_time.h"
#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

namespace dyn86 {
namespace {

i64 at(int year, int month, int day, int hour, int minute, int second) {
    return CalendarTime{second, minute, hour, 0, day, month, year}.seconds();
}

struct Bench {
    ManualClock clock;
    Rtc rtc{clock};

    u8 get(u8 reg) {
        rtc.out(0x70, reg);
        return rtc.in(0x71);
    }
    void set(u8 reg, u8 value) {
        rtc.out(0x70, reg);
        rtc.out(0x71, value);
    }
    std::vector<u8> time() {
        std::vector<u8> bytes;
        for (const u8 reg : {u8{9}, u8{8}, u8{7}, u8{6}, u8{4}, u8{2}, u8{0}}) bytes.push_back(get(reg));
        return bytes;
    }
    void seconds(i64 count) { clock.advance(Ticks{count * Ticks::rate_hz}); }
};

using Bytes = std::vector<u8>;

}  // namespace

TEST(CalendarTime, ThereAndBack) {
    for (const i64 moment : {i64{0}, i64{-1}, i64{951'782'400}, i64{4'102'444'799}, i64{315'532'800}}) {
        const CalendarTime time = CalendarTime::from_seconds(moment);
        EXPECT_EQ(time.seconds(), moment);
    }
    EXPECT_EQ(CalendarTime::from_seconds(0).weekday, 4);
}

TEST(Rtc, CountsInBcd) {
    Bench b;
    b.rtc.set_time(at(1999, 12, 31, 23, 59, 58));
    EXPECT_EQ(b.time(), (Bytes{0x99, 0x12, 0x31, 0x06, 0x23, 0x59, 0x58}));
    EXPECT_EQ(b.get(0x32), 0x19);
    b.seconds(2);
    EXPECT_EQ(b.time(), (Bytes{0x00, 0x01, 0x01, 0x07, 0x00, 0x00, 0x00}));
    EXPECT_EQ(b.get(0x32), 0x19);  // RAM: whoever reads it counts
}

TEST(Rtc, LeapYears) {
    Bench b;
    b.rtc.set_time(at(2000, 2, 28, 23, 59, 59));
    b.seconds(1);
    EXPECT_EQ(b.get(7), 0x29);
    b.seconds(86'400);
    EXPECT_EQ(b.get(7), 0x01);
    EXPECT_EQ(b.get(8), 0x03);
    b.rtc.set_time(at(2001, 2, 28, 23, 59, 59));
    b.seconds(1);
    EXPECT_EQ(b.get(8), 0x03);
}

TEST(Rtc, LongSleep) {
    Bench b;
    b.rtc.set_time(at(1990, 5, 17, 13, 14, 15));
    b.seconds(86'400 * 1000 + 61);
    const CalendarTime then = CalendarTime::from_seconds(at(1990, 5, 17, 13, 14, 15) + 86'400 * 1000 + 61);
    EXPECT_EQ(b.time(), (Bytes{to_bcd(then.year % 100), to_bcd(then.month), to_bcd(then.day), u8(then.weekday + 1),
                               0x13, 0x15, 0x16}));
}

TEST(Rtc, BinaryAndTwelveHours) {
    Bench b;
    b.rtc.set_time(0);
    b.set(0x0B, 0x84);  // SET, binary, 12 hours
    b.set(4, 11);
    b.set(2, 59);
    b.set(0, 59);
    b.set(0x0B, 0x04);
    b.seconds(1);
    EXPECT_EQ(b.get(4), 0x80 | 12);  // noon
    b.seconds(3600);
    EXPECT_EQ(b.get(4), 0x80 | 1);
    b.seconds(3600 * 11);
    EXPECT_EQ(b.get(4), 12);  // midnight
    EXPECT_EQ(b.get(7), 2);
}

TEST(Rtc, SetFreezesTheTime) {
    Bench b;
    b.rtc.set_time(at(1985, 1, 1, 0, 0, 0));
    b.set(0x0B, 0x82);
    b.seconds(10);
    EXPECT_EQ(b.get(0), 0x00);
    b.set(0x0B, 0x02);
    b.seconds(1);
    EXPECT_EQ(b.get(0), 0x01);
}

TEST(Rtc, UpdateInProgressAroundTheSecond) {
    Bench b;
    b.rtc.set_time(0);
    EXPECT_EQ(b.get(0x0A), 0x26);
    b.clock.advance(Ticks::from_us(999'700));
    EXPECT_EQ(b.get(0x0A), 0x26);
    b.clock.advance(Ticks::from_us(100));
    EXPECT_EQ(b.get(0x0A), 0xA6);
    b.clock.advance(Ticks::from_us(1000));
    EXPECT_EQ(b.get(0x0A), 0xA6);
    b.clock.advance(Ticks::from_us(1500));
    EXPECT_EQ(b.get(0x0A), 0x26);
}

TEST(Rtc, Flags) {
    Bench b;
    b.rtc.set_time(at(1985, 1, 1, 6, 30, 0));
    b.get(0x0C);
    b.clock.advance(Ticks::from_us(900));
    EXPECT_EQ(b.get(0x0C), 0x00);
    b.clock.advance(Ticks::from_us(100));  // 1024 Hz
    EXPECT_EQ(b.get(0x0C), 0x40);
    EXPECT_EQ(b.get(0x0C), 0x00);
    b.set(1, 0x05);
    b.set(3, 0x30);
    b.set(5, 0xFF);  // every hour
    b.set(0x0B, 0x22);
    b.set(0x0A, 0x20);  // no periodic
    b.seconds(4);
    EXPECT_EQ(b.get(0x0C), 0x10);
    b.seconds(1);
    EXPECT_EQ(b.get(0x0C), 0xB0);  // alarm, and its interrupt is enabled
    b.seconds(3600);
    EXPECT_EQ(b.get(0x0C), 0xB0);
}

TEST(Rtc, PeriodicRates) {
    Bench b;
    b.rtc.set_time(0);
    b.set(0x0A, 0x2F);  // 2 Hz
    b.clock.advance(Ticks::from_ms(499));
    EXPECT_EQ(b.get(0x0C) & 0x40, 0);
    b.clock.advance(Ticks::from_ms(2));
    EXPECT_EQ(b.get(0x0C) & 0x40, 0x40);
    b.set(0x0A, 0x21);  // 256 Hz
    b.get(0x0C);
    b.clock.advance(Ticks::from_us(3907));
    EXPECT_EQ(b.get(0x0C) & 0x40, 0x40);
}

TEST(Rtc, DividerStartsHalfASecondBeforeTheFirstUpdate) {
    Bench b;
    b.rtc.set_time(0);
    b.set(0x0A, 0x60);
    b.seconds(5);
    EXPECT_EQ(b.get(0), 0x00);
    b.set(0x0A, 0x26);
    b.clock.advance(Ticks::from_ms(499));
    EXPECT_EQ(b.get(0), 0x00);
    b.clock.advance(Ticks::from_ms(2));
    EXPECT_EQ(b.get(0), 0x01);
}

TEST(Rtc, RamAndReadOnlyRegisters) {
    Bench b;
    b.rtc.set_time(0);
    b.set(0x3F, 0x5A);
    EXPECT_EQ(b.get(0xBF), 0x5A);  // bit 7 is none of its address
    b.set(0x0D, 0x00);
    EXPECT_EQ(b.get(0x0D), 0x80);
    EXPECT_EQ(b.rtc.in(0x70), 0xFF);
}

TEST(Rtc, State) {
    Bench b, c;
    b.rtc.set_time(at(1985, 1, 1, 6, 30, 0));
    b.seconds(7);
    b.get(0);
    b.set(0x20, 9);
    const test::Recording saved = test::save(b.rtc);
    test::load(c.rtc, saved);
    EXPECT_EQ(test::save(c.rtc), saved);
    c.seconds(10);
    EXPECT_EQ(c.get(0), 0x10);
}

}  // namespace dyn86
