// The ROM on the real board: POST, interrupts, keyboard.
#include "tests/src/bios/test_pc.h"

#include "roms/roms.h"

#include <fmt/format.h>

#include <array>
#include <fstream>

namespace dyn86 {
namespace {

using test::TestPc;

TEST(Rom, HasWhatProgramsLookForAtItsEnd) {
    const auto rom = roms::bios();
    EXPECT_EQ(rom[0xFFF0], 0xEA);  // a far jump at the reset vector
    EXPECT_EQ(rom[0xFFF7], '/');   // FFFF:0005: mm/dd/yy
    EXPECT_EQ(rom[0xFFFE], 0xFE);  // PC XT
}

TEST(Rom, PostFillsTheDataAreaOfAnXt) {
    TestPc pc;
    pc.bios().set_time_of_day(0x12345);
    pc.post();
    EXPECT_EQ(pc.word(0x413), 640);
    EXPECT_EQ(pc.word(0x410) & 0xFF, 0x6D);  // 2 floppy drives, 80x25 colour, all memory on the board
    EXPECT_EQ(pc.word(0x41A), 0x1E);
    EXPECT_EQ(pc.word(0x41C), 0x1E);
    EXPECT_EQ(pc.word(0x480), 0x1E);
    EXPECT_EQ(pc.word(0x482), 0x3E);
    EXPECT_EQ(pc.byte(0x449), 3);
    EXPECT_EQ(pc.word(0x44A), 80);
    EXPECT_EQ(pc.word(0x463), 0x3D4);
    EXPECT_EQ(pc.word(0x46C) | u32{pc.word(0x46E)} << 16, 0x12345u);
    EXPECT_EQ(pc.word(0x1C * 4 + 2), 0xF000);
    EXPECT_EQ(pc.word(0x21 * 4 + 2), 0);  // no DOS
}

TEST(Rom, PostFindsLessMemoryAndMonochrome) {
    TestPc pc(Adapter::Mda, 256);
    pc.post();
    EXPECT_EQ(pc.word(0x413), 256);
    EXPECT_EQ(pc.byte(0x410) & 0x30, 0x30);
    EXPECT_EQ(pc.byte(0x449), 7);
    EXPECT_EQ(pc.word(0x463), 0x3B4);
    EXPECT_EQ(pc.row(0), "");
    EXPECT_EQ(pc.byte(0xB0001), 7);
}

TEST(Rom, PostTakesLittleGuestTime) {
    TestPc pc;
    pc.post();
    EXPECT_LT(pc.clock().now(), Ticks::from_ms(20));
}

TEST(Rom, TimerCountsTicksAndMidnight) {
    TestPc pc;
    pc.bios().set_time_of_day(0x1800AF);
    pc.post();
    pc.run_for(Ticks::from_ms(60));
    Registers time = pc.interrupt(0x1A, 0x0000);
    EXPECT_EQ(time.get(Reg8::Al), 1);  // midnight has passed
    EXPECT_EQ(time.get(Reg16::Cx), 0);
    EXPECT_EQ(time.get(Reg16::Dx), 0);
    pc.run_for(Ticks::from_ms(1000));
    time = pc.interrupt(0x1A, 0x0000);
    EXPECT_EQ(time.get(Reg8::Al), 0);
    EXPECT_EQ(time.get(Reg16::Dx), 18);
    pc.interrupt(0x1A, 0x0100, 0, 0x0002, 0x3456);
    EXPECT_EQ(pc.word(0x46C), 0x3456);
    EXPECT_EQ(pc.word(0x46E), 2);
}

TEST(Rom, TimerCallsInt1C) {
    TestPc pc;
    pc.post();
    // INC WORD [CS:0010]; IRET
    const std::array<u8, 6> handler = {0x2E, 0xFF, 0x06, 0x10, 0x00, 0xCF};
    pc.memory().copy_in(0x9000, handler);
    pc.memory().write16(0x1C * 4, 0);
    pc.memory().write16(0x1C * 4 + 2, 0x900);
    pc.run_for(Ticks::from_ms(1000));
    EXPECT_EQ(pc.word(0x9010), 18);
}

TEST(Rom, AbsentServicesSaySo) {
    TestPc pc;
    pc.post();
    const Registers system = pc.interrupt(0x15, 0xC000);
    EXPECT_EQ(system.get(Reg8::Ah), 0x86);
    EXPECT_EQ(system.flags & flag::c, flag::c);
    EXPECT_EQ(pc.interrupt(0x14, 0x0300).get(Reg8::Ah), 0x80);
    EXPECT_EQ(pc.interrupt(0x17, 0x0200).get(Reg8::Ah), 0x01);
    EXPECT_EQ(pc.interrupt(0x1A, 0x0A00).get(Reg8::Ah), 0x0A);
    EXPECT_EQ(pc.interrupt(0x10, 0x1A00).get(Reg8::Al), 0x00);
    const auto missing = pc.bios().missing_calls();
    EXPECT_EQ(missing.at("15/C0"), 1u);
    EXPECT_EQ(missing.at("1A/0A"), 1u);
    EXPECT_EQ(missing.at("10/1A"), 1u);
}

TEST(Rom, EquipmentAndMemoryServices) {
    TestPc pc;
    pc.post();
    EXPECT_EQ(pc.interrupt(0x11, 0).get(Reg16::Ax), pc.word(0x410));
    EXPECT_EQ(pc.interrupt(0x12, 0).get(Reg16::Ax), 640);
}

TEST(Rom, UnexpectedHardwareInterruptIsMasked) {
    TestPc pc;
    pc.post();
    pc.ports().out(0x21, 0x00);
    pc.board().pic().line(5).set_level(true);
    pc.run_for(Ticks::from_ms(1));
    EXPECT_EQ(pc.ports().in(0x21), 0x20);
    EXPECT_EQ(pc.byte(0x46B), 0x20);
    EXPECT_EQ(pc.board().pic().isr(), 0);
}

TEST(Rom, PrintScreenWithoutPrinterFails) {
    TestPc pc;
    pc.post();
    pc.type({0x2A, 0x37});
    EXPECT_EQ(pc.byte(0x500), 0xFF);
    EXPECT_EQ(pc.board().pic().isr(), 0);
    EXPECT_TRUE(pc.keyboard_buffer_empty());
}

TEST(Rom, BellSoundsForAQuarterOfASecondAndStops) {
    TestPc pc;
    pc.post();
    const u8 port = pc.ports().in(0x61);
    const Ticks before = pc.clock().now();
    pc.interrupt(0x10, 0x0E07);
    const double seconds = (pc.clock().now() - before).seconds();
    EXPECT_GT(seconds, 0.24);
    EXPECT_LT(seconds, 0.27);
    EXPECT_EQ(pc.ports().in(0x61), port);
}

class Keys : public ::testing::Test {
protected:
    void SetUp() override { pc.post(); }
    TestPc pc;
};

TEST_F(Keys, PlainShiftedControlAndAlt) {
    pc.type({0x1E, 0x9E});
    EXPECT_EQ(pc.next_key(), 0x1E61);
    pc.type({0x2A, 0x1E, 0x9E, 0xAA});
    EXPECT_EQ(pc.next_key(), 0x1E41);
    pc.type({0x1D, 0x1E, 0x9E, 0x9D});
    EXPECT_EQ(pc.next_key(), 0x1E01);
    pc.type({0x38, 0x1E, 0x9E, 0xB8});
    EXPECT_EQ(pc.next_key(), 0x1E00);
    EXPECT_EQ(pc.next_key(), 0);
    EXPECT_EQ(pc.byte(0x417), 0);
}

TEST_F(Keys, FunctionKeysInAllStates) {
    pc.type({0x44, 0xC4, 0x36, 0x44, 0xC4, 0xB6, 0x1D, 0x44, 0xC4, 0x9D, 0x38, 0x44, 0xC4, 0xB8});
    EXPECT_EQ(pc.next_key(), 0x4400);
    EXPECT_EQ(pc.next_key(), 0x5D00);
    EXPECT_EQ(pc.next_key(), 0x6700);
    EXPECT_EQ(pc.next_key(), 0x7100);
}

TEST_F(Keys, CapsLockTurnsShiftRoundForLettersOnly) {
    pc.type({0x3A, 0xBA});
    EXPECT_EQ(pc.byte(0x417), 0x40);
    pc.type({0x1E, 0x9E, 0x02, 0x82, 0x2A, 0x1E, 0x9E, 0xAA});
    EXPECT_EQ(pc.next_key(), 0x1E41);
    EXPECT_EQ(pc.next_key(), 0x0231);
    EXPECT_EQ(pc.next_key(), 0x1E61);
    pc.type({0x3A, 0x3A, 0xBA});  // repetition does not toggle again
    EXPECT_EQ(pc.byte(0x417), 0);
}

TEST_F(Keys, NumLockAndShiftOnTheKeypad) {
    pc.type({0x47, 0xC7, 0x2A, 0x47, 0xC7, 0xAA});
    EXPECT_EQ(pc.next_key(), 0x4700);
    EXPECT_EQ(pc.next_key(), 0x4737);
    pc.type({0x45, 0xC5, 0x47, 0xC7, 0x2A, 0x47, 0xC7, 0xAA, 0x4A, 0xCA});
    EXPECT_EQ(pc.next_key(), 0x4737);
    EXPECT_EQ(pc.next_key(), 0x4700);
    EXPECT_EQ(pc.next_key(), 0x4A2D);
}

TEST_F(Keys, InsIsAStateAndAKey) {
    pc.type({0x52, 0xD2});
    EXPECT_EQ(pc.byte(0x417), 0x80);
    EXPECT_EQ(pc.next_key(), 0x5200);
    pc.type({0x2A, 0x52, 0xD2, 0xAA});
    EXPECT_EQ(pc.next_key(), 0x5230);
    EXPECT_EQ(pc.byte(0x417), 0x80);
}

TEST_F(Keys, AltAndANumberOnTheKeypad) {
    pc.type({0x38, 0x4F, 0xCF, 0x4B, 0xCB, 0x4C, 0xCC, 0xB8});  // 1 4 5
    EXPECT_EQ(pc.next_key(), 145);
    EXPECT_EQ(pc.next_key(), 0);
    pc.type({0x38, 0x52, 0xD2, 0xB8});  // 0 is no character
    EXPECT_EQ(pc.next_key(), 0);
}

TEST_F(Keys, ControlBreak) {
    pc.type({0x1E, 0x9E, 0x1D, 0x46, 0xC6, 0x9D});
    EXPECT_EQ(pc.byte(0x471), 0x80);
    EXPECT_FALSE(pc.keyboard_buffer_empty());
    EXPECT_EQ(pc.interrupt(0x16, 0).get(Reg16::Ax), 0);  // what was typed is gone, a zero stands for Break
    EXPECT_TRUE(pc.keyboard_buffer_empty());
    EXPECT_EQ(pc.board().pic().isr(), 0);
}

TEST_F(Keys, PauseHoldsTheMachineUntilAKey) {
    pc.type({0x1D, 0x45, 0xC5, 0x9D});
    EXPECT_EQ(pc.byte(0x418) & 8, 8);
    EXPECT_EQ(pc.core().regs.get(Sreg::Cs), 0xF000);
    const u16 ticks = pc.word(0x46C);
    pc.run_for(Ticks::from_ms(200));
    EXPECT_GT(pc.word(0x46C), ticks);  // the clock goes on
    EXPECT_EQ(pc.core().regs.get(Sreg::Cs), 0xF000);
    pc.type({0x1E, 0x9E});
    EXPECT_EQ(pc.byte(0x418) & 8, 0);
    EXPECT_NE(pc.core().regs.get(Sreg::Cs), 0xF000);
    EXPECT_TRUE(pc.keyboard_buffer_empty());
}

TEST_F(Keys, BufferHoldsFifteenAndTheBellRings) {
    for (int i = 0; i < 15; ++i) pc.type({0x1E, 0x9E});
    const Ticks before = pc.clock().now();
    pc.type({0x30, 0xB0});
    pc.run_for(Ticks::from_ms(400));
    EXPECT_EQ(pc.board().pic().isr(), 0);
    EXPECT_GT(pc.clock().now(), before);
    for (int i = 0; i < 15; ++i) EXPECT_EQ(pc.next_key(), 0x1E61);
    EXPECT_EQ(pc.next_key(), 0);
}

TEST_F(Keys, Int16LooksWithoutTaking) {
    EXPECT_NE(pc.interrupt(0x16, 0x0100).flags & flag::z, 0);
    pc.type({0x1C, 0x9C});
    for (int i = 0; i < 2; ++i) {
        const Registers regs = pc.interrupt(0x16, 0x0100);
        EXPECT_EQ(regs.flags & flag::z, 0);
        EXPECT_EQ(regs.get(Reg16::Ax), 0x1C0D);
    }
    pc.type({0x2A});
    EXPECT_EQ(pc.interrupt(0x16, 0x0200).get(Reg8::Al), 2);
    EXPECT_EQ(pc.interrupt(0x16, 0x1234).get(Reg16::Ax), 0x1234);  // no such function
}

TEST_F(Keys, ControlAltDelStartsAgain) {
    bool again = false;
    pc.bios().set_boot(Bios::Boot::Loader, [&](Registers&) {
        again = true;
        pc.core().stop = 1;
    });
    pc.type({0x1D, 0x38, 0x53});
    pc.run_for(Ticks::from_ms(100));
    EXPECT_TRUE(again);
    EXPECT_EQ(pc.word(0x472), 0x1234);
    EXPECT_EQ(pc.byte(0x417), 0);
}

class Demo : public ::testing::Test {
protected:
    void SetUp() override {
        pc.bios().set_boot(Bios::Boot::Demo);
        pc.bios().on_end([this](u8 errorlevel) {
            ended = errorlevel;
            pc.core().stop = 1;
        });
        pc.run_for(Ticks::from_ms(200));
    }
    TestPc pc;
    int ended = -1;
};

TEST_F(Demo, FirstPageShowsAllCharactersAndAttributes) {
    for (unsigned code = 0; code < 256; ++code) {
        const Linear left = 0xB8000 + ((4 + code / 16) * 80 + 7 + code % 16 * 2) * 2;
        EXPECT_EQ(pc.byte(left), code);
        EXPECT_EQ(pc.byte(left + 37 * 2), code);
        EXPECT_EQ(pc.byte(left + 37 * 2 + 1), code);
    }
    EXPECT_FALSE(pc.board().screen().blink);
    EXPECT_NE(pc.row(24).find("Esc"), std::string::npos);
}

TEST_F(Demo, SecondPageShowsTheTimeInLargeDigits) {
    // 13:57:46 into the battery clock: stop it, set hours, minutes, seconds, let it go. [MC146818 "Register B"]
    const auto write = [&](u8 index, u8 value) {
        pc.ports().out(0x70, index);
        pc.ports().out(0x71, value);
    };
    write(0x0B, 0x82);
    write(4, 0x13);
    write(2, 0x57);
    write(0, 0x46);
    write(0x0B, 0x02);
    pc.type({0x03, 0x83});
    pc.run_for(Ticks::from_ms(1'200));
    const auto digits = [&](u8 index) {
        pc.ports().out(0x70, index);
        return fmt::format("{:02x}", pc.ports().in(0x71));
    };
    const std::string expected = fmt::format("{}:{}:{}", digits(4), digits(2), digits(0));
    EXPECT_TRUE(expected.starts_with("13:57:4")) << expected;
    const auto font = roms::glyphs8x8();
    for (unsigned i = 0; i < 8; ++i)
        for (unsigned y = 0; y < 8; ++y)
            for (unsigned x = 0; x < 8; ++x) {
                const bool lit = (font[u8(expected[i]) * 8u + y] >> (7 - x) & 1) != 0;
                EXPECT_EQ(pc.byte(0xB8000 + ((8 + y) * 80 + 8 + i * 8 + x) * 2), lit ? 0xDB : 0xF9);
            }
}

TEST_F(Demo, ThirdPageIs96By64) {
    pc.type({0x39, 0xB9, 0x39, 0xB9});
    pc.run_for(Ticks::from_ms(200));
    const Screen screen = pc.board().screen();
    EXPECT_EQ(screen.columns, 96);
    EXPECT_EQ(screen.rows, 64);
    EXPECT_EQ(screen.glyph_height, 8);
    EXPECT_NE(pc.row(2, 96).find("12,288 bytes"), std::string::npos);
    EXPECT_NE(pc.row(63, 96).find("Esc"), std::string::npos);
    pc.type({0x02, 0x82});
    pc.run_for(Ticks::from_ms(200));
    EXPECT_EQ(pc.board().screen().columns, 80);
    EXPECT_EQ(pc.board().screen().rows, 25);
}

TEST_F(Demo, EscEndsIt) {
    pc.type({0x01, 0x81});
    pc.run_for(Ticks::from_ms(100));
    EXPECT_EQ(ended, 0);
}

}  // namespace
}  // namespace dyn86
