// Blocks come and go as they should: translation, links, tables, invalidation, flushes. That their code is right is the
// business of the lockstep tests.
#include "cpu/insn.h"
#include "tests/jit/bench_machine.h"

#include <algorithm>

namespace dyn86::jit {
namespace {

constexpr u16 start = BenchMachine::start;
u16 ax_of(BenchMachine& machine) {
    return machine.regs().get(Reg16::Ax);
}

// mov cx, 1000; again: add ax, 3; loop again; hlt
const std::vector<u8> counting = {0xB9, 0xE8, 0x03, 0x05, 0x03, 0x00, 0xE2, 0xFB, 0xF4};

u64 interpreted(BenchMachine& machine, Op op) {
    return machine.jit().op_counts()[std::size_t(op)].interpreted;
}

}  // namespace

TEST(Jit, TranslatesAtTheThreshold) {
    BenchMachine machine({.threshold = 16});
    machine.place(start, counting);
    machine.run();
    EXPECT_EQ(ax_of(machine), 3000);
    EXPECT_EQ(machine.jit().stats().blocks_translated, 1u);
    EXPECT_LT(machine.jit().stats().instructions, 60u);  // the rest of two thousand ran translated
}

TEST(Jit, CountsInstructionsExactlyOnRequest) {
    BenchMachine machine({.threshold = 4, .count_instructions = true});
    machine.place(start, counting);
    machine.run();
    EXPECT_EQ(machine.jit().stats().instructions, 1 + 2 * 1000 + 1u);
}

TEST(Jit, EndsAtTheFirstBoundaryNotBeforeTheDeadline) {
    for (const u32 slack : {0u, 512u}) {
        BenchMachine machine({.threshold = 0, .slack = slack});
        machine.place(start, {0x40, 0xEB, 0xFD});  // again: inc ax (2 clocks); jmp again (15)
        machine.core().set_deadline(10'001);
        EXPECT_EQ(machine.jit().run(), Exit::Deadline);
        EXPECT_EQ(machine.core().now(), 10'013);  // 588 rounds are 9996 clocks; an INC, and its jump ends behind 10,001
        EXPECT_EQ(ax_of(machine), 589);
    }
}

TEST(Jit, LinksAndUnlinks) {
    BenchMachine machine;
    // call f; call f; hlt; f: inc ax; jmp g (at 0200)
    machine.place(start, {0xE8, 0x05, 0x00, 0xE8, 0x02, 0x00, 0xF4, 0x90, 0x40, 0xE9, 0xF4, 0x00});
    machine.place(0x200, {0x40, 0xC3});  // g: inc ax; ret
    machine.run();
    machine.run();
    EXPECT_EQ(ax_of(machine), 8);
    const u64 killed = machine.jit().stats().blocks_invalidated;
    machine.place(0x200, {0x48});  // dec ax
    EXPECT_GT(machine.jit().stats().blocks_invalidated, killed);
    machine.run();
    EXPECT_EQ(ax_of(machine), 8);
}

// Stores through a register are tested together at the head, but only as long as it is known where it points.
TEST(Jit, TestsStoresThroughARegisterThatWasExchanged) {
    BenchMachine machine;
    // mov [bx],al; mov [bx+1],al; xchg [si],bl; mov [bx],al (the immediate of the next one); mov cl,0; hlt
    machine.place(start, {0x88, 0x07, 0x88, 0x47, 0x01, 0x86, 0x1C, 0x88, 0x07, 0xB1, 0x00, 0xF4});
    machine.place(0x200, {0x0A});
    machine.regs().set(Reg16::Ax, 0x77);
    machine.regs().set(Reg16::Bx, 0x150);
    machine.regs().set(Reg16::Si, 0x200);
    machine.run();
    EXPECT_EQ(machine.regs().get(Reg16::Bx), 0x10A);
    EXPECT_EQ(machine.regs().get(Reg8::Cl), 0x77);
}

TEST(Jit, TakesProceduresAlong) {
    BenchMachine machine;
    // call f; call f; hlt; f (110h): push bx; inc ax; pop bx; ret
    machine.place(start, {0xE8, 0x0D, 0x00, 0xE8, 0x0A, 0x00, 0xF4});
    machine.place(0x110, {0x53, 0x40, 0x5B, 0xC3});
    machine.run();
    EXPECT_EQ(ax_of(machine), 2);
    EXPECT_EQ(machine.jit().stats().blocks_translated, 1u);
    machine.place(0x111, {0x48});  // dec ax
    machine.run();
    EXPECT_EQ(ax_of(machine), 0);
}

// A procedure that skips the byte behind its call: at first the interpreter returns, then the block is made anew.
TEST(Jit, GivesUpOnReturnsThatGoElsewhere) {
    BenchMachine machine;
    // mov cx, 100; again: call f; db 0F4h; loop again; hlt; f (110h): pop bx; inc bx; push bx; ret
    machine.place(start, {0xB9, 100, 0, 0xE8, 0x0A, 0x00, 0xF4, 0xE2, 0xFA, 0xF4});
    machine.place(0x110, {0x5B, 0x43, 0x53, 0xC3});
    machine.run();
    EXPECT_EQ(machine.regs().ip, start + 10);
    EXPECT_EQ(machine.regs().get(Reg16::Bx), start + 7);
    EXPECT_LT(interpreted(machine, Op::Ret), 20u);
    EXPECT_GT(interpreted(machine, Op::Ret), 0u);
}

// What is above the return address when it has been popped, is nobody's.
TEST(Jit, ReturnsWhereTheStackSays) {
    BenchMachine machine;
    // mov dx, 120h; call f; hlt; f (110h): inc sp; inc sp; push dx; ret; 120h: mov ax, 7; hlt
    machine.place(start, {0xBA, 0x20, 0x01, 0xE8, 0x0A, 0x00, 0xF4});
    machine.place(0x110, {0x44, 0x44, 0x52, 0xC3});
    machine.place(0x120, {0xB8, 0x07, 0x00, 0xF4});
    machine.run();
    EXPECT_EQ(ax_of(machine), 7);
}

// A head whose strings run downwards learns so.
TEST(Jit, LearnsTheDirectionOfStrings) {
    BenchMachine machine;
    // mov cx, 100; again: lodsb; stosb; loop again; mov cx, 20; rep movsw; hlt
    machine.place(start, {0xB9, 100, 0, 0xAC, 0xAA, 0xE2, 0xFC, 0xB9, 20, 0, 0xF3, 0xA5, 0xF4});
    const auto interpreted_by_a_run = [&](u16 direction) {
        machine.regs().flags = u16((machine.regs().flags & ~flag::d) | direction);
        machine.regs().set(Reg16::Si, 0x1000);
        machine.regs().set(Reg16::Di, 0x2000);
        const u64 before = machine.jit().stats().instructions;
        machine.run();
        return machine.jit().stats().instructions - before;
    };
    for (u16 i = 0; i < 0x200; ++i) machine.place(u16(0xF00 + i), {u8(i)});
    for (int run = 0; run < 12; ++run) (void)interpreted_by_a_run(flag::d);
    EXPECT_LE(interpreted_by_a_run(flag::d), 1u);  // HLT
    EXPECT_EQ(machine.regs().get(Reg16::Si), 0x1000 - 100 - 40);
    EXPECT_EQ(machine.memory().peek(0x10000 + 0x2000 - 99), 0x100 - 99);
    EXPECT_EQ(machine.memory().peek(0x10000 + 0x2000 - 100 - 38), 0x100 - 138);
    (void)interpreted_by_a_run(0);
    EXPECT_EQ(machine.regs().get(Reg16::Di), 0x2000 + 140);
}

TEST(Jit, JumpsThroughTables) {
    BenchMachine machine;
    // mov cx, 100; again: mov bx, cx; and bx, 2; jmp [bx+180h]; 110h: inc ax; loop again; hlt; 118h: add ax, 10; jmp
    // 111h
    machine.place(start, {0xB9, 100, 0, 0x89, 0xCB, 0x83, 0xE3, 0x02, 0xFF, 0xA7, 0x80, 0x01});
    machine.place(0x110, {0x40, 0xE2, 0xF0, 0xF4});
    machine.place(0x118, {0x05, 10, 0, 0xEB, 0xF4});
    machine.place(0x180, {0x10, 0x01, 0x18, 0x01});
    machine.run();
    EXPECT_EQ(ax_of(machine), 50 + 50 * 10);
}

TEST(Jit, MarksBytesWhileABlockNeedsThem) {
    BenchMachine machine;
    machine.place(start, {0x40, 0xEB, 0x0E});  // inc ax; jmp 111
    machine.place(0x111, {0x40, 0xF4});
    machine.run();
    EXPECT_EQ(machine.mark(start) & special::code, special::code);
    EXPECT_EQ(machine.mark(0x111) & special::code, special::code);
    EXPECT_EQ(machine.mark(start + 3) & special::code, 0);
    machine.place(start, {0x48});
    EXPECT_EQ(machine.mark(start + 1) & special::code, 0);
    machine.jit().flush();
    EXPECT_EQ(machine.mark(0x111) & special::code, 0);
    EXPECT_EQ(machine.jit().stats().flushes, 1u);
}

TEST(Jit, LeavesNeighboursAndEqualValuesAlone) {
    BenchMachine machine;
    machine.place(start, {0xA2, 0x07, 0x01, 0xC6, 0x06, 0x00, 0x01, 0xF4});  // mov [107h], al: HLT's own byte, anew
    machine.place(start + 3, {0xA2, 0x10, 0x01, 0x90, 0xF4});                // mov [110h], al: next to the code
    machine.regs().set(Reg8::Al, 0xF4);
    machine.run();
    machine.run();
    EXPECT_EQ(machine.jit().stats().blocks_invalidated, 0u);
    EXPECT_EQ(interpreted(machine, Op::Mov), 2u);  // only the store over code left the block, once per run
}

TEST(Jit, TrustsAPageThatChangedHands) {
    BenchMachine machine({.threshold = 16});
    const auto interpreted_by_a_run = [&] {
        const u64 before = machine.jit().stats().instructions;
        machine.run();
        return machine.jit().stats().instructions - before;
    };
    // mov cx, 1000; again: nop; add ax, 3; loop again; hlt: nearly every byte is another one than in `counting`
    const std::vector<u8> other = {0xB9, 0xE8, 0x03, 0x90, 0x05, 0x03, 0x00, 0xE2, 0xFA, 0xF4};
    for (u8 turn = 0; turn < 10; ++turn) {  // code that keeps changing is interpreted in the end
        machine.place(start, turn % 2 == 0 ? other : counting);
        (void)interpreted_by_a_run();
    }
    machine.place(start, other);
    EXPECT_GT(interpreted_by_a_run(), 1000u);
    machine.memory().renew(u32{BenchMachine::segment} * 16, 0x1000);
    EXPECT_LT(interpreted_by_a_run(), 60u);
}

TEST(Jit, BringsBackWhatItMadeOfTheSameBytes) {
    BenchMachine machine({.threshold = 16});
    std::vector<u8> other = counting;
    other[4] = 5;  // add ax, 5
    const auto loaded = [&](const std::vector<u8>& code) {
        machine.memory().renew(u32{BenchMachine::segment} * 16, 0x1000);
        machine.place(start, code);
        machine.regs().set(Reg16::Ax, 0);
        machine.run();
        return ax_of(machine);
    };
    for (int round = 0; round < 3; ++round) {  // two programs, started in turns
        EXPECT_EQ(loaded(counting), 3000);
        EXPECT_EQ(loaded(other), 5000);
    }
    EXPECT_EQ(machine.jit().stats().blocks_translated, 2u);
    EXPECT_GE(machine.jit().stats().blocks_invalidated, 5u);
    machine.jit().flush();
    EXPECT_EQ(loaded(counting), 3000);
    EXPECT_EQ(machine.jit().stats().blocks_translated, 3u);
}

// An operand that is patched is read when it executes: the second patch costs no translation and leaves no block.
TEST(Jit, ReadsPatchedOperandsWhenTheyExecute) {
    BenchMachine machine;
    // mov [109h], cl; mov [10Dh], ch; mov ax, 0 (its low byte is at 109h); add bl, [bp+0]; hlt
    machine.place(start, {0x88, 0x0E, 0x09, 0x01, 0x88, 0x2E, 0x0D, 0x01, 0xB8, 0x00, 0x00, 0x02, 0x5E, 0x00, 0xF4});
    machine.regs().set(Reg16::Cx, 0x0101);
    machine.run();
    machine.regs().set(Reg16::Cx, 0x0202);
    machine.run();
    const EngineStats before = machine.jit().stats();
    for (u8 i = 3; i < 20; ++i) {
        machine.place(0x200 + i, {i});
        machine.regs().set(Reg16::Cx, u16(i << 8 | i));
        machine.regs().set(Reg16::Bp, 0x200);
        machine.regs().set(Reg16::Bx, 0);
        machine.run();
        EXPECT_EQ(ax_of(machine), i);
        EXPECT_EQ(machine.regs().get(Reg8::Bl), i);
    }
    EXPECT_EQ(machine.jit().stats().blocks_translated, before.blocks_translated);
    EXPECT_EQ(machine.jit().stats().blocks_invalidated, before.blocks_invalidated);
    EXPECT_EQ(interpreted(machine, Op::Mov), 2u);
}

// Of an instruction that keeps changing, each shape has a block; they compare, and no patch leaves any.
TEST(Jit, TakesTurnsBetweenShapesOfAnInstruction) {
    BenchMachine machine;
    // mov [10Bh], al; sub ax, ax; mov cx, 10; mov bx, 3; again: add ax, bx (10Bh: the opcode); loop again; hlt
    machine.place(start, {0xA2, 0x0B, 0x01, 0x2B, 0xC0, 0xB9, 10, 0, 0xBB, 3, 0, 0x03, 0xC3, 0xE2, 0xFC, 0xF4});
    const std::vector<u8> opcodes = {0x03, 0x2B, 0x33, 0x0B};
    const std::vector<u16> results = {30, u16(-30), 0, 3};
    EngineStats before;
    for (std::size_t run = 0; run < 60; ++run) {
        if (run == 30) before = machine.jit().stats();
        machine.regs().set(Reg16::Ax, opcodes[run % 4]);
        machine.run();
        EXPECT_EQ(ax_of(machine), results[run % 4]) << run;
    }
    EXPECT_EQ(machine.jit().stats().blocks_translated, before.blocks_translated);
    EXPECT_EQ(machine.jit().stats().blocks_invalidated, before.blocks_invalidated);
    EXPECT_EQ(machine.jit().stats().instructions, before.instructions + 30);  // HLT
}

// An opcode that is patched as often is no such operand.
TEST(Jit, TellsPatchedOperandsFromPatchedInstructions) {
    BenchMachine machine;
    machine.place(start, {0xB8, 0x01, 0x00, 0xF4});
    machine.run();
    machine.place(start, {0xBB, 0x02});  // mov bx, 2
    machine.run();
    EXPECT_EQ(machine.mark(start + 1) & special::code, special::code);
    machine.place(start + 1, {0x03});
    machine.run();
    EXPECT_EQ(machine.mark(start) & special::code, special::code);
    EXPECT_EQ(machine.mark(start + 1) & special::code, 0);
    EXPECT_EQ(machine.regs().get(Reg16::Bx), 3);
}

TEST(Jit, SeesStoresThroughTheMirrorAbove1MiB) {
    BenchMachine machine;
    machine.memory().copy_in(0x500, std::vector<u8>{0x40, 0xCB});  // inc ax; retf
    // mov word [es:510h], 0CB48h (FFFF:0510 is 00500): dec ax; retf
    machine.place(start, {0x9A, 0x00, 0x05, 0x00, 0x00, 0x26, 0xC7, 0x06, 0x10, 0x05, 0x48, 0xCB, 0x9A, 0x00, 0x05,
                          0x00, 0x00, 0xF4});
    machine.regs().set(Sreg::Es, 0xFFFF);
    machine.run();
    EXPECT_EQ(ax_of(machine), 0);
    EXPECT_GT(machine.jit().stats().blocks_invalidated, 0u);
}

TEST(Jit, FlushesWhenTheBufferIsFull) {
    BenchMachine machine({.threshold = 0, .code_bytes = 128 << 10});
    // Each block increments AX and jumps to the next, 16 bytes on.
    constexpr u16 blocks = 3000, size = 16;
    for (u16 i = 0; i < blocks; ++i) machine.place(u16(0x200 + i * size), {0x40, 0x78, 0x00, 0xE8, 10, 0});
    machine.place(u16(0x200 + blocks * size), {0xF4});
    machine.run(0x200);
    EXPECT_EQ(ax_of(machine), blocks);
    EXPECT_GT(machine.jit().stats().flushes, 0u);
    machine.regs().set(Reg16::Sp, 0xFFFE);
    machine.run(0x200);
    EXPECT_EQ(ax_of(machine), 2 * blocks);
}

TEST(Jit, FlushesWhenMoreThan255CodeSegmentsLive) {
    BenchMachine machine;
    // The same bytes at 0600:0000 under 300 names: inc ax; retf
    machine.memory().copy_in(0x6000, std::vector<u8>{0x40, 0xCB});
    for (u16 i = 0; i < 300; ++i) {
        const u16 segment = u16(0x600 - i), offset = u16(i * 16);
        machine.place(start, {0x9A, u8(offset), u8(offset >> 8), u8(segment), u8(segment >> 8), 0xF4});
        machine.run();
    }
    EXPECT_EQ(ax_of(machine), 300);
    EXPECT_GT(machine.jit().stats().flushes, 0u);
}

TEST(Jit, GivesUpOnGuardsThatKeepFailing) {
    BenchMachine machine;
    // mov cx, 200; again: mov ax, [bp+2]; add dx, ax; loop again; hlt, with BP odd
    machine.place(start, {0xB9, 200, 0, 0x8B, 0x46, 0x02, 0x01, 0xC2, 0xE2, 0xF9, 0xF4});
    machine.place(0x803, {0x01, 0x00});
    machine.regs().set(Reg16::Bp, 0x801);
    machine.run();
    EXPECT_EQ(machine.regs().get(Reg16::Dx), 200);
    EXPECT_LT(interpreted(machine, Op::Mov), 20u);
}

TEST(Jit, WidensBytesInOneInstruction) {
    BenchMachine machine;
    // mov bl, ah; xor bh, bh; mov cl, [es:di+5]; mov ch, 0; mov dl, dl; sub dh, dh; mov al, bl; xor ah, ah; jz +0; hlt
    machine.place(start, {0x88, 0xE3, 0x30, 0xFF, 0x26, 0x8A, 0x4D, 0x05, 0xB5, 0x00, 0x88,
                          0xD2, 0x28, 0xF6, 0x88, 0xD8, 0x30, 0xE4, 0x74, 0x00, 0xF4});
    machine.place(0x705, {0x9C});
    machine.regs().gpr = {0x1234, 0xFFFF, 0x5678, 0xFFFF, 0xFFFE, 0, 0, 0x700};
    machine.run();
    EXPECT_EQ(machine.regs().gpr, (std::array<u32, 8>{0x12, 0x9C, 0x78, 0x12, 0xFFFE, 0, 0, 0x700}));
    EXPECT_NE(machine.regs().flags & flag::z, 0);  // the last XOR's flags are read: it stays itself
}

TEST(Jit, DisabledGroupsAreInterpreted) {
    BenchMachine machine({.threshold = 0, .disabled_groups = 1 << unsigned(Group::Alu)});
    machine.place(start, {0xB8, 0x05, 0x00, 0x05, 0x01, 0x00, 0xF4});  // mov ax, 5; add ax, 1; hlt
    machine.run();
    EXPECT_EQ(ax_of(machine), 6);
    EXPECT_EQ(interpreted(machine, Op::Add), 1u);
    EXPECT_EQ(machine.jit().op_counts()[std::size_t(Op::Mov)].emitted, 1u);
}

TEST(Jit, TranslateShowsTheHotCode) {
    BenchMachine machine({.threshold = 1000});
    machine.place(start, {0x01, 0xD8, 0x31, 0xC0, 0xEB, 0xFA});  // again: add ax, bx; xor ax, ax; jmp again
    const auto code = machine.jit().translate({BenchMachine::segment, start});
    ASSERT_FALSE(code.empty());
    const std::vector<u8> add = {0x66, 0x01, 0xD8};
    EXPECT_NE(std::search(code.begin(), code.end(), add.begin(), add.end()), code.end());
    machine.place(0x200, {0xF4});
    EXPECT_TRUE(machine.jit().translate({BenchMachine::segment, 0x200}).empty());  // HLT is the interpreter's
}

}  // namespace dyn86::jit
