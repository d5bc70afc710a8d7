#include "cpu/cost.h"

#include "cpu/decode.h"

#include <gtest/gtest.h>

#include <vector>

namespace dyn86 {
namespace {

u32 clocks(std::vector<u8> bytes) {
    return cost::clocks(decode(bytes, 0));
}

}  // namespace

// [UM86 table 2-20]
TEST(Cost, EffectiveAddresses) {
    EXPECT_EQ(cost::effective_address(0x06), 6);   // [1234h]
    EXPECT_EQ(cost::effective_address(0x07), 5);   // [bx]
    EXPECT_EQ(cost::effective_address(0x44), 9);   // [si+d]
    EXPECT_EQ(cost::effective_address(0x46), 9);   // [bp+d]
    EXPECT_EQ(cost::effective_address(0x00), 7);   // [bx+si]
    EXPECT_EQ(cost::effective_address(0x03), 7);   // [bp+di]
    EXPECT_EQ(cost::effective_address(0x01), 8);   // [bx+di]
    EXPECT_EQ(cost::effective_address(0x02), 8);   // [bp+si]
    EXPECT_EQ(cost::effective_address(0x80), 11);  // [bx+si+d]
    EXPECT_EQ(cost::effective_address(0x41), 12);  // [bx+di+d]
    EXPECT_EQ(cost::effective_address(0xC0), 0);
}

// [UM86 table 2-21]
TEST(Cost, WholeInstructions) {
    EXPECT_EQ(clocks({0x01, 0xD8}), 3u);                // add ax, bx
    EXPECT_EQ(clocks({0x01, 0x07}), 16u + 5);           // add [bx], ax
    EXPECT_EQ(clocks({0x03, 0x07}), 9u + 5);            // add ax, [bx]
    EXPECT_EQ(clocks({0x26, 0x03, 0x07}), 2u + 9 + 5);  // add ax, [es:bx]
    EXPECT_EQ(clocks({0x80, 0x3F, 0x01}), 10u + 5);     // cmp byte [bx], 1
    EXPECT_EQ(clocks({0xA0, 0x00, 0x01}), 10u);         // mov al, [100h]
    EXPECT_EQ(clocks({0xFF, 0x1F}), 37u + 5);           // call far [bx]
    EXPECT_EQ(clocks({0x8D, 0x47, 0x02}), 2u + 9);      // lea ax, [bx+2]
    EXPECT_EQ(clocks({0xC3}), 16u);                     // the manual says 8 [SST C3]
    EXPECT_EQ(clocks({0xCD, 0x21}), 51u);
    EXPECT_EQ(clocks({0xA5}), 18u);
    EXPECT_EQ(clocks({0xF3, 0xA5}), 2u + 9);
}

TEST(Cost, PartsThatDependOnTheRun) {
    EXPECT_EQ(clocks({0x74, 0x00}), 16u);
    EXPECT_EQ(cost::not_taken_refund(info_of(0x74, 0)), 12u);
    EXPECT_EQ(cost::not_taken_refund(info_of(0xE0, 0)), 14u);  // LOOPNE: 19 or 5
    EXPECT_EQ(cost::not_taken_refund(info_of(0xCE, 0)), 49u);  // INTO: 53 or 4
    EXPECT_EQ(cost::per_bit(info_of(0xD3, 0x20)), 4u);
    EXPECT_EQ(cost::per_bit(info_of(0xD1, 0x20)), 0u);
    EXPECT_EQ(cost::per_repetition(info_of(0xA5, 0)), 17u);
    EXPECT_EQ(cost::per_repetition(info_of(0xAE, 0)), 15u);
}

}  // namespace dyn86
