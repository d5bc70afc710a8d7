#include "cpu/disassemble.h"

#include "cpu/decode.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dyn86 {
namespace {

std::string text(std::vector<u8> bytes, u16 ip = 0x100) {
    return disassemble(decode(bytes, ip));
}

}  // namespace

TEST(Disassemble, RegistersAndMemory) {
    EXPECT_EQ(text({0x01, 0xD8}), "add ax, bx");
    EXPECT_EQ(text({0x8A, 0x40, 0x8B}), "mov al, [bx+si-0x75]");
    EXPECT_EQ(text({0x26, 0x88, 0x16, 0x34, 0x12}), "mov [es:0x1234], dl");
    EXPECT_EQ(text({0x8B, 0x46, 0x00}), "mov ax, [byte bp+0x0]");
    EXPECT_EQ(text({0x8B, 0x87, 0x05, 0x00}), "mov ax, [word bx+0x5]");
    EXPECT_EQ(text({0x8B, 0x82, 0x00, 0x80}), "mov ax, [bp+si-0x8000]");
    EXPECT_EQ(text({0x8E, 0xDF}), "mov ds, di");
    EXPECT_EQ(text({0x87, 0xDE}), "xchg bx, si");
    EXPECT_EQ(text({0xA1, 0x6C, 0x04}), "mov ax, [0x46c]");
}

TEST(Disassemble, SizesWhereNoRegisterTells) {
    EXPECT_EQ(text({0xC6, 0x07, 0x05}), "mov byte [bx], 0x5");
    EXPECT_EQ(text({0xFF, 0x04}), "inc word [si]");
    EXPECT_EQ(text({0xD3, 0x24}), "shl word [si], cl");
    EXPECT_EQ(text({0xD0, 0x3D}), "sar byte [di], 0x1");
    EXPECT_EQ(text({0xF6, 0x2F}), "imul byte [bx]");
    EXPECT_EQ(text({0xC4, 0x1F}), "les bx, [bx]");
}

TEST(Disassemble, ImmediatesThatHaveAShorterForm) {
    EXPECT_EQ(text({0x83, 0xC1, 0xFF}), "add cx, 0xffff");
    EXPECT_EQ(text({0x81, 0xC1, 0x05, 0x00}), "add cx, strict word 0x5");
    EXPECT_EQ(text({0x81, 0xC1, 0x34, 0x12}), "add cx, 0x1234");
    EXPECT_EQ(text({0xB9, 0x05, 0x00}), "mov cx, 0x5");
}

TEST(Disassemble, Transfers) {
    EXPECT_EQ(text({0x75, 0xFE}), "jnz short 0x100");
    EXPECT_EQ(text({0x65, 0xFE}), "jnz short 0x100");
    EXPECT_EQ(text({0xEB, 0x02}), "jmp short 0x104");
    EXPECT_EQ(text({0xE9, 0x00, 0x01}), "jmp near 0x203");
    EXPECT_EQ(text({0xE8, 0xFD, 0xFF}), "call 0x100");
    EXPECT_EQ(text({0xE2, 0xFE}), "loop 0x100");
    EXPECT_EQ(text({0xEA, 0x00, 0x00, 0xFF, 0xFF}), "jmp 0xffff:0x0");
    EXPECT_EQ(text({0xFF, 0x27}), "jmp word [bx]");
    EXPECT_EQ(text({0x2E, 0xFF, 0x1F}), "call far [cs:bx]");
    EXPECT_EQ(text({0xC2, 0x04, 0x00}), "ret 0x4");
    EXPECT_EQ(text({0xCB}), "retf");
    EXPECT_EQ(text({0xCD, 0x21}), "int 0x21");
}

TEST(Disassemble, StringsAndPrefixes) {
    EXPECT_EQ(text({0xF3, 0x26, 0xA5}), "rep es movsw");
    EXPECT_EQ(text({0xF2, 0xAE}), "repne scasb");
    EXPECT_EQ(text({0xF3, 0xA6}), "repe cmpsb");
    EXPECT_EQ(text({0xF0, 0x87, 0x0F}), "lock xchg [bx], cx");
    EXPECT_EQ(text({0x2E, 0xD7}), "cs xlatb");
    EXPECT_EQ(text(std::vector<u8>(max_prefixes + 1, 0x26)), "(prefixes)");
}

TEST(Disassemble, ImpliedOperandsAndOddOnes) {
    EXPECT_EQ(text({0x27}), "daa");
    EXPECT_EQ(text({0xD4, 0x0A}), "aam 0xa");
    EXPECT_EQ(text({0xD6}), "salc");
    EXPECT_EQ(text({0x0F}), "pop cs");
    EXPECT_EQ(text({0xD0, 0xF3}), "setmo bl, 0x1");
    EXPECT_EQ(text({0xDB, 0x2F}), "esc 0x1d, word [bx]");
    EXPECT_EQ(text({0xE6, 0x61}), "out 0x61, al");
    EXPECT_EQ(text({0xED}), "in ax, dx");
    EXPECT_EQ(text({0x90}), "nop");
}

TEST(Disassemble, EveryOpcodeHasAName) {
    for (unsigned opcode = 0; opcode < 256; ++opcode) {
        for (unsigned reg = 0; reg < 8; ++reg) {
            const std::string line = text({u8(opcode), u8(0xC0 | reg << 3), 0x90, 0x90, 0x90, 0x90});
            EXPECT_FALSE(line.empty());
            EXPECT_TRUE(opcodes[opcode].is_prefix || line != "(prefixes)") << opcode;
        }
    }
}

}  // namespace dyn86
