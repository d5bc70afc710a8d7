// x86-64 encodings, as many as the translation of an 8086 needs. Straight into memory: no objects, no labels, no
// exceptions. (xbyak takes 22 ns per instruction and 94 ns per label; a guest instruction may cost 150.) [Intel SDM 2]
#pragma once

#include "jit/host_regs.h"
#include "src/base/check.h"
#include "src/base/types.h"

#include <cstring>

namespace dyn86::jit {

enum class Size : u8 { Byte = 1, Word = 2, Dword = 4, Qword = 8 };

/// [base + index * scale + displacement]
struct Mem {
    Host base = Host::Rax;
    bool has_index = false;
    Host index = Host::Rax;
    i32 displacement = 0;
    u8 scale_log2 = 0;

    [[nodiscard]] Mem plus(i32 more) const {
        Mem m = *this;
        m.displacement += more;
        return m;
    }
};
[[nodiscard]] constexpr Mem at(Host base, i32 displacement) {
    return {.base = base, .displacement = displacement};
}
[[nodiscard]] constexpr Mem at(Host base, Host index, i32 displacement = 0, u8 scale_log2 = 0) {
    return {.base = base, .has_index = true, .index = index, .displacement = displacement, .scale_log2 = scale_log2};
}

/// A register operand's number as encoded; a type, so that it is never taken for an immediate. Of Size::Byte, 0-7 are
/// AL CL DL BL AH CH DH BH as on the 8086.
enum class RegNo : u8 {};
[[nodiscard]] constexpr RegNo number(Host h) {
    return RegNo(u8(h));
}
[[nodiscard]] constexpr RegNo number(Reg8 r) {
    return RegNo(u8(r));
}

/// The eight ALU operations in the order both machines number them.
enum class Alu : u8 { Add, Or, Adc, Sbb, And, Sub, Xor, Cmp };
enum class Shift : u8 { Rol, Ror, Rcl, Rcr, Shl, Shr, Setmo, Sar };
/// Second operand of F6/F7.
enum class Unary : u8 { Test, Test2, Not, Neg, Mul, Imul, Div, Idiv };
/// Conditions as Jcc numbers them, on both machines.
enum class Cond : u8 { O, No, B, Ae, E, Ne, Be, A, S, Ns, P, Np, L, Ge, Le, G };
[[nodiscard]] constexpr Cond inverse(Cond c) {
    return Cond(u8(c) ^ 1);
}

/// A place to write host code. The caller has made sure that there is room.
class Assembler {
public:
    void start(u8* where) { p_ = where; }
    [[nodiscard]] u8* here() const { return p_; }

    // --- two operands
    void alu(Alu op, Size size, RegNo dst, RegNo src) { rr(u8(op) << 3 | wide(size), size, src, dst); }
    void alu(Alu op, Size size, RegNo dst, const Mem& src) { rm(u8(op) << 3 | 2 | wide(size), size, dst, src); }
    void alu(Alu op, Size size, const Mem& dst, RegNo src) { rm(u8(op) << 3 | wide(size), size, src, dst); }
    void alu(Alu op, Size size, RegNo dst, i32 immediate);
    void alu(Alu op, Size size, const Mem& dst, i32 immediate);
    void test(Size size, RegNo a, RegNo b) { rr(0x84 | wide(size), size, b, a); }
    void test(Size size, const Mem& a, RegNo b) { rm(0x84 | wide(size), size, b, a); }
    void test(Size size, RegNo a, i32 immediate);
    void test(Size size, const Mem& a, i32 immediate);
    void mov(Size size, RegNo dst, RegNo src) { rr(0x88 | wide(size), size, src, dst); }
    void mov(Host dst, Host src) { mov(Size::Dword, number(dst), number(src)); }
    void mov(Size size, RegNo dst, const Mem& src) { rm(0x8A | wide(size), size, dst, src); }
    void mov(Size size, const Mem& dst, RegNo src) { rm(0x88 | wide(size), size, src, dst); }
    void mov(Size size, const Mem& dst, i32 immediate);
    void mov(Host dst, u32 immediate);
    /// The low byte of any register, SIL and DIL too, which as byte operands would be DH and BH.
    void mov_low_byte(const Mem& dst, Host src);
    void movzx_low_byte(Host dst, Host src);
    void mov8(RegNo dst, u8 immediate);
    void movzx(Host dst, Size from, RegNo src) { rr(0x0FB6 | wide(from), Size::Dword, number(dst), src, from); }
    void movzx(Host dst, Size from, const Mem& src) { rm(0x0FB6 | wide(from), Size::Dword, number(dst), src); }
    void movsx(Host dst, Size from, RegNo src, Size to) { rr(0x0FBE | wide(from), to, number(dst), src, from); }
    void movsx(Host dst, Size from, const Mem& src) { rm(0x0FBE | wide(from), Size::Dword, number(dst), src); }
    void imul(Host dst, Host src, i32 factor) {
        rr(0x69, Size::Dword, number(dst), number(src));
        dword(u32(factor));
    }
    void lea(Size size, Host dst, const Mem& src) { rm(0x8D, size, number(dst), src); }
    /// HostFeature::Popcnt.
    void popcnt(Host dst, Host src) {
        byte(0xF3);
        rr(0x0FB8, Size::Dword, number(dst), number(src));
    }
    void xchg(Size size, RegNo a, RegNo b) { rr(0x86 | wide(size), size, a, b); }
    void xchg(Size size, const Mem& a, RegNo b) { rm(0x86 | wide(size), size, b, a); }

    // --- one operand
    void unary(Unary op, Size size, RegNo dst) { rr(0xF6 | wide(size), size, RegNo(u8(op)), dst, size); }
    void unary(Unary op, Size size, const Mem& dst) { rm(0xF6 | wide(size), size, RegNo(u8(op)), dst, true); }
    void inc_dec(bool dec, Size size, RegNo dst) { rr(0xFE | wide(size), size, RegNo(u8(dec)), dst, size); }
    void inc_dec(bool dec, Size size, const Mem& dst) { rm(0xFE | wide(size), size, RegNo(u8(dec)), dst, true); }
    void shift1(Shift op, Size size, RegNo dst) { rr(0xD0 | wide(size), size, RegNo(u8(op)), dst, size); }
    void shift1(Shift op, Size size, const Mem& dst) { rm(0xD0 | wide(size), size, RegNo(u8(op)), dst, true); }
    void shift_cl(Shift op, Size size, RegNo dst) { rr(0xD2 | wide(size), size, RegNo(u8(op)), dst, size); }
    void shift_cl(Shift op, Size size, const Mem& dst) { rm(0xD2 | wide(size), size, RegNo(u8(op)), dst, true); }
    void shift(Shift op, Size size, RegNo dst, u8 count) {
        rr(0xC0 | wide(size), size, RegNo(u8(op)), dst, size);
        byte(count);
    }
    /// SHL, SHR, SAR of a dword that leave the flags alone; BMI2.
    void shift_keeping_flags(Shift op, Host dst, Host src, Host count);
    void bt(Host reg, u8 bit) {
        rr(0x0FBA, Size::Dword, RegNo{4}, number(reg));
        byte(bit);
    }
    void setcc(Cond c, RegNo dst) { rr(0x0F90 | u8(c), Size::Byte, RegNo{0}, dst, Size::Byte); }
    void push(Host reg);
    void pop(Host reg);

    // --- no operands
    void lahf() { byte(0x9F); }
    void sahf() { byte(0x9E); }
    void cbw() { word(0x9866); }
    void cwd() { word(0x9966); }
    void cdq() { byte(0x99); }
    void cmc() { byte(0xF5); }
    void clc() { byte(0xF8); }
    void stc() { byte(0xF9); }
    void ret() { byte(0xC3); }
    void pushf() { byte(0x9C); }
    void rep_movs(Size size) { string(0xA4, size); }
    void rep_stos(Size size) { string(0xAA, size); }

    // --- jumps. A site is the address of a 32-bit relative displacement, to be patched.
    u8* jcc(Cond c);
    u8* jmp();
    void jmp_to(const u8* target) { patch(jmp(), target); }
    void jmp(const Mem& target) { rm(0xFF, Size::Dword, RegNo{4}, target); }
    void jmp(Host target) { rr(0xFF, Size::Dword, RegNo{4}, number(target)); }
    static void patch(u8* site, const u8* target) {
        const i32 distance = i32(target - (site + 4));
        std::memcpy(site, &distance, 4);
    }
    void bind(u8* site) { patch(site, p_); }
    // Short forward jumps over a few instructions, closed by bind_short().
    u8* jrcxz() { return short_jump(0xE3); }
    u8* jmp_short() { return short_jump(0xEB); }
    u8* jcc_short(Cond c) { return short_jump(u8(0x70u | u8(c))); }
    static void bind_short(u8* site, const u8* target) {
        const std::ptrdiff_t distance = target - (site + 1);
        DYN86_CHECK(distance >= -128 && distance < 128);
        *site = u8(distance);
    }
    /// So that what comes `ahead` bytes later is aligned.
    void align(unsigned boundary, unsigned ahead = 0);

    void byte(unsigned v) { *p_++ = u8(v); }
    void word(unsigned v) { put(u16(v)); }
    void dword(u32 v) { put(v); }

private:
    template <typename T>
    void put(T v) {
        std::memcpy(p_, &v, sizeof v);
        p_ += sizeof v;
    }
    [[nodiscard]] static constexpr u32 wide(Size size) { return size == Size::Byte ? 0 : 1; }
    void immediate(Size size, i32 v);
    void string(u8 opcode, Size size);
    void opcode_bytes(u32 opcode);
    u8* short_jump(u8 opcode);
    /// `rm_size` is the width of the r/m operand where it differs from the instruction's (movzx).
    void rr(u32 opcode, Size size, RegNo reg, RegNo rm, Size rm_size);
    void rr(u32 opcode, Size size, RegNo reg, RegNo rm) {
        DYN86_CHECK(size != Size::Byte || u8(reg) < 4 || u8(reg) > 7 || u8(rm) < 8);  // a high byte never meets REX
        rr(opcode, size, reg, rm, size);
    }
    /// `reg_is_opcode`: reg is part of the opcode, not a register.
    void rm(u32 opcode, Size size, RegNo reg, const Mem& m, bool reg_is_opcode = false, bool needs_rex = false);

    u8* p_ = nullptr;
};

}  // namespace dyn86::jit
