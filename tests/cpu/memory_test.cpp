#include "cpu/memory.h"

#include <gtest/gtest.h>

#include <vector>

#include <sys/mman.h>
#include <unistd.h>

namespace dyn86 {
namespace {

struct Listener final : CodeListener {
    std::vector<std::pair<Linear, u32>> calls;
    void code_written(Linear start, u32 length) override { calls.emplace_back(start, length); }
};

struct Device final : MmioDevice {
    u8 value = 7;
    mutable int reads = 0;
    u8 read(Linear) override { return ++reads, value; }
    void write(Linear, u8 v) override { value = v; }
    u8 peek(Linear) const override { return value; }
};

std::unique_ptr<Memory> make() {
    auto memory = Memory::create();
    EXPECT_TRUE(memory);
    return std::move(*memory);
}

}  // namespace

TEST(Memory, WrapsAtOneMegabyte) {
    const auto memory = make();
    memory->write8(0x10'0005, 0x42);
    EXPECT_EQ(memory->read8(5), 0x42);
    memory->write16(0xF'FFFF, 0x1234);
    EXPECT_EQ(memory->read8(0), 0x12);
    EXPECT_EQ(memory->read8(0x10'0000), 0x12);
}

TEST(Memory, RomAndNothingDropWrites) {
    const auto memory = make();
    const std::vector<u8> image{1, 2, 3};
    memory->load_rom(0xF'E000, image);
    memory->unmap(0xC'0000, 0x100);
    memory->write16(0xF'E001, 0xFFFF);
    memory->write8(0xC'0000, 0);
    EXPECT_EQ(memory->read8(0xF'E001), 2);
    EXPECT_EQ(memory->read8(0xC'0000), 0xFF);
    const std::vector<u8> over{9, 9, 9, 9, 9};
    memory->copy_in(0xF'DFFF, over);  // RAM, ROM x3, RAM
    EXPECT_EQ(memory->read8(0xF'DFFF), 9);
    EXPECT_EQ(memory->read8(0xF'E000), 1);
    EXPECT_EQ(memory->read8(0xF'E003), 9);
}

TEST(Memory, DevicesAnswerAndPeekHasNoSideEffect) {
    const auto memory = make();
    Device device;
    memory->map_mmio(0xA'0000, 0x1000, device);
    EXPECT_TRUE(memory->reads_trap());
    EXPECT_EQ(memory->read8(0xA'0010), 7);
    EXPECT_EQ(device.reads, 1);
    memory->write8(0xA'0010, 9);
    EXPECT_EQ(memory->peek(0xA'0010), 9);
    EXPECT_EQ(device.reads, 1);
}

TEST(Memory, RepeatedPagesShareBytesAndMarks) {
    const auto memory = make();
    ASSERT_TRUE(memory->repeat(0xB'8000, 0x4000, 0x8000));
    memory->write8(0xB'C123, 0x55);
    EXPECT_EQ(memory->read8(0xB'8123), 0x55);
    EXPECT_EQ(memory->canonical(0xB'C123), 0xB'8123u);
    EXPECT_EQ(memory->appearances(0xB8), (std::vector<u8>{0xB8, 0xBC}));

    Listener listener;
    memory->set_code_listener(&listener);
    memory->marks()[0xB'8123] |= special::code;
    memory->write8(0xB'C123, 0x55);  // equal: nothing to invalidate
    EXPECT_TRUE(listener.calls.empty());
    memory->write8(0xB'C123, 0x56);
    ASSERT_EQ(listener.calls.size(), 1u);
    EXPECT_EQ(listener.calls[0].first, 0xB'8123u);
}

TEST(Memory, CopyInTellsOnlyWhatChanges) {
    const auto memory = make();
    Listener listener;
    memory->set_code_listener(&listener);
    for (Linear a = 0x500; a < 0x510; ++a) memory->marks()[a] |= special::code;
    std::vector<u8> bytes(0x40, 0);
    bytes[0x4] = bytes[0x5] = 1;
    memory->copy_in(0x500, bytes);
    ASSERT_EQ(listener.calls.size(), 1u);
    EXPECT_EQ(listener.calls[0], (std::pair<Linear, u32>{0x504, 2}));
}

TEST(Memory, WritableRangeStopsAtRomAndInvalidates) {
    const auto memory = make();
    Listener listener;
    memory->set_code_listener(&listener);
    memory->unmap(0xA'0000, 0x100);
    memory->marks()[0x9'FFF0] |= special::code;
    {
        auto range = memory->writable(0x9'FFF0, 0x100);
        EXPECT_EQ(range.bytes().size(), 0x10u);
        range.bytes()[0] = 0x90;
    }
    EXPECT_EQ(listener.calls.size(), 1u);
    EXPECT_EQ(memory->read8(0x9'FFF0), 0x90);
}

TEST(Memory, RenewTellsOfWholePagesAndOfPartsWithCode) {
    const auto memory = make();
    Listener listener;
    memory->set_code_listener(&listener);
    memory->marks()[0x3'1010] |= special::code;
    memory->renew(0x1'0800, 0x2'0900);  // half a page without code, whole pages, the beginning of one with code
    ASSERT_EQ(listener.calls.size(), 0x21u);
    EXPECT_EQ(listener.calls.front(), (std::pair<Linear, u32>{0x1'1000, 0x1000}));
    EXPECT_EQ(listener.calls.back(), (std::pair<Linear, u32>{0x3'1000, 0x100}));
}

TEST(Memory, VideoPagesMayLiveInAFileOfTheirOwn) {
    const auto memory = make();
    ASSERT_TRUE(memory->repeat(0xB'8000, 0x4000, 0x8000));
    memory->write8(0xB'8002, 'x');
    const int fd = memfd_create("video", MFD_CLOEXEC);
    ASSERT_EQ(ftruncate(fd, 0x4000), 0);
    ASSERT_TRUE(memory->place_on(fd, 0xB'8000, 0x4000));
    memory->write8(0xB'C000, 'y');
    char got[3] = {};
    ASSERT_EQ(pread(fd, got, 3, 0), 3);
    EXPECT_EQ(got[0], 'y');
    EXPECT_EQ(got[2], 'x');
    close(fd);
}

}  // namespace dyn86
