#include "src/listing/listing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

namespace dyn86::listing {
namespace {

using Bytes = std::vector<u8>;

/// What nasm makes of a source.
Bytes assemble(const std::string& source) {
    std::string pattern = (std::filesystem::temp_directory_path() / "dyn86-listing-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    const std::filesystem::path folder = pattern;
    std::ofstream(folder / "source.asm") << source;
    const std::string command = std::string(DYN86_NASM) + " -w-all -f bin -o " + (folder / "out.bin").string() + " " +
                                (folder / "source.asm").string();
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ifstream file(folder / "out.bin", std::ios::binary);
    Bytes bytes{std::istreambuf_iterator<char>(file), {}};
    std::filesystem::remove_all(folder);
    return bytes;
}

std::string source_of(const Bytes& bytes, const std::string& name) {
    const CodeFile file = recognise(bytes, name);
    const auto lines = list(file, std::nullopt);
    EXPECT_TRUE(lines);
    return to_source(file, *lines, name);
}

/// Says where two runs of bytes part, which is all that one wants to see of them.
::testing::AssertionResult same(const Bytes& made, const Bytes& wanted) {
    const auto [left, right] = std::ranges::mismatch(made, wanted);
    if (left == made.end() && right == wanted.end()) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "they part at " << (right - wanted.begin()) << " of " << wanted.size();
}

void expect_sweep(const Bytes& bytes) {
    const CodeFile file = recognise(bytes, "code.bin");
    const auto lines = list(file, AddressRange{0, u32(bytes.size())});
    ASSERT_TRUE(lines);
    const Bytes made = assemble(to_source(file, *lines, "code.bin"));
    EXPECT_TRUE(same(made, bytes));
    if (made == bytes) return;
    for (const Line& line : *lines) {
        const auto at = made.begin() + line.address;
        if (made.size() < line.address + line.bytes.size() || !std::equal(line.bytes.begin(), line.bytes.end(), at)) {
            ADD_FAILURE() << "first wrong line: " << line.text;
            return;
        }
    }
}

TEST(Listing, EveryOpcodeAndModRmAssemblesToItsBytes) {
    // Displacements and immediates that fit a byte, that do not, and that do by their sign.
    constexpr u8 operands[3][4] = {{0x05, 0x00, 0x06, 0x00}, {0x34, 0x92, 0xFF, 0xFF}, {0x00, 0x00, 0x80, 0xFF}};
    Bytes bytes{0x90};  // no ROM, no .EXE
    for (unsigned opcode = 0; opcode < 256; ++opcode)
        for (unsigned modrm = 0; modrm < 256; ++modrm) {
            bytes.insert(bytes.end(), {u8(opcode), u8(modrm)});
            const auto& operand = operands[(opcode + modrm) % 3];
            bytes.insert(bytes.end(), std::begin(operand), std::end(operand));
            bytes.insert(bytes.end(), {0x90, 0x90, 0x90, 0x90});
        }
    expect_sweep(bytes);
}

TEST(Listing, AnyBytesAssembleToThemselves) {
    std::minstd_rand random(1);
    Bytes bytes{0x90};
    constexpr u8 prefixes[] = {0x26, 0x2E, 0x36, 0x3E, 0xF0, 0xF1, 0xF2, 0xF3};
    while (bytes.size() < 30'000) {
        for (u32 count = random() % 4; count > 1; --count) bytes.push_back(prefixes[random() % 8]);
        for (u32 count = 0; count < 4; ++count) bytes.push_back(u8(random() >> 8));
    }
    expect_sweep(bytes);
}

TEST(Listing, FollowsTheFlowAndShowsTheRestAsData) {
    const Bytes program = {0xB4, 0x09, 0xBA, 0x0D, 0x01,   // mov ah, 9; mov dx, text
                           0xCD, 0x21, 0xE8, 0x08, 0x00,   // int 21h; call behind
                           0xB4, 0x4C, 0xCD, 0x21,         // mov ah, 4Ch; int 21h
                           'H',  'i',  '!',  '$',  0xC3};  // ret
    const std::string source = source_of(program, "HI.COM");
    EXPECT_NE(source.find("org     0x100"), std::string::npos);
    EXPECT_NE(source.find("call L0112"), std::string::npos) << source;
    EXPECT_NE(source.find("db 'Hi!$'"), std::string::npos) << source;
    EXPECT_NE(source.find("\nL0112:\n"), std::string::npos) << source;
    EXPECT_TRUE(same(assemble(source), program));
}

Bytes exe() {
    Bytes bytes(0x40);
    const auto word = [&](std::size_t at, unsigned value) { bytes[at] = u8(value), bytes[at + 1] = u8(value >> 8); };
    word(0x00, 0x5A4D);
    word(0x02, 0x40 + 0x20);  // bytes in the last page
    word(0x04, 1);
    word(0x06, 1);     // relocations
    word(0x08, 4);     // paragraphs of header
    word(0x14, 0x02);  // IP
    word(0x16, 0x01);  // CS
    word(0x18, 0x1C);
    const Bytes image = {
        'd',  'a',  't',  'a',  0,    0,    0,    0,    0,    0,    0,    0,    0,    0, 0, 0,  // segment 0
        0xFF, 0xFF, 0x9A, 0x0C, 0x00, 0x01, 0x00, 0xB8, 0x00, 0x4C, 0xCD, 0x21, 0xCB,           // call far, exit; retf
        0x90, 0x90, 0x90, 'o',  'v',  'l'};                                                     // and what follows
    bytes.insert(bytes.end(), image.begin(), image.end());
    return bytes;
}

TEST(Listing, AnExeBeginsAtItsEntryAndKeepsHeaderAndTail) {
    const Bytes bytes = exe();
    const std::string source = source_of(bytes, "PROG.EXE");
    EXPECT_NE(source.find("\nstart:\n        call 0x1:0xc"), std::string::npos) << source;
    EXPECT_NE(source.find("\nL001C:\n        retf"), std::string::npos) << source;
    EXPECT_NE(source.find("header and relocations"), std::string::npos);
    EXPECT_NE(source.find("not loaded"), std::string::npos);
    EXPECT_TRUE(same(assemble(source), bytes));
}

TEST(Listing, EveryCutOfAnExeIsShownWhole) {
    const Bytes whole = exe();
    for (std::size_t length = 1; length < whole.size(); ++length) {
        const Bytes bytes(whole.begin(), whole.begin() + i64(length));
        const CodeFile file = recognise(bytes, "PROG.EXE");
        const auto lines = list(file, std::nullopt);
        ASSERT_TRUE(lines);
        Bytes shown;
        for (const Line& line : *lines) shown.insert(shown.end(), line.bytes.begin(), line.bytes.end());
        EXPECT_TRUE(same(shown, bytes));
    }
}

TEST(Listing, KnowsBootSectorsRomsAndDrivers) {
    Bytes sector(512);
    sector[510] = 0x55, sector[511] = 0xAA;
    EXPECT_EQ(recognise(sector, "x").kind, CodeFile::Kind::BootSector);
    EXPECT_EQ(recognise(sector, "x").origin, 0x7C00u);
    Bytes rom(8192, 0xFF);
    const Bytes reset = {0xEA, 0x00, 0xE0, 0x00, 0xF0};
    std::ranges::copy(reset, rom.end() - 16);
    EXPECT_EQ(recognise(rom, "x").kind, CodeFile::Kind::Rom);
    EXPECT_EQ(recognise(rom, "x").origin, 0xE000u);
    Bytes option(2048);
    option[0] = 0x55, option[1] = 0xAA, option[2] = 4;
    EXPECT_EQ(recognise(option, "x").kind, CodeFile::Kind::OptionRom);
    Bytes driver(64);
    std::fill_n(driver.begin(), 4, u8{0xFF});
    EXPECT_EQ(recognise(driver, "ANSI.SYS").kind, CodeFile::Kind::Driver);
    EXPECT_TRUE(same(assemble(source_of(rom, "x")), rom));
    EXPECT_TRUE(same(assemble(source_of(sector, "x")), sector));
}

TEST(Listing, ARangeMustLieWithinTheFile) {
    const CodeFile file = recognise(Bytes(16, 0x90), "X.COM");
    EXPECT_TRUE(list(file, AddressRange{0x104, 0x108}));
    for (const AddressRange& range : {AddressRange{0, 0x104}, AddressRange{0x108, 0x104}, AddressRange{0x100, 0x111}}) {
        const auto lines = list(file, range);
        ASSERT_FALSE(lines);
        EXPECT_EQ(lines.error().kind, ErrorKind::Usage);
    }
}

TEST(Listing, JsonHoldsTheLines) {
    const CodeFile file = recognise({0xEB, 0xFE}, "X.COM");
    EXPECT_EQ(
        to_json(file, *list(file, std::nullopt), "a\"b.com"),
        "{\"file\":\"a\\\"b.com\",\"kind\":\"a .COM program\",\"origin\":256,\"lines\":[\n"
        "{\"address\":256,\"bytes\":\"ebfe\",\"code\":true,\"text\":\"jmp short start\",\"label\":\"start\"}\n]}\n");
}

TEST(Listing, BadFilesAreOneLine) {
    EXPECT_EQ(open_code_file("/nowhere/x.com", {}).error().kind, ErrorKind::NotFound);
    EXPECT_EQ(open_code_file("/", {}).error().kind, ErrorKind::NotAProgram);
    EXPECT_EQ(open_code_file("/dev/null", {}).error().message, "/dev/null: the file is empty");
}

}  // namespace
}  // namespace dyn86::listing
