#include "src/verify/moo.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

namespace dyn86::verify {
namespace {

using Bytes = std::vector<u8>;

void put32(Bytes& to, u32 value) {
    for (int shift = 0; shift < 32; shift += 8) to.push_back(u8(value >> shift));
}

Bytes chunk(const char* id, const Bytes& payload) {
    Bytes out(id, id + 4);
    put32(out, u32(payload.size()));
    out.insert(out.end(), payload.begin(), payload.end());
    return out;
}

Bytes operator+(Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

Bytes words(std::initializer_list<u16> values) {
    Bytes out;
    for (const u16 value : values) out.push_back(u8(value)), out.push_back(u8(value >> 8));
    return out;
}

Bytes number(u32 value) {
    Bytes out;
    put32(out, value);
    return out;
}

Bytes header(u32 tests, const Bytes& cpu = {'8', '0', '8', '6'}) {
    return chunk("MOO ", Bytes{1, 1, 0, 0} + number(tests) + cpu);
}

// ax bx cx dx cs ss ds es sp bp si di ip flags = 1..14
const Bytes all_registers = words({0x3FFF, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14});

Bytes sample_test() {
    const Bytes init = chunk("REGS", all_registers) + chunk("RAM ", number(1) + number(0xFFFFF) + Bytes{0x90}) +
                       chunk("QUEU", number(2) + Bytes{0x90, 0x91});
    const Bytes fina =
        chunk("REGS", words({1 << 12 | 1 << 0, 0x1234, 0x5678})) + chunk("RAM ", number(1) + number(0) + Bytes{0x42});
    return chunk("TEST", number(7) + chunk("NAME", number(3) + Bytes{'n', 'o', 'p'}) +
                             chunk("BYTS", number(1) + Bytes{0x90}) + chunk("INIT", init) + chunk("WHAT", {1, 2, 3}) +
                             chunk("FINA", fina) + chunk("CYCL", number(4) + Bytes(60)) + chunk("HASH", Bytes(20)));
}

std::string message_of(const Bytes& bytes) {
    const auto file = parse_moo(bytes, "x.MOO");
    return file ? "" : file.error().message;
}

}  // namespace

TEST(Moo, ReadsATestAndSkipsUnknownChunks) {
    const auto file = parse_moo(header(1) + chunk("META", {1, 2}) + sample_test(), "dir/F7.6.MOO.gz");
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->form, "F7.6");
    EXPECT_EQ(file->cpu, "8086");
    ASSERT_EQ(file->tests.size(), 1u);
    const MooTest& test = file->tests[0];
    EXPECT_EQ(test.index, 0u);
    EXPECT_EQ(test.name, "nop");
    EXPECT_EQ(test.bytes, Bytes{0x90});
    EXPECT_EQ(test.cycles, 4u);
    EXPECT_EQ(test.initial.regs.get(Reg16::Bx), 2);
    EXPECT_EQ(test.initial.regs.get(Sreg::Cs), 5);
    EXPECT_EQ(test.initial.regs.get(Sreg::Es), 8);
    EXPECT_EQ(test.initial.regs.get(Reg16::Di), 12);
    EXPECT_EQ(test.initial.regs.ip, 13);
    EXPECT_EQ(test.initial.regs.flags, 14);
    EXPECT_EQ(test.final.regs.get(Reg16::Ax), 0x1234);
    EXPECT_EQ(test.final.regs.ip, 0x5678);
    EXPECT_EQ(test.final.regs.get(Reg16::Bx), 2);  // inherited
    EXPECT_EQ(test.initial.ram, (std::vector<RamByte>{{0xFFFFF, 0x90}}));
    EXPECT_EQ(test.initial.queued, 2);
    EXPECT_EQ(test.final.ram, (std::vector<RamByte>{{0, 0x42}}));
}

// Version 1.1 has more chunks: META and masks at the top, masks in FINA, EXCP behind CYCL. [SST, MOO format 1.1]
TEST(Moo, ReadsAn8088sAndNewerChunks) {
    const Bytes masks = chunk("RMSK", words({1 << 13, 0xFFEE}));
    const Bytes init = chunk("REGS", all_registers) + chunk("RAM ", number(0)) + chunk("QUEU", number(1) + Bytes{0x90});
    const Bytes fina = chunk("REGS", words({1 << 12, 0x5678})) + masks + chunk("RAM ", number(0)) +
                       chunk("EA32", Bytes(20)) + chunk("QUEU", number(0));
    const Bytes test = chunk("TEST", number(0) + chunk("NAME", number(0)) + chunk("BYTS", number(0)) +
                                         chunk("INIT", init) + chunk("FINA", fina) + chunk("CYCL", number(9)) +
                                         chunk("EXCP", Bytes(5)) + chunk("HASH", Bytes(20)) + chunk("IDX ", number(0)));
    const auto file =
        parse_moo(header(1, {'8', '0', '8', '8'}) + chunk("META", Bytes(34)) + masks + test, "v2/90.MOO.gz");
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->cpu, "8088");
    ASSERT_EQ(file->tests.size(), 1u);
    EXPECT_EQ(file->tests[0].final.regs.ip, 0x5678);
    EXPECT_EQ(file->tests[0].final.regs.flags, 14);
    EXPECT_EQ(file->tests[0].cycles, 9u);
}

TEST(Moo, EveryTruncationIsAnErrorThatNamesFileAndOffset) {
    const Bytes whole = header(1) + sample_test();
    ASSERT_EQ(message_of(whole), "");
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const std::string message = message_of({whole.begin(), whole.begin() + std::ptrdiff_t(length)});
        EXPECT_TRUE(message.starts_with("x.MOO: offset ")) << length << ": " << message;
    }
}

// No flipped bit may lead outside the buffer (the asan build would say so) or to a test with an impossible address.
TEST(Moo, EveryCorruptByteIsReadOrRefused) {
    const Bytes whole = header(1) + sample_test();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const u8 flip : {u8{0x01}, u8{0x80}, u8{0xFF}}) {
            Bytes bad = whole;
            bad[at] ^= flip;
            const auto file = parse_moo(bad, "x.MOO");
            if (!file) {
                EXPECT_TRUE(file.error().message.starts_with("x.MOO: offset ")) << file.error().message;
                continue;
            }
            for (const MooTest& test : file->tests)
                for (const RamByte& byte : test.initial.ram) EXPECT_LT(byte.address, address_space);
        }
    }
}

TEST(Moo, SaysWhatIsWrong) {
    EXPECT_EQ(message_of({}), "x.MOO: offset 0: not a MOO file");
    EXPECT_EQ(message_of(Bytes{'P', 'K', 3, 4, 0, 0, 0, 0}), "x.MOO: offset 0: not a MOO file");
    EXPECT_EQ(
        message_of(header(2) + sample_test()),
        "x.MOO: offset " + std::to_string(header(2).size() + sample_test().size()) + ": 2 tests announced, 1 found");
    EXPECT_EQ(message_of(header(1, {'3', '8', '6', 'E'}) + chunk("TEST", number(0))),
              "x.MOO: offset 0: recorded on a CPU that calls itself \"386E\", not on an 8086 or 8088");
    const Bytes init = chunk("REGS", all_registers) + chunk("RAM ", number(1) + number(0x100000) + Bytes{0});
    EXPECT_EQ(message_of(header(1) + chunk("TEST", number(0) + chunk("INIT", init))),
              "x.MOO: offset 90: RAM address 100000 is above FFFFF");
    const Bytes lying = chunk("REGS", all_registers) + chunk("RAM ", number(0xFFFFFFFF));
    EXPECT_EQ(message_of(header(1) + chunk("TEST", number(0) + chunk("INIT", lying))),
              "x.MOO: offset 90: RAM names 4294967295 bytes, more than it holds");
}

TEST(Moo, FilesMayBePackedOrNotAndBadOnesAreNamed) {
    const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "dyn86-moo-test";
    std::filesystem::create_directories(folder);
    const Bytes whole = header(1) + sample_test();
    const std::string packed = folder / "90.MOO.gz", plain = folder / "91.MOO", cut = folder / "92.MOO.gz";
    gzFile out = gzopen(packed.c_str(), "wb");
    ASSERT_EQ(gzwrite(out, whole.data(), unsigned(whole.size())), int(whole.size()));
    gzclose(out);
    std::ofstream(plain, std::ios::binary).write(reinterpret_cast<const char*>(whole.data()), i64(whole.size()));
    std::filesystem::copy_file(packed, cut, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(cut, std::filesystem::file_size(cut) - 12);
    std::ofstream(folder / "readme.txt") << "no recording";

    const auto files = list_moo(folder);
    ASSERT_TRUE(files);
    EXPECT_EQ(*files, (std::vector<std::string>{packed, plain, cut}));
    for (const std::string& path : {packed, plain}) {
        const auto file = read_moo(path);
        ASSERT_TRUE(file) << file.error().message;
        EXPECT_EQ(file->tests.size(), 1u);
    }
    EXPECT_EQ(read_moo(packed)->form, "90");
    const auto bad = read_moo(cut);
    ASSERT_FALSE(bad);
    EXPECT_TRUE(bad.error().message.starts_with(cut + ": offset ")) << bad.error().message;
    const auto absent = read_moo(folder / "absent.MOO.gz");
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().kind, ErrorKind::NotFound);
    EXPECT_FALSE(list_moo(folder / "absent"));
    std::filesystem::remove_all(folder);
}

}  // namespace dyn86::verify
