#include "devices/no_slot_clock.h"

#include "devices/calendar_time.h"
#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

namespace dyn86 {
namespace {

constexpr Linear rom = 0xC'8000;
constexpr std::array<u8, 8> key{0xC5, 0x3A, 0xA3, 0x5C, 0xC5, 0x3A, 0xA3, 0x5C};

struct Bench {
    ManualClock clock;
    std::vector<u8> bytes = std::vector<u8>(NoSlotClock::size, 0x42);
    NoSlotClock chip{clock, rom, bytes, CalendarTime{45, 30, 21, 0, 26, 4, 1986}.seconds()};

    void send(const std::array<u8, 8>& message) {
        for (int i = 0; i < 64; ++i) chip.read(rom + 2 + (message.at(std::size_t(i / 8)) >> i % 8 & 1));
    }
    std::array<u8, 8> receive() {
        std::array<u8, 8> message{};
        for (int i = 0; i < 64; ++i) message.at(std::size_t(i / 8)) |= u8((chip.read(rom + 4) & 1) << i % 8);
        return message;
    }
    void open() {
        chip.read(rom + 4);
        send(key);
    }
};

}  // namespace

TEST(NoSlotClock, TellsTheTimeBehindTheKey) {
    Bench b;
    b.open();
    EXPECT_EQ(b.receive(), (std::array<u8, 8>{0x00, 0x45, 0x30, 0x21, 0x07, 0x26, 0x04, 0x86}));  // a Saturday
    EXPECT_EQ(b.chip.read(rom + 4), 0x42);  // closed: the ROM again
    b.clock.advance(Ticks::from_ms(1'250));
    b.open();
    EXPECT_EQ(b.receive()[0], 0x25);
}

TEST(NoSlotClock, RomIsReadUntilThen) {
    Bench b;
    b.chip.read(rom + 4);
    for (int i = 0; i < 63; ++i) EXPECT_EQ(b.chip.read(rom + 2 + (key.at(std::size_t(i / 8)) >> i % 8 & 1)), 0x42);
    EXPECT_EQ(b.chip.peek(rom + 4), 0x42);
    b.chip.read(rom + 2);  // the last bit of 5Ch is 0
    EXPECT_NE(b.chip.read(rom + 4), 0x42);
}

TEST(NoSlotClock, WrongBitMakesItDeafUntilARead) {
    Bench b;
    b.chip.read(rom + 4);
    b.chip.read(rom + 2);  // C5h begins with a 1
    b.send(key);
    EXPECT_EQ(b.chip.read(rom + 4), 0x42);
    b.send(key);
    EXPECT_NE(b.chip.read(rom + 4), 0x42);
}

TEST(NoSlotClock, ReadInTheKeyStartsAnew) {
    Bench b;
    b.open();
    b.receive();
    b.chip.read(rom + 4);
    for (int i = 0; i < 32; ++i) b.chip.read(rom + 2 + (key.at(std::size_t(i / 8)) >> i % 8 & 1));
    b.open();
    EXPECT_EQ(b.receive()[7], 0x86);
}

TEST(NoSlotClock, IsSet) {
    Bench b;
    b.open();
    b.send({0x50, 0x59, 0x59, 0x23, 0x03, 0x31, 0x12, 0x99});
    b.clock.advance(Ticks::from_ms(500));
    b.open();
    EXPECT_EQ(b.receive(), (std::array<u8, 8>{0x00, 0x00, 0x00, 0x00, 0x04, 0x01, 0x01, 0x00}));
}

TEST(NoSlotClock, TwelveHours) {
    Bench b;
    b.open();
    b.send({0x00, 0x00, 0x30, 0x92, 0x01, 0x01, 0x01, 0x88});  // 12:30 in the morning
    b.open();
    EXPECT_EQ(b.receive()[3], 0x92);
    b.clock.advance(Ticks::from_seconds(13 * 3600));
    b.open();
    EXPECT_EQ(b.receive()[3], 0xA1);  // 1:30 in the afternoon
}

TEST(NoSlotClock, StateInTheMiddleOfTheRegisters) {
    Bench b, c;
    b.open();
    for (int i = 0; i < 9; ++i) b.chip.read(rom + 4);
    const test::Recording saved = test::save(b.chip);
    test::load(c.chip, saved);
    EXPECT_EQ(test::save(c.chip), saved);
    for (int i = 0; i < 7; ++i) EXPECT_EQ(c.chip.read(rom + 4), b.chip.read(rom + 4));
}

}  // namespace dyn86
