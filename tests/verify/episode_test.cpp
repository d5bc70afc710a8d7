#include "src/verify/episode.h"

#include "src/verify/lockstep.h"
#include "src/verify/random_machine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace dyn86::verify {
namespace {

Program sample() {
    Program program;
    program.regs.set(Sreg::Cs, 0x1000);
    program.regs.ip = 0x100;
    program.code = {
        {.bytes = {0x90}},
        {.bytes = {0xEB, 0}, .fixup = Fixup::Rel8, .at = 1, .target = 3},
        {.bytes = {0xE8, 0, 0}, .fixup = Fixup::Rel16, .at = 1, .target = 0},
        {.bytes = {0xB8, 0, 0}, .fixup = Fixup::Abs16, .at = 1, .target = 4, .delta = 2},
        {.bytes = {0xEA, 0, 0, 0, 0}, .fixup = Fixup::Far, .at = 1, .target = 1, .delta = 3},
    };
    program.slices = {{.clocks = 1000},
                      {.clocks = 20, .event = Event::Write, .address = 0x10100, .value = 7, .length = 2}};
    return program;
}

}  // namespace

TEST(Episode, LaysOutReferences) {
    const Layout layout = lay_out(sample());
    EXPECT_EQ(layout.offsets, (std::vector<u16>{0, 1, 3, 6, 9, 14}));
    EXPECT_EQ(layout.bytes,
              (std::vector<u8>{0x90, 0xEB, 0x03, 0xE8, 0xFA, 0xFF, 0xB8, 0x0B, 0x01, 0xEA, 0x31, 0x01, 0xFD, 0x0F}));
}

TEST(Episode, RemovingItemsMovesReferences) {
    Program program = sample();
    remove_items(program, 2, 1);
    EXPECT_EQ(program.code[1].target, 2);  // was 3, the same MOV
    EXPECT_EQ(program.code[2].target, 3);
    remove_items(program, 2, 2);
    EXPECT_EQ(program.code[1].target, 2);  // what followed is the end
    EXPECT_EQ(lay_out(program).bytes, (std::vector<u8>{0x90, 0xEB, 0x00}));
}

TEST(Episode, TextReadsBackToTheSame) {
    for (u64 seed = 1; seed < 50; ++seed) {
        const Episode episode = random_episode(seed, 5);
        const auto again = parse_episode("# kept\n\n" + to_text(episode), "x");
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_EQ(*again, episode);
    }
}

TEST(Episode, ForeignTextNamesFileAndLine) {
    for (const char* text : {"hello", "item 90", "episode x config 1", "episode 1 config 0\nprogram 1 2 3",
                             "slice 1 none address 0 value 0 length 0"}) {
        const auto episode = parse_episode(text, "x.txt");
        ASSERT_FALSE(episode) << text;
        EXPECT_TRUE(episode.error().message.starts_with("x.txt: line ")) << episode.error().message;
    }
    const std::string head = to_text(Episode{.seed = 1, .config = 0, .programs = {sample()}});
    for (const char* line :
         {"item 9G", "item EB00 rel8 at 2 target 0 delta 0", "item EB00 rel8 at 1", "item 90 foo",
          "slice 1 none address 1048576 value 0 length 0", "slice 1 none address 0 value 0 length 0 x"})
        EXPECT_FALSE(parse_episode(head + line + "\n", "x.txt")) << line;
}

TEST(RandomMachine, SameSeedSameEpisode) {
    EXPECT_EQ(random_episode(42, 7), random_episode(42, 7));
    EXPECT_NE(to_text(random_episode(42, 7)), to_text(random_episode(43, 7)));
}

// Every opcode must come up as the first byte behind prefixes, or the lockstep never sees it.
TEST(RandomMachine, EveryOpcodeComesUp) {
    std::array<bool, 256> seen{};
    const auto is_prefix = [](u8 byte) { return (byte & 0xE7) == 0x26 || (byte & 0xFC) == 0xF0; };
    for (u64 seed = 0; seed < 3000; ++seed)
        for (const Program& program : random_episode(seed, 7).programs)
            for (const Item& item : program.code) {
                const auto opcode = std::ranges::find_if_not(item.bytes, is_prefix);
                if (opcode != item.bytes.end()) seen[*opcode] = true;
            }
    for (unsigned opcode = 0; opcode < 256; ++opcode)
        EXPECT_TRUE(seen[opcode] || is_prefix(u8(opcode))) << std::hex << opcode;
}

TEST(RandomMachine, VectorsLeadToHandlersThatReturn) {
    const std::vector<u8> memory = initial_memory();
    for (unsigned vector = 0; vector < 256; ++vector) {
        const u16 offset = u16(memory[vector * 4] | memory[vector * 4 + 1] << 8);
        const u16 segment = u16(memory[vector * 4 + 2] | memory[vector * 4 + 3] << 8);
        EXPECT_EQ(segment, handler_segment);
        const Linear at = SegOff{segment, offset}.linear();
        const auto end = memory.begin() + at + 16;
        EXPECT_TRUE(std::find(memory.begin() + at, end, 0xCF) != end ||
                    std::find(memory.begin() + at, end, 0xCA) != end);
    }
}

// A failure that needs two instructions in two programs' worth of noise comes down to these two.
TEST(Shrink, LeavesWhatTheFailureNeeds) {
    Episode episode = random_episode(7, 7);
    auto& code = episode.programs[1].code;
    code.insert(code.begin() + 2, {.bytes = {0xF1, 0x27}});
    code.insert(code.end() - 1, {.bytes = {0xF1, 0x2F}});
    const auto fails = [](const Episode& candidate) -> std::optional<Mismatch> {
        for (const Program& program : candidate.programs) {
            const auto has = [&](const std::vector<u8>& bytes) {
                return std::ranges::any_of(program.code, [&](const Item& item) { return item.bytes == bytes; });
            };
            if (has({0xF1, 0x27}) && has({0xF1, 0x2F}) && !program.slices.empty()) return Mismatch{};
        }
        return {};
    };
    ASSERT_TRUE(fails(episode));
    const Episode small = shrink(episode, fails);
    ASSERT_EQ(small.programs.size(), 1u);
    ASSERT_EQ(small.programs[0].code.size(), 2u);
    EXPECT_EQ(small.programs[0].code[0].bytes, (std::vector<u8>{0xF1, 0x27}));
    ASSERT_EQ(small.programs[0].slices.size(), 1u);
    EXPECT_EQ(small.programs[0].slices[0].event, Event::None);
    EXPECT_EQ(small.programs[0].regs.flags, flag::always_one);
}

}  // namespace dyn86::verify
