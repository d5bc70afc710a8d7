#include "src/verify/difference.h"

#include <gtest/gtest.h>

namespace dyn86::verify {

TEST(Differences, NothingDiffers) {
    Registers regs;
    regs.set(Reg16::Ax, 0x1234);
    Differences differences(regs);
    differences.compare(regs, regs, 0xFFFF);
    differences.compare_byte(5, 7, 7);
    differences.compare_number("clock", 3, 3);
    EXPECT_FALSE(differences.any());
}

TEST(Differences, NamesValueWantedAndBefore) {
    Registers before, got, want;
    before.set(Reg16::Bx, 1);
    got.set(Reg16::Bx, 2);
    want.set(Reg16::Bx, 3);
    Differences differences(before);
    differences.compare(got, want, 0xFFFF);
    differences.compare_byte(0x12345, 0xAB, 0xCD);
    EXPECT_EQ(differences.text(), "BX 0002 want 0003 (was 0001), [12345] AB want CD");
    EXPECT_FALSE(differences.only_undefined(0xFFFF));
}

TEST(Differences, TellsUndefinedFlagsFromDefined) {
    Registers before, got, want;
    got.flags = flag::always_one | flag::a | flag::o;
    want.flags = flag::always_one;
    Differences differences(before);
    differences.compare(got, want, 0xFFFF);
    EXPECT_EQ(differences.text(), "flags o-----a-- want --------- (was ---------; differ 0810)");
    EXPECT_TRUE(differences.only_undefined(flag::a | flag::o));
    EXPECT_FALSE(differences.only_undefined(flag::a));
    Differences masked(before);
    masked.compare(got, want, u16(~(flag::a | flag::o)));
    EXPECT_FALSE(masked.any());
}

TEST(Differences, PushedFlagsMayBeUndefinedToo) {
    Differences differences({});
    differences.compare_byte(1, 0x12, 0x02, 0x10);
    EXPECT_TRUE(differences.any());
    EXPECT_TRUE(differences.only_undefined(flag::a));
    differences.compare_byte(2, 0x12, 0x03, 0x10);
    EXPECT_FALSE(differences.only_undefined(flag::a));
}

TEST(Differences, ManyBytesAreCut) {
    Differences differences({});
    for (Linear a = 0; a < 100; ++a) differences.compare_byte(a, 0, 1);
    EXPECT_TRUE(differences.text().ends_with("[00007] 00 want 01, ..."));
}

}  // namespace dyn86::verify
