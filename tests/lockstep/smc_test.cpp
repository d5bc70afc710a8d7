// Programs that modify themselves, on both engines: the right answer, and the same state.
#include "src/verify/difference.h"
#include "src/verify/test_bed.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

namespace dyn86::verify {
namespace {

struct Guest {
    const char* name;
    SegOff at;
    u16 ax;  // when it halts
};

void PrintTo(const Guest& guest, std::ostream* to) {
    *to << guest.name;
}

constexpr std::array<Guest, 14> guests{{
    {"patch_next", {0x1000, 0x100}, 1830},
    {"patch_opcode", {0x1000, 0x100}, 50 * 0x101},
    {"patch_loop", {0x1000, 0x100}, 2 * 5050},
    {"patch_operands", {0x1000, 0x100}, 35869},
    {"rep_over_itself", {0x1000, 0x100}, 120},
    {"rep_alternating", {0x1000, 0x100}, 20 * 0x101},
    {"stos_ahead", {0x1000, 0x100}, 80},
    {"two_segments", {0x1000, 0x100}, 5608},
    {"page_cross", {0x1000, 0xF00}, u16(1830 * 256)},
    {"segment_wrap", {0x1000, 0xFFE0}, u16(1830 * 257)},
    {"push_over_code", {0x1000, 0x100}, 1830},
    {"decrypt", {0x1000, 0x100}, 210},
    {"repeated", {0xBC00, 0x100}, 1830},
    {"rom", {0xF000, 0x100}, 300},
}};

std::vector<u8> assembled(const std::string& name) {
    std::ifstream file(std::string(DYN86_GUEST_DIR) + "/" + name + ".bin", std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

/// All segments at the program's, stack below the end.
Registers registers_at(SegOff at) {
    Registers regs;
    regs.sreg.fill(at.segment);
    regs.ip = at.offset;
    regs.set(Reg16::Sp, 0xFFC0);
    return regs;
}

void load(TestBed& bed, const Guest& guest) {
    const std::vector<u8> bytes = assembled(guest.name);
    ASSERT_FALSE(bytes.empty());
    if (guest.at.segment == 0xF000) return bed.memory().load_rom(guest.at.linear(), bytes);
    if (guest.at.segment == 0xBC00) {
        ASSERT_TRUE(bed.memory().repeat(0xB'8000, 0x4000, 0x8000));
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) bed.memory().copy_in((guest.at + u16(i)).linear(), {&bytes[i], 1});
}

struct End {
    Registers regs;
    Cycles clock = 0;
    std::vector<u8> memory;
};

/// Runs in slices of so many clocks until HLT.
End run(const EngineFactory& engine, const Guest& guest, Cycles slice) {
    auto bed = TestBed::create(engine);
    EXPECT_TRUE(bed) << bed.error().message;
    load(**bed, guest);
    (*bed)->start(registers_at(guest.at), slice);
    constexpr Cycles patience = 2'000'000;
    Core& core = (*bed)->core();
    while ((*bed)->engine().run() != Exit::Halted) {
        if (core.now() > patience) {
            ADD_FAILURE() << guest.name << " does not end";
            break;
        }
        core.set_deadline(core.now() + slice);
    }
    const u8* const view = (*bed)->memory().view();
    return {core.regs, core.now(), {view, view + address_space}};
}

/// The guest, the recompiler's threshold, the clocks per slice.
using Case = std::tuple<Guest, u32, Cycles>;

class SelfModifying : public testing::TestWithParam<Case> {};

std::string name_of_case(const testing::TestParamInfo<Case>& one) {
    const auto& [guest, threshold, slice] = one.param;
    return fmt::format("{}_{}_{}", guest.name, threshold, slice);
}

}  // namespace

TEST_P(SelfModifying, EndsTheSameOnBothEngines) {
    const auto& [guest, threshold, slice] = GetParam();
    const End expected = run(factory_of(EngineKind::Interpreter, 0), guest, 1'000'000);
    EXPECT_EQ(expected.regs.get(Reg16::Ax), guest.ax);
    if (!is_available(EngineKind::Jit)) GTEST_SKIP() << "this host has no recompiler";
    const End end = run(factory_of(EngineKind::Jit, threshold), guest, slice);
    Differences differences(registers_at(guest.at));
    differences.compare(end.regs, expected.regs, 0xFFFF);
    differences.compare_number("clock", end.clock, expected.clock);
    for (Linear a = 0; a < address_space; ++a) differences.compare_byte(a, end.memory[a], expected.memory[a]);
    EXPECT_EQ(differences.text(), "");
}

INSTANTIATE_TEST_SUITE_P(Guests, SelfModifying,
                         testing::Combine(testing::ValuesIn(guests), testing::Values(0u, 1u, 16u),
                                          testing::Values(Cycles{1'000'000}, Cycles{1013})),
                         name_of_case);

namespace {

/// How somebody who is not the CPU puts code in memory.
enum class Door : u8 { CopyIn, WritableRange, Untouched };

void run_loader(EngineKind kind, u32 threshold) {
    auto bed = TestBed::create(factory_of(kind, threshold));
    ASSERT_TRUE(bed) << bed.error().message;
    const Guest guest{"loader", {0x1000, 0x100}, 0};
    load(**bed, guest);
    (*bed)->start(registers_at(guest.at), 0);
    Core& core = (*bed)->core();
    constexpr Linear routine = 0x12000;
    u16 loaded = 0;
    for (u16 round = 1; round <= 90; ++round) {
        const std::array<u8, 4> code{0xB8, u8(round), u8(round >> 1), 0xC3};  // mov ax, imm / ret
        const Door door = Door(round % 3);
        if (door == Door::CopyIn) (*bed)->memory().copy_in(routine, code);
        if (door == Door::WritableRange) {
            WritableRange range = (*bed)->memory().writable(routine, u32(code.size()));
            std::copy(code.begin(), code.end(), range.bytes().begin());
        }
        if (door != Door::Untouched) loaded = u16(code[1] | code[2] << 8);
        core.halted = 0;
        core.set_deadline(core.now() + 100'000);
        ASSERT_EQ((*bed)->engine().run(), Exit::Halted);
        EXPECT_EQ(core.regs.get(Reg16::Ax), loaded) << round;
    }
}

}  // namespace

TEST(LoadedCode, ReplacesWhatRanBeforeOnTheInterpreter) {
    run_loader(EngineKind::Interpreter, 0);
}

TEST(LoadedCode, ReplacesWhatRanBeforeOnTheRecompiler) {
    if (!is_available(EngineKind::Jit)) GTEST_SKIP() << "this host has no recompiler";
    for (const u32 threshold : {0u, 1u, 16u}) run_loader(EngineKind::Jit, threshold);
}

}  // namespace dyn86::verify
