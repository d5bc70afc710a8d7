// What the recompiler tells of its blocks when it was asked to keep it.
#include "tests/jit/bench_machine.h"

#include <algorithm>

namespace dyn86::jit {
namespace {

using State = TranslatedBlock::State;

// inc ax; jmp 111; 111: add ax, 3; hlt
void place_program(BenchMachine& machine) {
    machine.place(BenchMachine::start, {0x40, 0xEB, 0x0E});
    machine.place(BenchMachine::start + 0x11, {0x05, 0x03, 0x00, 0xF4});
}

void run_times(BenchMachine& machine, int times) {
    for (int i = 0; i < times; ++i) machine.run();
}

TranslatedBlock block_at(BenchMachine& machine, u16 offset, State state) {
    for (const TranslatedBlock& block : machine.jit().blocks())
        if (block.head.offset == offset && block.state == state) return block;
    ADD_FAILURE() << "no such block at " << offset;
    return {};
}

}  // namespace

TEST(BlockLog, CountsHits) {
    BenchMachine machine({.threshold = 0, .record_blocks = true});
    place_program(machine);
    run_times(machine, 5);
    EXPECT_EQ(block_at(machine, BenchMachine::start, State::Valid).hits, 5u);
}

TEST(BlockLog, TellsWhatBecameOfEachInstruction) {
    BenchMachine machine({.threshold = 0, .record_blocks = true});
    machine.place(BenchMachine::start, {0x40, 0x89, 0x07, 0xF4});  // inc ax; mov [bx], ax; hlt
    machine.run();
    const TranslatedBlock block = block_at(machine, BenchMachine::start, State::Valid);
    ASSERT_EQ(block.lines.size(), 3u);
    EXPECT_EQ(block.lines[1].text, "mov [bx], ax");
    EXPECT_EQ(block.lines[1].ip, BenchMachine::start + 1);
    EXPECT_FALSE(block.lines[1].interpreted);
    EXPECT_TRUE(block.lines[2].interpreted);
    EXPECT_LT(block.lines[0].host_offset, block.lines[1].host_offset);
    EXPECT_LT(block.lines[1].host_offset, block.lines[2].host_offset);
    EXPECT_LT(block.lines[2].host_offset, block.code.size());
    const auto is_store = [](const auto& way) { return way.text.starts_with("interpret mov"); };
    const auto way = std::ranges::find_if(block.ways_out, is_store);
    ASSERT_NE(way, block.ways_out.end());
    EXPECT_GE(way->address, block.cold_address);
    EXPECT_LT(way->address, block.cold_address + block.cold.size());
}

TEST(BlockLog, KeepsWhatIsGone) {
    BenchMachine machine({.threshold = 0, .record_blocks = true});
    place_program(machine);
    run_times(machine, 3);
    machine.place(BenchMachine::start + 0x11, {0x2D});  // sub ax, 3
    run_times(machine, 4);
    EXPECT_EQ(block_at(machine, BenchMachine::start, State::Invalidated).hits, 3u);
    EXPECT_EQ(block_at(machine, BenchMachine::start, State::Valid).hits, 4u);
    machine.jit().flush();
    const auto blocks = machine.jit().blocks();
    ASSERT_EQ(blocks.size(), 2u);
    EXPECT_EQ(blocks[0].hits, 3u);
    EXPECT_EQ(blocks[1].hits, 4u);
    for (const TranslatedBlock& block : blocks) {
        EXPECT_EQ(block.state, State::Flushed);
        EXPECT_TRUE(block.code.empty());
        EXPECT_EQ(block.lines.front().text, "inc ax");
    }
    run_times(machine, 2);
    EXPECT_EQ(block_at(machine, BenchMachine::start, State::Valid).hits, 2u);
}

TEST(BlockLog, IsNotThereUnlessAskedFor) {
    BenchMachine machine;
    place_program(machine);
    machine.run();
    EXPECT_TRUE(machine.jit().blocks().empty());
}

TEST(Statistics, SayWhyTranslatedCodeWasLeft) {
    BenchMachine machine;
    machine.place(BenchMachine::start, {0xEB, 0x0E});         // jmp 110
    machine.place(BenchMachine::start + 0x10, {0x40, 0xF4});  // inc ax; hlt
    machine.run();
    const auto& counts = machine.jit().exit_counts();
    const auto count = [&](std::string_view name) {
        return counts[std::size_t(std::ranges::find(Jit::exit_names, name) - Jit::exit_names.begin())];
    };
    EXPECT_EQ(count("interpret"), 1u);  // HLT
    EXPECT_EQ(count("stack guard"), 0u);
    EXPECT_EQ(count("no block there"), 0u);
    machine.jit().flush();
    machine.place(BenchMachine::start, {0xB8, 0x10, 0x01, 0xFF, 0xE0});  // mov ax, 110h; jmp ax
    machine.run();
    EXPECT_EQ(count("no block there"), 1u);
}

TEST(Statistics, TimeTranslationByTheStopwatchThatTheyAreGiven) {
    static u64 now;
    now = 0;
    BenchMachine machine({.threshold = 0, .stopwatch = [] { return now += 10; }});
    place_program(machine);
    machine.run();
    EXPECT_EQ(machine.jit().stats().translation_ns, 10 * machine.jit().stats().blocks_translated);
}

}  // namespace dyn86::jit
