// What the engines do to plain memory in bulk, against what single accesses would do.
#include "cpu/memory.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace dyn86 {
namespace {

struct Silent final : MmioDevice {
    u8 read(Linear) override { return 0; }
    void write(Linear, u8) override {}
    u8 peek(Linear) const override { return 0; }
};

}  // namespace

TEST(MemoryBulk, PlainEndsAtMarksRepetitionsAndTheTop) {
    const auto memory = std::move(*Memory::create());
    EXPECT_EQ(memory->plain_length(0x500, 0x1000), 0x1000u);
    memory->marks()[0x513] = special::code;
    EXPECT_EQ(memory->plain_length(0x500, 0x1000), 0x13u);
    EXPECT_EQ(memory->plain_length(0x513, 1), 0u);
    EXPECT_EQ(memory->plain_length(0xF'FFF0, 0x20), 0u);  // wraps
    EXPECT_EQ(memory->plain_length(0xF'FFF0, 0x10), 0x10u);
    ASSERT_TRUE(memory->repeat(0xB'8000, 0x4000, 0x8000));
    EXPECT_TRUE(memory->is_canonical(0xB'8000, 0x4000));
    EXPECT_FALSE(memory->is_canonical(0xB'BFFF, 2));
    EXPECT_EQ(memory->plain_length(0xB'C000, 2), 0u);
}

TEST(MemoryBulk, NothingIsPlainWhileReadsTrap) {
    const auto memory = std::move(*Memory::create());
    Silent device;
    memory->map_mmio(0xA'0000, 0x1000, device);
    EXPECT_EQ(memory->plain_length(0x500, 16), 0u);
}

TEST(MemoryBulk, TryWriteRefusesWhatIsMarked) {
    const auto memory = std::move(*Memory::create());
    memory->marks()[0x601] = special::code;
    EXPECT_TRUE(memory->try_write8(0x600, 1));
    EXPECT_FALSE(memory->try_write8(0x601, 1));
    EXPECT_FALSE(memory->try_write16(0x600, 0x2222));
    EXPECT_FALSE(memory->try_write16(0x601, 0x2222));
    EXPECT_TRUE(memory->try_write16(0x602, 0x3344));
    EXPECT_EQ(memory->read16(0x600), 0x0001);
    EXPECT_EQ(memory->read16(0x602), 0x3344);
}

TEST(MemoryBulk, MovesGoForwardElementByElement) {
    for (const Width unit : {Width::Byte, Width::Word}) {
        for (int distance = -5; distance <= 5; ++distance) {
            const auto memory = std::move(*Memory::create());
            std::array<u8, 64> expected{};
            for (u32 i = 0; i < expected.size(); ++i) expected[i] = u8(i);
            memory->copy_in(0x1000, expected);
            const u32 from = 10, length = 40, step = u32(unit);
            for (u32 i = 0; i < length; i += step) {
                std::array<u8, 2> element{};
                for (u32 k = 0; k < step; ++k) element[k] = expected[from + i + k];
                for (u32 k = 0; k < step; ++k) expected[u32(int(from + i + k) + distance)] = element[k];
            }
            memory->move_plain(Linear(0x1000 + int(from) + distance), 0x1000 + from, length, unit);
            std::array<u8, 64> got{};
            memory->copy_out(0x1000, got);
            EXPECT_EQ(got, expected) << "distance " << distance;
        }
    }
}

TEST(MemoryBulk, FillsBytesAndWords) {
    const auto memory = std::move(*Memory::create());
    memory->fill_plain(0x701, 5, 0x1234, Width::Byte);
    memory->fill_plain(0x711, 6, 0x1234, Width::Word);
    std::array<u8, 7> bytes{}, words{};
    memory->copy_out(0x700, bytes);
    memory->copy_out(0x711, words);
    EXPECT_EQ(bytes, (std::array<u8, 7>{0, 0x34, 0x34, 0x34, 0x34, 0x34, 0}));
    EXPECT_EQ(words, (std::array<u8, 7>{0x34, 0x12, 0x34, 0x12, 0x34, 0x12, 0}));
}

}  // namespace dyn86
