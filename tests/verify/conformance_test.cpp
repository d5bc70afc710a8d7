// The harness itself, on recordings made up here: it must pass what is right and find what is wrong.
#include "src/verify/conformance.h"

#include "tests/verify/stepper.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dyn86::verify {
namespace {

using Strict = Conformance::Strict;

Registers registers() {
    Registers regs;
    regs.sreg = {0x4000, 0x1000, 0x2000, 0x3000};  // ES CS SS DS
    regs.set(Reg16::Sp, 0x200);
    regs.ip = 0x100;
    return regs;
}

/// 01 07: add [bx], ax, with AX = 1 and [3000:0010] = FFFF.
MooFile add_to_memory() {
    MooTest test;
    test.name = "add word [ds:bx], ax";
    test.bytes = {0x01, 0x07};
    test.initial.regs = registers();
    test.initial.regs.set(Reg16::Ax, 1);
    test.initial.regs.set(Reg16::Bx, 0x10);
    test.initial.ram = {{0x10100, 0x01}, {0x10101, 0x07}, {0x10102, 0x90}, {0x30010, 0xFF}, {0x30011, 0xFF}};
    test.final = test.initial;
    test.final.regs.ip = 0x102;
    test.final.regs.flags = flag::always_one | flag::z | flag::a | flag::p | flag::c;
    test.final.ram[3].value = test.final.ram[4].value = 0;
    return {.name = "01.MOO", .form = "01", .cpu = "8086", .tests = {test}};
}

/// 2E 33 17: xor dx, [cs:bx], whose operand is the two bytes behind it. In the public suite: 33 #1510, F7.5 #395.
MooFile xor_with_what_follows() {
    MooTest test;
    test.name = "xor dx, word [cs:bx]";
    test.bytes = {0x2E, 0x33, 0x17};
    test.initial.regs = registers();
    test.initial.regs.set(Reg16::Bx, 0x103);
    test.initial.ram = {{0x10100, 0x2E}, {0x10101, 0x33}, {0x10102, 0x17}, {0x10103, 0x42}, {0x10104, 0xD8}};
    test.final = test.initial;
    test.final.regs.ip = 0x103;
    test.final.regs.set(Reg16::Dx, 0xD842);
    test.final.regs.flags = flag::always_one | flag::s | flag::p;
    return {.name = "33.MOO", .form = "33", .cpu = "8086", .tests = {test}};
}

/// F7 F3: div bx by zero, then at 0000:0400. FLAGS and its copy in INT 0's frame claim every flag that Intel leaves
/// undefined after DIV, which no 8086 produces.
MooFile divide_by_zero() {
    MooTest test;
    test.name = "div bx";
    test.bytes = {0xF7, 0xF3};
    test.initial.regs = registers();
    test.initial.ram = {{0, 0x00}, {1, 0x04}, {2, 0x00}, {3, 0x00}, {0x10100, 0xF7}, {0x10101, 0xF3}};
    test.final.regs = test.initial.regs;
    test.final.regs.set(Sreg::Cs, 0);
    test.final.regs.ip = 0x400;
    test.final.regs.set(Reg16::Sp, 0x1FA);
    test.final.regs.flags = flag::always_one | flag::oszapc;
    test.final.ram = {{0x201FA, 0x02}, {0x201FB, 0x01}, {0x201FC, 0x00},
                      {0x201FD, 0x10}, {0x201FE, 0xD7}, {0x201FF, 0xF8}};
    return {.name = "F7.6.MOO", .form = "F7.6", .cpu = "8086", .tests = {test}};
}

FormResult run(const EngineFactory& engine, const MooFile& file, u16 defined = 0xFFFF, Strict strict = Strict::Exact) {
    auto runner = Conformance::create(engine);
    EXPECT_TRUE(runner);
    return (*runner)->run(file, defined, strict);
}

std::string first_failure(const FormResult& result) {
    return result.failures.empty() ? "" : result.failures[0];
}

}  // namespace

TEST(ConformanceHarness, PassesWhatIsRight) {
    for (const EngineFactory& engine : {factory_of(EngineKind::Interpreter, 0), Stepper::factory()}) {
        const FormResult result = run(engine, add_to_memory());
        EXPECT_EQ(result.tests, 1u);
        EXPECT_EQ(result.exact, 1u) << first_failure(result);
        EXPECT_EQ(result.masked, 1u);
    }
}

// What stops the recompiler behind the instruction must not stand where the instruction reads.
TEST(ConformanceHarness, LeavesAnOperandBehindTheInstructionAlone) {
    for (const EngineFactory& engine : {factory_of(EngineKind::Interpreter, 0), Stepper::factory()}) {
        const FormResult result = run(engine, xor_with_what_follows());
        EXPECT_EQ(result.exact, 1u) << first_failure(result);
    }
}

TEST(ConformanceHarness, FindsAWrongRegisterFlagAndByte) {
    MooFile file = add_to_memory();
    file.tests[0].final.regs.set(Reg16::Cx, 9);
    file.tests[0].final.regs.flags ^= flag::s;
    file.tests[0].final.ram[4].value = 0x77;
    const FormResult result = run(factory_of(EngineKind::Interpreter, 0), file);
    EXPECT_EQ(result.masked, 0u);
    EXPECT_EQ(first_failure(result),
              "01 #0 add word [ds:bx], ax (01 07): CX 0000 want 0009 (was 0000), "
              "flags -----zapc want ----szapc (was ---------; differ 0080), [30011] 00 want 77");
}

TEST(ConformanceHarness, FindsAWrongEngine) {
    const auto spoiled = Stepper::factory([](const u8* bytes, Memory& memory) {
        if (bytes[0] == 0x01) memory.core().regs.flags ^= flag::o;
    });
    const FormResult result = run(spoiled, add_to_memory());
    EXPECT_EQ(result.exact, 0u);
    EXPECT_NE(first_failure(result).find("flags o----zapc want -----zapc"), std::string::npos) << first_failure(result);
    EXPECT_EQ(result.failures.size(), 1u);  // the run with dead flags cannot see it
}

TEST(ConformanceHarness, FindsAWriteThatTheRecordingDoesNotName) {
    const auto spoiled = Stepper::factory([](const u8* bytes, Memory& memory) {
        if (bytes[0] == 0x01) memory.write8(0x54321, 0xAB);
    });
    const FormResult result = run(spoiled, add_to_memory());
    EXPECT_EQ(result.masked, 0u);
    EXPECT_NE(first_failure(result).find("wrote [54321] AB"), std::string::npos) << first_failure(result);
}

TEST(ConformanceHarness, FindsAnEngineThatGoesAstray) {
    const auto spoiled = Stepper::factory([](const u8* bytes, Memory& memory) {
        if (bytes[0] == 0x01) memory.core().regs.ip = 0x5000;
    });
    const FormResult result = run(spoiled, add_to_memory());
    EXPECT_EQ(result.masked, 0u);
    EXPECT_NE(first_failure(result).find("did not reach the HLT"), std::string::npos) << first_failure(result);
}

TEST(ConformanceHarness, MaskCoversUndefinedFlagsInTheFrameOfADivideError) {
    constexpr u16 defined_after_div = u16(~flag::oszapc);
    const auto engine = factory_of(EngineKind::Interpreter, 0);
    MooFile file = divide_by_zero();
    const FormResult result = run(engine, file, defined_after_div, Strict::Masked);
    EXPECT_EQ(result.masked, 1u) << first_failure(result);
    EXPECT_EQ(result.exact, 0u);
    EXPECT_EQ(run(engine, file, 0xFFFF).masked, 0u);
    file.tests[0].final.ram[5].value |= flag::t >> 8;  // defined, in the pushed image
    EXPECT_EQ(run(engine, file, defined_after_div, Strict::Masked).masked, 0u);
}

TEST(ConformanceHarness, TableNamesEveryForm) {
    const std::vector<FormResult> results{{.form = "00", .tests = 10, .exact = 9, .masked = 10, .failures = {}},
                                          {.form = "F7.6", .tests = 5, .exact = 0, .masked = 4, .failures = {}}};
    EXPECT_EQ(format_table(results, EngineKind::Interpreter),
              "form     tests   exact  masked\n"
              "00          10       9      10\n"
              "F7.6         5       0       4\n"
              "all         15       9      14\n");
    EXPECT_EQ(format_total(results, EngineKind::Interpreter),
              "interpreter: 14 of 15 with undefined flags masked, 9 of 15 with every flag");
}

}  // namespace dyn86::verify
