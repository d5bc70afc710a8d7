// Program files of any content: refused with a reason, or loaded within the memory that they were given.
#include "src/dos/loader.h"

#include "cpu/memory.h"
#include "src/verify/random.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dyn86::dos {
namespace {

/// A file in memory.
class Bytes final : public OpenFile {
public:
    explicit Bytes(std::vector<u8> bytes) : bytes_(std::move(bytes)) {}
    DosResult<std::size_t> read(u64 at, std::span<u8> to) override {
        const std::size_t from = std::min<std::size_t>(at, bytes_.size());
        const std::size_t count = std::min(to.size(), bytes_.size() - from);
        std::copy_n(bytes_.begin() + std::ptrdiff_t(from), count, to.begin());
        return count;
    }
    DosResult<std::size_t> write(u64 /*at*/, std::span<const u8> /*from*/) override { return std::size_t{0}; }
    DosResult<> resize(u64 /*size*/) override { return {}; }
    [[nodiscard]] DosResult<FileStatus> status() const override { return FileStatus{0, {}, bytes_.size()}; }
    DosResult<> set_stamp(FileStamp /*stamp*/) override { return {}; }
    [[nodiscard]] DosResult<> claim_share(OpenMode /*mode*/) override { return {}; }
    [[nodiscard]] bool is_denied_by_others() const override { return false; }
    [[nodiscard]] DosResult<> lock(Region /*region*/) override { return {}; }
    [[nodiscard]] DosResult<> unlock(Region /*region*/) override { return {}; }
    [[nodiscard]] bool is_locked_by_others(Region /*region*/, Purpose /*purpose*/) const override { return false; }

private:
    std::vector<u8> bytes_;
};

constexpr u16 psp_segment = 0x1000, paragraphs = 0x2000;

class Loader : public testing::Test {
protected:
    Loader() : memory_(std::move(*Memory::create())), guest_(*memory_) {
        memory_->map_ram(0, 0xA0000);
        guest_.fill({0x0800, 0}, 0x8000, 0xEE);  // below the block, and above it
        guest_.fill({u16(psp_segment + paragraphs), 0}, 0x8000, 0xEE);
    }
    /// Loads it if that can be done; what lies around the block must not change.
    bool load(std::vector<u8> bytes) {
        Bytes file(std::move(bytes));
        const auto kind = examine_program(file);
        if (!kind) {
            EXPECT_FALSE(kind.error().message.empty());
            return false;
        }
        if (footprint(*kind).needed > paragraphs) return false;
        const auto entry = load_image(file, *kind, guest_, {.psp = psp_segment, .paragraphs = paragraphs});
        std::vector<u8> around(0x8000);
        for (const u16 segment : {u16{0x0800}, u16(psp_segment + paragraphs)}) {
            guest_.read({segment, 0}, around);
            EXPECT_TRUE(std::ranges::all_of(around, [](u8 byte) { return byte == 0xEE; }));
        }
        return entry.has_value();
    }

    std::unique_ptr<Memory> memory_;
    Guest guest_;
};

TEST_F(Loader, HeadersOfRandomBytesNeverReachOutsideTheirBlock) {
    verify::Random random(2026);
    int loaded = 0;
    for (int round = 0; round < 4000; ++round) {
        std::vector<u8> bytes(28 + random.below(3000));
        for (u8& byte : bytes) byte = random.chance(60) ? u8{0} : random.byte();
        bytes[0] = 'M';
        bytes[1] = 'Z';
        if (random.chance(70)) {  // sizes that may be true
            const auto size = u32(bytes.size());
            bytes[2] = u8(size % 512);
            bytes[3] = u8(size % 512 >> 8);
            bytes[4] = u8((size + 511) / 512);
            bytes[5] = 0;
            bytes[8] = u8(2 + random.below(4));
            bytes[9] = 0;
        }
        loaded += load(std::move(bytes)) ? 1 : 0;
    }
    EXPECT_GT(loaded, 20);  // or nothing was tried
}

TEST_F(Loader, ProgramsFindZerosAroundTheirImage) {
    guest_.fill({psp_segment, 0}, 0x2000, 0x55);
    ASSERT_TRUE(load({0x90, 0xC3}));
    EXPECT_EQ(guest_.word({psp_segment, 0x100}), 0xC390);
    EXPECT_EQ(guest_.byte({psp_segment, 0x102}), 0);
    EXPECT_EQ(guest_.byte({psp_segment, 0x1FFF}), 0);
    EXPECT_EQ(guest_.byte({psp_segment, 0x80}), 0);
}

TEST_F(Loader, EmptyAndHugeFilesAreRefused) {
    EXPECT_FALSE(load({}));
    EXPECT_FALSE(load(std::vector<u8>(0xFF01)));
    EXPECT_TRUE(load(std::vector<u8>(0xFF00)));
    EXPECT_FALSE(load({'M', 'Z'}));
}

}  // namespace
}  // namespace dyn86::dos
