#include "src/base/bus.h"

#include <gtest/gtest.h>

namespace dyn86 {
namespace {

struct Latch final : PortDevice {
    u8 value = 0;
    u8 in(Port port) override { return u8(value + port); }
    void out(Port, u8 v) override { value = v; }
};

}  // namespace

TEST(PortBus, NothingThereReadsFfAndDropsWrites) {
    PortBus bus;
    bus.out(0x1234, 5);
    EXPECT_EQ(bus.in(0x1234), 0xFF);
    EXPECT_FALSE(bus.is_mapped(0x1234));
}

TEST(PortBus, OneChipMayHaveManyAliases) {
    PortBus bus;
    Latch latch;
    for (u32 base = 0; base < 0x10000; base += 0x100) bus.map(Port(base + 0x40), 4, latch);
    bus.out(0xFF40, 1);
    EXPECT_EQ(bus.in16(0x40), 0x4241);
    EXPECT_TRUE(bus.is_mapped(0xFF43));
    EXPECT_FALSE(bus.is_mapped(0xFF44));
}

}  // namespace dyn86
