#include "cpu/interpreter.h"

#include "cpu/cost.h"
#include "tests/cpu/guest.h"

#include <gtest/gtest.h>

namespace dyn86 {

// --- the ends of segments and memory

TEST(Interpreter, WordAtTheEndOfTheSegmentWraps) {
    Guest guest;
    guest.code({0xC7, 0x06, 0xFF, 0xFF, 0x34, 0x12,  // mov word [0FFFFh], 1234h
                0xA1, 0xFF, 0xFF});                  // mov ax, [0FFFFh]
    guest.cpu.step();
    EXPECT_EQ(guest.memory->read8(0x1'FFFF), 0x34);
    EXPECT_EQ(guest.memory->read8(0x1'0000), 0x12);
    EXPECT_EQ(guest.memory->read8(0x2'0000), 0xF4);
    guest.cpu.step();
    EXPECT_EQ(guest.get(Reg16::Ax), 0x1234);
}

TEST(Interpreter, OddStackPointerWraps) {
    Guest guest;
    guest.set(Reg16::Sp, 1);
    guest.set(Reg16::Bx, 0xABCD);
    guest.code({0x53, 0x59});  // push bx; pop cx
    guest.cpu.step();
    EXPECT_EQ(guest.get(Reg16::Sp), 0xFFFF);
    EXPECT_EQ(guest.memory->read8(0x1'FFFF), 0xCD);
    EXPECT_EQ(guest.memory->read8(0x1'0000), 0xAB);
    guest.cpu.step();
    EXPECT_EQ(guest.get(Reg16::Cx), 0xABCD);
}

TEST(Interpreter, InstructionAcrossTheEndOfTheSegmentGoesOnAtZero) {
    Guest guest;
    guest.place({0x1000, 0xFFFC}, {0x26, 0xC7, 0x06, 0x00});              // mov word [es:4000h], 5678h
    guest.place({0x1000, 0x0000}, {0x40, 0x78, 0x56, 0xE9, 0xF5, 0xFF});  // jmp 0FFFBh
    guest.place({0x1000, 0xFFFB}, {0x40});                                // inc ax
    guest.core.regs.ip = 0xFFFB;
    guest.core.regs.set(Sreg::Es, 0x3000);
    EXPECT_EQ(guest.run_for(200), Exit::Deadline);
    EXPECT_EQ(guest.word(0x3000, 0x4000), 0x5678);
    EXPECT_GT(guest.get(Reg16::Ax), 3);
}

TEST(Interpreter, AnyNumberOfPrefixesIsLegal) {
    Guest guest;
    guest.core.regs.set(Sreg::Es, 0x3000);
    for (u16 i = 0; i < 1000; ++i)
        guest.memory->write8(SegOff{0x1000, u16(0x100 + i)}.linear(), i == 999 ? 0x26 : 0x2E);
    guest.place({0x1000, 0x100 + 1000}, {0xC6, 0x06, 0x10, 0x00, 0x77});  // mov byte [es:10h], 77h
    guest.cpu.step();
    EXPECT_EQ(guest.memory->read8(0x3'0010), 0x77);
    EXPECT_EQ(guest.core.regs.ip, 0x100 + 1005);
    EXPECT_EQ(guest.core.now(), 1000 * cost::prefix + 10 + 6);
}

TEST(Interpreter, ASegmentOfPrefixesAloneComesBackAtTheDeadline) {
    Guest guest;
    for (u32 i = 0; i < 0x10000; ++i) guest.memory->write8(0x5'0000 + i, 0xF3);
    guest.core.regs.set(Sreg::Cs, 0x5000);
    EXPECT_EQ(guest.run_for(1000), Exit::Deadline);
    EXPECT_EQ(guest.core.regs.ip, Guest::start);
}

// --- interrupts and their shadows. No recording shows them.

TEST(Interpreter, AcceptsIntrOnlyWithIf) {
    Guest guest;
    guest.code({0x90, 0xFB, 0x40, 0x41});  // nop; sti; inc ax; inc cx
    guest.core.intr = 1;
    EXPECT_EQ(guest.run_for(1000), Exit::Halted);
    EXPECT_TRUE(guest.is_in_handler(Guest::intr_vector));
    EXPECT_EQ(guest.acknowledged, 1);
    EXPECT_EQ(guest.get(Reg16::Ax), 1);  // STI's shadow is one instruction long [UM86 "STI"]
    EXPECT_EQ(guest.get(Reg16::Cx), 0);
    EXPECT_EQ(guest.stacked(0), 0x103);
    EXPECT_EQ(guest.stacked(1), 0x1000);
    EXPECT_EQ(guest.stacked(2), flag::always_one | flag::i);
    EXPECT_EQ(guest.core.regs.flags & (flag::i | flag::t), 0);
    EXPECT_EQ(guest.core.now(), 3 + 2 + 2 + cost::intr + 2);
}

TEST(Interpreter, NothingIsAcceptedBehindALoadOfASegmentRegister) {
    for (const u8 load : {u8{0x8E}, u8{0x17}}) {  // mov ss, ax; pop ss [UM86 "External Interrupts"]
        Guest guest;
        guest.core.regs.flags |= flag::i;
        guest.memory->write16(0x1'8000, 0x1000);
        guest.set(Reg16::Ax, 0x1000);
        if (load == 0x8E)
            guest.code({0x8E, 0xD0, 0xBC, 0x00, 0x90, 0x90});
        else
            guest.code({0x17, 0xBC, 0x00, 0x90, 0x90});
        guest.cpu.step();
        guest.core.intr = 1;
        guest.core.nmi = 1;
        EXPECT_EQ(guest.core.shadow, shadow::all);
        EXPECT_EQ(guest.run_for(1), Exit::Deadline);
        EXPECT_EQ(guest.get(Reg16::Sp), 0x9000);
        EXPECT_EQ(guest.core.shadow, shadow::none);
        EXPECT_EQ(guest.run_for(1), Exit::Deadline);
        EXPECT_TRUE(guest.is_in_handler(2));  // NMI first [UM86 "External Interrupts"]
    }
}

TEST(Interpreter, TheShadowOfStiDoesNotHoldNmiBack) {
    Guest guest;
    guest.code({0xFB, 0x40});
    guest.cpu.step();
    guest.core.nmi = 1;
    EXPECT_TRUE(guest.cpu.accept_interrupt());
    EXPECT_TRUE(guest.is_in_handler(2));
    EXPECT_EQ(guest.stacked(0), 0x101);
}

TEST(Interpreter, ShadowEndsWithTimeEvenIfTheSamePlaceComesAgain) {
    Guest guest;
    guest.core.regs.flags |= flag::i;
    guest.code({0x8E, 0xC0, 0xEB, 0xFE});  // mov es, ax; jmp $
    EXPECT_EQ(guest.run_for(2 + 15), Exit::Deadline);
    EXPECT_EQ(guest.core.regs.ip, 0x102);
    guest.core.intr = 1;
    EXPECT_EQ(guest.run_for(1), Exit::Deadline);
    EXPECT_TRUE(guest.is_in_handler(Guest::intr_vector));
}

TEST(Interpreter, HltWaitsForWhatCanWakeIt) {
    Guest guest;
    guest.code({0xF4, 0x40});
    EXPECT_EQ(guest.run_for(1000), Exit::Halted);
    EXPECT_EQ(guest.core.now(), 2);
    EXPECT_EQ(guest.core.regs.ip, 0x101);
    guest.core.intr = 1;  // IF is clear
    EXPECT_EQ(guest.run_for(1000), Exit::Halted);
    EXPECT_EQ(guest.core.now(), 2);
    guest.core.nmi = 1;
    EXPECT_EQ(guest.run_for(40), Exit::Deadline);
    EXPECT_TRUE(guest.is_in_handler(2));
    EXPECT_EQ(guest.core.halted, 0);
    EXPECT_EQ(guest.stacked(0), 0x101);
}

TEST(Interpreter, StopReturnsAtTheNextBoundary) {
    Guest guest;
    guest.code({0x40});
    guest.core.stop = 1;
    EXPECT_EQ(guest.run_for(1000), Exit::Stopped);
    EXPECT_EQ(guest.core.stop, 0);
    EXPECT_EQ(guest.get(Reg16::Ax), 0);
}

TEST(Interpreter, ReturnsAtTheFirstBoundaryNotBeforeTheDeadline) {
    Guest guest;
    guest.code({0x40, 0x90, 0x40, 0x40});  // 2, 3, 2, 2 clocks
    EXPECT_EQ(guest.run_for(4), Exit::Deadline);
    EXPECT_EQ(guest.core.now(), 5);
    EXPECT_EQ(guest.core.regs.ip, 0x102);
    EXPECT_EQ(guest.run_for(2), Exit::Deadline);
    EXPECT_EQ(guest.core.regs.ip, 0x103);
    EXPECT_EQ(guest.run_for(0), Exit::Deadline);
    EXPECT_EQ(guest.core.regs.ip, 0x103);
    EXPECT_EQ(guest.cpu.stats().instructions, 3u);
}

// --- single step [UM86 "Single-Step (Trap) Interrupt"]

TEST(Interpreter, TrapFollowsTheInstructionThatBeganWithTf) {
    Guest guest;
    guest.set(Reg16::Ax, 0xF002 | flag::t);
    guest.code({0x50, 0x9D, 0x40, 0x40});  // push ax; popf; inc ax; inc ax
    guest.run_for(1000);
    EXPECT_TRUE(guest.is_in_handler(1));
    EXPECT_EQ(guest.stacked(0), 0x103);
    EXPECT_EQ(guest.stacked(2) & flag::t, flag::t);
    EXPECT_EQ(guest.core.regs.flags & flag::t, 0);
}

TEST(Interpreter, NoTrapBehindALoadOfASegmentRegister) {
    Guest guest;
    guest.core.regs.flags |= flag::t;
    guest.code({0x8E, 0xC0, 0x40});
    guest.run_for(1000);
    EXPECT_TRUE(guest.is_in_handler(1));
    EXPECT_EQ(guest.stacked(0), 0x103);
}

TEST(Interpreter, AnInterruptInstructionUnderTfIsTrappedAtItsHandler) {
    Guest guest;
    guest.core.regs.flags |= flag::t;
    guest.code({0xCD, 0x40});
    guest.run_for(1000);
    EXPECT_TRUE(guest.is_in_handler(1));
    EXPECT_EQ(guest.stacked(0), 0x4000);  // INT 40h's handler, its first instruction not executed
    EXPECT_EQ(guest.stacked(2) & flag::t, 0);
    EXPECT_EQ(guest.stacked(3), 0x102);
    EXPECT_EQ(guest.stacked(5) & flag::t, flag::t);
}

TEST(Interpreter, IntrComesBeforeTheTrap) {
    Guest guest;
    guest.core.regs.flags |= flag::t | flag::i;
    guest.code({0x40});
    guest.cpu.step();
    guest.core.intr = 1;
    guest.run_for(1000);
    EXPECT_TRUE(guest.is_in_handler(1));
    EXPECT_EQ(guest.stacked(0), Guest::intr_vector << 8);
    EXPECT_EQ(guest.stacked(3), 0x101);
}

TEST(Interpreter, StepWithTrapServesTheTrap) {
    Guest guest;
    guest.core.regs.flags |= flag::t;
    guest.code({0x40});
    guest.cpu.step_with_trap();
    EXPECT_TRUE(guest.is_in_handler(1));
    EXPECT_EQ(guest.core.trap, 0);
}

// --- what only our own tests reach: 0F, 9B, odd encodings

TEST(Interpreter, PopCsGoesOnInTheNewSegment) {
    Guest guest;
    guest.memory->write16(0x1'8000, 0x3000);
    guest.code({0x0F});
    guest.place({0x3000, 0x101}, {0x9B, 0x40});  // wait; inc ax
    guest.cpu.step();
    guest.cpu.step();
    guest.cpu.step();
    EXPECT_EQ(guest.core.regs.get(Sreg::Cs), 0x3000);
    EXPECT_EQ(guest.core.regs.ip, 0x103);
    EXPECT_EQ(guest.get(Reg16::Ax), 1);
}

TEST(Interpreter, RepeatPrefixNegatesProducts) {
    Guest guest;
    guest.set(Reg16::Ax, 3);
    guest.set(Reg16::Bx, 5);
    guest.code({0xF3, 0xF7, 0xE3, 0xF7, 0xE3});  // rep mul bx; mul bx
    guest.cpu.step();
    EXPECT_EQ(guest.get(Reg16::Ax), u16(-15));
    EXPECT_EQ(guest.get(Reg16::Dx), 0xFFFF);
    guest.cpu.step();
    EXPECT_EQ(guest.get(Reg16::Ax), u16(-75));  // the prefix is forgotten
}

TEST(Interpreter, DivideErrorsCostWhatTheyTake) {
    Guest guest;
    guest.set(Reg16::Ax, 0x8000);
    guest.code({0xF6, 0xF3});  // div bl, which is 0
    guest.cpu.step();
    EXPECT_TRUE(guest.is_in_handler(0));
    EXPECT_EQ(guest.stacked(0), 0x102);
    EXPECT_EQ(guest.core.now(), cost::early_divide_error);

    Guest late;
    late.set(Reg16::Ax, u16(-256));
    late.set(Reg16::Bx, 2);
    late.code({0xF6, 0xFB});  // idiv bl: -128, one more than the silicon takes
    late.cpu.step();
    EXPECT_TRUE(late.is_in_handler(0));
    EXPECT_EQ(late.core.now(), info_of(0xF6, 0x38).cycles.reg + cost::late_divide_error);
}

TEST(Interpreter, OverrideLastsOneInstruction) {
    Guest guest;
    guest.core.regs.set(Sreg::Es, 0x3000);
    guest.memory->write16(0x1'0040, 0x1111);
    guest.memory->write16(0x3'0040, 0x3333);
    guest.code({0x26, 0xA1, 0x40, 0x00, 0x8B, 0x1E, 0x40, 0x00});
    guest.run_for(2 + 10 + 14);
    EXPECT_EQ(guest.get(Reg16::Ax), 0x3333);
    EXPECT_EQ(guest.get(Reg16::Bx), 0x1111);
}

TEST(Interpreter, CodeThatIsWrittenIsExecutedAsWritten) {
    Guest guest;
    guest.code({0xC6, 0x06, 0x05, 0x01, 0x43, 0x40});  // mov byte [105h], 43h; inc ax (now inc bx)
    guest.run_for(10 + 6 + 2);
    EXPECT_EQ(guest.get(Reg16::Ax), 0);
    EXPECT_EQ(guest.get(Reg16::Bx), 1);
}

}  // namespace dyn86
