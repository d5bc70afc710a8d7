#include "src/verify/oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace dyn86::verify {
namespace {

class OracleOn : public testing::TestWithParam<EngineKind> {
protected:
    void SetUp() override {
        if (!is_available(GetParam())) GTEST_SKIP() << "this host has no recompiler";
    }
    [[nodiscard]] static std::unique_ptr<Oracle> oracle(u64 instructions = 1) {
        auto made = Oracle::create(GetParam(), instructions);
        EXPECT_TRUE(made);
        return std::move(*made);
    }
};

/// Code at 1000:0100, SS 2000, DS 3000, ES 4000, SP 200h.
Question question(const std::vector<u8>& code) {
    Question asked;
    asked.regs.sreg = {0x4000, 0x1000, 0x2000, 0x3000};
    asked.regs.set(Reg16::Sp, 0x200);
    asked.regs.ip = 0x100;
    for (std::size_t i = 0; i < code.size(); ++i) asked.ram.push_back({Linear(0x10100 + i), code[i]});
    return asked;
}

TEST_P(OracleOn, ExecutesOneInstruction) {
    const auto oracle = OracleOn::oracle();
    Question asked = question({0x01, 0x07});  // add [bx], ax
    asked.regs.set(Reg16::Ax, 0x0102);
    asked.ram.push_back({0x30000, 0xFF});
    const Answer answer = oracle->ask(asked);
    EXPECT_EQ(answer.ram, (std::vector<RamByte>{{0x30000, 0x01}, {0x30001, 0x02}}));
    EXPECT_EQ(answer.regs.ip, 0x102);
    EXPECT_EQ(answer.regs.flags, flag::always_one | flag::a);
    EXPECT_EQ(answer.cycles, 21);
    EXPECT_EQ(oracle->recompiled(), GetParam() == EngineKind::Jit ? 1u : 0u);
}

TEST_P(OracleOn, StartsAfreshForEveryQuestion) {
    const auto oracle = OracleOn::oracle();
    const Question store = question({0x88, 0x07});  // mov [bx], al
    Question named = store;
    named.ram.push_back({0x30000, 0x55});
    EXPECT_EQ(oracle->ask(named).ram, (std::vector<RamByte>{{0x30000, 0}}));
    EXPECT_TRUE(oracle->ask(store).ram.empty());                            // 0 over 0
    EXPECT_EQ(oracle->ask(question({0x8A, 0x07})).regs.get(Reg16::Ax), 0);  // mov al, [bx]
}

TEST_P(OracleOn, ReadsFFhFromPorts) {
    EXPECT_EQ(oracle()->ask(question({0xE5, 0x60})).regs.get(Reg16::Ax), 0xFFFF);
}

TEST_P(OracleOn, TakesARepeatedStringWhole) {
    const auto oracle = OracleOn::oracle();
    Question asked = question({0xF3, 0xAA});  // rep stosb
    asked.regs.set(Reg16::Ax, 0x11);
    asked.regs.set(Reg16::Cx, 0xFFFF);
    const Answer answer = oracle->ask(asked);
    EXPECT_EQ(answer.ram.size(), 0xFFFFu);
    EXPECT_EQ(answer.regs.get(Reg16::Cx), 0);
    EXPECT_TRUE(oracle->ask(question({0x90})).ram.empty());
}

TEST_P(OracleOn, CountsInstructions) {
    // inc ax / jmp to it
    EXPECT_EQ(oracle(5)->ask(question({0x40, 0xEB, 0xFD})).regs.get(Reg16::Ax), 3);
    const auto many = oracle(100'000);
    EXPECT_EQ(many->ask(question({0x40, 0xEB, 0xFD})).regs.get(Reg16::Ax), 50'000);
    EXPECT_EQ(many->recompiled(), GetParam() == EngineKind::Jit ? 1u : 0u);
}

TEST_P(OracleOn, EndsAtAHalt) {
    const Answer answer = oracle(1'000)->ask(question({0x40, 0xF4}));
    EXPECT_EQ(answer.regs.ip, 0x102);
    EXPECT_EQ(answer.regs.get(Reg16::Ax), 1);
}

TEST_P(OracleOn, TakesTheTrapBehindTheInstruction) {
    Question asked = question({0x40});
    asked.regs.flags |= flag::t;
    asked.ram.push_back({4, 0x34});
    asked.ram.push_back({5, 0x12});
    const Answer answer = oracle()->ask(asked);
    EXPECT_EQ(answer.regs.ip, 0x1234);
    EXPECT_EQ(answer.regs.get(Reg16::Sp), 0x1FA);
}

/// The recompiler's run ends at a HLT that these read, write or come by too early.
TEST_P(OracleOn, IsNotDisturbedByItsOwnEnd) {
    Question reads = question({0x8A, 0x07});  // mov al, [bx], which is the byte behind it
    reads.regs.set(Sreg::Ds, 0x1000);
    reads.regs.set(Reg16::Bx, 0x102);
    EXPECT_EQ(oracle()->ask(reads).regs.get(Reg16::Ax), 0);
    Question writes = question({0x88, 0x07});
    writes.regs = reads.regs;
    writes.regs.set(Reg16::Ax, 0x90);
    EXPECT_EQ(oracle()->ask(writes).ram, (std::vector<RamByte>{{0x10102, 0x90}}));
    const auto two = oracle();
    EXPECT_EQ(two->ask(question({0xEB, 0xFE})).regs.ip, 0x100);  // jmp $
    Question traps = question({0x9D});                           // popf sets TF
    traps.ram.push_back({0x20201, 0x01});
    EXPECT_EQ(two->ask(traps).regs.ip, 0x101);
    EXPECT_EQ(two->ask(traps).regs.flags, flag::always_one | flag::t);
    EXPECT_TRUE(two->ask(question({0x90})).ram.empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, OracleOn, testing::Values(EngineKind::Interpreter, EngineKind::Jit),
                         [](const auto& one) { return std::string(name_of(one.param)); });

/// Ten recordings of every form: the same answers as the silicon, all but the clocks.
TEST(Oracle, AnswersAsTheSiliconDoes) {
    const std::string folder = DYN86_CONFORMANCE_DIR "/8086";
    if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << folder << " is absent";
    const auto oracle = Oracle::create(is_available(EngineKind::Jit) ? EngineKind::Jit : EngineKind::Interpreter, 1);
    ASSERT_TRUE(oracle);
    const auto files = list_moo(folder);
    ASSERT_TRUE(files);
    for (const std::string& path : *files) {
        const auto file = read_moo(path);
        ASSERT_TRUE(file);
        for (std::size_t i = 0; i < std::min<std::size_t>(10, file->tests.size()); ++i) {
            const MooTest& test = file->tests[i];
            const Answer answer = (*oracle)->ask({test.initial.regs, test.initial.ram});
            EXPECT_EQ(answer.regs, test.final.regs) << file->form << " #" << i;
            for (const RamByte& byte : answer.ram)
                EXPECT_NE(std::ranges::find(test.final.ram, byte), test.final.ram.end()) << file->form << " #" << i;
        }
    }
}

}  // namespace
}  // namespace dyn86::verify
