#include "cpu/timing.h"

#include "cpu/decode.h"
#include "tests/cpu/guest.h"

#include <gtest/gtest.h>

namespace dyn86 {
namespace {

constexpr ClockModel exact_8086{CpuModel::I8086, Timing::Exact};
constexpr ClockModel exact_8088{CpuModel::I8088, Timing::Exact};
constexpr ClockModel table_8088{CpuModel::I8088, Timing::Table};

struct TimedGuest : Guest {
    explicit TimedGuest(ClockModel model) : model_(model) { cpu.set_clocks(model); }
    /// One instruction at an even address, the queue full.
    Cycles clocks_of(std::initializer_list<u8> bytes) {
        code(bytes);
        core.regs.ip = start;
        if (model_.is_exact()) core.queue = timing::full(start, model_.cpu);
        return step();
    }
    Cycles step() {
        const Cycles before = core.now();
        cpu.step();
        return core.now() - before;
    }

private:
    ClockModel model_;
};

timing::Shape shape(std::initializer_list<u8> bytes) {
    return timing::shape_of(decode(std::vector<u8>(bytes), 0), false, exact_8086);
}

}  // namespace

TEST(Timing, AFullQueueHasTheTablesClocks) {
    TimedGuest guest(exact_8086);
    EXPECT_EQ(guest.clocks_of({0x89, 0xD8}), 2);        // mov ax, bx
    EXPECT_EQ(guest.clocks_of({0x90}), 3);              // nop
    EXPECT_EQ(guest.clocks_of({0x8B, 0x07}), 8 + 5);    // mov ax, [bx]
    EXPECT_EQ(guest.clocks_of({0xEB, 0x10}), 15);       // jmp: its own queue's refill is in the table
    EXPECT_EQ(guest.clocks_of({0x2E, 0x89, 0xD8}), 4);  // cs mov ax, bx
}

// [UM86 2-20: a word at an odd address takes a second bus cycle]
TEST(Timing, WordsAtOddAddressesTakeFourClocksMore) {
    TimedGuest guest(exact_8086);
    guest.set(Reg16::Bx, 0x2000);
    const Cycles load = guest.clocks_of({0x8B, 0x07}), add = guest.clocks_of({0x01, 0x07}),
                 byte = guest.clocks_of({0x8A, 0x27}), push = guest.clocks_of({0x50});
    guest.set(Reg16::Bx, 0x2001);
    EXPECT_EQ(guest.clocks_of({0x8B, 0x07}), load + 4);
    EXPECT_EQ(guest.clocks_of({0x01, 0x07}), add + 8);
    EXPECT_EQ(guest.clocks_of({0x8A, 0x27}), byte);
    guest.set(Reg16::Sp, 0x7FFF);
    EXPECT_EQ(guest.clocks_of({0x50}), push + 4);
}

// Four bytes of two-clock instructions are fetched in eight clocks: fetching is what limits them.
TEST(Timing, ShortInstructionsWaitForTheirBytes) {
    TimedGuest guest(exact_8086);
    guest.place({Guest::code_segment, Guest::start}, {0x89, 0xD8, 0x89, 0xD8, 0x89, 0xD8, 0x89, 0xD8, 0x89, 0xD8});
    for (u16 i = 0; i < 20; ++i) guest.place({Guest::code_segment, u16(Guest::start + 2 * i)}, {0x89, 0xD8});
    guest.core.queue = timing::full(Guest::start, CpuModel::I8086);
    EXPECT_EQ(guest.step(), 2);
    Cycles last = 0;
    for (int i = 0; i < 10; ++i) last = guest.step();
    EXPECT_EQ(last, 4);
    TimedGuest narrow(exact_8088);
    for (u16 i = 0; i < 20; ++i) narrow.place({Guest::code_segment, u16(Guest::start + 2 * i)}, {0x89, 0xD8});
    for (int i = 0; i < 10; ++i) last = narrow.step();
    EXPECT_EQ(last, 8);
}

TEST(Timing, AJumpLeavesAnEmptyQueue) {
    TimedGuest guest(exact_8086);
    guest.clocks_of({0xEB, 0x10});
    EXPECT_EQ(guest.core.queue, timing::flushed(guest.core.regs.ip, CpuModel::I8086));
    // JZ not taken goes on with what is there, taken to the very next instruction it does not.
    guest.core.regs.flags = u16(guest.core.regs.flags & ~flag::z);
    EXPECT_EQ(guest.clocks_of({0x74, 0x00}), 4);
    EXPECT_NE(guest.core.queue, timing::flushed(guest.core.regs.ip, CpuModel::I8086));
    guest.core.regs.flags |= flag::z;
    EXPECT_EQ(guest.clocks_of({0x74, 0x00}), 16);
    EXPECT_EQ(guest.core.queue, timing::flushed(guest.core.regs.ip, CpuModel::I8086));
}

// [SST F6.4, F7.6, D3.4]
TEST(Timing, DataDecideHowLongMultiplicationDivisionAndShiftsTake) {
    TimedGuest guest(exact_8086);
    guest.set(Reg16::Bx, 3);
    guest.set(Reg16::Ax, 0);
    EXPECT_EQ(guest.clocks_of({0xF6, 0xE3}), 69);  // mul bl
    guest.set(Reg16::Ax, 0xFF);
    EXPECT_EQ(guest.clocks_of({0xF6, 0xE3}), 77);
    guest.set(Reg16::Ax, 0);
    guest.set(Reg16::Dx, 0);
    EXPECT_EQ(guest.clocks_of({0xF7, 0xF3}), 144);  // div bx
    guest.set(Reg16::Ax, 0xFFFF);
    guest.set(Reg16::Dx, 0);
    EXPECT_EQ(guest.clocks_of({0xF7, 0xF3}), 144 + 8);  // the quotient 5555h has eight bits
    guest.set(Reg16::Bx, 0);
    EXPECT_EQ(guest.clocks_of({0xF7, 0xF3}), 60);
    guest.core.regs.set(Sreg::Cs, Guest::code_segment);
    guest.set(Reg16::Cx, 5);
    EXPECT_EQ(guest.clocks_of({0xD3, 0xE0}), 8 + 4 * 5);
}

TEST(Timing, RepetitionsPayForOddWordsEach) {
    TimedGuest guest(exact_8086);
    const auto move = [&](u16 from, u16 to) {
        guest.set(Reg16::Si, from);
        guest.set(Reg16::Di, to);
        guest.set(Reg16::Cx, 20);
        return guest.clocks_of({0xF3, 0xA5});
    };
    const Cycles even = move(0x2000, 0x3000);
    EXPECT_EQ(even, 2 + 9 + 17 * 20);
    EXPECT_EQ(move(0x2001, 0x3000), even + 4 * 20);
    EXPECT_EQ(move(0x2001, 0x3001), even + 8 * 20);
}

TEST(Timing, The8088TakesFourClocksMoreForEveryWord) {
    TimedGuest guest(table_8088);
    EXPECT_EQ(guest.clocks_of({0x89, 0xD8}), 2);
    EXPECT_EQ(guest.clocks_of({0x8B, 0x07}), 8 + 5 + 4);
    EXPECT_EQ(guest.clocks_of({0x8A, 0x07}), 8 + 5);
    EXPECT_EQ(guest.clocks_of({0xCD, 0x21}), 51 + 5 * 4);
    guest.core.regs.set(Sreg::Cs, Guest::code_segment);
    guest.set(Reg16::Cx, 10);
    EXPECT_EQ(guest.clocks_of({0xF3, 0xA5}), 2 + 9 + 10 * (17 + 8));
    EXPECT_EQ(guest.core.queue, 0);
}

// A REP that a deadline cuts in two takes as long as a whole one, and so does a shadow's instruction keep its shadow.
TEST(Timing, InterruptedRepetitionsAddUp) {
    TimedGuest guest(exact_8086);
    guest.set(Reg16::Si, 0x2001);
    guest.set(Reg16::Di, 0x3000);
    guest.set(Reg16::Cx, 20);
    guest.code({0xF3, 0xA5, 0xF4});
    guest.core.queue = timing::full(Guest::start, CpuModel::I8086);
    const Cycles begin = guest.core.now();
    while (guest.core.repeating != 0 || guest.get(Reg16::Cx) != 0) guest.run_for(30);
    EXPECT_EQ(guest.core.now() - begin, 2 + 9 + 21 * 20 + 2);  // and the HLT behind it
}

// The decoder gives up on so many prefixes; the first such instruction divided by no clocks at all, later ones took an
// earlier repetition's.
TEST(Timing, RepetitionsBehindManyPrefixesTakeTheTablesClocks) {
    const std::initializer_list<u8> bytes = {0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0xF3, 0xAA};
    const auto clocks = [&](TimedGuest& guest) {
        guest.set(Reg16::Cx, 5);
        return guest.clocks_of(bytes);
    };
    TimedGuest table{ClockModel{}};
    const Cycles wanted = clocks(table);
    for (const ClockModel model : {exact_8086, table_8088, exact_8088}) {
        TimedGuest guest{model};
        EXPECT_EQ(clocks(guest), wanted);
        EXPECT_EQ(guest.get(Reg16::Cx), 0);
        guest.set(Reg16::Cx, 3);
        guest.clocks_of({0xF3, 0xA6});
        EXPECT_EQ(clocks(guest), wanted);
    }
}

TEST(Timing, ASegmentLoadStillShadowsTheNextBoundary) {
    TimedGuest guest(exact_8086);
    guest.clocks_of({0x8E, 0xD0});  // mov ss, ax
    EXPECT_EQ(guest.core.shadow, shadow::all);
    guest.clocks_of({0x90});
    EXPECT_EQ(guest.core.shadow, shadow::none);
}

// [SST 8A, C6, 05: cycles of the queue's reads]
TEST(Timing, DisplacementsAndImmediatesAreTakenWhenTheMicrocodeAsks) {
    const auto taken_at = [](std::initializer_list<u8> bytes) {
        const timing::Shape read = shape(bytes);
        const int displacement = read.head + read.gap, immediate = displacement + read.displacement + read.settle;
        return std::pair(displacement, immediate);
    };
    EXPECT_EQ(taken_at({0xC6, 0x44, 0x10, 0x55}), std::pair(5, 11));        // mov byte [si+10h], 55h
    EXPECT_EQ(taken_at({0xC6, 0x82, 0x10, 0x00, 0x55}), std::pair(8, 14));  // mov byte [bp+si+10h], 55h
    EXPECT_EQ(taken_at({0xC6, 0x06, 0x10, 0x00, 0x55}), std::pair(3, 8));   // mov byte [10h], 55h
    EXPECT_EQ(taken_at({0xC6, 0x07, 0x55}).second, 7);                      // mov byte [bx], 55h
    EXPECT_EQ(taken_at({0xC6, 0xC0, 0x55}).second, 2);                      // mov al, 55h
    EXPECT_EQ(taken_at({0x05, 0x55, 0x00}).first, 2);                       // add ax, 55h
}

// The two samples that the README of the 8088's suite prints. [SST 8088 README, v2 and v1]
TEST(Timing, ThePublishedRecordingsOfAn8088) {
    TimedGuest guest(exact_8088);
    guest.code({0x00, 0x4B, 0x9C});  // add [bp+di-64h], cl
    EXPECT_EQ(guest.clocks_of({0x00, 0x4B, 0x9C}), 28);
    guest.code({0x00, 0x8A, 0xA7, 0xDD});  // add [bp+si-2259h], cl, from an empty queue: 29 recorded
    guest.core.regs.ip = Guest::start;
    guest.core.queue = timing::holding(0, Guest::start, CpuModel::I8088);
    EXPECT_NEAR(double(guest.step()), 29, 3);
}

TEST(Timing, ShapesSayWhereTheBusIsNeeded) {
    const timing::Shape rmw = shape({0x01, 0x07});  // add [bx], ax
    EXPECT_EQ(rmw.reads, 1);
    EXPECT_EQ(rmw.writes, 1);
    EXPECT_EQ(2 + rmw.settle + rmw.before + 4 + rmw.between + 3 + rmw.after, 16 + 5);
    EXPECT_EQ(shape({0xA5}).reads + shape({0xA5}).writes, 2);
    EXPECT_TRUE(shape({0xE8, 0, 0}).jumps);
    EXPECT_FALSE(shape({0x74, 0}).jumps);
    EXPECT_EQ(shape({0x8D, 0x07}).reads, 0);  // lea
}

}  // namespace dyn86
