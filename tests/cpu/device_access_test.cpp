// What ports and devices in memory see of the CPU, and what they may do to it.
#include "cpu/interpreter.h"
#include "tests/cpu/guest.h"

#include <gtest/gtest.h>

#include <functional>

namespace dyn86 {
namespace {

struct Port60 final : PortDevice {
    std::function<u8()> on_in = [] { return u8{0}; };
    std::function<void(u8)> on_out = [](u8) {};
    u8 in(Port) override { return on_in(); }
    void out(Port, u8 value) override { on_out(value); }
};

struct Window final : MmioDevice {
    std::function<void()> on_access = [] {};
    u8 read(Linear) override { return on_access(), u8{0x5A}; }
    void write(Linear, u8) override { on_access(); }
    u8 peek(Linear) const override { return 0x5A; }
};

}  // namespace

TEST(DeviceAccess, APortSeesTheClockBehindItsInstructionAndACompleteCore) {
    Guest guest;
    Port60 port;
    guest.ports.map(0x60, 1, port);
    Core seen;
    port.on_in = [&] { return seen = guest.core, u8{0x99}; };
    guest.set(Reg16::Ax, 0x7F);
    guest.code({0x04, 0x01, 0xE4, 0x60});  // add al, 1 (overflows); in al, 60h
    guest.run_for(4 + 10);
    EXPECT_EQ(seen.now(), 4 + 10);
    EXPECT_EQ(seen.regs.ip, 0x104);
    EXPECT_EQ(seen.regs.flags, flag::always_one | flag::o | flag::s | flag::a);
    EXPECT_EQ(guest.get(Reg16::Ax), 0x99);
}

TEST(DeviceAccess, APortMayMoveTheDeadlineRaiseIntrAndChangeRegisters) {
    Guest guest;
    Port60 port;
    guest.ports.map(0x60, 1, port);
    port.on_out = [&](u8) { guest.core.set_deadline(guest.core.now() + 1); };
    guest.code({0xE6, 0x60, 0x40, 0x40});
    EXPECT_EQ(guest.run_for(100'000), Exit::Deadline);
    EXPECT_EQ(guest.core.regs.ip, 0x103);

    port.on_out = [&](u8) {
        guest.core.regs.ip = 0x4000;
        guest.core.regs.set(Sreg::Cs, 0x3000);
        guest.core.regs.set(Sreg::Es, 0x4444);
        guest.core.regs.flags = flag::always_one | flag::c;
        guest.set(Reg16::Bx, 7);
    };
    guest.core.regs.ip = 0x100;
    guest.place({0x3000, 0x4000}, {0x83, 0xD3, 0x00, 0xF4});  // adc bx, 0
    EXPECT_EQ(guest.run_for(1000), Exit::Halted);
    EXPECT_EQ(guest.get(Reg16::Bx), 8);
    EXPECT_EQ(guest.core.regs.get(Sreg::Es), 0x4444);

    Guest other;
    other.ports.map(0x60, 1, port);
    port.on_out = [&](u8) { other.core.intr = 1; };
    other.core.regs.flags |= flag::i;
    other.code({0xE6, 0x60, 0x40});
    EXPECT_EQ(other.run_for(1000), Exit::Halted);
    EXPECT_TRUE(other.is_in_handler(Guest::intr_vector));
    EXPECT_EQ(other.stacked(0), 0x102);
}

TEST(DeviceAccess, APortMayStopTheRun) {
    Guest guest;
    Port60 port;
    guest.ports.map(0x60, 1, port);
    port.on_out = [&](u8) { guest.core.stop = 1; };
    guest.code({0xE6, 0x60, 0x40});
    EXPECT_EQ(guest.run_for(1000), Exit::Stopped);
    EXPECT_EQ(guest.core.regs.ip, 0x102);
}

TEST(DeviceAccess, WordsGoThroughTwoPortsLowFirst) {
    Guest guest;
    Port60 port;
    guest.ports.map(0x60, 2, port);
    std::vector<u8> written;
    port.on_out = [&](u8 value) { written.push_back(value); };
    guest.set(Reg16::Ax, 0x1234);
    guest.set(Reg16::Dx, 0x60);
    guest.code({0xEF});
    guest.cpu.step();
    EXPECT_EQ(written, (std::vector<u8>{0x34, 0x12}));
}

TEST(DeviceAccess, ADeviceInMemorySeesTheClockAndIsServedAtTheNextBoundary) {
    Guest guest;
    Window window;
    guest.memory->map_mmio(0xA'0000, 0x1000, window);
    Core seen;
    window.on_access = [&] {
        seen = guest.core;
        guest.core.intr = 1;
    };
    guest.core.regs.flags |= flag::i;
    guest.core.regs.set(Sreg::Ds, 0xA000);
    guest.set(Reg16::Ax, 0xFF);
    guest.code({0x04, 0x01, 0xA0, 0x10, 0x00, 0x40});  // add al, 1; mov al, [10h]; inc ax
    EXPECT_EQ(guest.run_for(1000), Exit::Halted);
    EXPECT_EQ(seen.now(), 4 + 10);
    EXPECT_EQ(seen.regs.ip, 0x102);
    EXPECT_EQ(seen.regs.flags & flag::oszapc, flag::z | flag::a | flag::p | flag::c);
    EXPECT_TRUE(guest.is_in_handler(Guest::intr_vector));
    EXPECT_EQ(guest.stacked(0), 0x105);
    EXPECT_EQ(guest.get(Reg16::Ax), 0x5A);
}

}  // namespace dyn86
