#include "cpu/decode.h"

#include <gtest/gtest.h>

#include <vector>

namespace dyn86 {
namespace {

using Kind = Operand::Kind;

Insn decode_bytes(std::vector<u8> bytes, u16 ip = 0x100) {
    return decode(bytes, ip);
}

}  // namespace

TEST(Decode, ModRmMemoryOperandWithSignedDisplacement) {
    const Insn insn = decode_bytes({0x01, 0x5E, 0xFE});  // add [bp-2], bx
    EXPECT_EQ(insn.op, Op::Add);
    EXPECT_EQ(insn.length, 3);
    EXPECT_EQ(insn.width, Width::Word);
    EXPECT_EQ(insn.dst.kind, Kind::Memory);
    EXPECT_EQ(insn.src, (Operand{Kind::Reg16, u8(Reg16::Bx)}));
    EXPECT_EQ(insn.displacement, 0xFFFE);
    EXPECT_EQ(insn.segment, Sreg::Ss);
    EXPECT_TRUE(insn.writes_memory());
    EXPECT_FALSE(insn.is_direct());
}

TEST(Decode, DirectAddressIsNotBpAndNotOnTheStack) {
    const Insn insn = decode_bytes({0x8B, 0x0E, 0x34, 0x12});  // mov cx, [1234h]
    EXPECT_EQ(insn.segment, Sreg::Ds);
    EXPECT_EQ(insn.displacement, 0x1234);
    EXPECT_TRUE(insn.is_direct());
    EXPECT_TRUE(insn.has_memory());
    EXPECT_FALSE(insn.writes_memory());
}

TEST(Decode, ImmediatesAreSignExtendedWhereTheFormSaysSo) {
    const Insn insn = decode_bytes({0x83, 0xF9, 0x80});  // cmp cx, -128
    EXPECT_EQ(insn.op, Op::Cmp);
    EXPECT_EQ(insn.immediate, 0xFF80);
    EXPECT_EQ(insn.dst, (Operand{Kind::Reg16, u8(Reg16::Cx)}));
    EXPECT_EQ(decode_bytes({0x82, 0xF9, 0x80}).immediate, 0x80);
    EXPECT_EQ(decode_bytes({0xD1, 0xE0}).immediate, 1);
}

TEST(Decode, LastOfSeveralPrefixesOfAKindCounts) {
    const Insn insn = decode_bytes({0x26, 0xF2, 0x2E, 0xF1, 0xF3, 0xA4});
    EXPECT_EQ(insn.op, Op::Movs);
    EXPECT_EQ(insn.prefixes, 5);
    EXPECT_EQ(insn.length, 6);
    EXPECT_EQ(insn.segment, Sreg::Cs);
    EXPECT_EQ(insn.repeat, Repeat::Rep);
    EXPECT_TRUE(insn.lock);
    EXPECT_EQ(insn.src, (Operand{Kind::String, u8(Reg16::Si)}));
}

TEST(Decode, OverrideBeatsTheStackDefaultOfBp) {
    EXPECT_EQ(decode_bytes({0x3E, 0x8A, 0x46, 0x00}).segment, Sreg::Ds);
    EXPECT_EQ(decode_bytes({0x8A, 0x42, 0x00}).segment, Sreg::Ss);  // [bp+si]
}

TEST(Decode, GivesUpOnLongRunsOfPrefixes) {
    std::vector<u8> bytes(max_prefixes, 0x26);
    bytes.push_back(0x90);
    EXPECT_EQ(decode_bytes(bytes).length, max_prefixes + 1);
    bytes.insert(bytes.begin(), 0x26);
    EXPECT_EQ(decode_bytes(bytes).length, 0);
}

TEST(Decode, TruncatedBytesHaveNoLength) {
    EXPECT_EQ(decode_bytes({}).length, 0);
    EXPECT_EQ(decode_bytes({0x26}).length, 0);
    EXPECT_EQ(decode_bytes({0x81, 0x06, 0x00, 0x00, 0x01}).length, 0);
    EXPECT_EQ(decode_bytes({0x81, 0x06, 0x00, 0x00, 0x01, 0x02}).length, 6);
}

TEST(Decode, RelativeTargetsWrapWithinTheSegment) {
    EXPECT_EQ(decode_bytes({0xEB, 0xFE}, 0x200).target, 0x200);
    EXPECT_EQ(decode_bytes({0xEB, 0x10}, 0xFFF8).target, 0x000A);
    EXPECT_EQ(decode_bytes({0xE8, 0x00, 0x80}, 0x0000).target, 0x8003);
    EXPECT_EQ(decode_bytes({0x65, 0x80}, 0x0000).target, 0xFF82);  // alias of JNZ
    EXPECT_EQ(decode_bytes({0x65, 0x80}).condition, 5);
}

TEST(Decode, FarPointerAndOffsetForms) {
    const Insn call = decode_bytes({0x9A, 0x34, 0x12, 0x00, 0xF0});
    EXPECT_EQ(call.src.kind, Kind::Far);
    EXPECT_EQ(call.immediate, 0x1234);
    EXPECT_EQ(call.immediate_segment, 0xF000);
    const Insn mov = decode_bytes({0x26, 0xA2, 0x78, 0x56});
    EXPECT_EQ(mov.dst.kind, Kind::Memory);
    EXPECT_EQ(mov.displacement, 0x5678);
    EXPECT_EQ(mov.segment, Sreg::Es);
    EXPECT_TRUE(mov.is_direct());
}

TEST(Decode, SegmentRegistersHaveTwoBits) {
    EXPECT_EQ(decode_bytes({0x8E, 0xF8}).dst, (Operand{Kind::Sreg, u8(Sreg::Ds)}));  // reg field 7
    EXPECT_EQ(decode_bytes({0x8C, 0xE8}).src, (Operand{Kind::Sreg, u8(Sreg::Cs)}));  // reg field 5
    EXPECT_EQ(decode_bytes({0x0F}).dst, (Operand{Kind::Sreg, u8(Sreg::Cs)}));
    EXPECT_EQ(ends(decode_bytes({0x8E, 0xC8})), Ends::Indirect);  // mov cs, ax
    EXPECT_EQ(ends(decode_bytes({0x8E, 0xD8})), Ends::No);
    EXPECT_EQ(ends(decode_bytes({0x0F})), Ends::Indirect);
}

TEST(Decode, GroupsSelectByReg) {
    EXPECT_EQ(decode_bytes({0xF6, 0xC8, 0x55}).length, 3);  // TEST's alias has its immediate
    EXPECT_EQ(decode_bytes({0xF6, 0xD0}).op, Op::Not);
    EXPECT_EQ(decode_bytes({0xD3, 0xF0}).op, Op::Setmo);
    EXPECT_EQ(decode_bytes({0xFF, 0x3F}).op, Op::Push);
    EXPECT_EQ(decode_bytes({0xFE, 0xD0}).op, Op::Call);
    EXPECT_EQ(decode_bytes({0xFE, 0xD0}).width, Width::Byte);
}

TEST(Decode, FetchWrapsAtTheEndOfTheSegment) {
    auto made = Memory::create();
    ASSERT_TRUE(made);
    Memory& memory = **made;
    const std::vector<u8> head{0xC7, 0x06, 0x34}, tail{0x12, 0x78, 0x56};  // mov word [1234h], 5678h
    memory.copy_in(SegOff{0x2000, 0xFFFD}.linear(), head);
    memory.copy_in(SegOff{0x2000, 0x0000}.linear(), tail);
    const Insn insn = decode(memory, {0x2000, 0xFFFD});
    EXPECT_EQ(insn.length, 6);
    EXPECT_EQ(insn.displacement, 0x1234);
    EXPECT_EQ(insn.immediate, 0x5678);
    EXPECT_EQ(insn.next(), 3);
}

TEST(Decode, FetchWrapsAtOneMegabyte) {
    auto made = Memory::create();
    ASSERT_TRUE(made);
    (*made)->copy_in(0xF'FFFF, std::vector<u8>{0xB8});
    (*made)->copy_in(0, std::vector<u8>{0x34, 0x12});
    EXPECT_EQ(decode(**made, {0xFFFF, 0x000F}).immediate, 0x1234);
}

}  // namespace dyn86
