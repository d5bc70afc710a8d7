// POST's search for adapters and their ROMs, and INT 14h, 17h and 1Ah on chips that answer.
#include "tests/src/bios/test_pc.h"

#include <array>
#include <map>
#include <numeric>
#include <vector>

namespace dyn86 {
namespace {

using test::TestPc;

/// A ROM of 2 KiB that writes `mark` to 0000:0600 + its number, and returns far.
std::vector<u8> option_rom(u8 number, u8 mark) {
    std::vector<u8> rom(2048);
    const std::array<u8, 13> start = {0x55, 0xAA, 4, 0x31, 0xC0, 0x8E, 0xD8, 0xC6, 0x06, number, 0x06, mark, 0xCB};
    std::copy(start.begin(), start.end(), rom.begin());
    const u8 sum = std::accumulate(rom.begin(), rom.end(), u8{0}, [](u8 a, u8 b) { return u8(a + b); });
    rom.back() = u8(-sum);
    return rom;
}

TEST(OptionRoms, EachWithARightSumIsCalledOnce) {
    TestPc pc;
    pc.memory().load_rom(0xC8000, option_rom(0, 0x11));
    pc.memory().load_rom(0xC8800, option_rom(1, 0x22));
    pc.memory().load_rom(0xEF800, option_rom(2, 0x33));
    auto bad = option_rom(3, 0x44);
    ++bad.back();
    pc.memory().load_rom(0xD0000, bad);
    pc.memory().load_rom(0xD1400, option_rom(4, 0x55));  // between the 2 KiB steps
    pc.run_for(Ticks::from_ms(200));
    EXPECT_EQ(pc.byte(0x600), 0x11);
    EXPECT_EQ(pc.byte(0x601), 0x22);
    EXPECT_EQ(pc.byte(0x602), 0x33);
    EXPECT_EQ(pc.byte(0x603), 0);
    EXPECT_EQ(pc.byte(0x604), 0);
    EXPECT_NE(pc.screen().find("D0000: ROM checksum error"), std::string::npos);
}

/// Ports that keep what is written, but for those that a test fixes.
class Registers8 final : public PortDevice {
public:
    u8 in(Port port) override {
        reads.push_back(port);
        return values[port];
    }
    void out(Port port, u8 value) override {
        writes.emplace_back(port, value);
        if (!fixed[port]) values[port] = value;
    }
    void fix(Port port, u8 value) {
        values[port] = value;
        fixed[port] = true;
    }
    std::map<Port, u8> values;
    std::map<Port, bool> fixed;
    std::vector<Port> reads;
    std::vector<std::pair<Port, u8>> writes;
};

class Serial : public ::testing::Test {
protected:
    Serial() {
        pc.ports().map(0x2F8, 8, uart);
        uart.fix(0x2FA, 0x01);  // identification
        uart.fix(0x2FD, 0x60);  // line: room for a byte
        uart.fix(0x2FE, 0x30);  // modem: DSR, CTS
        pc.post();
    }
    TestPc pc;
    Registers8 uart;
};

TEST_F(Serial, IsFoundAndSetUp) {
    EXPECT_EQ(pc.word(0x400), 0x2F8);  // the second address, but the first that answers
    EXPECT_EQ(pc.word(0x410) & 0x0E00, 0x0200);
    uart.writes.clear();
    const Registers regs = pc.interrupt(0x14, 0x00E3);  // 9600, 8 bits
    EXPECT_EQ(regs.get(Reg16::Ax), 0x6030);
    const std::vector<std::pair<Port, u8>> expected = {
        {0x2FB, 0x80}, {0x2F8, 12}, {0x2F9, 0}, {0x2FB, 0x03}, {0x2F9, 0}};
    EXPECT_EQ(uart.writes, expected);
    uart.writes.clear();
    pc.interrupt(0x14, 0x001A);  // 110 baud, even parity, 7 bits
    EXPECT_EQ(uart.writes[1].second, 1047 & 0xFF);
    EXPECT_EQ(uart.writes[2].second, 1047 >> 8);
    EXPECT_EQ(uart.writes[3].second, 0x1A);
}

TEST_F(Serial, SendsAndReceives) {
    const Registers sent = pc.interrupt(0x14, 0x0141);
    EXPECT_EQ(sent.get(Reg16::Ax), 0x6041);
    EXPECT_EQ(uart.values[0x2FC], 3);
    EXPECT_EQ(uart.values[0x2F8], 0x41);
    uart.fix(0x2FD, 0x63);  // a byte, and an overrun
    uart.fix(0x2F8, 0x5A);
    EXPECT_EQ(pc.interrupt(0x14, 0x0200).get(Reg16::Ax), 0x025A);
    EXPECT_EQ(uart.values[0x2FC], 1);
    EXPECT_EQ(pc.interrupt(0x14, 0x0300).get(Reg16::Ax), 0x6330);
}

TEST_F(Serial, TimesOutAndTellsPortsThatAreNotThere) {
    pc.memory().write8(0x47C, 1);
    uart.fix(0x2FD, 0x00);
    EXPECT_EQ(pc.interrupt(0x14, 0x0141).get(Reg16::Ax), 0x8041);
    EXPECT_EQ(pc.interrupt(0x14, 0x0141, 0, 0, 1).get(Reg8::Ah), 0x80);
    EXPECT_EQ(pc.interrupt(0x14, 0x0141, 0, 0, 9).get(Reg8::Ah), 0x80);
    EXPECT_EQ(pc.interrupt(0x14, 0x0741).get(Reg16::Ax), 0x0741);
}

class Printer : public ::testing::Test {
protected:
    Printer() {
        pc.ports().map(0x378, 3, port);
        port.fix(0x379, 0xDF);  // not busy, no acknowledge, selected, no error
        pc.post();
    }
    TestPc pc;
    Registers8 port;
};

TEST_F(Printer, PrintsWithAStrobe) {
    EXPECT_EQ(pc.word(0x408), 0x378);
    port.writes.clear();
    const Registers regs = pc.interrupt(0x17, 0x0041);
    EXPECT_EQ(regs.get(Reg16::Ax), 0x9041);
    const std::vector<std::pair<Port, u8>> expected = {{0x378, 0x41}, {0x37A, 0x0D}, {0x37A, 0x0C}};
    EXPECT_EQ(port.writes, expected);
    EXPECT_EQ(pc.interrupt(0x17, 0x0200).get(Reg8::Ah), 0x90);
    EXPECT_EQ(pc.interrupt(0x17, 0x0100).get(Reg8::Ah), 0x90);
    EXPECT_EQ(port.values[0x37A], 0x0C);
}

TEST_F(Printer, BusyOnesTimeOut) {
    pc.memory().write8(0x478, 1);
    port.fix(0x379, 0x5F);
    EXPECT_EQ(pc.interrupt(0x17, 0x0041).get(Reg8::Ah) & 0x81, 0x01);
    EXPECT_EQ(pc.interrupt(0x17, 0x0041, 0, 0, 1).get(Reg8::Ah), 0x01);
}

TEST_F(Printer, TakesTheScreen) {
    pc.interrupt(0x10, 0x0E00 | 'Q');
    port.writes.clear();
    pc.interrupt(0x05, 0);
    std::string paper;
    for (const auto& [to, value] : port.writes)
        if (to == 0x378) paper += char(value);
    EXPECT_EQ(paper.substr(0, 5), "\r\nQ  ");
    EXPECT_EQ(paper.size(), 2 + 25 * 82u);
    EXPECT_EQ(pc.byte(0x500), 0);
}

/// An MC146818 that stands still.
class StoppedClock final : public PortDevice {
public:
    u8 in(Port port) override { return port == 0x71 ? registers.at(index & 0x3F) : u8{0xFF}; }
    void out(Port port, u8 value) override {
        if (port == 0x70) index = value;
        if (port == 0x71) registers.at(index & 0x3F) = value;
    }
    std::array<u8, 64> registers{};
    u8 index = 0;
};

class BatteryClock : public ::testing::Test {
protected:
    BatteryClock() {
        clock.registers[0x0A] = 0x26;
        clock.registers[0x0B] = 0x02;
        clock.registers[0x0D] = 0x80;
        pc.ports().map(0x70, 2, clock);
        pc.post();
    }
    TestPc pc;
    StoppedClock clock;
};

TEST_F(BatteryClock, TimeAndDateAreReadAndSet) {
    pc.interrupt(0x1A, 0x0300, 0, 0x2359, 0x5801);
    pc.interrupt(0x1A, 0x0500, 0, 0x2026, 0x1125);
    EXPECT_EQ(clock.registers[4], 0x23);
    EXPECT_EQ(clock.registers[0x0B], 0x03);
    const Registers time = pc.interrupt(0x1A, 0x0200);
    EXPECT_EQ(time.get(Reg16::Ax), 0x0200);
    EXPECT_EQ(time.get(Reg16::Cx), 0x2359);
    EXPECT_EQ(time.get(Reg16::Dx), 0x5801);
    EXPECT_EQ(time.flags & flag::c, 0);
    const Registers date = pc.interrupt(0x1A, 0x0400);
    EXPECT_EQ(date.get(Reg16::Cx), 0x2026);
    EXPECT_EQ(date.get(Reg16::Dx), 0x1125);
    clock.registers[0x32] = 0;
    EXPECT_EQ(pc.interrupt(0x1A, 0x0400).get(Reg16::Cx), 0x2026);
    clock.registers[9] = 0x86;
    EXPECT_EQ(pc.interrupt(0x1A, 0x0400).get(Reg16::Cx), 0x1986);
}

TEST_F(BatteryClock, AnUpdateThatNeverEndsFails) {
    clock.registers[0x0A] = 0xA6;
    EXPECT_EQ(pc.interrupt(0x1A, 0x0200).flags & flag::c, flag::c);
}

TEST_F(BatteryClock, OneAlarmAtATime) {
    EXPECT_EQ(pc.interrupt(0x1A, 0x0600, 0, 0x1234, 0x5600).flags & flag::c, 0);
    EXPECT_EQ(clock.registers[5], 0x12);
    EXPECT_EQ(clock.registers[0x0B] & 0x20, 0x20);
    EXPECT_EQ(pc.interrupt(0x1A, 0x0600).flags & flag::c, flag::c);
    pc.interrupt(0x1A, 0x0700);
    EXPECT_EQ(clock.registers[0x0B] & 0x20, 0);
}

}  // namespace
}  // namespace dyn86
