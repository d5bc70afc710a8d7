#include "devices/pic.h"

#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace dyn86 {
namespace {

using test::ProbePin;

constexpr u8 eoi = 0x20;

/// A PC's master as its BIOS programs it: edge, single, vectors from 08h, 8086 mode.
struct Bench {
    ProbePin intr;
    Pic pic{intr};

    explicit Bench(u8 icw1 = 0x13, u8 icw4 = 0x09) { program({icw1, 0x08, icw4}); }
    void program(std::initializer_list<u8> words) {
        Port port = 0x20;
        for (const u8 word : words) {
            pic.out(port, word);
            port = 0x21;
        }
    }
    void raise(std::size_t level) { pic.line(level).set_level(true); }
    void lower(std::size_t level) { pic.line(level).set_level(false); }
    void pulse(std::size_t level) {
        lower(level);
        raise(level);
    }
    void command(u8 value) { pic.out(0x20, value); }
    void mask(u8 value) { pic.out(0x21, value); }
    u8 read_irr() {
        command(0x0A);
        return pic.in(0x20);
    }
    u8 read_isr() {
        command(0x0B);
        return pic.in(0x20);
    }
};

}  // namespace

TEST(Pic, UnprogrammedChipRequestsNothing) {
    ProbePin intr;
    Pic pic{intr};
    pic.line(0).set_level(true);
    EXPECT_FALSE(intr.level);
}

TEST(Pic, EdgeGivesOneInterruptUntilTheLineHasBeenLow) {
    Bench b;
    b.raise(1);
    EXPECT_TRUE(b.intr.level);
    EXPECT_EQ(b.read_irr(), 0x02);
    EXPECT_EQ(b.pic.acknowledge(), 0x09);
    EXPECT_FALSE(b.intr.level);
    EXPECT_EQ(b.read_irr(), 0x00);
    EXPECT_EQ(b.read_isr(), 0x02);
    b.command(eoi);
    EXPECT_FALSE(b.intr.level);  // still high: no edge
    b.pulse(1);
    EXPECT_TRUE(b.intr.level);
}

TEST(Pic, LevelModeRequestsAgainWhileTheLineIsHigh) {
    Bench b{0x1B};
    b.raise(3);
    EXPECT_EQ(b.pic.acknowledge(), 0x0B);
    EXPECT_FALSE(b.intr.level);
    b.command(eoi);
    EXPECT_TRUE(b.intr.level);
    b.lower(3);
    EXPECT_FALSE(b.intr.level);
}

TEST(Pic, Icw1ResetsEdgesMaskAndPriorities) {
    Bench b;
    b.mask(0xFF);
    b.command(0xC2);  // IR2 lowest
    b.raise(0);
    b.program({0x13, 0x20, 0x01});
    EXPECT_EQ(b.pic.in(0x21), 0x00);
    EXPECT_EQ(b.read_irr(), 0x00);  // high since before: no edge
    b.raise(5);
    b.raise(3);
    EXPECT_EQ(b.pic.acknowledge(), 0x23);  // IR0 is highest again
}

TEST(Pic, NothingIsRequestedBetweenIcw1AndItsLastWord) {
    Bench b;
    b.pic.out(0x20, 0x13);
    b.pic.out(0x21, 0x08);
    b.raise(0);
    EXPECT_FALSE(b.intr.level);
    b.pic.out(0x21, 0x01);
    EXPECT_TRUE(b.intr.level);
}

TEST(Pic, FullyNestedPriority) {
    Bench b;
    b.raise(4);
    EXPECT_EQ(b.pic.acknowledge(), 0x0C);
    b.raise(5);
    EXPECT_FALSE(b.intr.level);  // lower than what is in service
    b.raise(0);
    EXPECT_TRUE(b.intr.level);
    EXPECT_EQ(b.pic.acknowledge(), 0x08);
    EXPECT_EQ(b.read_isr(), 0x11);
    b.command(eoi);  // ends the highest: IR0
    EXPECT_EQ(b.read_isr(), 0x10);
    b.command(eoi);
    EXPECT_EQ(b.pic.acknowledge(), 0x0D);
}

TEST(Pic, MaskHidesARequestAndKeepsIt) {
    Bench b;
    b.mask(0x02);
    b.raise(1);
    EXPECT_FALSE(b.intr.level);
    EXPECT_EQ(b.read_irr(), 0x02);
    b.mask(0x00);
    EXPECT_TRUE(b.intr.level);
    EXPECT_EQ(b.pic.in(0x21), 0x00);
}

TEST(Pic, LineThatFallsBeforeIntaGivesSpuriousSeven) {
    Bench b;
    b.raise(3);
    b.lower(3);
    EXPECT_FALSE(b.intr.level);
    EXPECT_EQ(b.pic.acknowledge(), 0x0F);  // the CPU had already sampled INTR
    EXPECT_EQ(b.read_isr(), 0x00);         // which is how a handler tells it from a real IR7
}

TEST(Pic, SpecificEoiEndsTheNamedLevel) {
    Bench b;
    b.raise(4);
    b.pic.acknowledge();
    b.raise(1);
    b.pic.acknowledge();
    b.command(0x64);
    EXPECT_EQ(b.read_isr(), 0x02);
}

TEST(Pic, AutomaticEoiLeavesNothingInService) {
    Bench b{0x13, 0x03};
    b.raise(2);
    EXPECT_EQ(b.pic.acknowledge(), 0x0A);
    EXPECT_EQ(b.read_isr(), 0x00);
}

TEST(Pic, RotateInAutomaticEoi) {
    Bench b{0x13, 0x03};
    b.command(0x80);
    b.raise(2);
    b.pic.acknowledge();
    b.pulse(2);
    b.raise(7);
    b.raise(0);
    EXPECT_EQ(b.pic.acknowledge(), 0x0F);  // IR3 is now highest, so IR7 comes before IR0
    EXPECT_EQ(b.pic.acknowledge(), 0x08);
    b.command(0x00);  // rotation off
    EXPECT_EQ(b.pic.acknowledge(), 0x0A);
    b.pulse(0);
    b.pulse(1);
    EXPECT_EQ(b.pic.acknowledge(), 0x09);  // IR0 stays lowest
}

TEST(Pic, RotateOnEois) {
    Bench b;
    b.raise(3);
    b.pic.acknowledge();
    b.command(0xA0);  // rotate on non-specific EOI: IR3 becomes lowest
    EXPECT_EQ(b.read_isr(), 0x00);
    b.pulse(3);
    b.raise(4);
    EXPECT_EQ(b.pic.acknowledge(), 0x0C);
    b.command(0xE4);  // rotate on specific EOI: IR4 lowest
    b.raise(0);
    EXPECT_EQ(b.pic.acknowledge(), 0x08);  // order is now 5 6 7 0 1 2 3 4
    b.command(eoi);
    EXPECT_EQ(b.pic.acknowledge(), 0x0B);
}

TEST(Pic, SetPriorityNamesTheLowest) {
    Bench b;
    b.command(0xC5);
    b.raise(5);
    b.raise(6);
    EXPECT_EQ(b.pic.acknowledge(), 0x0E);
    b.raise(0);
    EXPECT_FALSE(b.intr.level);  // 6 is highest now
}

TEST(Pic, SpecialMaskModeLetsLowerLevelsIn) {
    Bench b;
    b.raise(2);
    b.pic.acknowledge();
    b.raise(6);
    EXPECT_FALSE(b.intr.level);
    b.mask(0x04);
    EXPECT_FALSE(b.intr.level);  // masking alone is not enough
    b.command(0x68);             // special mask mode on
    EXPECT_TRUE(b.intr.level);
    EXPECT_EQ(b.pic.acknowledge(), 0x0E);
    b.command(eoi);  // not the masked IR2
    EXPECT_EQ(b.read_isr(), 0x04);
    b.command(eoi);
    EXPECT_EQ(b.read_isr(), 0x04);
    b.command(0x48);  // special mask mode off
    b.command(eoi);
    EXPECT_EQ(b.read_isr(), 0x00);
}

TEST(Pic, EsmmGuardsSmm) {
    Bench b;
    b.raise(2);
    b.pic.acknowledge();
    b.mask(0x04);
    b.command(0x28);  // SMM without ESMM: no effect
    b.raise(6);
    EXPECT_FALSE(b.intr.level);
}

TEST(Pic, PollIsAnAcknowledge) {
    Bench b;
    b.command(0x0C);
    EXPECT_EQ(b.pic.in(0x20) & 0x80, 0);
    b.raise(5);
    b.command(0x0C);
    EXPECT_EQ(b.pic.in(0x20), 0x85);
    EXPECT_FALSE(b.intr.level);
    EXPECT_EQ(b.read_isr(), 0x20);
    b.command(eoi);
    b.pulse(5);
    b.command(0x0C);
    EXPECT_EQ(b.pic.in(0x21), 0x85);  // any read, A0 high too
    EXPECT_EQ(b.pic.in(0x21), 0x00);  // one read only
}

TEST(Pic, Mcs80ModeGivesCallAddresses) {
    Bench b;
    b.program({0x16 | 0xA0, 0x12});  // interval 4, no ICW4
    b.raise(3);
    EXPECT_EQ(b.pic.acknowledge(), 0xA0 | 3 << 2);
    b.program({0x12 | 0xC0, 0x12});  // interval 8
    b.pulse(2);
    EXPECT_EQ(b.pic.acknowledge(), 0xC0 | 2 << 3);
}

namespace {

/// Master and slave as an AT has them: the slave on IR2.
struct Pair {
    ProbePin intr;
    Pic master{intr};
    Pic slave{master.line(2), Pic::Role::Slave};

    explicit Pair(u8 master_icw4) {
        master.cascade(2, slave);
        const std::array<u8, 4> for_master{0x11, 0x08, 0x04, master_icw4};
        const std::array<u8, 4> for_slave{0x11, 0x70, 0x02, 0x01};
        for (std::size_t i = 0; i < 4; ++i) {
            master.out(i == 0 ? 0x20 : 0x21, for_master[i]);
            slave.out(i == 0 ? 0xA0 : 0xA1, for_slave[i]);
        }
    }
};

}  // namespace

TEST(Pic, SlaveAnswersTheSecondInta) {
    Pair p{0x01};
    p.slave.line(3).set_level(true);
    EXPECT_TRUE(p.intr.level);
    EXPECT_EQ(p.master.acknowledge(), 0x73);
    EXPECT_EQ(p.master.isr(), 0x04);
    EXPECT_EQ(p.slave.isr(), 0x08);
    p.master.line(1).set_level(true);
    EXPECT_EQ(p.master.acknowledge(), 0x09);
}

TEST(Pic, SlaveOfAnotherNameLeavesTheBusFloating) {
    Pair p{0x01};
    const std::array<u8, 4> renamed{0x11, 0x70, 0x05, 0x01};
    for (std::size_t i = 0; i < 4; ++i) p.slave.out(i == 0 ? 0xA0 : 0xA1, renamed[i]);
    p.slave.line(3).set_level(true);
    EXPECT_EQ(p.master.acknowledge(), 0xFF);
}

TEST(Pic, SpecialFullyNestedModeLetsTheSlaveNest) {
    for (const u8 icw4 : {u8{0x01}, u8{0x11}}) {
        Pair p{icw4};
        p.slave.line(3).set_level(true);
        EXPECT_EQ(p.master.acknowledge(), 0x73);
        p.slave.line(1).set_level(true);  // higher within the slave
        EXPECT_EQ(p.intr.level, icw4 == 0x11);
        if (icw4 == 0x11) {
            EXPECT_EQ(p.master.acknowledge(), 0x71);
        }
    }
}

TEST(Pic, SpuriousOnTheSlaveIsTheSlavesSeven) {
    Pair p{0x01};
    p.slave.line(3).set_level(true);
    // The slave's mask withdraws its INT; a master in level mode would see it fall, so hold IR2 by hand.
    p.slave.out(0xA1, 0xFF);
    p.master.line(2).set_level(true);
    EXPECT_EQ(p.master.acknowledge(), 0x77);
    EXPECT_EQ(p.slave.isr(), 0x00);
    EXPECT_EQ(p.master.isr(), 0x04);
}

TEST(Pic, BufferedModeDecidesMasterByItsBit) {
    ProbePin intr;
    Pic master{intr, Pic::Role::Slave};  // SP is an output in buffered mode
    Pic slave{master.line(2), Pic::Role::Slave};
    master.cascade(2, slave);
    const std::array<u8, 4> for_master{0x11, 0x08, 0x04, 0x0D};
    const std::array<u8, 4> for_slave{0x11, 0x70, 0x02, 0x09};
    for (std::size_t i = 0; i < 4; ++i) {
        master.out(i == 0 ? 0x20 : 0x21, for_master[i]);
        slave.out(i == 0 ? 0xA0 : 0xA1, for_slave[i]);
    }
    slave.line(0).set_level(true);
    EXPECT_EQ(master.acknowledge(), 0x70);
}

TEST(Pic, AliasesDecodeA0Alone) {
    Bench b;
    b.pic.out(0x3F, 0x5A);
    EXPECT_EQ(b.pic.in(0x21), 0x5A);
    EXPECT_EQ(b.pic.in(0x33), 0x5A);
}

TEST(Pic, StateSurvivesARoundTrip) {
    Bench b;
    b.mask(0x80);
    b.command(0xC4);
    b.raise(2);
    b.pic.acknowledge();
    b.raise(6);
    b.command(0x0B);
    b.command(0x68);
    const test::Recording saved = test::save(b.pic);
    ProbePin intr;
    Pic copy{intr};
    test::load(copy, saved);
    EXPECT_EQ(test::save(copy), saved);
    EXPECT_EQ(copy.in(0x20), 0x04);
    EXPECT_EQ(copy.in(0x21), 0x80);
    b.command(eoi);
    copy.out(0x20, eoi);
    EXPECT_EQ(copy.acknowledge(), b.pic.acknowledge());
    EXPECT_EQ(test::save(copy), test::save(b.pic));
}

}  // namespace dyn86
