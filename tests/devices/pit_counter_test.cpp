#include "devices/pit_counter.h"

#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace dyn86 {
namespace {

using Model = PitCounter::Model;

/// A counter and a pulse generator.
struct Bench {
    PitCounter counter;
    i64 now = 0;

    explicit Bench(u8 mode, Model model = Model::I8253, bool bcd = false) : counter(model) {
        counter.control(u8(0x30 | mode << 1 | int{bcd}));
    }
    void write(u16 count) {
        counter.write(u8(count));
        counter.write(u8(count >> 8));
    }
    u16 count() {
        const u8 low = counter.read();
        return u16(low | counter.read() << 8);
    }
    void pulse(i64 n = 1) { counter.advance_to(now += n); }
    /// OUT after each of the next `n` pulses, as the data sheet draws it.
    std::string wave(int n) {
        std::string levels;
        while (n-- > 0) {
            pulse();
            levels += counter.out() ? '-' : '_';
        }
        return levels;
    }
    void trigger() {
        counter.set_gate(false);
        counter.set_gate(true);
    }
};

std::string counts(Bench& b, int n) {
    std::string text;
    while (n-- > 0) {
        b.pulse();
        text += std::to_string(b.count()) + (n > 0 ? " " : "");
    }
    return text;
}

}  // namespace

TEST(PitCounter, Mode0RisesAfterNPlusOnePulses) {
    Bench b{0};
    EXPECT_FALSE(b.counter.out());
    b.write(4);
    EXPECT_EQ(b.wave(8), "____----");
    EXPECT_EQ(b.count(), 0xFFFD);  // counts on through zero
}

TEST(PitCounter, Mode0GateHoldsTheCountButNotTheLoad) {
    Bench b{0};
    b.counter.set_gate(false);
    b.write(3);
    b.pulse(5);
    EXPECT_EQ(b.count(), 3);
    b.counter.set_gate(true);
    EXPECT_EQ(b.wave(3), "__-");
}

TEST(PitCounter, Mode0FirstByteStopsAndLowersOut) {
    Bench b{0};
    b.write(2);
    EXPECT_EQ(b.wave(3), "__-");
    b.counter.write(3);
    EXPECT_FALSE(b.counter.out());
    const u16 before = b.count();
    b.pulse(9);
    EXPECT_EQ(b.count(), before);
    b.counter.write(0);
    EXPECT_EQ(b.wave(5), "___--");
}

TEST(PitCounter, Mode0NewCountRestarts) {
    Bench b{0};
    b.write(4);
    b.pulse(3);
    b.write(2);
    EXPECT_EQ(b.wave(3), "__-");
}

TEST(PitCounter, Mode1IsAOneShotOfNPulses) {
    Bench b{1};
    b.write(3);
    EXPECT_EQ(b.wave(3), "---");
    b.trigger();
    EXPECT_EQ(b.wave(6), "___---");
    b.trigger();
    EXPECT_EQ(b.wave(2), "__");
    b.trigger();  // retriggerable
    EXPECT_EQ(b.wave(5), "___--");
}

TEST(PitCounter, Mode1NewCountWaitsForTheNextTrigger) {
    Bench b{1};
    b.write(3);
    b.trigger();
    b.pulse();
    b.write(5);
    EXPECT_EQ(b.wave(3), "__-");
    b.trigger();
    EXPECT_EQ(b.wave(6), "_____-");
}

TEST(PitCounter, Mode2IsLowForTheLastPulseOfN) {
    Bench b{2};
    EXPECT_TRUE(b.counter.out());
    b.write(3);
    EXPECT_EQ(b.wave(9), "--_--_--_");
}

TEST(PitCounter, Mode2CountsDownToOne) {
    Bench b{2};
    b.write(3);
    EXPECT_EQ(counts(b, 7), "3 2 1 3 2 1 3");
}

TEST(PitCounter, Mode2NewCountTakesOverAtTheEndOfThePeriod) {
    Bench b{2};
    b.write(4);
    b.pulse(2);
    b.write(2);
    EXPECT_EQ(b.wave(6), "-_-_-_");
}

TEST(PitCounter, Mode2GateLowRaisesOutAndRisingReloads) {
    Bench b{2};
    b.write(3);
    b.pulse(3);
    EXPECT_FALSE(b.counter.out());
    b.counter.set_gate(false);
    EXPECT_TRUE(b.counter.out());
    EXPECT_EQ(b.wave(4), "----");
    b.counter.set_gate(true);
    EXPECT_EQ(b.wave(4), "--_-");
}

TEST(PitCounter, Mode3EvenCountIsSymmetric) {
    Bench b{3};
    b.write(4);
    EXPECT_EQ(b.wave(9), "--__--__-");
}

TEST(PitCounter, Mode3OddCountIsOnePulseLongerHigh) {
    for (const Model model : {Model::I8253, Model::I8254}) {
        Bench b{3, model};
        b.write(5);
        EXPECT_EQ(b.wave(12), "---__---__--");
        Bench c{3, model};
        c.write(3);
        EXPECT_EQ(c.wave(7), "--_--_-");
    }
}

TEST(PitCounter, Mode3OddCountsReadAsEachChipStepsThem) {
    Bench intel8253{3};
    intel8253.write(5);
    EXPECT_EQ(counts(intel8253, 7), "5 4 2 5 2 5 4");  // steps 1, 2 | 3
    Bench intel8254{3, Model::I8254};
    intel8254.write(5);
    EXPECT_EQ(counts(intel8254, 7), "4 2 0 4 2 4 2");
}

TEST(PitCounter, Mode3NewCountTakesOverAtTheEndOfTheHalf) {
    Bench b{3};
    b.write(8);
    b.pulse(2);
    b.write(4);
    EXPECT_EQ(b.wave(8), "--__--__");
}

TEST(PitCounter, Mode3GateLowRaisesOut) {
    Bench b{3};
    b.write(4);
    b.pulse(3);
    EXPECT_FALSE(b.counter.out());
    b.counter.set_gate(false);
    EXPECT_TRUE(b.counter.out());
    b.pulse(10);
    b.counter.set_gate(true);
    EXPECT_EQ(b.wave(5), "--__-");
}

TEST(PitCounter, Mode4StrobesOnceAfterNPlusOnePulses) {
    Bench b{4};
    b.write(3);
    EXPECT_EQ(b.wave(8), "---_----");
    b.write(2);
    b.counter.set_gate(false);
    b.pulse(7);
    b.counter.set_gate(true);
    EXPECT_EQ(b.wave(3), "-_-");
}

TEST(PitCounter, Mode5StrobesAfterATrigger) {
    Bench b{5};
    b.write(3);
    EXPECT_EQ(b.wave(6), "------");
    b.trigger();
    EXPECT_EQ(b.wave(6), "---_--");
    b.trigger();
    b.pulse(2);
    b.trigger();
    EXPECT_EQ(b.wave(6), "---_--");
}

TEST(PitCounter, GateLevelDoesNotStopModes1And5) {
    for (const u8 mode : {u8{1}, u8{5}}) {
        Bench b{mode};
        b.write(4);
        b.trigger();
        b.pulse(2);
        b.counter.set_gate(false);
        b.pulse(2);
        EXPECT_EQ(b.count(), 1);
    }
}

TEST(PitCounter, ModesSixAndSevenAreTwoAndThree) {
    Bench six{6};
    six.write(3);
    EXPECT_EQ(six.wave(6), "--_--_");
    Bench seven{7};
    seven.write(4);
    EXPECT_EQ(seven.wave(6), "--__--");
}

TEST(PitCounter, ZeroMeansTheLongestCount) {
    Bench b{2};
    b.write(0);
    b.pulse();
    EXPECT_EQ(b.count(), 0);
    EXPECT_EQ(b.counter.next_edge(), 1 + 65535);
    Bench bcd{2, Model::I8253, true};
    bcd.write(0);
    bcd.pulse();
    EXPECT_EQ(bcd.counter.next_edge(), 1 + 9999);
}

TEST(PitCounter, BcdCountsInDecimal) {
    Bench b{2, Model::I8253, true};
    b.write(0x1000);
    b.pulse();
    EXPECT_EQ(b.count(), 0x1000);
    b.pulse();
    EXPECT_EQ(b.count(), 0x0999);
    b.pulse(999);
    EXPECT_EQ(b.count(), 0x1000);
    Bench zero{0, Model::I8253, true};
    zero.write(2);
    zero.pulse(4);
    EXPECT_EQ(zero.count(), 0x9999);
}

TEST(PitCounter, SingleByteAccessClearsTheOtherByte) {
    Bench b{2};
    b.counter.control(0x14);  // LSB only, mode 2
    b.counter.write(0x34);
    b.pulse();
    EXPECT_EQ(b.counter.read(), 0x34);
    b.counter.control(0x24);  // MSB only
    b.counter.write(0x12);
    b.pulse(2);
    EXPECT_EQ(b.counter.read(), 0x11);  // 11FFh
    b.counter.control(0x14);
    EXPECT_EQ(b.counter.read(), 0xFF);
}

TEST(PitCounter, LatchHoldsUntilBothBytesAreRead) {
    Bench b{2};
    b.write(0x1234);
    b.pulse();
    b.counter.latch_count();
    b.pulse(0x100);
    b.counter.latch_count();  // ignored
    EXPECT_EQ(b.counter.read(), 0x34);
    b.pulse();
    EXPECT_EQ(b.counter.read(), 0x12);
    EXPECT_EQ(b.count(), 0x1234 - 0x101);
}

TEST(PitCounter, ControlWordRestartsTheByteOrder) {
    Bench b{2};
    b.write(0x1234);
    b.pulse();
    EXPECT_EQ(b.counter.read(), 0x34);
    b.counter.write(0x99);
    b.counter.control(0x34);
    b.write(0x5678);
    b.pulse();
    EXPECT_EQ(b.count(), 0x5678);
}

TEST(PitCounter, StatusShowsOutNullCountAndProgramming) {
    Bench b{3, Model::I8254};
    const auto status = [&] {
        b.counter.latch_status();
        return b.counter.read();
    };
    EXPECT_EQ(status(), 0xF6);  // OUT high, null count
    b.write(4);
    EXPECT_EQ(status(), 0xF6);
    b.pulse();
    EXPECT_EQ(status(), 0xB6);
    b.pulse(2);
    EXPECT_EQ(status(), 0x36);
    b.write(6);
    EXPECT_EQ(status(), 0x76);  // not taken over yet
    b.pulse(2);
    EXPECT_EQ(status(), 0xB6);
}

TEST(PitCounter, StatusIsReadBeforeALatchedCount) {
    Bench b{2, Model::I8254};
    b.write(0x1234);
    b.pulse();
    b.counter.latch_count();
    b.counter.latch_status();
    EXPECT_EQ(b.counter.read(), 0xB4);
    EXPECT_EQ(b.count(), 0x1234);
}

namespace {

/// The data sheet pulse by pulse, written without regard to speed: the reference for jumps. Counts as the chips do,
/// modulus and all, but knows no latches and no byte access.
struct Reference {
    u8 mode;
    Model model;
    i64 modulus;
    i64 pending = 0, count = 0;
    bool odd = false, out, gate = true, written = false, loaded = false, load_next = false, armed = false,
         strobe = false;

    Reference(u8 m, Model which, bool bcd) : mode(m), model(which), modulus(bcd ? 10'000 : 65'536), out(m != 0) {}
    void write(i64 n) {
        pending = n;
        written = true;
        if (mode == 0) out = armed = false;
        if (mode == 0 || mode == 4 || ((mode == 2 || mode == 3) && !loaded)) load_next = true;
    }
    void set_gate(bool high) {
        if (gate == high) return;
        gate = high;
        if ((mode == 2 || mode == 3) && !high) out = true;
        if ((mode & 3) != 0 && high && written) load_next = true;
    }
    void load() {
        odd = pending % 2 == 1;
        count = mode == 3 && model == Model::I8254 ? pending & ~i64{1} : pending;
        count %= modulus;
        loaded = true;
    }
    void down(i64 by) { count = (count - by + modulus) % modulus; }
    void pulse() {
        const bool was_strobe = strobe;
        if (strobe) {
            out = true;
            strobe = false;
        }
        if (load_next) {
            load_next = false;
            load();
            armed = true;
            if (mode == 1) out = false;
            return;
        }
        const bool needs_gate = mode != 1 && mode != 5;
        if (!loaded || (needs_gate && !gate)) return;
        if (mode == 2) return pulse_rate();
        if (mode == 3) return pulse_square();
        down(1);
        if (count != 0 || !armed || was_strobe) return;
        armed = false;
        out = mode < 4;
        strobe = mode >= 4;
    }
    void pulse_rate() {
        if (count == 1) {
            load();
            out = true;
        } else {
            down(1);
            if (count == 1) out = false;
        }
    }
    void pulse_square() {
        if (model == Model::I8254 && odd && out) {
            if (count == 0) return turn();
            return down(2);
        }
        const i64 step = count % 2 == 0 ? 2 : out ? 1 : 3;
        if (count == step) return turn();
        down(step);
    }
    void turn() {
        out = !out;
        load();
    }
};

u16 encode(i64 count, bool bcd) {
    if (!bcd) return u16(count);
    return u16((count / 1000 % 10) << 12 | (count / 100 % 10) << 8 | (count / 10 % 10) << 4 | count % 10);
}

}  // namespace

// Random programs of writes and gate changes between jumps of random lengths: OUT and count after each jump, and the
// edge that was promised before it, must be what single pulses give.
TEST(PitCounter, JumpsEqualSinglePulses) {
    std::mt19937 random{8253};
    for (int run = 0; run < 600; ++run) {
        const u8 mode = u8(run % 6);
        const bool bcd = run / 6 % 2 != 0;
        const Model model = run / 12 % 2 != 0 ? Model::I8254 : Model::I8253;
        Bench b{mode, model, bcd};
        Reference reference{mode, model, bcd};
        for (int step = 0; step < 40; ++step) {
            const u32 dice = random() % 8;
            if (dice == 0 || step == 0) {
                const i64 longest = reference.modulus;
                const i64 count = random() % 4 != 0 ? 1 + random() % 12 : 1 + random() % longest;
                b.write(encode(count, bcd));
                reference.write(count);
            } else if (dice == 1) {
                const bool high = random() % 3 != 0;
                b.counter.set_gate(high);
                reference.set_gate(high);
            } else if (dice == 2) {
                b.trigger();
                reference.set_gate(false);
                reference.set_gate(true);
            }
            const i64 jump = random() % 10 == 0 ? random() % 150'000 : random() % 20;
            const i64 promised = b.counter.next_edge();
            const i64 promised_rises = b.counter.rises_until(b.now + jump);
            i64 rises = 0;
            i64 first_edge = PitCounter::never;
            const bool before = reference.out;
            for (i64 i = 1; i <= jump; ++i) {
                const bool was = reference.out;
                reference.pulse();
                rises += reference.out && !was ? 1 : 0;
                if (reference.out != before && first_edge == PitCounter::never) first_edge = b.now + i;
            }
            if (first_edge != PitCounter::never || promised <= b.now + jump) {
                ASSERT_EQ(promised, first_edge) << "run " << run << " step " << step;
            }
            ASSERT_EQ(promised_rises, rises) << "run " << run << " step " << step;
            b.pulse(jump);
            ASSERT_EQ(b.counter.out(), reference.out) << "run " << run << " step " << step;
            if (reference.loaded) {
                ASSERT_EQ(b.count(), encode(reference.count, bcd)) << run << " " << step;
            }
        }
    }
}

TEST(PitCounter, StateSurvivesARoundTrip) {
    Bench b{3, Model::I8254, true};
    b.write(0x0123);
    b.pulse(77);
    b.counter.latch_count();
    b.counter.latch_status();
    b.counter.write(9);
    PitCounter copy{Model::I8254};
    test::load(copy, test::save(b.counter));
    EXPECT_EQ(copy, b.counter);
    copy.advance_to(500);
    b.counter.advance_to(500);
    EXPECT_EQ(copy, b.counter);
}

}  // namespace dyn86
