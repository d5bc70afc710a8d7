#include "devices/speaker.h"

#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

namespace dyn86 {
namespace {

struct Bench {
    ManualClock clock;
    Scheduler scheduler{clock};
    Pit pit{scheduler, {nullptr, nullptr, nullptr}};
    Speaker speaker{clock, pit};

    void tone(u16 count) {
        pit.out(0x43, 0xB6);
        pit.out(0x42, u8(count));
        pit.out(0x42, u8(count >> 8));
    }
    void clks(i64 n) { clock.advance(Ticks{12 * n}); }
    Speaker::Trace all(std::size_t limit = 1000) { return speaker.trace({}, clock.now(), limit); }
};

Speaker::Edge edge(i64 clk, bool level) {
    return {Ticks{12 * clk}, level};
}

}  // namespace

TEST(Speaker, ToneIsTheTimersSquareWave) {
    Bench b;
    b.speaker.data().set_level(true);
    b.tone(4);
    b.clks(8);
    const auto trace = b.all();
    EXPECT_TRUE(trace.level);
    EXPECT_EQ(trace.edges, (std::vector{edge(3, false), edge(5, true), edge(7, false)}));
    EXPECT_EQ(trace.until, b.clock.now());
}

TEST(Speaker, DataBitGatesTheTone) {
    Bench b;
    b.tone(4);
    b.clks(4);  // OUT is low at 3 and 4
    b.speaker.data().set_level(true);
    b.clks(2);
    b.speaker.data().set_level(false);
    b.clks(10);
    const auto trace = b.all();
    EXPECT_FALSE(trace.level);
    EXPECT_EQ(trace.edges, (std::vector{edge(5, true), edge(6, false)}));
    EXPECT_FALSE(b.speaker.level());
}

TEST(Speaker, DataBitAloneMakesSoundBetweenTimerClocks) {
    Bench b;  // OUT 2 is high
    std::vector<Speaker::Edge> expected;
    for (int i = 0; i < 6; ++i) {
        b.clock.advance(Ticks{37});
        b.speaker.data().set_level(i % 2 == 0);
        expected.push_back({b.clock.now(), i % 2 == 0});
    }
    EXPECT_EQ(b.all().edges, expected);
}

TEST(Speaker, OneShotPulsesCarryPcm) {
    Bench b;  // the usual 1-bit PCM: mode 0, one byte per sample; OUT is low for count+1 clocks of each period
    b.speaker.data().set_level(true);
    b.pit.out(0x43, 0x90);
    for (const u8 sample : {u8{10}, u8{30}, u8{20}}) {
        b.pit.out(0x42, sample);
        b.clks(74);
    }
    EXPECT_EQ(b.all().edges,
              (std::vector{edge(11, true), edge(74, false), edge(105, true), edge(148, false), edge(169, true)}));
}

TEST(Speaker, TraceMayStartAnywhereAndStopAtItsLimit) {
    Bench b;
    b.speaker.data().set_level(true);
    b.tone(4);
    b.clks(1'000'000);
    const auto part = b.speaker.trace(Ticks{12 * 4}, b.clock.now(), 2);
    EXPECT_FALSE(part.level);
    EXPECT_EQ(part.edges, (std::vector{edge(5, true), edge(7, false)}));
    EXPECT_EQ(part.until, Ticks{12 * 7});
    const auto rest = b.speaker.trace(part.until, b.clock.now(), 2);
    EXPECT_FALSE(rest.level);
    EXPECT_EQ(rest.edges.front(), edge(9, true));
}

TEST(Speaker, MemoryIsBoundedAndKeepsTheNewest) {
    Bench b;
    for (std::size_t i = 0; i < Speaker::capacity + 100; ++i) {
        b.clks(1);
        b.speaker.data().set_level(i % 2 == 0);
    }
    EXPECT_GT(b.speaker.recorded_since(), Ticks{12 * 99});
    const auto trace = b.speaker.trace(b.speaker.recorded_since(), b.clock.now(), 10'000);
    EXPECT_EQ(trace.edges.size(), Speaker::capacity - 1);
    b.speaker.forget_before(b.clock.now());
    EXPECT_EQ(b.speaker.recorded_since(), b.clock.now());
    EXPECT_TRUE(b.speaker.trace(b.clock.now(), b.clock.now(), 10).edges.empty());
}

TEST(Speaker, StateSurvivesARoundTrip) {
    Bench a;
    a.speaker.data().set_level(true);
    a.tone(100);
    a.clks(30);
    Bench b;
    b.clock.advance(a.clock.now());
    test::load(b.pit, test::save(a.pit));
    test::load(b.speaker, test::save(a.speaker));
    const Ticks from = a.clock.now();
    a.clks(500);
    b.clks(500);
    EXPECT_EQ(a.speaker.trace(from, a.clock.now(), 100).edges, b.speaker.trace(from, b.clock.now(), 100).edges);
    EXPECT_EQ(b.speaker.trace(from, b.clock.now(), 100).edges.size(), 10u);
}

}  // namespace dyn86
