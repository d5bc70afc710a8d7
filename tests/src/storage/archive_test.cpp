// IMD and TD0: every kind of record, flaws, and damaged files.
#include "src/storage/disk_image.h"
#include "src/storage/imd.h"
#include "src/storage/lzss_huffman.h"
#include "src/storage/lzw.h"
#include "src/storage/td0.h"
#include "tests/src/storage/image_file.h"
#include "tests/src/storage/lzss_huffman_packer.h"
#include "tests/src/storage/lzw_packer.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86 {
namespace {

using test::ImageFile;
using Bytes = std::vector<u8>;

void add(Bytes& to, std::string_view text) {
    for (const char c : text) to.push_back(u8(c));
}
void add(Bytes& to, std::span<const u8> bytes) {
    for (const u8 byte : bytes) to.push_back(byte);
}
void add(Bytes& to, std::initializer_list<unsigned> bytes) {
    for (const unsigned byte : bytes) to.push_back(u8(byte));
}

/// Two sides, one cylinder, three sectors: one full, one of a repeated byte, one of each flaw.
Bytes imd_file() {
    Bytes file;
    add(file, "IMD 1.18: 01/01/2008 00:00:00\r\nA comment\x1A");
    add(file, {5, 0, 0, 3, 2, 3, 1, 2});  // mode, cylinder, head, sectors, 512 bytes; numbered 3, 1, 2
    add(file, {1});
    for (unsigned i = 0; i < 512; ++i) file.push_back(u8(i));
    add(file, {2, 0xF6, 6, 0xA5});        // 1: repeated F6; 2: repeated A5, read with an error
    add(file, {5, 0, 0xC1, 2, 2, 1, 2});  // head 1 with both maps
    add(file, {9, 9, 7, 7, 0, 4, 0x11});  // the maps; 1: missing; 2: deleted, repeated 11
    return file;
}

u8 byte_of(DecodedDisk& disk, u64 sector, std::size_t at) {
    std::array<u8, sector_size> bytes{};
    EXPECT_TRUE(disk.read(sector, bytes));
    return bytes[at];
}

TEST(Imd, EveryRecordFindsItsPlace) {
    const Bytes file = imd_file();
    ASSERT_TRUE(is_imd(file));
    const auto disk = decode_imd("x.imd", file);
    ASSERT_TRUE(disk) << disk.error().message;
    EXPECT_EQ((*disk)->geometry(), (Geometry{1, 2, 3}));
    EXPECT_EQ(byte_of(**disk, 2, 7), 7);
    EXPECT_EQ(byte_of(**disk, 0, 7), 0xF6);
    EXPECT_EQ(byte_of(**disk, 1, 7), 0xA5);
    EXPECT_EQ((*disk)->flaw(1), Flaw::Damaged);
    EXPECT_EQ((*disk)->flaw(3), Flaw::Missing);
    EXPECT_EQ(byte_of(**disk, 4, 0), 0x11);
    EXPECT_EQ((*disk)->flaw(5), Flaw::Missing);  // the second side has two
}

TEST(Imd, CutAnywhereItIsDamagedOrShorter) {
    const Bytes file = imd_file();
    for (std::size_t length = 4; length < file.size(); ++length) {
        const auto disk = decode_imd("x.imd", std::span(file).first(length));
        if (!disk) {
            EXPECT_EQ(disk.error().message.find("x.imd: "), 0u);
        } else {
            EXPECT_EQ((*disk)->geometry().heads, 1u) << length;  // cut between two tracks
        }
    }
}

TEST(Imd, LargeSectorsTakeNoMemoryAndAnEndlessListIsDamaged) {
    Bytes file;
    add(file, "IMD \x1A");
    for (unsigned track = 0; track < 200; ++track) {
        add(file, {5, track % 80, track % 2, 255, 6});
        for (unsigned i = 0; i < 255; ++i) file.push_back(u8(i));
        for (unsigned i = 0; i < 255; ++i) add(file, {2, 0xF6});  // 8 KiB of F6
    }
    EXPECT_FALSE(decode_imd("x.imd", file));
    file.resize(5 + 100 * (5 + 3 * 255));
    const auto disk = decode_imd("x.imd", file);
    ASSERT_FALSE(disk);
    EXPECT_NE(disk.error().message.find("no sectors of 512"), std::string::npos) << disk.error().message;
}

TEST(Imd, OpensAsAReadOnlyFloppy) {
    const Bytes bytes = imd_file();
    const ImageFile file(bytes.size(), bytes);
    const auto image = DiskImage::open(file.path(), {});
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_EQ((*image)->kind(), DiskKind::Floppy);
    EXPECT_TRUE((*image)->is_read_only());
    EXPECT_EQ((*image)->flaw(1), Flaw::Damaged);
    EXPECT_FALSE((*image)->write(0, std::array<u8, sector_size>{}));
}

u16 checksum(std::span<const u8> bytes) {
    u16 crc = 0;
    for (const u8 byte : bytes)
        for (int bit = 7; bit >= 0; --bit) {
            const bool differs = ((crc >> 15) & 1) != (byte >> bit & 1);
            crc = u16(crc << 1 ^ (differs ? 0xA097 : 0));
        }
    return crc;
}

void add_td0_sector(Bytes& to, u8 number, u8 flags, const Bytes& data) {
    add(to, {0, 0, number, 2, flags, 0});
    if ((flags & 0x30) != 0) return;
    add(to, {unsigned(data.size()) & 0xFF, unsigned(data.size()) >> 8});
    add(to, std::span(data));
}

/// What stands behind the header: a comment, and one track with all encodings.
Bytes td0_body() {
    Bytes body;
    add(body, {0, 0, 5, 0, 86, 1, 1, 0, 0, 0});
    add(body, "Hello");
    const std::array<u8, 3> track = {6, 0, 0};
    add(body, std::span(track));
    body.push_back(u8(checksum(track)));
    Bytes raw = {0};
    for (unsigned i = 0; i < 512; ++i) raw.push_back(u8(i * 3));
    add_td0_sector(body, 1, 0, raw);
    add_td0_sector(body, 2, 0, {1, 0, 1, 0x12, 0x34});               // 256 times 12 34
    Bytes pieces = {2, 0, 4, 'a', 'b', 'c', 'd', 1, 254, 'x', 'y'};  // abcd, then 254 times xy
    add_td0_sector(body, 3, 0x02, pieces);                           // read with an error
    add_td0_sector(body, 4, 0x10, {});                               // DOS had nothing there
    add_td0_sector(body, 5, 0x20, {});                               // no data
    add_td0_sector(body, 6, 0x04, {2, 2, 128, 1, 2, 3, 4});          // deleted; 128 times 1 2 3 4
    body.push_back(0xFF);
    return body;
}

enum class Packing : u8 { None, Lzw, LzssHuffman };

Bytes td0_file(Packing packing) {
    Bytes file = {'T', 'D', 0, 0, 21, 2, 1, 0x80, 0, 1};
    if (packing != Packing::None) file[0] = 't', file[1] = 'd';
    if (packing == Packing::Lzw) file[4] = 15;
    const u16 crc = checksum(file);
    add(file, {crc & 0xFFu, unsigned{crc} >> 8});
    Bytes body = td0_body();
    if (packing == Packing::Lzw) body = test::pack_lzw(body);
    if (packing == Packing::LzssHuffman) body = test::pack_lzss_huffman(body);
    add(file, std::span(body));
    return file;
}

TEST(Td0, EveryEncodingPlainAndPacked) {
    for (const Packing packing : {Packing::None, Packing::Lzw, Packing::LzssHuffman}) {
        const Bytes file = td0_file(packing);
        ASSERT_TRUE(is_td0(file));
        const auto disk = decode_td0("x.td0", file);
        ASSERT_TRUE(disk) << disk.error().message;
        EXPECT_EQ((*disk)->geometry(), (Geometry{1, 1, 6}));
        EXPECT_EQ(byte_of(**disk, 0, 100), 300 & 0xFF);
        EXPECT_EQ(byte_of(**disk, 1, 511), 0x34);
        EXPECT_EQ(byte_of(**disk, 2, 3), 'd');
        EXPECT_EQ(byte_of(**disk, 2, 511), 'y');
        EXPECT_EQ((*disk)->flaw(2), Flaw::Damaged);
        EXPECT_EQ((*disk)->flaw(3), Flaw::None);
        EXPECT_EQ((*disk)->flaw(4), Flaw::Missing);
        EXPECT_EQ(byte_of(**disk, 5, 510), 3);
    }
}

TEST(Td0, DamagedFilesSaySo) {
    Bytes file = td0_file(Packing::None);
    for (std::size_t length = 12; length < file.size(); length += 7) {
        const auto disk = decode_td0("x.td0", std::span(file).first(length));
        ASSERT_FALSE(disk) << length;
        EXPECT_EQ(disk.error().kind, ErrorKind::NotAProgram);
    }
    file[30] ^= 1;  // in the track's header
    EXPECT_FALSE(decode_td0("x.td0", file));
    const Bytes old = td0_file(Packing::Lzw);
    EXPECT_FALSE(decode_td0("x.td0", std::span(old).first(old.size() - 1)));
}

TEST(Lzw, GivesBackLongTextsInBlocksOfAnyLength) {
    Bytes text(2000, 'x');  // the newest string is the next code
    for (unsigned i = 0; i < 60'000; ++i) text.push_back(u8((i * i >> 5) % 23 + (i % 977 == 0 ? i / 977 : 64)));
    for (const std::size_t block : {std::size_t{4096}, std::size_t{4095}, std::size_t{20'000}, std::size_t{501}}) {
        const Bytes packed = test::pack_lzw(text, block);
        EXPECT_EQ(unpack_lzw(packed, 1 << 20), text) << block;
        EXPECT_EQ(unpack_lzw(packed, 5000), Bytes(text.begin(), text.begin() + 5000)) << block;
    }
    EXPECT_EQ(unpack_lzw(Bytes{6, 0, 'a', 0x10, 0x10}, 100), Bytes{'a'});  // 101h: nothing has that name yet
    EXPECT_EQ(unpack_lzw(Bytes{0, 0, 3, 0, 'a', 0, 7}, 100), Bytes{'a'});
}

TEST(LzssHuffman, GivesBackLongTextsWhoseTreeIsRebuilt) {
    Bytes text;
    for (unsigned i = 0; i < 60'000; ++i) text.push_back(u8((i * i >> 5) % 23 + (i % 977 == 0 ? i / 977 : 64)));
    const Bytes packed = test::pack_lzss_huffman(text);
    EXPECT_LT(packed.size(), text.size());
    Bytes unpacked = LzssHuffman::unpack(packed, 1 << 20);
    ASSERT_GE(unpacked.size(), text.size());
    unpacked.resize(text.size());
    EXPECT_EQ(unpacked, text);
}

TEST(Archives, RandomDamageIsAnErrorOrADisk) {
    u32 random = 1;
    const auto next = [&] { return random = random * 1664525 + 1013904223; };
    for (const Bytes& good :
         {imd_file(), td0_file(Packing::None), td0_file(Packing::Lzw), td0_file(Packing::LzssHuffman)}) {
        for (int i = 0; i < 3000; ++i) {
            Bytes file = good;
            for (int changes = 0; changes < 3; ++changes)
                file[12 + (next() >> 8) % (file.size() - 12)] = u8(next() >> 16);
            const auto disk = is_imd(file) ? decode_imd("x", file) : decode_td0("x", file);
            EXPECT_LE(disk ? (*disk)->sectors() : 0, most_decoded_sectors);
        }
    }
}

TEST(LzssHuffman, StopsAtTheLimit) {
    const Bytes zeros(1000);
    EXPECT_LE(LzssHuffman::unpack(zeros, 500).size(), 560u);
}

}  // namespace
}  // namespace dyn86
