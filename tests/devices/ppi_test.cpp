#include "devices/ppi.h"

#include "devices/keyboard.h"
#include "devices/nmi_mask.h"
#include "devices/pit.h"
#include "devices/speaker.h"
#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

namespace dyn86 {
namespace {

using Board = SystemSwitches::Board;
using Display = SystemSwitches::Display;

struct Bench {
    ManualClock clock;
    Scheduler scheduler{clock};
    test::ProbePin irq1;
    Pit pit{scheduler, {nullptr, nullptr, nullptr}};
    Speaker speaker{clock, pit};
    Keyboard keyboard{scheduler, irq1};
    Ppi ppi;

    explicit Bench(const SystemSwitches& switches = {}) : ppi(keyboard, pit, speaker, switches) {
        ppi.out(0x63, 0x99);  // as every BIOS: A and C in, B out
    }
    void wait(Ticks by) {
        clock.advance(by);
        scheduler.run_due();
    }
};

}  // namespace

TEST(Ppi, KeyboardIsReadAndAcknowledged) {
    Bench b;
    b.ppi.out(0x61, 0x48);
    b.keyboard.press(0x39);
    b.wait(Keyboard::byte_time);
    EXPECT_TRUE(b.irq1.level);
    EXPECT_EQ(b.ppi.in(0x60), 0x39);
    EXPECT_EQ(b.ppi.in(0x60), 0x39);  // reading does not acknowledge
    b.ppi.out(0x61, 0xC8);
    EXPECT_FALSE(b.irq1.level);
    b.ppi.out(0x61, 0x48);
    EXPECT_EQ(b.ppi.in(0x61), 0x48);
}

TEST(Ppi, BitSixHoldsTheKeyboardClock) {
    Bench b;
    b.ppi.out(0x61, 0x08);
    b.wait(Ticks::from_ms(21));
    b.ppi.out(0x61, 0xC8);
    b.ppi.out(0x61, 0x48);
    b.wait(Keyboard::self_test_time);
    b.wait(Keyboard::byte_time);
    EXPECT_EQ(b.ppi.in(0x60), 0xAA);
}

TEST(Ppi, XtSwitchesComeInTwoHalves) {
    SystemSwitches switches;
    switches.display = Display::Monochrome;
    switches.floppy_drives = 2;
    switches.memory_banks = 3;
    switches.coprocessor = true;
    Bench b{switches};
    b.ppi.out(0x61, 0x40);
    EXPECT_EQ(b.ppi.in(0x62) & 0x0F, 0b1011);  // banks - 1, 8087, no loop
    b.ppi.out(0x61, 0x48);
    EXPECT_EQ(b.ppi.in(0x62) & 0x0F, 0b0111);  // drives - 1, display
}

TEST(Ppi, PcSwitchesAreOnPortAAndInTwoPartsOnC) {
    SystemSwitches switches{.board = Board::Pc, .display = Display::Color80, .floppy_drives = 1, .expansion_kb = 576};
    Bench b{switches};
    b.ppi.out(0x61, 0xC4);
    EXPECT_EQ(b.ppi.in(0x60), 0b00'10'11'0'1);
    EXPECT_EQ(b.ppi.in(0x62) & 0x0F, 18 & 0x0F);
    b.ppi.out(0x61, 0x40);
    EXPECT_EQ(b.ppi.in(0x62) & 0x0F, 18 >> 4);
    EXPECT_EQ(b.ppi.in(0x60), 0);  // the keyboard again

    switches.floppy_drives = 0;
    Bench none{switches};
    none.ppi.out(0x61, 0xC4);
    EXPECT_EQ(none.ppi.in(0x60) & 0xC1, 0);
}

TEST(Ppi, TimerTwoIsGatedHeardAndSeen) {
    for (const Board board : {Board::Pc, Board::Xt}) {
        SystemSwitches switches;
        switches.board = board;
        Bench b{switches};
        b.ppi.out(0x61, 0x4A);  // gate low, PC: motor off
        b.pit.out(0x43, 0xB0);
        b.pit.out(0x42, 10);
        b.pit.out(0x42, 0);
        b.wait(Ticks{12 * 100});
        EXPECT_EQ(b.ppi.in(0x62) & 0x30, 0);
        EXPECT_FALSE(b.speaker.level());
        b.ppi.out(0x61, 0x4B);
        b.wait(Ticks{12 * 10});
        EXPECT_EQ(b.ppi.in(0x62) & 0x30, board == Board::Pc ? 0x30 : 0x20);
        EXPECT_TRUE(b.speaker.level());
        b.ppi.out(0x61, 0x49);
        EXPECT_FALSE(b.speaker.level());
    }
}

TEST(Ppi, ModeByteResetsOutputsAndTurnsPortsRound) {
    Bench b;
    b.ppi.out(0x61, 0x7F);
    b.ppi.out(0x63, 0x89);  // A and B out, C in: the XT's POST before it reads the keyboard
    EXPECT_EQ(b.ppi.in(0x61), 0x00);
    b.ppi.out(0x60, 0x12);
    EXPECT_EQ(b.ppi.in(0x60), 0x12);
    b.ppi.out(0x63, 0x9B);
    EXPECT_EQ(b.ppi.in(0x61), 0xFF);  // inputs float
    EXPECT_EQ(b.ppi.in(0x63), 0xFF);
}

TEST(Ppi, PortCSetsAndResetsSingleBits) {
    Bench b;
    b.ppi.out(0x63, 0x90);  // B and C out
    b.ppi.out(0x63, 0x0B);  // set bit 5
    b.ppi.out(0x63, 0x01);  // set bit 0
    EXPECT_EQ(b.ppi.in(0x62), 0x21);
    b.ppi.out(0x63, 0x0A);  // reset bit 5
    EXPECT_EQ(b.ppi.in(0x62), 0x01);
    b.ppi.out(0x62, 0xFF);
    b.ppi.out(0x63, 0x98);  // C: high half in, low half out
    b.ppi.out(0x62, 0xFF);
    EXPECT_EQ(b.ppi.in(0x62) & 0xCF, 0x0F);
}

TEST(Ppi, AliasesRepeatEveryFourPorts) {
    Bench b;
    b.ppi.out(0x7D, 0x48);
    EXPECT_EQ(b.ppi.in(0x61), 0x48);
    EXPECT_EQ(b.ppi.in(0x65), 0x48);
}

TEST(Ppi, StateSurvivesARoundTrip) {
    Bench a;
    a.ppi.out(0x61, 0x4D);
    a.ppi.out(0x63, 0x98);
    a.ppi.out(0x61, 0x48);
    a.ppi.out(0x62, 0x05);
    Bench b;
    const test::Recording saved = test::save(a.ppi);
    test::load(b.ppi, saved);
    EXPECT_EQ(test::save(b.ppi), saved);
    EXPECT_EQ(b.ppi.in(0x61), 0x48);
    EXPECT_EQ(b.ppi.in(0x62), a.ppi.in(0x62));
}

TEST(NmiMask, GatesItsSources) {
    test::ProbePin nmi;
    NmiMask mask{nmi};
    mask.source(NmiMask::Source::Coprocessor).set_level(true);
    EXPECT_FALSE(nmi.level);
    mask.out(0xA0, 0x80);
    EXPECT_TRUE(nmi.level);
    mask.source(NmiMask::Source::ParityCheck).set_level(true);
    mask.source(NmiMask::Source::Coprocessor).set_level(false);
    EXPECT_TRUE(nmi.level);
    mask.source(NmiMask::Source::ParityCheck).set_level(false);
    EXPECT_FALSE(nmi.level);
    EXPECT_EQ(mask.in(0xA0), 0xFF);
}

TEST(NmiMask, StateSurvivesARoundTrip) {
    test::ProbePin nmi;
    NmiMask from{nmi};
    from.out(0xA0, 0x80);
    test::ProbePin other;
    NmiMask to{other};
    test::load(to, test::save(from));
    to.source(NmiMask::Source::ChannelCheck).set_level(true);
    EXPECT_TRUE(other.level);
}

}  // namespace dyn86
