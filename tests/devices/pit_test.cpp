#include "devices/pit.h"

#include "devices/pic.h"

#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

#include <vector>

namespace dyn86 {
namespace {

using test::ProbePin;

struct Bench {
    ManualClock clock;
    Scheduler scheduler{clock};
    ProbePin irq0;
    Pit pit;

    explicit Bench(PitCounter::Model model = PitCounter::Model::I8253)
        : pit(scheduler, {&irq0, nullptr, nullptr}, model) {}

    void program(Port channel, u8 mode, u16 count) {
        pit.out(0x43, u8(channel << 6 | 0x30 | mode << 1));
        pit.out(Port(0x40 + channel), u8(count));
        pit.out(Port(0x40 + channel), u8(count >> 8));
    }
    void clks(i64 n) {
        clock.advance(Ticks{n * Pit::ticks_per_clk});
        scheduler.run_due();
    }
    u16 latched(Port channel) {
        pit.out(0x43, u8(channel << 6));
        const u8 low = pit.in(Port(0x40 + channel));
        return u16(low | pit.in(Port(0x40 + channel)) << 8);
    }
};

}  // namespace

TEST(Pit, ChannelZeroTicks18TimesASecond) {
    Bench b;
    b.program(0, 3, 0);
    b.irq0.rises = 0;
    for (i64 second = 0; second < 10; ++second) {
        for (int i = 0; i < 100; ++i) b.clks(11932);  // about 10 ms
    }
    EXPECT_EQ(b.irq0.rises, 182);  // 11,932,000 / 65,536
}

TEST(Pit, EventsComeOnlyAtEdgesOfWiredOutputs) {
    Bench b;
    EXPECT_EQ(b.scheduler.next(), Ticks::never());
    b.program(2, 3, 1000);
    EXPECT_EQ(b.scheduler.next(), Ticks::never());
    b.program(0, 2, 1000);
    EXPECT_EQ(b.scheduler.next(), Ticks{1000 * 12});
    b.clks(1000);
    EXPECT_FALSE(b.irq0.level);
    EXPECT_EQ(b.scheduler.next(), Ticks{1001 * 12});
    b.clks(1);
    EXPECT_TRUE(b.irq0.level);
    b.program(0, 0, 5);  // one-shot: one edge, then silence
    EXPECT_FALSE(b.irq0.level);
    b.clks(6);
    EXPECT_TRUE(b.irq0.level);
    EXPECT_EQ(b.scheduler.next(), Ticks::never());
}

TEST(Pit, LateRunsDeliverEveryEdge) {
    Bench b;
    b.program(0, 2, 10);
    b.irq0.rises = 0;
    b.clks(1 + 10 * 25);
    EXPECT_EQ(b.irq0.rises, 25);
}

TEST(Pit, EdgesAreDeliveredBeforeAnAccessOfTheSameMoment) {
    Bench b;
    b.program(0, 0, 3);
    b.clock.advance(Ticks{4 * 12});  // no run_due: the access is inside an instruction
    EXPECT_EQ(b.latched(0), 0);
    EXPECT_TRUE(b.irq0.level);
}

namespace {

/// As in a PC: OUT 0 is the PIC's IR0, whose falls may come late.
struct Wired {
    ManualClock clock;
    Scheduler scheduler{clock};
    ProbePin intr;
    Pic pic{intr};
    Pit pit{scheduler, {&pic.line(0), nullptr, nullptr}};

    Wired() {
        pit.allow_late_falls(0, [this] { return pic.is_deaf_to_fall(0); });
        pic.attach(0, {.served = [this] { pit.reconsider(0); }, .needed = [this] { pit.catch_up(0); }});
        initialise(0x13);
        pit.out(0x43, 0x36);  // mode 3
        pit.out(0x40, 100);
        pit.out(0x40, 0);
    }
    void initialise(u8 icw1) {
        pic.out(0x20, icw1);
        pic.out(0x21, 8);
        pic.out(0x21, 1);
    }
    void clks(i64 n) {
        for (clock.advance(Ticks{n * Pit::ticks_per_clk}); scheduler.next() <= clock.now();) scheduler.run_due();
    }
    i64 clks_to_event() { return (scheduler.next() - clock.now()).count / Pit::ticks_per_clk; }
};

}  // namespace

TEST(Pit, AFallThatNobodyHearsIsNoEvent) {
    Wired pc;
    pc.clks(101);  // loaded, high, low, high again
    ASSERT_TRUE(pc.intr.level);
    EXPECT_EQ(pc.clks_to_event(), 50);
    EXPECT_EQ(pc.pic.acknowledge(), 8);
    EXPECT_EQ(pc.clks_to_event(), 100);  // the next rise
    pc.pic.out(0x20, 0x20);              // EOI
    pc.clks(100);
    EXPECT_TRUE(pc.intr.level);
    EXPECT_EQ(pc.clks_to_event(), 50);  // which takes the request back
    pc.clks(50);
    EXPECT_FALSE(pc.intr.level);
}

// ICW1 looks at the lines: high ones have to fall first, in edge mode, and request at once in level mode.
TEST(Pit, FallsAreToldBeforeTheirLevelIsLookedAt) {
    Wired pc;
    pc.clks(101);
    (void)pc.pic.acknowledge();
    pc.clks(60);
    pc.initialise(0x13);
    EXPECT_FALSE(pc.intr.level);
    pc.clks(40);
    EXPECT_TRUE(pc.intr.level);
    (void)pc.pic.acknowledge();
    pc.initialise(0x1B);  // level mode
    EXPECT_TRUE(pc.intr.level);
    EXPECT_EQ(pc.clks_to_event(), 50);
}

TEST(Pit, LatchCommandNamesItsCounter) {
    Bench b;
    b.program(1, 2, 0x1234);
    b.program(2, 2, 0x2345);
    b.clks(3);
    EXPECT_EQ(b.latched(1), 0x1232);
    EXPECT_EQ(b.latched(2), 0x2343);
}

TEST(Pit, TimeWithinAClkPeriodDoesNotCount) {
    Bench b;
    b.program(2, 2, 100);
    b.clock.advance(Ticks{23});
    EXPECT_EQ(b.latched(2), 100);
    b.clock.advance(Ticks{1});
    EXPECT_EQ(b.latched(2), 99);
}

TEST(Pit, GateTwoStartsTheCount) {
    Bench b;
    b.pit.gate(2).set_level(false);
    b.program(2, 0, 50);
    b.clks(200);
    EXPECT_FALSE(b.pit.out_level(2));
    b.pit.gate(2).set_level(true);
    b.clks(49);
    EXPECT_FALSE(b.pit.out_level(2));
    b.clks(1);
    EXPECT_TRUE(b.pit.out_level(2));
}

TEST(Pit, ControlPortReadsNothingAndAliasesRepeat) {
    Bench b;
    EXPECT_EQ(b.pit.in(0x43), 0xFF);
    b.pit.out(0x57, 0x94);  // counter 2, LSB only, mode 2
    b.pit.out(0x5E, 77);
    b.clks(1);
    EXPECT_EQ(b.pit.in(0x42), 77);
}

TEST(Pit, ReadBackIsThe8254sAlone) {
    Bench b{PitCounter::Model::I8254};
    b.program(0, 2, 1000);
    b.program(2, 3, 2000);
    b.clks(11);
    b.pit.out(0x43, 0xC0 | 0x02 | 0x08);  // count and status of counters 0 and 2
    b.clks(5);
    EXPECT_EQ(b.pit.in(0x40), 0xB4);
    EXPECT_EQ(b.pit.in(0x40), u8(990));
    EXPECT_EQ(b.pit.in(0x40), 990 >> 8);
    EXPECT_EQ(b.pit.in(0x42), 0xB6);
    EXPECT_EQ(b.pit.in(0x42), u8(1980));

    Bench old;
    old.program(0, 2, 1000);
    old.clks(11);
    old.pit.out(0x43, 0xC2);  // illegal: no effect
    EXPECT_EQ(old.pit.in(0x40), u8(990));
}

TEST(Pit, ObserverGetsTheCounterAfterEachChange) {
    Bench b;
    std::vector<bool> levels;
    b.pit.observe(2, [&](const PitCounter& counter) { levels.push_back(counter.out()); });
    b.pit.out(0x43, 0xB0);  // mode 0: low
    b.pit.out(0x43, 0xB6);  // mode 3: high
    b.pit.out(0x43, 0x80);  // a latch changes nothing
    b.pit.gate(2).set_level(false);
    EXPECT_EQ(levels, (std::vector<bool>{true, false, true, true}));
}

TEST(Pit, StateSurvivesARoundTripAndGoesOnAlike) {
    Bench a;
    a.program(0, 2, 0x1234);
    a.program(1, 2, 18);
    a.program(2, 3, 0x511);
    a.clks(4321);
    const test::Recording saved = test::save(a.pit);
    Bench b;
    b.clock.advance(a.clock.now());
    test::load(b.pit, saved);
    EXPECT_EQ(test::save(b.pit), saved);
    EXPECT_EQ(b.scheduler.next(), a.scheduler.next());
    for (int i = 0; i < 50; ++i) {
        a.clks(577);
        b.clks(577);
        ASSERT_EQ(a.latched(0), b.latched(0));
        ASSERT_EQ(a.pit.out_level(2), b.pit.out_level(2));
        ASSERT_EQ(a.irq0.level, b.irq0.level);
    }
}

}  // namespace dyn86
