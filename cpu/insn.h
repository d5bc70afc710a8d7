// One decoded instruction: what the disassembler prints, the interpreter's cold paths execute and the recompiler
// translates.
#pragma once

#include "cpu/registers.h"
#include "src/base/types.h"

namespace dyn86 {

struct OpInfo;

/// What an instruction does. Width is apart (Insn::width).
// clang-format off
enum class Op : u8 {
    Invalid,  // only for bytes that are prefixes or lead to a group
    Add, Or, Adc, Sbb, And, Sub, Xor, Cmp,
    Inc, Dec, Not, Neg, Test, Mul, Imul, Div, Idiv,
    Rol, Ror, Rcl, Rcr, Shl, Shr, Setmo, Sar,
    Daa, Das, Aaa, Aas, Aam, Aad, Cbw, Cwd,
    Mov, Xchg, Push, Pop, Lea, Les, Lds, Xlat, Lahf, Sahf, Pushf, Popf, Salc,
    Movs, Cmps, Stos, Lods, Scas,
    Jcc, Jmp, JmpFar, Call, CallFar, Ret, RetFar, Loop, Loope, Loopne, Jcxz,
    Int, Int3, Into, Iret,
    In, Out, Hlt, Wait, Esc, Nop,
    Clc, Stc, Cmc, Cli, Sti, Cld, Std,
};

/// How an operand is encoded, as the opcode table states it. (E: ModRM r/m; G: ModRM reg; b/w: width.)
enum class Form : u8 {
    None,
    Eb, Ew, Gb, Gw, Sw,      // Sw: ModRM reg as a segment register (two bits count)
    M,                       // r/m as memory of which the address is what matters (LEA, LES, far JMP/CALL: a register form exists, undocumented)
    Ib, Iw, Ibs,             // immediates; Ibs: byte sign-extended to a word
    Jb, Jw,                  // relative targets
    Ap,                      // immediate far pointer
    Ob, Ow,                  // memory at an immediate offset
    Zb, Zw, Zs,              // register in the opcode's low three bits (Zs: segment register in bits 3-4)
    Al, Ax, Cl, Dx, One,     // fixed
    Xb, Xw, Yb, Yw,          // string source DS:SI (overridable), destination ES:DI (not)
};
// clang-format on

enum class Repeat : u8 { None, Repne, Rep };

/// Where an operand is once decoded.
struct Operand {
    enum class Kind : u8 {
        None,
        Reg8,
        Reg16,
        Sreg,
        Memory,     // Insn::segment with ModRM or, without it, Insn::displacement alone
        String,     // [SI] in Insn::segment or [DI] in ES, by index
        Immediate,  // Insn::immediate
        Patched,    // an immediate that the recompiler reads when it executes, since it keeps being patched
        Near,       // Insn::target
        Far,        // Insn::immediate_segment : Insn::immediate
    };
    Kind kind = Kind::None;
    u8 index = 0;  // register number of its kind; String: of SI or DI
    friend constexpr bool operator==(const Operand&, const Operand&) = default;
};

/// Two instructions compare equal when they are the same bytes at the same place.
struct Insn {
    u16 ip = 0;       // of the first prefix
    u16 length = 0;   // prefixes included; 0: not decodable within max_length (a run of prefixes): interpret
    u8 prefixes = 0;  // how many prefix bytes (saturates at 255)
    u8 opcode = 0;
    u8 modrm = 0;
    bool has_modrm = false;
    Op op = Op::Invalid;
    Width width = Width::Byte;
    Operand dst, src;
    Sreg segment = Sreg::Ds;  // of the memory operand, override applied
    bool has_override = false;
    Repeat repeat = Repeat::None;
    bool lock = false;
    u8 condition = 0;                   // Jcc: low four bits of the opcode
    u16 displacement = 0;               // of ModRM (sign-extended) or the Ob/Ow offset
    bool patched_displacement = false;  // as Operand::Kind::Patched
    u16 immediate = 0;                  // Ib/Iw/Ibs (Ibs sign-extended), 1 of a shift by one; far pointer: offset
    u16 immediate_segment = 0;          // far pointer: segment
    u16 target = 0;                     // near jumps and calls: IP, wrapped
    const OpInfo* info = nullptr;

    [[nodiscard]] constexpr u16 next() const { return u16(ip + length); }
    [[nodiscard]] constexpr u8 mod() const { return modrm >> 6; }
    [[nodiscard]] constexpr u8 reg() const { return (modrm >> 3) & 7; }
    [[nodiscard]] constexpr u8 rm() const { return modrm & 7; }
    /// An operand in memory that ModRM or an offset names (strings, stack and XLAT are not meant).
    [[nodiscard]] constexpr bool has_memory() const {
        return dst.kind == Operand::Kind::Memory || src.kind == Operand::Kind::Memory;
    }
    /// Of a memory operand: its address is the displacement alone.
    [[nodiscard]] constexpr bool is_direct() const { return !has_modrm || (modrm & 0xC7) == 0x06; }
    [[nodiscard]] constexpr bool writes_memory() const {
        return dst.kind == Operand::Kind::Memory && op != Op::Cmp && op != Op::Test;
    }
};

}  // namespace dyn86
