// Traps, shadows, priorities, HLT and interrupted repetitions, which no recording shows: on both engines, translated at
// first execution where there is a recompiler.
#include "src/verify/test_bed.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <string>

namespace dyn86::verify {
namespace {

constexpr u16 segment = 0x1000, handlers = 0x2000, start = 0x100;
constexpr u8 iret = 0xCF, hlt = 0xF4;
constexpr u8 single_step = 1, nmi = 2, breakpoint = 3, overflow = 4, intr_vector = 8;

/// A machine that notes who was called: vector n leads to "inc word [cs:nn80h] / iret" at 2000:nn00 (nn its number).
class Interrupts : public testing::TestWithParam<EngineKind> {
protected:
    void SetUp() override {
        if (!is_available(GetParam())) GTEST_SKIP() << "this host has no recompiler";
        auto bed = TestBed::create(factory_of(GetParam(), 0));
        ASSERT_TRUE(bed) << bed.error().message;
        bed_ = std::move(*bed);
        Registers regs;
        regs.sreg.fill(segment);
        regs.ip = start;
        regs.set(Reg16::Sp, 0x8000);
        bed_->start(regs, 0);
        for (u16 vector = 0; vector < 256; ++vector) {
            put_word(vector * 4u, u16(vector << 8));
            put_word(vector * 4u + 2, handlers);
            handler(u8(vector), {0x2E, 0xFF, 0x06, 0x80, u8(vector), iret});
        }
    }

    void put(Linear at, std::initializer_list<u8> bytes) { bed_->memory().copy_in(at, std::span(bytes)); }
    void put_word(Linear at, u16 value) { put(at, {u8(value), u8(value >> 8)}); }
    void handler(u8 vector, std::initializer_list<u8> bytes) { put(handlers * 16u + vector * 0x100u, bytes); }
    void code(std::initializer_list<u8> bytes) { put(segment * 16u + start, bytes); }
    /// Makes a handler stop the machine, so that what it found can be looked at.
    void stop_at(u8 vector) { handler(vector, {hlt}); }

    Core& core() { return bed_->core(); }
    u16 get(Reg16 which) { return core().regs.get(which); }
    void set(Reg16 which, u16 value) { core().regs.set(which, value); }
    void set_flags(u16 flags) { core().regs.flags |= flags; }
    u16 word(Linear at) { return bed_->memory().read16(at); }
    u16 calls(u8 vector) { return word(handlers * 16u + vector * 0x100u + 0x80); }
    u16 stacked(u16 n) { return word(segment * 16u + u16(get(Reg16::Sp) + 2 * n)); }
    bool is_in(u8 vector) { return core().regs.get(Sreg::Cs) == handlers && core().regs.ip >> 8 == vector; }
    Exit run(Cycles clocks = 100'000) {
        core().set_deadline(core().now() + clocks);
        return bed_->engine().run();
    }
    TestBed& bed() { return *bed_; }

private:
    std::unique_ptr<TestBed> bed_;
};

}  // namespace

// --- single step [UM86 2-28, "Single-Step Interrupt"]

TEST_P(Interrupts, ATrapFollowsEachInstructionOfAHotLoop) {
    // mov cx, 100 / again: inc ax / loop again / pushf / pop bx / and bh, 0FEh / push bx / popf / hlt
    code({0xB9, 0x64, 0x00, 0x40, 0xE2, 0xFD, 0x9C, 0x5B, 0x80, 0xE7, 0xFE, 0x53, 0x9D, hlt});
    EXPECT_EQ(run(), Exit::Halted);  // without TF: translated
    core().halted = 0;
    core().regs.ip = start;
    set_flags(flag::t);
    EXPECT_EQ(run(), Exit::Halted);
    EXPECT_EQ(get(Reg16::Ax), 200);
    EXPECT_EQ(calls(single_step), 1 + 200 + 5);  // MOV, INC and LOOP, and what clears TF
    EXPECT_EQ(get(Reg16::Sp), 0x8000);
}

TEST_P(Interrupts, PopfSetsTfForTheNextInstruction) {
    stop_at(single_step);
    code({0x9C, 0x58, 0x80, 0xCC, 0x01, 0x50, 0x9D, 0x40, 0x41,
          hlt});  // pushf/pop ax/or ah,1/push ax/popf/inc ax/inc cx
    EXPECT_EQ(run(), Exit::Halted);
    EXPECT_TRUE(is_in(single_step));
    EXPECT_EQ(stacked(0), start + 8);
    EXPECT_EQ(get(Reg16::Cx), 0);
}

TEST_P(Interrupts, NoTrapBehindALoadOfASegmentRegister) {
    // The CPU accepts nothing there, so that SS and SP can be loaded as one. [UM86 2-28, "External Interrupts"]
    stop_at(single_step);
    set_flags(flag::t);
    code({0x8E, 0xD0, 0xBC, 0x00, 0x70, 0x40});  // mov ss, ax / mov sp, 7000h / inc ax
    set(Reg16::Ax, segment);
    EXPECT_EQ(run(), Exit::Halted);
    EXPECT_EQ(stacked(0), start + 5);
    EXPECT_EQ(get(Reg16::Sp), 0x7000 - 6);
}

TEST_P(Interrupts, AnIntUnderTfIsTrappedAtItsHandler) {
    // assumed: as a trap is taken behind every instruction, whatever that pushed; an 8086 with TF set at INT3 would
    // settle it. [UM86 2-28: debuggers see the handler's first instruction]
    stop_at(single_step);
    set_flags(flag::t | flag::o);
    for (const auto& [opcode, vector] : {std::pair{u8{0xCC}, breakpoint}, {u8{0xCE}, overflow}}) {
        core().regs.sreg.fill(segment);
        core().regs.ip = start;
        core().halted = 0;
        set_flags(flag::t);
        code({opcode, hlt});
        EXPECT_EQ(run(), Exit::Halted);
        EXPECT_TRUE(is_in(single_step));
        EXPECT_EQ(stacked(0), vector << 8);
        EXPECT_EQ(stacked(2) & flag::t, 0);
        EXPECT_EQ(stacked(3), start + 1);
        EXPECT_EQ(stacked(5) & flag::t, flag::t);
    }
}

TEST_P(Interrupts, ADivideErrorUnderTfIsTrappedAtItsHandler) {
    // assumed: like INT; the microcode enters both alike. [8086MC INTR]
    stop_at(single_step);
    set_flags(flag::t);
    code({0xF6, 0xF3});  // div bl, which is 0
    EXPECT_EQ(run(), Exit::Halted);
    EXPECT_EQ(stacked(0), 0);
    EXPECT_EQ(stacked(1), handlers);
    EXPECT_EQ(stacked(3), start + 2);
}

TEST_P(Interrupts, IretSetsTfForTheNextInstruction) {
    stop_at(single_step);
    put(segment * 16u + 0x8000, {0x00, 0x01, 0x00, 0x10, 0x02, 0xF1});  // 1000:0100, TF
    core().regs.ip = 0x400;
    put(segment * 16u + 0x400, {iret});
    code({0x40, 0x41});
    EXPECT_EQ(run(), Exit::Halted);
    EXPECT_EQ(stacked(0), start + 1);
    EXPECT_EQ(get(Reg16::Ax), 1);
}

// --- who comes first [UM86 2-29, "Interrupt Priorities" and figure 2-29]

TEST_P(Interrupts, NmiThenIntrThenTrap) {
    set_flags(flag::t | flag::i);
    code({0x40, hlt});
    core().set_deadline(core().now() + 1);
    bed().engine().step();
    core().nmi = 1;
    bed().interrupts().request(intr_vector);
    stop_at(single_step);  // at its entry all three have been accepted
    EXPECT_EQ(run(), Exit::Halted);
    // The trap interrupts the NMI's handler, whose entry cleared IF before INTR was looked at.
    EXPECT_TRUE(is_in(single_step));
    EXPECT_EQ(stacked(0), nmi << 8);
    EXPECT_EQ(stacked(3), start + 1);
    EXPECT_EQ(bed().interrupts().acknowledged(), 0u);
}

TEST_P(Interrupts, ASoftwareInterruptComesBeforeWhatIsPending) {
    // The instruction is executed; what is pending is accepted at its handler's first instruction, if IF allows.
    stop_at(nmi);
    code({0xCD, 0x40, hlt});
    bed().engine().step();
    core().nmi = 1;
    EXPECT_EQ(run(), Exit::Halted);
    EXPECT_TRUE(is_in(nmi));
    EXPECT_EQ(stacked(0), 0x4000);
    EXPECT_EQ(stacked(3), start + 2);
}

TEST_P(Interrupts, NmiNeedsNoIfAndIsServedOncePerEdge) {
    code({0xEB, 0xFE});  // jmp $
    core().nmi = 1;
    EXPECT_EQ(run(5000), Exit::Deadline);
    EXPECT_EQ(calls(nmi), 1);
    EXPECT_EQ(core().regs.get(Sreg::Cs), segment);
}

// --- shadows

TEST_P(Interrupts, StiTakesEffectBehindTheNextInstruction) {
    stop_at(intr_vector);
    code({0xFA, 0xFB, 0x40, 0x41, hlt});  // cli / sti / inc ax / inc cx
    bed().interrupts().request(intr_vector);
    EXPECT_EQ(run(), Exit::Halted);
    EXPECT_TRUE(is_in(intr_vector));
    EXPECT_EQ(stacked(0), start + 3);  // [UM86 "STI"]
    EXPECT_EQ(get(Reg16::Cx), 0);
}

TEST_P(Interrupts, StiThenHltSleepsAndWakesBehindIt) {
    code({0xFB, hlt, 0x40, hlt});
    bed().interrupts().request(intr_vector);
    EXPECT_EQ(run(), Exit::Halted);
    EXPECT_EQ(calls(intr_vector), 1);
    EXPECT_EQ(core().regs.ip, start + 4);
    EXPECT_EQ(get(Reg16::Ax), 1);
}

TEST_P(Interrupts, PopfAndIretEnableAtOnce) {
    // assumed: only STI and loads of segment registers cast a shadow [UM86 2-28]; IRET to code under a pending INTR
    // on an 8086 would settle it.
    stop_at(intr_vector);
    put_word(segment * 16u + 0x8000, flag::always_one | flag::i);
    code({0x9D, 0x40});  // popf / inc ax
    bed().interrupts().request(intr_vector);
    EXPECT_EQ(run(), Exit::Halted);
    EXPECT_EQ(stacked(0), start + 1);
    EXPECT_EQ(get(Reg16::Ax), 0);
}

TEST_P(Interrupts, NothingComesBehindALoadOfAnySegmentRegister) {
    // On the 8086 that holds for all of them, not for SS alone. [UM86 2-28: "MOV to segment register, POP segment
    // register"]
    struct Load {
        std::initializer_list<u8> bytes;
        u16 length;
    };
    const Load loads[] = {{{0x8E, 0xC0, 0x41, 0x42}, 2}, {{0x8E, 0xD0, 0x41, 0x42}, 2}, {{0x8E, 0xD8, 0x41, 0x42}, 2},
                          {{0x07, 0x41, 0x42}, 1},       {{0x17, 0x41, 0x42}, 1},       {{0x1F, 0x41, 0x42}, 1}};
    stop_at(intr_vector);
    for (const Load& load : loads) {
        core() = Core{};
        core().regs.sreg.fill(segment);
        core().regs.ip = start;
        set(Reg16::Sp, 0x8000);
        set(Reg16::Ax, segment);
        put_word(segment * 16u + 0x8000, segment);
        set_flags(flag::i);
        code(load.bytes);
        bed().engine().step();
        bed().interrupts().request(intr_vector);
        EXPECT_EQ(run(), Exit::Halted);
        EXPECT_EQ(stacked(0), start + load.length + 1);
        EXPECT_EQ(get(Reg16::Cx), 1);
        EXPECT_EQ(get(Reg16::Dx), 0);
    }
}

// --- HLT [UM86 2-30, "HLT"]

TEST_P(Interrupts, HltGoesOnBehindItWhenWoken) {
    for (const bool by_nmi : {true, false}) {
        core().regs.ip = start;
        core().halted = 0;
        set(Reg16::Ax, 0);
        set_flags(flag::i);
        code({hlt, 0x40, hlt});
        EXPECT_EQ(run(), Exit::Halted);
        EXPECT_EQ(core().regs.ip, start + 1);
        if (by_nmi)
            core().nmi = 1;
        else
            bed().interrupts().request(intr_vector);
        EXPECT_EQ(run(), Exit::Halted);
        EXPECT_EQ(get(Reg16::Ax), 1);
        EXPECT_EQ(calls(by_nmi ? nmi : intr_vector), 1);
    }
}

TEST_P(Interrupts, IntrDoesNotWakeWithoutIf) {
    code({hlt, 0x40, hlt});
    EXPECT_EQ(run(), Exit::Halted);
    bed().interrupts().request(intr_vector);
    EXPECT_EQ(run(), Exit::Halted);
    EXPECT_EQ(get(Reg16::Ax), 0);
    EXPECT_EQ(bed().interrupts().acknowledged(), 0u);
}

// --- repetitions [UM86 2-43, "REP"]: the interrupted one goes on at its last prefix

TEST_P(Interrupts, ARepetitionForgetsAllPrefixesButTheLast) {
    // es rep movsb copies from ES up to the interrupt, from DS behind it; rep es movsb is no repetition any more.
    for (const bool repeat_last : {true, false}) {
        core() = Core{};
        core().regs.sreg.fill(segment);
        core().regs.set(Sreg::Es, 0x4000);
        core().regs.ip = start;
        set(Reg16::Sp, 0x8000);
        set(Reg16::Cx, 200);
        set(Reg16::Si, 0x1000);
        set(Reg16::Di, 0x3000);
        set_flags(flag::i);
        for (u16 i = 0; i < 200; ++i) {
            put(0x4'1000u + i, {0xEE});
            put(0x1'1000u + i, {0xDD});
        }
        if (repeat_last)
            code({0x26, 0xF3, 0xA4, hlt});
        else
            code({0xF3, 0x26, 0xA4, hlt});
        EXPECT_EQ(run(700), Exit::Deadline);
        const u16 done = u16(200 - get(Reg16::Cx));
        EXPECT_GT(done, 10);
        EXPECT_LT(done, 190);
        bed().interrupts().request(intr_vector);
        EXPECT_EQ(run(), Exit::Halted);
        EXPECT_EQ(bed().memory().read8(0x4'3000u + done - 1), 0xEE);
        const bool goes_on = repeat_last;
        EXPECT_EQ(bed().memory().read8(0x4'3000u + done), goes_on ? 0xDD : 0xEE);
        EXPECT_EQ(get(Reg16::Cx), goes_on ? 0 : 200 - done);
        EXPECT_EQ(get(Reg16::Di), goes_on ? 0x3000 + 200 : 0x3000 + done + 1);
    }
}

TEST_P(Interrupts, NmiAndTrapInterruptARepetition) {
    set(Reg16::Cx, 3);
    set(Reg16::Di, 0x3000);
    set_flags(flag::t);
    code({0xF3, 0xAA, hlt});  // rep stosb
    stop_at(single_step);
    EXPECT_EQ(run(), Exit::Halted);
    EXPECT_EQ(get(Reg16::Cx), 2);  // behind each turn
    EXPECT_EQ(stacked(0), start);
    core().regs.sreg.fill(segment);
    set(Reg16::Cx, 200);
    core().regs.ip = start;
    core().regs.flags = flag::always_one;
    core().halted = 0;
    EXPECT_EQ(run(700), Exit::Deadline);
    EXPECT_NE(get(Reg16::Cx), 0);
    core().nmi = 1;
    EXPECT_EQ(run(), Exit::Halted);
    EXPECT_EQ(calls(nmi), 1);
    EXPECT_EQ(get(Reg16::Cx), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, Interrupts, testing::Values(EngineKind::Interpreter, EngineKind::Jit),
                         [](const testing::TestParamInfo<EngineKind>& one) { return std::string(name_of(one.param)); });

}  // namespace dyn86::verify
