// Clocks of translated code against the interpreter's, in all four models, where data decide them.
#include "src/verify/difference.h"
#include "src/verify/random.h"
#include "src/verify/test_bed.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace dyn86::verify {
namespace {

constexpr std::array<ClockModel, 4> models{{{CpuModel::I8086, Timing::Table},
                                            {CpuModel::I8088, Timing::Table},
                                            {CpuModel::I8086, Timing::Exact},
                                            {CpuModel::I8088, Timing::Exact}}};

std::string name_of(ClockModel model) {
    return fmt::format("{}, {}", model.cpu == CpuModel::I8086 ? "8086" : "8088", model.is_exact() ? "exact" : "table");
}

/// Code at 1000:0100, data anywhere in 2000h, stack in 3000h.
struct Bench {
    explicit Bench(const EngineFactory& factory, ClockModel model) : bed(std::move(*TestBed::create(factory, model))) {}

    void place(const std::vector<u8>& code) {
        bed->memory().copy_in(0x1'0100, code);
        constexpr std::array<u8, 5> divide_error_handler{0x04, 0, 0, 0, 0xF4};  // at 0000:0004, HLT
        bed->memory().copy_in(0, divide_error_handler);
    }
    Cycles run(const Registers& start) {
        bed->start(start, 1'000'000);
        EXPECT_EQ(bed->engine().run(), Exit::Halted);
        return bed->core().now();
    }
    [[nodiscard]] const Registers& regs() const { return bed->core().regs; }
    [[nodiscard]] u64 interpreted() const { return bed->interpreter().stats().instructions; }

    std::unique_ptr<TestBed> bed;
};

Registers random_registers(Random& random) {
    Registers regs;
    for (u32& value : regs.gpr) value = random.word() >> random.below(16);
    regs.set(Reg16::Sp, 0x1000);
    regs.set(Reg16::Cx, u16(random.between(1, 20)));
    regs.sreg = {0x2000, 0x1000, 0x3000, 0x2000};
    regs.ip = 0x100;
    regs.flags = u16(flag::always_one | (random.word() & flag::oszapc));
    return regs;
}

/// Runs `code` from many states on both engines.
void expect_equal_clocks(const char* what, const std::vector<u8>& code, ClockModel model) {
    constexpr int states = 300;
    Bench reference(factory_of(EngineKind::Interpreter, 0), model);
    Bench subject(factory_of(EngineKind::Jit, 0), model);
    reference.place(code);
    subject.place(code);
    Random random(86);
    for (int i = 0; i < states; ++i) {
        const Registers start = random_registers(random);
        const Cycles expected = reference.run(start), got = subject.run(start);
        ASSERT_EQ(got, expected) << what << ", " << name_of(model) << ": " << format_registers(start);
        ASSERT_EQ(subject.regs(), reference.regs()) << what << ", " << name_of(model);
    }
}

struct Sample {
    const char* what;
    std::vector<u8> code;
};

}  // namespace

TEST(Clocks, DataDecideAlikeOnBothEngines) {
    if (!is_available(EngineKind::Jit)) GTEST_SKIP() << "this host has no recompiler";
    const std::vector<Sample> samples{
        {"mul", {0xF7, 0xE3, 0xF6, 0xE4, 0xF7, 0xE0, 0xF4}},         // mul bx; mul ah; mul ax; hlt
        {"mul, flags", {0xF7, 0xE3, 0x9C, 0xF6, 0xE1, 0x9C, 0xF4}},  // mul bx; pushf; mul cl; pushf; hlt
        {"mul, memory", {0xF7, 0x27, 0xF7, 0x26, 0x01, 0x02, 0xF6, 0x67, 0x01, 0xF4}},  // [bx], [201h], byte [bx+1]
        {"imul", {0xF7, 0xEB, 0xF6, 0xED, 0xF6, 0xE8, 0xF7, 0x2F, 0xF4}},               // bx; ch; al; word [bx]
        {"imul, flags", {0xF7, 0xEE, 0x9C, 0xF6, 0x6C, 0x03, 0x9C, 0xF4}},              // si; pushf; byte [si+3]; pushf
        {"div", {0x33, 0xD2, 0x83, 0xCB, 0x01, 0xF7, 0xF3, 0x33, 0xD2, 0xF7, 0xF6, 0xF4}},  // dx=0, bx|1, div bx, si
        {"div, bytes", {0x32, 0xE4, 0x80, 0xCB, 0x01, 0xF6, 0xF3, 0xF4}},  // xor ah, ah; or bl, 1; div bl
        {"idiv", {0x99, 0x83, 0xCB, 0x01, 0xF7, 0xFB, 0xF4}},              // cwd; or bx, 1; idiv bx
        {"idiv, flags", {0x99, 0x83, 0xCB, 0x01, 0xF7, 0xFB, 0x9C, 0xF4}},
        {"shift by cl", {0xD3, 0xE0, 0xD2, 0xCB, 0xD3, 0xDE, 0xF4}},
        {"odd words",
         {0x8B, 0x07, 0x01, 0x04, 0x03, 0x45, 0x03, 0x13, 0x40, 0x05, 0xF4}},  // [bx], [si], [di+3], [bx+si+5]
        {"odd words, flags",
         {0xF9, 0x11, 0x07, 0x83, 0x10, 0x02, 0x87, 0x51, 0x07, 0x9C, 0xF4}},  // stc; adc [bx], ax; ...
        {"even words", {0x83, 0xE3, 0xFE, 0x8B, 0x07, 0x8B, 0x47, 0x02, 0x8B, 0x47, 0x03, 0xF4}},  // and bx, -2; ...
        {"frames", {0x8B, 0xEC, 0x8B, 0x46, 0x02, 0x8B, 0x46, 0x05, 0x50, 0x58, 0xF4}},            // mov bp, sp; ...
        {"fixed addresses", {0xA1, 0x01, 0x02, 0xA3, 0x02, 0x02, 0xFF, 0x06, 0x03, 0x02, 0xF4}},
        {"far pointers", {0xC4, 0x3F, 0xC4, 0x36, 0x01, 0x02, 0xF4}},  // les di, [bx]; les si, [201h]
        {"strings", {0xFC, 0xA5, 0xAB, 0xAD, 0xA7, 0xAF, 0xF4}},       // cld; movsw; stosw; lodsw; cmpsw; scasw
        {"repeated", {0xFC, 0xF3, 0xA5, 0xB1, 0x09, 0xF3, 0xAB, 0xB1, 0x07, 0xF2, 0xAF, 0xF4}},
        {"loops", {0x40, 0x43, 0xE2, 0xFC, 0x74, 0x00, 0x75, 0x01, 0x90, 0xE3, 0x01, 0x90, 0xF4}},
        {"calls", {0xE8, 0x02, 0x00, 0xF4, 0x90, 0x50, 0x58, 0xC3}},
    };
    for (const Sample& sample : samples)
        for (const ClockModel model : models) expect_equal_clocks(sample.what, sample.code, model);
}

// Not by leaving it to the interpreter.
TEST(Clocks, DataAreCountedInTranslatedCode) {
    if (!is_available(EngineKind::Jit)) GTEST_SKIP() << "this host has no recompiler";
    for (const ClockModel model : models) {
        Bench bench(factory_of(EngineKind::Jit, 0), model);
        // mov cx, 100; again: mov ax, [bx]; mul si; add [bx], ax; inc bx; mov ax, cx; imul di; movsw; loop again; hlt
        bench.place(
            {0xB9, 100, 0, 0x8B, 0x07, 0xF7, 0xE6, 0x01, 0x07, 0x43, 0x8B, 0xC1, 0xF7, 0xEF, 0xA5, 0xE2, 0xF2, 0xF4});
        Random random(88);
        Registers start = random_registers(random);
        start.set(Reg16::Bx, 0x101);
        start.set(Reg16::Si, 0x201);
        start.set(Reg16::Di, 0x301);
        bench.run(start);
        const u64 before = bench.interpreted();
        bench.run(start);
        EXPECT_LE(bench.interpreted() - before, 2u) << name_of(model);
    }
}

// The same bytes behind a jump and behind what precedes them are two blocks where the queue counts, and one elsewhere.
TEST(Clocks, BlocksAreKeptApartByTheQueueTheyAreEnteredWith) {
    if (!is_available(EngineKind::Jit)) GTEST_SKIP() << "this host has no recompiler";
    // mov cx, 3; first: dec dx; mul bp; loop first; second: inc ax; dec bx; jnz second; hlt. `second` is fallen into
    // with what has been fetched while multiplying, then jumped to.
    const std::vector<u8> code{0xB9, 3, 0, 0x4A, 0xF7, 0xE5, 0xE2, 0xFB, 0x40, 0x4B, 0x75, 0xFC, 0xF4};
    for (const ClockModel model : models) {
        Bench reference(factory_of(EngineKind::Interpreter, 0), model), subject(factory_of(EngineKind::Jit, 0), model);
        reference.place(code);
        subject.place(code);
        Registers start;
        start.sreg = {0x2000, 0x1000, 0x3000, 0x2000};
        start.ip = 0x100;
        start.set(Reg16::Bx, 50);
        for (int i = 0; i < 3; ++i) EXPECT_EQ(subject.run(start), reference.run(start)) << name_of(model);
        const u64 blocks = subject.bed->engine().stats().blocks_translated;
        EXPECT_EQ(blocks, model.is_exact() ? 4u : 3u) << name_of(model);
    }
}

}  // namespace dyn86::verify
