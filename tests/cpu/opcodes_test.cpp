#include "cpu/opcodes.h"

#include <gtest/gtest.h>

namespace dyn86 {

TEST(Opcodes, EveryByteIsAnInstructionAPrefixOrAGroup) {
    for (unsigned byte = 0; byte < 256; ++byte) {
        const OpInfo& row = opcodes[byte];
        const int kinds = (row.op != Op::Invalid) + row.is_prefix + (row.group != 0);
        EXPECT_EQ(kinds, 1) << "opcode " << byte;
        EXPECT_LE(row.group, opcode_groups.size());
    }
}

TEST(Opcodes, EveryGroupRowIsAnInstructionWithOperands) {
    for (const auto& group : opcode_groups) {
        for (const OpInfo& row : group) {
            EXPECT_NE(row.op, Op::Invalid);
            EXPECT_TRUE(is_modrm(row.dst) || is_modrm(row.src));
            EXPECT_EQ(row.group, 0);
        }
    }
}

TEST(Opcodes, EveryInstructionCostsClocks) {
    for (unsigned byte = 0; byte < 256; ++byte) {
        for (unsigned reg = 0; reg < 8; ++reg) {
            const OpInfo& row = info_of(u8(byte), u8(reg << 3));
            EXPECT_GT(row.cycles.reg + row.cycles.mem, 0) << "opcode " << byte << " /" << reg;
        }
    }
}

TEST(Opcodes, AliasesEqualWhatTheyAlias) {
    const auto same = [](u8 a, u8 b) {
        for (unsigned reg = 0; reg < 8; ++reg) {
            const OpInfo& x = info_of(a, u8(reg << 3));
            const OpInfo& y = info_of(b, u8(reg << 3));
            EXPECT_EQ(x.op, y.op);
            EXPECT_EQ(x.dst, y.dst);
            EXPECT_EQ(x.src, y.src);
            EXPECT_EQ(x.reads, y.reads);
            EXPECT_EQ(x.writes, y.writes);
            EXPECT_EQ(x.cycles.reg, y.cycles.reg);
            EXPECT_EQ(x.ends, y.ends);
        }
    };
    for (unsigned low = 0; low < 16; ++low) same(u8(0x60 + low), u8(0x70 + low));
    for (const auto& [alias, real] :
         {std::pair<u8, u8>{0x82, 0x80}, {0xC0, 0xC2}, {0xC1, 0xC3}, {0xC8, 0xCA}, {0xC9, 0xCB}})
        same(alias, real);
    EXPECT_EQ(info_of(0xF6, 0x08).op, Op::Test);
    EXPECT_EQ(info_of(0xF7, 0x08).op, Op::Test);
    EXPECT_EQ(info_of(0xFF, 0x38).op, Op::Push);
    EXPECT_TRUE(info_of(0xF1, 0).is_prefix);
}

TEST(Opcodes, ConditionsReadTheFlagsTheyName) {
    EXPECT_EQ(opcodes[0x70].reads, flag::o);
    EXPECT_EQ(opcodes[0x72].reads, flag::c);
    EXPECT_EQ(opcodes[0x76].reads, flag::c | flag::z);
    EXPECT_EQ(opcodes[0x7A].reads, flag::p);
    EXPECT_EQ(opcodes[0x7F].reads, flag::z | flag::s | flag::o);
    EXPECT_EQ(opcodes[0x40].writes, flag::oszap);  // INC leaves CF
}

TEST(Opcodes, WidthComesFromTheOperands) {
    EXPECT_EQ(width_of(info_of(0x00, 0)), Width::Byte);
    EXPECT_EQ(width_of(info_of(0x83, 0)), Width::Word);
    EXPECT_EQ(width_of(info_of(0xD2, 0)), Width::Byte);
    EXPECT_EQ(width_of(info_of(0xD3, 0)), Width::Word);
    EXPECT_EQ(width_of(info_of(0xE6, 0)), Width::Byte);  // OUT imm8, AL
    EXPECT_EQ(width_of(info_of(0xEE, 0)), Width::Byte);  // OUT DX, AL
    EXPECT_EQ(width_of(info_of(0xEF, 0)), Width::Word);
    EXPECT_EQ(width_of(info_of(0xE5, 0)), Width::Word);
    EXPECT_EQ(width_of(info_of(0xA7, 0)), Width::Word);
    EXPECT_EQ(width_of(info_of(0xFE, 0x30)), Width::Byte);
    EXPECT_EQ(width_of(info_of(0xF7, 0x20)), Width::Word);
}

}  // namespace dyn86
