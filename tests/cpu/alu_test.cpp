#include "cpu/alu.h"

#include <gtest/gtest.h>

namespace dyn86::alu {
namespace {

/// FLAGS by the book: each flag from its own definition. [UM86 "Flags"]
u16 by_definition(u32 bits, u32 result, u32 carry_out, u32 half_carry, u32 overflow) {
    const u32 top = 1u << (bits - 1), mask = (top << 1) - 1;
    unsigned ones = 0;
    for (unsigned i = 0; i < 8; ++i) ones += result >> i & 1;
    return u16((carry_out ? flag::c : 0) | (ones % 2 == 0 ? flag::p : 0) | (half_carry ? flag::a : 0) |
               ((result & mask) == 0 ? flag::z : 0) | ((result & top) != 0 ? flag::s : 0) | (overflow ? flag::o : 0));
}

}  // namespace

TEST(Alu, EveryByteSumAndDifferenceHasTheFlagsOfTheBook) {
    for (int a = 0; a < 256; ++a) {
        for (int b = 0; b < 256; ++b) {
            for (int c = 0; c < 2; ++c) {
                const int sum = a + b + c, signed_sum = i8(a) + i8(b) + c;
                const auto plus = add<u8>(u8(a), u8(b), c != 0);
                ASSERT_EQ(plus.value, u8(sum));
                ASSERT_EQ(plus.status.image(), by_definition(8, u32(sum), sum > 0xFF, (a & 15) + (b & 15) + c > 15,
                                                             signed_sum < -128 || signed_sum > 127));
                const int difference = a - b - c, signed_difference = i8(a) - i8(b) - c;
                const auto minus = sub<u8>(u8(a), u8(b), c != 0);
                ASSERT_EQ(minus.value, u8(difference));
                ASSERT_EQ(minus.status.image(),
                          by_definition(8, u32(difference), difference < 0, (a & 15) - (b & 15) - c < 0,
                                        signed_difference < -128 || signed_difference > 127));
            }
        }
    }
}

TEST(Alu, WordSumsAndDifferencesAtTheEdges) {
    for (const int a : {0, 1, 0xF, 0x10, 0x7FFF, 0x8000, 0x8001, 0xFFF0, 0xFFFF}) {
        for (const int b : {0, 1, 0xF, 0x7FFF, 0x8000, 0xFFFF}) {
            const int sum = a + b, signed_sum = i16(a) + i16(b);
            ASSERT_EQ(add<u16>(u16(a), u16(b)).status.image(),
                      by_definition(16, u32(sum), sum > 0xFFFF, (a & 15) + (b & 15) > 15,
                                    signed_sum < -32768 || signed_sum > 32767));
            const int difference = a - b, signed_difference = i16(a) - i16(b);
            ASSERT_EQ(sub<u16>(u16(a), u16(b)).status.image(),
                      by_definition(16, u32(difference), difference < 0, (a & 15) < (b & 15),
                                    signed_difference < -32768 || signed_difference > 32767));
        }
    }
}

TEST(Alu, EveryImageOfTheSixFlagsSurvives) {
    for (unsigned image = 0; image <= flag::oszapc; ++image) {
        if ((image & ~unsigned{flag::oszapc}) != 0) continue;
        EXPECT_EQ(Status::of(u16(image)).image(), image);
        EXPECT_EQ(inc<u8>(5, Status::of(u16(image))).status.c(), (image & flag::c) != 0);
    }
}

TEST(Alu, ShiftsGoBitByBitHoweverLarge) {
    for (unsigned value = 0; value < 0x10000; value += 0x0137) {
        for (const u16 before : {u16{0}, flag::c}) {
            u16 left = u16(value), right = u16(value), carried = u16(value), back = u16(value);
            Status rotate = Status::of(before), rotate_back = Status::of(before);
            for (unsigned count = 1; count < 256; ++count) {
                left = u16(left << 1);
                right = u16(i16(right) >> 1);
                const auto through = rcl<u16>(carried, 1, rotate);
                const auto through_back = rcr<u16>(back, 1, rotate_back);
                carried = through.value, rotate = through.status;
                back = through_back.value, rotate_back = through_back.status;
                ASSERT_EQ(shl<u16>(u16(value), u8(count)).value, left);
                ASSERT_EQ(sar<u16>(u16(value), u8(count)).value, right);
                const auto at_once = rcl<u16>(u16(value), u8(count), Status::of(before));
                ASSERT_EQ(at_once.value, carried);
                ASSERT_EQ(at_once.status.image(), rotate.image());
                const auto back_at_once = rcr<u16>(u16(value), u8(count), Status::of(before));
                ASSERT_EQ(back_at_once.value, back);
                ASSERT_EQ(back_at_once.status.image(), rotate_back.image());
            }
        }
    }
}

TEST(Alu, RotatesLeaveTheFlagsThatTheyDoNotName) {
    const Status before = Status::of(flag::z | flag::s | flag::a);
    EXPECT_EQ(rol<u8>(0x01, 1, before).status.image(), flag::z | flag::s | flag::a);
    EXPECT_EQ(ror<u8>(0x01, 1, before).status.image(), flag::z | flag::s | flag::a | flag::c | flag::o);
}

}  // namespace dyn86::alu
