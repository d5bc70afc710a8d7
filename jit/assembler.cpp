#include "jit/assembler.h"

namespace dyn86::jit {
namespace {

constexpr bool fits_byte(i32 v) {
    return v >= -128 && v < 128;
}

}  // namespace

void Assembler::opcode_bytes(u32 opcode) {
    if (opcode > 0xFF) byte(opcode >> 8);
    byte(opcode);
}

void Assembler::rr(u32 opcode, Size size, RegNo reg_operand, RegNo rm_operand, Size rm_size) {
    const unsigned reg = u8(reg_operand), rm = u8(rm_operand);
    if (size == Size::Word) byte(0x66);
    const unsigned rex = unsigned(size == Size::Qword) << 3 | unsigned(reg > 7) << 2 | unsigned(rm > 7);
    if (rex != 0) {
        DYN86_CHECK(rm_size != Size::Byte || rm < 4 || rm > 7);
        byte(0x40 | rex);
    }
    opcode_bytes(opcode);
    byte(0xC0 | (reg & 7) << 3 | (rm & 7));
}

void Assembler::rm(u32 opcode, Size size, RegNo reg_operand, const Mem& m, bool reg_is_opcode, bool needs_rex) {
    const unsigned reg = u8(reg_operand);
    if (size == Size::Word) byte(0x66);
    const unsigned base = u8(m.base), index = m.has_index ? u8(m.index) : 4;
    const unsigned rex =
        unsigned(size == Size::Qword) << 3 | unsigned(reg > 7) << 2 | (index > 7 ? 2u : 0u) | (base > 7 ? 1u : 0u);
    if (rex != 0 || needs_rex) {
        DYN86_CHECK(needs_rex || reg_is_opcode || size != Size::Byte || reg < 4 || reg > 7);
        byte(0x40 | rex);
    }
    opcode_bytes(opcode);
    const bool none = m.displacement == 0 && (base & 7) != 5;
    const unsigned mode = none ? 0 : fits_byte(m.displacement) ? 1 : 2;
    const bool sib = m.has_index || (base & 7) == 4;
    byte(mode << 6 | (reg & 7) << 3 | (sib ? 4 : base & 7));
    if (sib) byte(unsigned{m.scale_log2} << 6 | (index & 7) << 3 | (base & 7));
    if (mode == 1) byte(u8(m.displacement));
    if (mode == 2) dword(u32(m.displacement));
}

void Assembler::shift_keeping_flags(Shift op, Host dst, Host src, Host count) {
    DYN86_CHECK(op == Shift::Shl || op == Shift::Shr || op == Shift::Sar);
    const unsigned reg = u8(dst), rm = u8(src), prefix = op == Shift::Shl ? 1 : op == Shift::Shr ? 3 : 2;
    byte(0xC4);  // VEX.LZ.{66,F2,F3}.0F38.W0 F7 /r [Intel SDM 2B, SARX/SHLX/SHRX]
    byte((reg > 7 ? 0u : 0x80u) | 0x40u | (rm > 7 ? 0u : 0x20u) | 2u);
    byte((~unsigned{u8(count)} & 15) << 3 | prefix);
    byte(0xF7);
    byte(0xC0 | (reg & 7) << 3 | (rm & 7));
}

void Assembler::immediate(Size size, i32 v) {
    if (size == Size::Byte) return byte(u8(v));
    if (size == Size::Word) return word(u16(v));
    dword(u32(v));
}

// A word immediate that a sign-extended byte can say is said so: 66h with a 16-bit immediate stalls Intel's decoders.
void Assembler::alu(Alu op, Size size, RegNo dst, i32 value) {
    if (size == Size::Word) value = i16(value);
    const bool small = size != Size::Byte && fits_byte(value);
    rr(size == Size::Byte ? 0x80 : small ? 0x83 : 0x81, size, RegNo(u8(op)), dst, size);
    immediate(small ? Size::Byte : size, value);
}

void Assembler::alu(Alu op, Size size, const Mem& dst, i32 value) {
    if (size == Size::Word) value = i16(value);
    const bool small = size != Size::Byte && fits_byte(value);
    rm(size == Size::Byte ? 0x80 : small ? 0x83 : 0x81, size, RegNo(u8(op)), dst, true);
    immediate(small ? Size::Byte : size, value);
}

void Assembler::test(Size size, RegNo a, i32 value) {
    unary(Unary::Test, size, a);
    immediate(size, value);
}

void Assembler::test(Size size, const Mem& a, i32 value) {
    unary(Unary::Test, size, a);
    immediate(size, value);
}

void Assembler::mov(Size size, const Mem& dst, i32 value) {
    rm(0xC6 | wide(size), size, RegNo{0}, dst, true);
    immediate(size, value);
}

void Assembler::mov_low_byte(const Mem& dst, Host src) {
    rm(0x88, Size::Byte, number(src), dst, false, true);
}

void Assembler::movzx_low_byte(Host dst, Host src) {
    byte(0x40 | unsigned(u8(dst) > 7) << 2 | unsigned(u8(src) > 7));
    opcode_bytes(0x0FB6);
    byte(0xC0 | (u8(dst) & 7u) << 3 | (u8(src) & 7u));
}

void Assembler::mov(Host dst, u32 value) {
    if (u8(dst) > 7) byte(0x41);
    byte(0xB8u | (u8(dst) & 7u));
    dword(value);
}

void Assembler::mov8(RegNo dst, u8 value) {
    byte(0xB0u | u8(dst));
    byte(value);
}

void Assembler::push(Host reg) {
    if (u8(reg) > 7) byte(0x41);
    byte(0x50u | (u8(reg) & 7u));
}

void Assembler::pop(Host reg) {
    if (u8(reg) > 7) byte(0x41);
    byte(0x58u | (u8(reg) & 7u));
}

u8* Assembler::jcc(Cond c) {
    byte(0x0F);
    byte(0x80u | u8(c));
    dword(0);
    return p_ - 4;
}

u8* Assembler::jmp() {
    byte(0xE9);
    dword(0);
    return p_ - 4;
}

u8* Assembler::short_jump(u8 opcode) {
    byte(opcode);
    byte(0);
    return p_ - 1;
}

void Assembler::align(unsigned boundary, unsigned ahead) {
    while ((reinterpret_cast<std::uintptr_t>(p_) + ahead) % boundary != 0) byte(0x90);
}

void Assembler::string(u8 opcode, Size size) {
    byte(0xF3);
    if (size == Size::Word) byte(0x66);
    byte(opcode | wide(size));
}

}  // namespace dyn86::jit
