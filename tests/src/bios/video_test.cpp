// INT 10h against IBM's description: cells, cursor in the data area and the 6845, pages, scrolling, graphics.
#include "src/bios/video.h"

#include "roms/roms.h"
#include "src/bios/bios.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace dyn86 {
namespace {

/// Remembers what was written to the 6845 and the adapter's ports.
class FakeAdapter final : public PortDevice {
public:
    u8 in(Port port) override {
        if ((port & 0xF) == 5) return crtc.at(index);
        return (port & 0xF) == 0xA ? status : u8{0xFF};
    }
    void out(Port port, u8 value) override {
        if ((port & 0xF) == 0xB) status = u8(status & ~0x02);
        if ((port & 0xF) == 4) index = value;
        if ((port & 0xF) == 5) crtc.at(index) = value;
        if ((port & 0xF) == 8) mode = value;
        if ((port & 0xF) == 9) color = value;
    }
    [[nodiscard]] u16 crtc_word(std::size_t at) const { return u16(crtc.at(at) << 8 | crtc.at(at + 1)); }

    std::array<u8, 256> crtc{};
    u8 index = 0, mode = 0, color = 0;
    u8 status = 0x04;  // light pen: its switch is open
};

class VideoTest : public ::testing::Test {
protected:
    static constexpr Linear cga = 0xB8000, mda = 0xB0000;

    void SetUp() override {
        ports.map(0x3B0, 0x10, adapter);
        ports.map(0x3D0, 0x10, adapter);
        memory->write8(0x410, 0x20);
        memory->write16(0x1D * 4, 0xF0A4);
        memory->write16(0x1D * 4 + 2, 0xF000);
        memory->write16(0x10 * 4, 0xF065);
        memory->write16(0x10 * 4 + 2, 0xF000);
        call(0x0003);
    }
    Registers call(u16 ax, u16 bx = 0, u16 cx = 0, u16 dx = 0) {
        Registers regs;
        regs.set(Reg16::Ax, ax);
        regs.set(Reg16::Bx, bx);
        regs.set(Reg16::Cx, cx);
        regs.set(Reg16::Dx, dx);
        result = video.service(regs);
        return regs;
    }
    void teletype(std::string_view text) {
        for (const char c : text) call(u16(0x0E00 | u8(c)));
    }
    std::size_t write(std::string_view text) {
        return video.write({reinterpret_cast<const u8*>(text.data()), text.size()});
    }
    u8 byte(Linear at) { return memory->peek(at); }
    u16 word(Linear at) { return u16(byte(at) | byte(at + 1) << 8); }
    u16 cell(unsigned row, unsigned column, unsigned page = 0) {
        return word(cga + page * 4096 + (row * 80 + column) * 2);
    }
    std::string row(unsigned row) {
        std::string text;
        for (unsigned i = 0; i < 80; ++i) text += char(cell(row, i));
        text.erase(text.find_last_not_of(' ') + 1);
        return text;
    }

    std::unique_ptr<Memory> memory = std::move(*Memory::create());
    PortBus ports;
    FakeAdapter adapter;
    HostTrap trap{*memory, Bios::rom_start, Bios::rom_end};
    Bios bios{*memory, ports, trap};
    Video& video = bios.video();
    Video::Result result = Video::Result::Done;
};

TEST_F(VideoTest, Mode3ProgramsThe6845AndClears) {
    memory->write16(cga, 0x1234);
    call(0x0003);
    EXPECT_EQ(word(cga), 0x0720);
    EXPECT_EQ(word(cga + 0x3FFE), 0x0720);
    EXPECT_EQ(adapter.crtc[0], 0x71);
    EXPECT_EQ(adapter.crtc[1], 80);
    EXPECT_EQ(adapter.crtc[6], 25);
    EXPECT_EQ(adapter.mode, 0x29);
    EXPECT_EQ(adapter.color, 0x30);
    EXPECT_EQ(byte(0x465), 0x29);
    EXPECT_EQ(word(0x44C), 4096);
    EXPECT_EQ(word(0x460), 0x0607);
    EXPECT_EQ(byte(0x466), 0x30);
}

TEST_F(VideoTest, EveryModeHasIbmsValues) {
    struct Expected {
        u8 mode, mode_register, columns, displayed, rows;
        u16 page_size, blank;
    };
    constexpr std::array<Expected, 7> modes = {{{0, 0x2C, 40, 40, 25, 2048, 0x0720},
                                                {1, 0x28, 40, 40, 25, 2048, 0x0720},
                                                {2, 0x2D, 80, 80, 25, 4096, 0x0720},
                                                {3, 0x29, 80, 80, 25, 4096, 0x0720},
                                                {4, 0x2A, 40, 40, 100, 16384, 0},
                                                {5, 0x2E, 40, 40, 100, 16384, 0},
                                                {6, 0x1E, 80, 40, 100, 16384, 0}}};
    for (const Expected& e : modes) {
        call(e.mode);
        EXPECT_EQ(byte(0x449), e.mode);
        EXPECT_EQ(adapter.mode, e.mode_register) << int(e.mode);
        EXPECT_EQ(word(0x44A), e.columns) << int(e.mode);
        EXPECT_EQ(adapter.crtc[1], e.displayed) << int(e.mode);
        EXPECT_EQ(adapter.crtc[6], e.rows == 100 ? 0x64 : 0x19) << int(e.mode);
        EXPECT_EQ(word(0x44C), e.page_size) << int(e.mode);
        EXPECT_EQ(word(cga + 100), e.blank) << int(e.mode);
    }
    const Registers regs = call(0x0F00);
    EXPECT_EQ(regs.get(Reg16::Ax), 80 << 8 | 6);
}

TEST_F(VideoTest, MonochromeEquipmentMeansMode7) {
    memory->write8(0x410, 0x30);
    call(0x0003);
    EXPECT_EQ(byte(0x449), 7);
    EXPECT_EQ(word(0x463), 0x3B4);
    EXPECT_EQ(adapter.crtc[9], 0x0D);
    EXPECT_EQ(word(0x460), 0x0B0C);
    teletype("A");
    EXPECT_EQ(word(mda), 0x0741);
}

TEST_F(VideoTest, ModesOfOtherAdaptersChangeNothing) {
    call(0x0013);
    EXPECT_EQ(byte(0x449), 3);
    call(0x0007);
    EXPECT_EQ(byte(0x449), 3);
}

TEST_F(VideoTest, ProgramsMayReplaceTheParameterTable) {
    std::array<u8, 64> table{};
    table[16 + 1] = 90;
    memory->copy_in(0x5000, table);
    memory->write16(0x1D * 4, 0x0000);
    memory->write16(0x1D * 4 + 2, 0x0500);
    call(0x0003);
    EXPECT_EQ(adapter.crtc[1], 90);
}

TEST_F(VideoTest, CursorLivesInDataAreaAnd6845) {
    call(0x0200, 0, 0, 0x0A14);
    EXPECT_EQ(word(0x450), 0x0A14);
    EXPECT_EQ(adapter.crtc_word(14), 10 * 80 + 20);
    call(0x0100, 0, 0x0307);
    EXPECT_EQ(word(0x460), 0x0307);
    EXPECT_EQ(adapter.crtc[10], 3);
    EXPECT_EQ(adapter.crtc[11], 7);
    const Registers regs = call(0x0300);
    EXPECT_EQ(regs.get(Reg16::Dx), 0x0A14);
    EXPECT_EQ(regs.get(Reg16::Cx), 0x0307);
}

TEST_F(VideoTest, PagesHaveTheirOwnCursors) {
    call(0x0200, 0x0200, 0, 0x0503);  // page 2, not shown: the 6845 stays
    EXPECT_EQ(adapter.crtc_word(14), 0);
    call(0x0502);
    EXPECT_EQ(byte(0x462), 2);
    EXPECT_EQ(word(0x44E), 8192);
    EXPECT_EQ(adapter.crtc_word(12), 4096);
    EXPECT_EQ(adapter.crtc_word(14), 4096 + 5 * 80 + 3);
    teletype("x");
    EXPECT_EQ(cell(5, 3, 2), 0x0778);
    EXPECT_EQ(cell(5, 3, 0), 0x0720);
    EXPECT_EQ(call(0x0F00).get(Reg8::Bh), 2);
}

TEST_F(VideoTest, WritesAndReadsCells) {
    call(0x0941, 0x001E, 3);
    EXPECT_EQ(cell(0, 2), 0x1E41);
    EXPECT_EQ(cell(0, 3), 0x0720);
    call(0x0A42, 0x0000, 1);
    EXPECT_EQ(cell(0, 0), 0x1E42);
    EXPECT_EQ(call(0x0800).get(Reg16::Ax), 0x1E42);
    EXPECT_EQ(word(0x450), 0);  // the cursor stays
}

TEST_F(VideoTest, TeletypeMovesWrapsAndKeepsAttributes) {
    call(0x0920, 0x004F, 80);
    teletype("ab\b\bX\r\n c");
    EXPECT_EQ(cell(0, 0), 0x4F58);
    EXPECT_EQ(cell(0, 1), 0x4F62);
    EXPECT_EQ(cell(1, 1), 0x0763);
    EXPECT_EQ(word(0x450), 0x0102);
    call(0x0200, 0, 0, 0x004F);
    teletype("yz");
    EXPECT_EQ(cell(0, 79), 0x4F79);
    EXPECT_EQ(cell(1, 0), 0x077A);
    teletype("\r\b");
    EXPECT_EQ(word(0x450), 0x0100);
}

TEST_F(VideoTest, TeletypeScrollsWithTheAttributeAtTheCursor) {
    teletype("first");
    call(0x0200, 0, 0, 0x1800);
    call(0x0920, 0x0017, 1);
    teletype("last\n");
    EXPECT_EQ(row(23), "last");
    EXPECT_EQ(word(0x450), 0x1804);
    EXPECT_EQ(cell(24, 0), 0x0720);  // the attribute under the cursor, column 4
    EXPECT_EQ(row(0), "");
    EXPECT_EQ(cell(23, 0), 0x176C);
}

TEST_F(VideoTest, BellIsLeftToTheGuest) {
    call(0x0E07);
    EXPECT_EQ(result, Video::Result::RingBell);
    EXPECT_EQ(word(0x450), 0);
    EXPECT_EQ(write("ab\acd"), 2u);
    EXPECT_EQ(row(0), "ab");
}

TEST_F(VideoTest, BulkOutputEqualsTeletypeByteByByte) {
    std::string text;
    u32 random = 12345;
    for (int i = 0; i < 20'000; ++i) {
        random = random * 1664525 + 1013904223;
        const u32 pick = random >> 24;
        text += pick < 6 ? '\n' : pick < 9 ? '\r' : pick < 12 ? '\b' : char(pick == 7 ? 'x' : pick);
    }
    for (const u16 mode : {u16(0x0001), u16(0x0003)}) {
        const auto screen_after = [&](bool bulk) {
            call(mode);
            call(0x0920, 0x002A, 700);
            if (bulk) {
                EXPECT_EQ(write(text), text.size());
            } else {
                teletype(text);
            }
            std::array<u8, 0x4000> all{};
            memory->copy_out(cga, all);
            return std::tuple(all, word(0x450), adapter.crtc_word(14));
        };
        EXPECT_EQ(screen_after(true), screen_after(false)) << mode;
    }
}

TEST_F(VideoTest, ScrollsAWindowBothWays) {
    for (unsigned r = 0; r < 25; ++r) {
        call(0x0200, 0, 0, u16(r << 8));
        call(u16(0x0900 | ('A' + r)), 0x0007, 80);
    }
    call(0x0602, 0x3000, 0x050A, 0x0914);  // rows 5-9, columns 10-20, two lines up
    EXPECT_EQ(cell(5, 10), 0x0700 | ('A' + 7));
    EXPECT_EQ(cell(7, 20), 0x0700 | ('A' + 9));
    EXPECT_EQ(cell(8, 10), 0x3020);
    EXPECT_EQ(cell(9, 20), 0x3020);
    EXPECT_EQ(cell(9, 21), 0x0700 | ('A' + 9));
    EXPECT_EQ(cell(5, 9), 0x0700 | ('A' + 5));
    call(0x0701, 0x5000, 0x0000, 0x184F);  // the whole screen, one line down
    EXPECT_EQ(cell(0, 0), 0x5020);
    EXPECT_EQ(cell(1, 79), 0x0741);
    EXPECT_EQ(cell(24, 0), 0x0700 | ('A' + 23));
    call(0x0600, 0x0700, 0x0000, 0x184F);
    EXPECT_EQ(row(12), "");
    EXPECT_EQ(cell(24, 79), 0x0720);
}

TEST_F(VideoTest, ScrollWindowsThatMakeNoSenseAreCutOrIgnored) {
    call(0x0941, 0x0007, 80);
    call(0x0600, 0x7000, 0x0000, 0x00FF);  // 256 columns: the row, no more
    EXPECT_EQ(cell(0, 79), 0x7020);
    EXPECT_EQ(cell(1, 0), 0x0720);
    call(0x0600, 0x1000, 0x0A00, 0x054F);  // upside down
    EXPECT_EQ(cell(5, 0), 0x0720);
    EXPECT_EQ(cell(10, 0), 0x0720);
}

TEST_F(VideoTest, StringWithAndWithoutAttributes) {
    const std::array<u8, 6> pairs = {'a', 0x12, 'b', 0x34, 'c', 0x56};
    memory->copy_in(0x6000, pairs);
    Registers regs;
    regs.set(Sreg::Es, 0x600);
    regs.set(Reg16::Cx, 3);
    regs.set(Reg16::Dx, 0x0205);
    regs.set(Reg16::Ax, 0x1303);
    EXPECT_EQ(video.service(regs), Video::Result::Done);
    EXPECT_EQ(cell(2, 5), 0x1261);
    EXPECT_EQ(cell(2, 7), 0x5663);
    EXPECT_EQ(word(0x450), 0x0208);
    regs.set(Reg16::Ax, 0x1300);
    regs.set(Reg16::Bx, 0x0070);
    regs.set(Reg16::Cx, 1);
    EXPECT_EQ(video.service(regs), Video::Result::Done);
    EXPECT_EQ(cell(2, 5), 0x7061);
    EXPECT_EQ(word(0x450), 0x0208);  // put back
}

TEST_F(VideoTest, ColoursGoToTheDataAreaAndThePort) {
    call(0x0B00, 0x0004);
    EXPECT_EQ(adapter.color, 0x24);
    call(0x0B00, 0x0101);
    EXPECT_EQ(byte(0x466), 0x24);
    call(0x0B00, 0x0100);
    EXPECT_EQ(adapter.color, 0x04);
}

TEST_F(VideoTest, NinetySixColumnsWorkWhenTheDataAreaSaysSo) {
    memory->write16(0x44A, 96);
    call(0x0200, 0, 0, 0x0300);
    teletype("A");
    EXPECT_EQ(word(cga + 3 * 96 * 2), 0x0741);
    EXPECT_EQ(adapter.crtc_word(14), 3 * 96 + 1);
}

TEST_F(VideoTest, AnotherTextSizeIsTheOneOfEveryTextMode) {
    video.set_text_size(96, 64);
    call(0x0003);
    EXPECT_EQ(word(0x44A), 96);
    EXPECT_EQ(word(0x44C), 12'288);
    EXPECT_EQ(byte(0x484), 63);
    EXPECT_EQ(adapter.crtc[1], 96);
    EXPECT_EQ(adapter.crtc[6], 64);
    EXPECT_GT(adapter.crtc[0], 96);
    EXPECT_GT(adapter.crtc[7], 64);
    call(0x0006);
    EXPECT_EQ(byte(0x484), 0);
    EXPECT_EQ(word(0x44A), 80);
}

TEST_F(VideoTest, TeletypeScrollsAtTheLastRowThatTheCrtcShows) {
    video.set_row_source([] { return u16{43}; });
    call(0x0200, 0, 0, 0x1800);  // row 24
    teletype("A\r\nB");
    EXPECT_EQ(char(cell(24, 0)), 'A');
    EXPECT_EQ(char(cell(25, 0)), 'B');
    call(0x0200, 0, 0, 0x2A00);  // row 42
    teletype("C\r\nD");
    EXPECT_EQ(char(cell(23, 0)), 'A');
    EXPECT_EQ(char(cell(42, 0)), 'D');
}

TEST_F(VideoTest, LightPenTellsWhereItSawTheBeam) {
    adapter.status = 0x02;
    adapter.crtc[16] = 0x01;
    adapter.crtc[17] = 0x45 + 5;  // row 4, column 5 of 80, seen five characters late
    const Registers text = call(0x0400);
    EXPECT_EQ(text.get(Reg8::Ah), 1);
    EXPECT_EQ(text.get(Reg16::Dx), 0x0405);
    EXPECT_EQ(text.get(Reg8::Ch), 32);
    EXPECT_EQ(text.get(Reg16::Bx), 40);
    EXPECT_EQ(adapter.status, 0);  // the latch waits again
    EXPECT_EQ(call(0x0400).get(Reg8::Ah), 0);
    call(0x0006);
    adapter.status = 0x02;
    adapter.crtc[16] = 0;
    adapter.crtc[17] = 40 * 10 / 2 + 3 + 7;  // 40 addresses are two lines; 640 points
    const Registers graphics = call(0x0400);
    EXPECT_EQ(graphics.get(Reg8::Ch), 10);
    EXPECT_EQ(graphics.get(Reg16::Bx), 7 * 16);
    EXPECT_EQ(graphics.get(Reg16::Dx), 0x010E);
    adapter.status = 0x06;
    EXPECT_EQ(call(0x0400).get(Reg8::Ah), 0);
    EXPECT_EQ(adapter.status, 0x04);
}

TEST_F(VideoTest, AbsentFunctionsLeaveRegisters) {
    for (const u16 ax : {u16(0x1130), u16(0x1201), u16(0x1A00), u16(0x1000)}) {
        const Registers regs = call(ax, 0x0010);
        EXPECT_EQ(result, Video::Result::Missing);
        EXPECT_EQ(regs.get(Reg16::Ax), ax);
    }
}

TEST_F(VideoTest, GraphicsCharactersAreReadBackAndScrolled) {
    memory->write16(0x1F * 4, 0);
    memory->write16(0x1F * 4 + 2, 0x800);
    const auto font = roms::glyphs8x8();
    memory->copy_in(0x8000, font.subspan(1024));
    for (const u16 mode : {u16(4), u16(6)}) {
        call(mode);
        call(0x0200, 0, 0, 0x0302);
        call(0x0941, 0x0002, 2);
        call(0x0200, 0, 0, 0x0303);
        EXPECT_EQ(call(0x0800).get(Reg8::Al), 'A');
        call(0x0200, 0, 0, 0x0304);
        call(0x09E4, 0x0083, 1);  // above 7Fh, exclusive or
        EXPECT_EQ(call(0x0800).get(Reg8::Al), 0xE4);
        call(0x0601, 0x0000, 0x0000, 0x184F);
        call(0x0200, 0, 0, 0x0204);
        EXPECT_EQ(call(0x0800).get(Reg8::Al), 0xE4) << mode;
        call(0x0703, 0x0000, 0x0000, 0x184F);
        call(0x0200, 0, 0, 0x0503);
        EXPECT_EQ(call(0x0800).get(Reg8::Al), 'A') << mode;
    }
}

TEST_F(VideoTest, GraphicsGlyphHasItsColour) {
    call(0x0004);
    call(0x0941, 0x0002, 1);
    const u8 first = roms::glyphs8x8()['A' * 8];
    u16 expected = 0;
    for (unsigned bit = 0; bit < 8; ++bit)
        if ((first >> bit & 1) != 0) expected = u16(expected | 2u << bit * 2);
    EXPECT_EQ(byte(cga) << 8 | byte(cga + 1), expected);
}

TEST_F(VideoTest, PointsInBothResolutions) {
    call(0x0004);
    call(0x0C02, 0, 5, 3);
    EXPECT_EQ(byte(cga + 0x2000 + 80 + 1), 0x20);
    EXPECT_EQ(call(0x0D00, 0, 5, 3).get(Reg8::Al), 2);
    call(0x0C83, 0, 5, 3);  // 2 xor 3
    EXPECT_EQ(call(0x0D00, 0, 5, 3).get(Reg8::Al), 1);
    call(0x0006);
    call(0x0C01, 0, 639, 199);
    EXPECT_EQ(byte(cga + 0x2000 + 99 * 80 + 79), 0x01);
    EXPECT_EQ(call(0x0D00, 0, 639, 199).get(Reg8::Al), 1);
}

TEST_F(VideoTest, KnowsWhetherInt10IsItsOwn) {
    EXPECT_TRUE(video.is_unhooked());
    memory->write16(0x10 * 4, 0x1234);
    EXPECT_FALSE(video.is_unhooked());
}

}  // namespace
}  // namespace dyn86
