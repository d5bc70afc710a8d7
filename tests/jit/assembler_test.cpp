// Encodings against what GNU as produces for the same instructions.
#include "jit/assembler.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace dyn86::jit {
namespace {

using Bytes = std::vector<u8>;
constexpr RegNo ax = number(Host::Rax), bx = number(Host::Rbx), r9 = number(Host::R9), ah = number(Reg8::Ah);

template <typename F>
Bytes assemble(const F& emit) {
    std::array<u8, 64> room{};
    Assembler x;
    x.start(room.data());
    emit(x);
    return {room.data(), x.here()};
}
#define EXPECT_CODE(call, ...) EXPECT_EQ(assemble([](Assembler& x) { x.call; }), (Bytes{__VA_ARGS__}))

}  // namespace

TEST(Assembler, Registers) {
    EXPECT_CODE(alu(Alu::Add, Size::Word, ax, bx), 0x66, 0x01, 0xD8);
    EXPECT_CODE(alu(Alu::Xor, Size::Dword, r9, r9), 0x45, 0x31, 0xC9);
    EXPECT_CODE(alu(Alu::Sub, Size::Byte, ah, 1), 0x80, 0xEC, 0x01);
    EXPECT_CODE(mov(Host::R13, 0x12345678), 0x41, 0xBD, 0x78, 0x56, 0x34, 0x12);
    EXPECT_CODE(movzx(Host::R8, Size::Word, number(Host::R8)), 0x45, 0x0F, 0xB7, 0xC0);
    EXPECT_CODE(setcc(Cond::B, number(Host::R13)), 0x41, 0x0F, 0x92, 0xC5);
    EXPECT_CODE(bt(Host::R13, 0), 0x41, 0x0F, 0xBA, 0xE5, 0x00);
    EXPECT_CODE(test(Size::Byte, r9, 1), 0x41, 0xF6, 0xC1, 0x01);
    EXPECT_CODE(unary(Unary::Mul, Size::Word, bx), 0x66, 0xF7, 0xE3);
    EXPECT_CODE(shift1(Shift::Rcl, Size::Word, r9), 0x66, 0x41, 0xD1, 0xD1);
    EXPECT_CODE(shift_keeping_flags(Shift::Shl, Host::Rax, Host::Rax, Host::Rcx), 0xC4, 0xE2, 0x71, 0xF7, 0xC0);
    EXPECT_CODE(shift_keeping_flags(Shift::Sar, Host::R9, Host::R9, Host::Rcx), 0xC4, 0x42, 0x72, 0xF7, 0xC9);
    EXPECT_CODE(shift_keeping_flags(Shift::Shr, Host::R10, Host::Rbx, Host::Rcx), 0xC4, 0x62, 0x73, 0xF7, 0xD3);
    EXPECT_CODE(shift_keeping_flags(Shift::Shr, Host::Rdx, Host::Rdx, Host::R9), 0xC4, 0xE2, 0x33, 0xF7, 0xD2);
}

TEST(Assembler, ImmediatesAreAsShortAsTheyCanBe) {
    EXPECT_CODE(alu(Alu::Cmp, Size::Word, bx, 0xFFFF), 0x66, 0x83, 0xFB, 0xFF);
    EXPECT_CODE(alu(Alu::Cmp, Size::Word, bx, 0x80), 0x66, 0x81, 0xFB, 0x80, 0x00);
    EXPECT_CODE(alu(Alu::Cmp, Size::Dword, r9, 0xFFF0), 0x41, 0x81, 0xF9, 0xF0, 0xFF, 0x00, 0x00);
}

TEST(Assembler, Memory) {
    EXPECT_CODE(mov(Size::Byte, ah, at(Host::Rdi, Host::Rsi)), 0x8A, 0x24, 0x37);
    EXPECT_CODE(mov(Size::Word, at(Host::Rbp, Host::R8, -2), ax), 0x66, 0x42, 0x89, 0x44, 0x05, 0xFE);
    EXPECT_CODE(movzx(Host::Rax, Size::Word, at(Host::R12, 0)), 0x41, 0x0F, 0xB7, 0x04, 0x24);
    EXPECT_CODE(movzx(Host::Rax, Size::Word, at(Host::Rbp, 0)), 0x0F, 0xB7, 0x45, 0x00);
    EXPECT_CODE(alu(Alu::Cmp, Size::Byte, at(Host::Rdi, Host::R10, 0x200000), 0), 0x42, 0x80, 0xBC, 0x17, 0x00, 0x00,
                0x20, 0x00, 0x00);
    EXPECT_CODE(jmp(at(Host::R14, Host::Rsi, 0x1000, 3)), 0x41, 0xFF, 0xA4, 0xF6, 0x00, 0x10, 0x00, 0x00);
    EXPECT_CODE(lea(Size::Qword, Host::R12, at(Host::R14, Host::Rsi, 0x1000, 3)), 0x4D, 0x8D, 0xA4, 0xF6, 0x00, 0x10,
                0x00, 0x00);
    EXPECT_CODE(movzx_low_byte(Host::R13, Host::Rsi), 0x44, 0x0F, 0xB6, 0xEE);
    EXPECT_CODE(movzx_low_byte(Host::R13, Host::R9), 0x45, 0x0F, 0xB6, 0xE9);
    EXPECT_CODE(popcnt(Host::R13, Host::R13), 0xF3, 0x45, 0x0F, 0xB8, 0xED);
    EXPECT_CODE(mov_low_byte(at(Host::R12, Host::R11), Host::Rsi), 0x43, 0x88, 0x34, 0x1C);
    EXPECT_CODE(inc_dec(true, Size::Word, at(Host::Rdi, 8)), 0x66, 0xFF, 0x4F, 0x08);
}

TEST(Assembler, PatchesJumps) {
    std::array<u8, 64> room{};
    Assembler x;
    x.start(room.data());
    u8* const site = x.jcc(Cond::Ne);
    x.ret();
    x.bind(site);
    EXPECT_EQ((Bytes{room.data(), x.here()}), (Bytes{0x0F, 0x85, 1, 0, 0, 0, 0xC3}));
}

TEST(AssemblerDeathTest, HighBytesAndRexDoNotMeet) {
    EXPECT_DEATH(assemble([](Assembler& x) { x.mov(Size::Byte, ah, at(Host::R12, 0)); }), "");
}

}  // namespace dyn86::jit
