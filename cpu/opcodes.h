// The opcode table: one row per opcode, every fact that both engines, decoder and disassembler share.
// Documented instructions: [UM86 table 2-21; chapter 4, encoding]. What Intel left blank, and how the silicon runs it
// (60-6F as 70-7F, C0/C1/C8/C9 as C2/C3/CA/CB, D6 SALC, D0-D3 /6 SETMO, F6/F7 /1 TEST, F1 LOCK, FF /7 PUSH): [SST
// metadata].
#pragma once

#include "cpu/flags.h"
#include "cpu/insn.h"
#include "src/base/types.h"

#include <array>

namespace dyn86 {

/// Does a translated block stop after this instruction?
enum class Ends : u8 {
    No,
    Jump,      // direct jump or call: successors known
    Branch,    // conditional: two known successors
    Indirect,  // target from a register, memory or the stack
    System,    // I/O, HLT, INT, IRET, POPF, STI ...: the dispatcher has to look
};

/// Clocks by [UM86 table 2-21]; effective-address clocks [UM86 table 2-20] come on top of `mem`. cost.h adds it all up.
/// Where the silicon differs from the manual the rows have its figures, words at even addresses: returns, IRET, LAHF,
/// AAA, AAS, AAM, AAD, multiplication, division. [SST C0-C3, C8-CB, CF, 9F, 37, 3F, D4, D5, F6, F7]
struct Cost {
    u8 reg = 0;    // no memory operand named by ModRM; jumps: taken; strings: without REP
    u8 mem = 0;    // memory operand; strings: what REP costs before the first repetition
    u8 extra = 0;  // shifts by CL: per bit; strings: per repetition; branches: how much less when not taken
};

struct OpInfo {
    Op op = Op::Invalid;
    Form dst = Form::None, src = Form::None;
    /// Flags. One left undefined counts as written. What may write nothing (shift by CL = 0) reads what it writes;
    /// the exception is a REP CMPS/SCAS with CX = 0, of which the row knows nothing.
    u16 reads = 0, writes = 0;
    Cost cycles = {};
    Ends ends = Ends::No;
    bool is_prefix = false;
    u8 group = 0;  // 1-based index into opcode_groups, selected by ModRM reg; 0: this row is the instruction
};

namespace table {

using enum Op;
using enum Form;
using flag::a, flag::c, flag::d, flag::i, flag::o, flag::p, flag::s, flag::t, flag::z;
using flag::oszap, flag::oszapc, flag::szapc;
inline constexpr u16 all = oszapc | t | i | d;

using Group = std::array<OpInfo, 8>;

// clang-format off
constexpr Group arithmetic(Form dst, Form src) {
    return {{
        {.op = Add, .dst = dst, .src = src, .writes = oszapc, .cycles = {4, 17}},
        {.op = Or,  .dst = dst, .src = src, .writes = oszapc, .cycles = {4, 17}},
        {.op = Adc, .dst = dst, .src = src, .reads = c, .writes = oszapc, .cycles = {4, 17}},
        {.op = Sbb, .dst = dst, .src = src, .reads = c, .writes = oszapc, .cycles = {4, 17}},
        {.op = And, .dst = dst, .src = src, .writes = oszapc, .cycles = {4, 17}},
        {.op = Sub, .dst = dst, .src = src, .writes = oszapc, .cycles = {4, 17}},
        {.op = Xor, .dst = dst, .src = src, .writes = oszapc, .cycles = {4, 17}},
        {.op = Cmp, .dst = dst, .src = src, .writes = oszapc, .cycles = {4, 10}},
    }};
}

constexpr Group shift_by_one(Form dst) {
    return {{
        {.op = Rol,   .dst = dst, .src = One, .writes = o | c, .cycles = {2, 15}},
        {.op = Ror,   .dst = dst, .src = One, .writes = o | c, .cycles = {2, 15}},
        {.op = Rcl,   .dst = dst, .src = One, .reads = c, .writes = o | c, .cycles = {2, 15}},
        {.op = Rcr,   .dst = dst, .src = One, .reads = c, .writes = o | c, .cycles = {2, 15}},
        {.op = Shl,   .dst = dst, .src = One, .writes = oszapc, .cycles = {2, 15}},
        {.op = Shr,   .dst = dst, .src = One, .writes = oszapc, .cycles = {2, 15}},
        {.op = Setmo, .dst = dst, .src = One, .writes = oszapc, .cycles = {2, 15}},
        {.op = Sar,   .dst = dst, .src = One, .writes = oszapc, .cycles = {2, 15}},
    }};
}

constexpr Group shift_by_cl(Form dst) {
    return {{
        {.op = Rol,   .dst = dst, .src = Cl, .reads = o | c, .writes = o | c, .cycles = {8, 20, 4}},
        {.op = Ror,   .dst = dst, .src = Cl, .reads = o | c, .writes = o | c, .cycles = {8, 20, 4}},
        {.op = Rcl,   .dst = dst, .src = Cl, .reads = o | c, .writes = o | c, .cycles = {8, 20, 4}},
        {.op = Rcr,   .dst = dst, .src = Cl, .reads = o | c, .writes = o | c, .cycles = {8, 20, 4}},
        {.op = Shl,   .dst = dst, .src = Cl, .reads = oszapc, .writes = oszapc, .cycles = {8, 20, 4}},
        {.op = Shr,   .dst = dst, .src = Cl, .reads = oszapc, .writes = oszapc, .cycles = {8, 20, 4}},
        {.op = Setmo, .dst = dst, .src = Cl, .reads = oszapc, .writes = oszapc, .cycles = {8, 20, 4}},
        {.op = Sar,   .dst = dst, .src = Cl, .reads = oszapc, .writes = oszapc, .cycles = {8, 20, 4}},
    }};
}

// Multiplication and division depend on the data: the medians of the recordings. [SST F6.4-F7.7]
inline constexpr Group unary_byte = {{
    {.op = Test, .dst = Eb, .src = Ib, .writes = oszapc, .cycles = {5, 11}},
    {.op = Test, .dst = Eb, .src = Ib, .writes = oszapc, .cycles = {5, 11}},
    {.op = Not,  .dst = Eb, .cycles = {3, 16}},
    {.op = Neg,  .dst = Eb, .writes = oszapc, .cycles = {3, 16}},
    {.op = Mul,  .src = Eb, .writes = oszapc, .cycles = {74, 80}},
    {.op = Imul, .src = Eb, .writes = oszapc, .cycles = {94, 100}},
    {.op = Div,  .src = Eb, .writes = oszapc, .cycles = {88, 94}},
    {.op = Idiv, .src = Eb, .writes = oszapc, .cycles = {117, 123}},
}};
inline constexpr Group unary_word = {{
    {.op = Test, .dst = Ew, .src = Iw, .writes = oszapc, .cycles = {5, 11}},
    {.op = Test, .dst = Ew, .src = Iw, .writes = oszapc, .cycles = {5, 11}},
    {.op = Not,  .dst = Ew, .cycles = {3, 16}},
    {.op = Neg,  .dst = Ew, .writes = oszapc, .cycles = {3, 16}},
    {.op = Mul,  .src = Ew, .writes = oszapc, .cycles = {126, 132}},
    {.op = Imul, .src = Ew, .writes = oszapc, .cycles = {146, 152}},
    {.op = Div,  .src = Ew, .writes = oszapc, .cycles = {155, 161}},
    {.op = Idiv, .src = Ew, .writes = oszapc, .cycles = {180, 186}},
}};

// FE /2-/7 are not in Intel's tables and not recorded.
// assumed: the operations of FF, with a zero-extended byte where FF /2, /4, /6 read a word; a recording would settle it.
inline constexpr Group step_byte = {{
    {.op = Inc,     .dst = Eb, .writes = oszap, .cycles = {3, 15}},
    {.op = Dec,     .dst = Eb, .writes = oszap, .cycles = {3, 15}},
    {.op = Call,    .src = Eb, .cycles = {16, 21}, .ends = Ends::Indirect},
    {.op = CallFar, .src = Eb, .cycles = {37, 37}, .ends = Ends::Indirect},
    {.op = Jmp,     .src = Eb, .cycles = {11, 18}, .ends = Ends::Indirect},
    {.op = JmpFar,  .src = Eb, .cycles = {24, 24}, .ends = Ends::Indirect},
    {.op = Push,    .src = Eb, .cycles = {11, 16}},
    {.op = Push,    .src = Eb, .cycles = {11, 16}},
}};
inline constexpr Group step_word = {{
    {.op = Inc,     .dst = Ew, .writes = oszap, .cycles = {3, 15}},
    {.op = Dec,     .dst = Ew, .writes = oszap, .cycles = {3, 15}},
    {.op = Call,    .src = Ew, .cycles = {16, 21}, .ends = Ends::Indirect},
    {.op = CallFar, .src = M, .cycles = {37, 37}, .ends = Ends::Indirect},
    {.op = Jmp,     .src = Ew, .cycles = {11, 18}, .ends = Ends::Indirect},
    {.op = JmpFar,  .src = M, .cycles = {24, 24}, .ends = Ends::Indirect},
    {.op = Push,    .src = Ew, .cycles = {11, 16}},
    {.op = Push,    .src = Ew, .cycles = {11, 16}},
}};

inline constexpr std::array<Group, 11> groups = {{
    arithmetic(Eb, Ib), arithmetic(Ew, Iw), arithmetic(Ew, Ibs),
    shift_by_one(Eb), shift_by_one(Ew), shift_by_cl(Eb), shift_by_cl(Ew),
    unary_byte, unary_word, step_byte, step_word,
}};

inline constexpr std::array<OpInfo, 256> rows = {{
    /* 00 */ {.op = Add, .dst = Eb, .src = Gb, .writes = oszapc, .cycles = {3, 16}},
    /* 01 */ {.op = Add, .dst = Ew, .src = Gw, .writes = oszapc, .cycles = {3, 16}},
    /* 02 */ {.op = Add, .dst = Gb, .src = Eb, .writes = oszapc, .cycles = {3, 9}},
    /* 03 */ {.op = Add, .dst = Gw, .src = Ew, .writes = oszapc, .cycles = {3, 9}},
    /* 04 */ {.op = Add, .dst = Al, .src = Ib, .writes = oszapc, .cycles = {4}},
    /* 05 */ {.op = Add, .dst = Ax, .src = Iw, .writes = oszapc, .cycles = {4}},
    /* 06 */ {.op = Push, .src = Zs, .cycles = {10}},
    /* 07 */ {.op = Pop, .dst = Zs, .cycles = {8}},
    /* 08 */ {.op = Or, .dst = Eb, .src = Gb, .writes = oszapc, .cycles = {3, 16}},
    /* 09 */ {.op = Or, .dst = Ew, .src = Gw, .writes = oszapc, .cycles = {3, 16}},
    /* 0A */ {.op = Or, .dst = Gb, .src = Eb, .writes = oszapc, .cycles = {3, 9}},
    /* 0B */ {.op = Or, .dst = Gw, .src = Ew, .writes = oszapc, .cycles = {3, 9}},
    /* 0C */ {.op = Or, .dst = Al, .src = Ib, .writes = oszapc, .cycles = {4}},
    /* 0D */ {.op = Or, .dst = Ax, .src = Iw, .writes = oszapc, .cycles = {4}},
    /* 0E */ {.op = Push, .src = Zs, .cycles = {10}},
    /* 0F */ {.op = Pop, .dst = Zs, .cycles = {8}, .ends = Ends::Indirect},  // POP CS
    /* 10 */ {.op = Adc, .dst = Eb, .src = Gb, .reads = c, .writes = oszapc, .cycles = {3, 16}},
    /* 11 */ {.op = Adc, .dst = Ew, .src = Gw, .reads = c, .writes = oszapc, .cycles = {3, 16}},
    /* 12 */ {.op = Adc, .dst = Gb, .src = Eb, .reads = c, .writes = oszapc, .cycles = {3, 9}},
    /* 13 */ {.op = Adc, .dst = Gw, .src = Ew, .reads = c, .writes = oszapc, .cycles = {3, 9}},
    /* 14 */ {.op = Adc, .dst = Al, .src = Ib, .reads = c, .writes = oszapc, .cycles = {4}},
    /* 15 */ {.op = Adc, .dst = Ax, .src = Iw, .reads = c, .writes = oszapc, .cycles = {4}},
    /* 16 */ {.op = Push, .src = Zs, .cycles = {10}},
    /* 17 */ {.op = Pop, .dst = Zs, .cycles = {8}},
    /* 18 */ {.op = Sbb, .dst = Eb, .src = Gb, .reads = c, .writes = oszapc, .cycles = {3, 16}},
    /* 19 */ {.op = Sbb, .dst = Ew, .src = Gw, .reads = c, .writes = oszapc, .cycles = {3, 16}},
    /* 1A */ {.op = Sbb, .dst = Gb, .src = Eb, .reads = c, .writes = oszapc, .cycles = {3, 9}},
    /* 1B */ {.op = Sbb, .dst = Gw, .src = Ew, .reads = c, .writes = oszapc, .cycles = {3, 9}},
    /* 1C */ {.op = Sbb, .dst = Al, .src = Ib, .reads = c, .writes = oszapc, .cycles = {4}},
    /* 1D */ {.op = Sbb, .dst = Ax, .src = Iw, .reads = c, .writes = oszapc, .cycles = {4}},
    /* 1E */ {.op = Push, .src = Zs, .cycles = {10}},
    /* 1F */ {.op = Pop, .dst = Zs, .cycles = {8}},
    /* 20 */ {.op = And, .dst = Eb, .src = Gb, .writes = oszapc, .cycles = {3, 16}},
    /* 21 */ {.op = And, .dst = Ew, .src = Gw, .writes = oszapc, .cycles = {3, 16}},
    /* 22 */ {.op = And, .dst = Gb, .src = Eb, .writes = oszapc, .cycles = {3, 9}},
    /* 23 */ {.op = And, .dst = Gw, .src = Ew, .writes = oszapc, .cycles = {3, 9}},
    /* 24 */ {.op = And, .dst = Al, .src = Ib, .writes = oszapc, .cycles = {4}},
    /* 25 */ {.op = And, .dst = Ax, .src = Iw, .writes = oszapc, .cycles = {4}},
    /* 26 */ {.cycles = {2}, .is_prefix = true},  // ES:
    /* 27 */ {.op = Daa, .dst = Al, .reads = a | c, .writes = oszapc, .cycles = {4}},
    /* 28 */ {.op = Sub, .dst = Eb, .src = Gb, .writes = oszapc, .cycles = {3, 16}},
    /* 29 */ {.op = Sub, .dst = Ew, .src = Gw, .writes = oszapc, .cycles = {3, 16}},
    /* 2A */ {.op = Sub, .dst = Gb, .src = Eb, .writes = oszapc, .cycles = {3, 9}},
    /* 2B */ {.op = Sub, .dst = Gw, .src = Ew, .writes = oszapc, .cycles = {3, 9}},
    /* 2C */ {.op = Sub, .dst = Al, .src = Ib, .writes = oszapc, .cycles = {4}},
    /* 2D */ {.op = Sub, .dst = Ax, .src = Iw, .writes = oszapc, .cycles = {4}},
    /* 2E */ {.cycles = {2}, .is_prefix = true},  // CS:
    /* 2F */ {.op = Das, .dst = Al, .reads = a | c, .writes = oszapc, .cycles = {4}},
    /* 30 */ {.op = Xor, .dst = Eb, .src = Gb, .writes = oszapc, .cycles = {3, 16}},
    /* 31 */ {.op = Xor, .dst = Ew, .src = Gw, .writes = oszapc, .cycles = {3, 16}},
    /* 32 */ {.op = Xor, .dst = Gb, .src = Eb, .writes = oszapc, .cycles = {3, 9}},
    /* 33 */ {.op = Xor, .dst = Gw, .src = Ew, .writes = oszapc, .cycles = {3, 9}},
    /* 34 */ {.op = Xor, .dst = Al, .src = Ib, .writes = oszapc, .cycles = {4}},
    /* 35 */ {.op = Xor, .dst = Ax, .src = Iw, .writes = oszapc, .cycles = {4}},
    /* 36 */ {.cycles = {2}, .is_prefix = true},  // SS:
    /* 37 */ {.op = Aaa, .dst = Ax, .reads = a, .writes = oszapc, .cycles = {8}},
    /* 38 */ {.op = Cmp, .dst = Eb, .src = Gb, .writes = oszapc, .cycles = {3, 9}},
    /* 39 */ {.op = Cmp, .dst = Ew, .src = Gw, .writes = oszapc, .cycles = {3, 9}},
    /* 3A */ {.op = Cmp, .dst = Gb, .src = Eb, .writes = oszapc, .cycles = {3, 9}},
    /* 3B */ {.op = Cmp, .dst = Gw, .src = Ew, .writes = oszapc, .cycles = {3, 9}},
    /* 3C */ {.op = Cmp, .dst = Al, .src = Ib, .writes = oszapc, .cycles = {4}},
    /* 3D */ {.op = Cmp, .dst = Ax, .src = Iw, .writes = oszapc, .cycles = {4}},
    /* 3E */ {.cycles = {2}, .is_prefix = true},  // DS:
    /* 3F */ {.op = Aas, .dst = Ax, .reads = a, .writes = oszapc, .cycles = {8}},
    /* 40 */ {.op = Inc, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 41 */ {.op = Inc, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 42 */ {.op = Inc, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 43 */ {.op = Inc, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 44 */ {.op = Inc, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 45 */ {.op = Inc, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 46 */ {.op = Inc, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 47 */ {.op = Inc, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 48 */ {.op = Dec, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 49 */ {.op = Dec, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 4A */ {.op = Dec, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 4B */ {.op = Dec, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 4C */ {.op = Dec, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 4D */ {.op = Dec, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 4E */ {.op = Dec, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 4F */ {.op = Dec, .dst = Zw, .writes = oszap, .cycles = {2}},
    /* 50 */ {.op = Push, .src = Zw, .cycles = {11}},
    /* 51 */ {.op = Push, .src = Zw, .cycles = {11}},
    /* 52 */ {.op = Push, .src = Zw, .cycles = {11}},
    /* 53 */ {.op = Push, .src = Zw, .cycles = {11}},
    /* 54 */ {.op = Push, .src = Zw, .cycles = {11}},
    /* 55 */ {.op = Push, .src = Zw, .cycles = {11}},
    /* 56 */ {.op = Push, .src = Zw, .cycles = {11}},
    /* 57 */ {.op = Push, .src = Zw, .cycles = {11}},
    /* 58 */ {.op = Pop, .dst = Zw, .cycles = {8}},
    /* 59 */ {.op = Pop, .dst = Zw, .cycles = {8}},
    /* 5A */ {.op = Pop, .dst = Zw, .cycles = {8}},
    /* 5B */ {.op = Pop, .dst = Zw, .cycles = {8}},
    /* 5C */ {.op = Pop, .dst = Zw, .cycles = {8}},
    /* 5D */ {.op = Pop, .dst = Zw, .cycles = {8}},
    /* 5E */ {.op = Pop, .dst = Zw, .cycles = {8}},
    /* 5F */ {.op = Pop, .dst = Zw, .cycles = {8}},
    /* 60 */ {.op = Jcc, .src = Jb, .reads = o, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 61 */ {.op = Jcc, .src = Jb, .reads = o, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 62 */ {.op = Jcc, .src = Jb, .reads = c, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 63 */ {.op = Jcc, .src = Jb, .reads = c, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 64 */ {.op = Jcc, .src = Jb, .reads = z, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 65 */ {.op = Jcc, .src = Jb, .reads = z, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 66 */ {.op = Jcc, .src = Jb, .reads = c | z, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 67 */ {.op = Jcc, .src = Jb, .reads = c | z, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 68 */ {.op = Jcc, .src = Jb, .reads = s, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 69 */ {.op = Jcc, .src = Jb, .reads = s, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 6A */ {.op = Jcc, .src = Jb, .reads = p, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 6B */ {.op = Jcc, .src = Jb, .reads = p, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 6C */ {.op = Jcc, .src = Jb, .reads = s | o, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 6D */ {.op = Jcc, .src = Jb, .reads = s | o, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 6E */ {.op = Jcc, .src = Jb, .reads = z | s | o, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 6F */ {.op = Jcc, .src = Jb, .reads = z | s | o, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 70 */ {.op = Jcc, .src = Jb, .reads = o, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 71 */ {.op = Jcc, .src = Jb, .reads = o, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 72 */ {.op = Jcc, .src = Jb, .reads = c, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 73 */ {.op = Jcc, .src = Jb, .reads = c, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 74 */ {.op = Jcc, .src = Jb, .reads = z, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 75 */ {.op = Jcc, .src = Jb, .reads = z, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 76 */ {.op = Jcc, .src = Jb, .reads = c | z, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 77 */ {.op = Jcc, .src = Jb, .reads = c | z, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 78 */ {.op = Jcc, .src = Jb, .reads = s, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 79 */ {.op = Jcc, .src = Jb, .reads = s, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 7A */ {.op = Jcc, .src = Jb, .reads = p, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 7B */ {.op = Jcc, .src = Jb, .reads = p, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 7C */ {.op = Jcc, .src = Jb, .reads = s | o, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 7D */ {.op = Jcc, .src = Jb, .reads = s | o, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 7E */ {.op = Jcc, .src = Jb, .reads = z | s | o, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 7F */ {.op = Jcc, .src = Jb, .reads = z | s | o, .cycles = {16, 0, 12}, .ends = Ends::Branch},
    /* 80 */ {.group = 1},
    /* 81 */ {.group = 2},
    /* 82 */ {.group = 1},
    /* 83 */ {.group = 3},
    /* 84 */ {.op = Test, .dst = Eb, .src = Gb, .writes = oszapc, .cycles = {3, 9}},
    /* 85 */ {.op = Test, .dst = Ew, .src = Gw, .writes = oszapc, .cycles = {3, 9}},
    /* 86 */ {.op = Xchg, .dst = Eb, .src = Gb, .cycles = {4, 17}},
    /* 87 */ {.op = Xchg, .dst = Ew, .src = Gw, .cycles = {4, 17}},
    /* 88 */ {.op = Mov, .dst = Eb, .src = Gb, .cycles = {2, 9}},
    /* 89 */ {.op = Mov, .dst = Ew, .src = Gw, .cycles = {2, 9}},
    /* 8A */ {.op = Mov, .dst = Gb, .src = Eb, .cycles = {2, 8}},
    /* 8B */ {.op = Mov, .dst = Gw, .src = Ew, .cycles = {2, 8}},
    /* 8C */ {.op = Mov, .dst = Ew, .src = Sw, .cycles = {2, 9}},
    /* 8D */ {.op = Lea, .dst = Gw, .src = M, .cycles = {2, 2}},
    /* 8E */ {.op = Mov, .dst = Sw, .src = Ew, .cycles = {2, 8}},
    /* 8F */ {.op = Pop, .dst = Ew, .cycles = {8, 17}},
    /* 90 */ {.op = Nop, .cycles = {3}},
    /* 91 */ {.op = Xchg, .dst = Ax, .src = Zw, .cycles = {3}},
    /* 92 */ {.op = Xchg, .dst = Ax, .src = Zw, .cycles = {3}},
    /* 93 */ {.op = Xchg, .dst = Ax, .src = Zw, .cycles = {3}},
    /* 94 */ {.op = Xchg, .dst = Ax, .src = Zw, .cycles = {3}},
    /* 95 */ {.op = Xchg, .dst = Ax, .src = Zw, .cycles = {3}},
    /* 96 */ {.op = Xchg, .dst = Ax, .src = Zw, .cycles = {3}},
    /* 97 */ {.op = Xchg, .dst = Ax, .src = Zw, .cycles = {3}},
    /* 98 */ {.op = Cbw, .cycles = {2}},
    /* 99 */ {.op = Cwd, .cycles = {5}},
    /* 9A */ {.op = CallFar, .src = Ap, .cycles = {28}, .ends = Ends::Jump},
    /* 9B */ {.op = Wait, .cycles = {3}},
    /* 9C */ {.op = Pushf, .reads = all, .cycles = {10}},
    /* 9D */ {.op = Popf, .writes = all, .cycles = {8}, .ends = Ends::System},
    /* 9E */ {.op = Sahf, .writes = szapc, .cycles = {4}},
    /* 9F */ {.op = Lahf, .reads = szapc, .cycles = {2}},
    /* A0 */ {.op = Mov, .dst = Al, .src = Ob, .cycles = {0, 10}},
    /* A1 */ {.op = Mov, .dst = Ax, .src = Ow, .cycles = {0, 10}},
    /* A2 */ {.op = Mov, .dst = Ob, .src = Al, .cycles = {0, 10}},
    /* A3 */ {.op = Mov, .dst = Ow, .src = Ax, .cycles = {0, 10}},
    /* A4 */ {.op = Movs, .dst = Yb, .src = Xb, .reads = d, .cycles = {18, 9, 17}},
    /* A5 */ {.op = Movs, .dst = Yw, .src = Xw, .reads = d, .cycles = {18, 9, 17}},
    /* A6 */ {.op = Cmps, .dst = Xb, .src = Yb, .reads = d, .writes = oszapc, .cycles = {22, 9, 22}},
    /* A7 */ {.op = Cmps, .dst = Xw, .src = Yw, .reads = d, .writes = oszapc, .cycles = {22, 9, 22}},
    /* A8 */ {.op = Test, .dst = Al, .src = Ib, .writes = oszapc, .cycles = {4}},
    /* A9 */ {.op = Test, .dst = Ax, .src = Iw, .writes = oszapc, .cycles = {4}},
    /* AA */ {.op = Stos, .dst = Yb, .src = Al, .reads = d, .cycles = {11, 9, 10}},
    /* AB */ {.op = Stos, .dst = Yw, .src = Ax, .reads = d, .cycles = {11, 9, 10}},
    /* AC */ {.op = Lods, .dst = Al, .src = Xb, .reads = d, .cycles = {12, 9, 13}},
    /* AD */ {.op = Lods, .dst = Ax, .src = Xw, .reads = d, .cycles = {12, 9, 13}},
    /* AE */ {.op = Scas, .dst = Al, .src = Yb, .reads = d, .writes = oszapc, .cycles = {15, 9, 15}},
    /* AF */ {.op = Scas, .dst = Ax, .src = Yw, .reads = d, .writes = oszapc, .cycles = {15, 9, 15}},
    /* B0 */ {.op = Mov, .dst = Zb, .src = Ib, .cycles = {4}},
    /* B1 */ {.op = Mov, .dst = Zb, .src = Ib, .cycles = {4}},
    /* B2 */ {.op = Mov, .dst = Zb, .src = Ib, .cycles = {4}},
    /* B3 */ {.op = Mov, .dst = Zb, .src = Ib, .cycles = {4}},
    /* B4 */ {.op = Mov, .dst = Zb, .src = Ib, .cycles = {4}},
    /* B5 */ {.op = Mov, .dst = Zb, .src = Ib, .cycles = {4}},
    /* B6 */ {.op = Mov, .dst = Zb, .src = Ib, .cycles = {4}},
    /* B7 */ {.op = Mov, .dst = Zb, .src = Ib, .cycles = {4}},
    /* B8 */ {.op = Mov, .dst = Zw, .src = Iw, .cycles = {4}},
    /* B9 */ {.op = Mov, .dst = Zw, .src = Iw, .cycles = {4}},
    /* BA */ {.op = Mov, .dst = Zw, .src = Iw, .cycles = {4}},
    /* BB */ {.op = Mov, .dst = Zw, .src = Iw, .cycles = {4}},
    /* BC */ {.op = Mov, .dst = Zw, .src = Iw, .cycles = {4}},
    /* BD */ {.op = Mov, .dst = Zw, .src = Iw, .cycles = {4}},
    /* BE */ {.op = Mov, .dst = Zw, .src = Iw, .cycles = {4}},
    /* BF */ {.op = Mov, .dst = Zw, .src = Iw, .cycles = {4}},
    /* C0 */ {.op = Ret, .src = Iw, .cycles = {21}, .ends = Ends::Indirect},
    /* C1 */ {.op = Ret, .cycles = {16}, .ends = Ends::Indirect},
    /* C2 */ {.op = Ret, .src = Iw, .cycles = {21}, .ends = Ends::Indirect},
    /* C3 */ {.op = Ret, .cycles = {16}, .ends = Ends::Indirect},
    /* C4 */ {.op = Les, .dst = Gw, .src = M, .cycles = {16, 16}},
    /* C5 */ {.op = Lds, .dst = Gw, .src = M, .cycles = {16, 16}},
    /* C6 */ {.op = Mov, .dst = Eb, .src = Ib, .cycles = {4, 10}},
    /* C7 */ {.op = Mov, .dst = Ew, .src = Iw, .cycles = {4, 10}},
    /* C8 */ {.op = RetFar, .src = Iw, .cycles = {28}, .ends = Ends::Indirect},
    /* C9 */ {.op = RetFar, .cycles = {26}, .ends = Ends::Indirect},
    /* CA */ {.op = RetFar, .src = Iw, .cycles = {28}, .ends = Ends::Indirect},
    /* CB */ {.op = RetFar, .cycles = {26}, .ends = Ends::Indirect},
    /* CC */ {.op = Int3, .reads = all, .writes = t | i, .cycles = {52}, .ends = Ends::System},
    /* CD */ {.op = Int, .src = Ib, .reads = all, .writes = t | i, .cycles = {51}, .ends = Ends::System},
    /* CE */ {.op = Into, .reads = all, .writes = t | i, .cycles = {53, 0, 49}, .ends = Ends::System},
    /* CF */ {.op = Iret, .writes = all, .cycles = {32}, .ends = Ends::System},
    /* D0 */ {.group = 4},
    /* D1 */ {.group = 5},
    /* D2 */ {.group = 6},
    /* D3 */ {.group = 7},
    /* D4 */ {.op = Aam, .src = Ib, .writes = oszapc, .cycles = {77}},
    /* D5 */ {.op = Aad, .src = Ib, .writes = oszapc, .cycles = {63}},
    /* D6 */ {.op = Salc, .dst = Al, .reads = c, .cycles = {3}},
    /* D7 */ {.op = Xlat, .dst = Al, .cycles = {11}},
    /* D8 */ {.op = Esc, .src = Ew, .cycles = {2, 8}},
    /* D9 */ {.op = Esc, .src = Ew, .cycles = {2, 8}},
    /* DA */ {.op = Esc, .src = Ew, .cycles = {2, 8}},
    /* DB */ {.op = Esc, .src = Ew, .cycles = {2, 8}},
    /* DC */ {.op = Esc, .src = Ew, .cycles = {2, 8}},
    /* DD */ {.op = Esc, .src = Ew, .cycles = {2, 8}},
    /* DE */ {.op = Esc, .src = Ew, .cycles = {2, 8}},
    /* DF */ {.op = Esc, .src = Ew, .cycles = {2, 8}},
    /* E0 */ {.op = Loopne, .src = Jb, .reads = z, .cycles = {19, 0, 14}, .ends = Ends::Branch},
    /* E1 */ {.op = Loope, .src = Jb, .reads = z, .cycles = {18, 0, 12}, .ends = Ends::Branch},
    /* E2 */ {.op = Loop, .src = Jb, .cycles = {17, 0, 12}, .ends = Ends::Branch},
    /* E3 */ {.op = Jcxz, .src = Jb, .cycles = {18, 0, 12}, .ends = Ends::Branch},
    /* E4 */ {.op = In, .dst = Al, .src = Ib, .cycles = {10}, .ends = Ends::System},
    /* E5 */ {.op = In, .dst = Ax, .src = Ib, .cycles = {10}, .ends = Ends::System},
    /* E6 */ {.op = Out, .dst = Ib, .src = Al, .cycles = {10}, .ends = Ends::System},
    /* E7 */ {.op = Out, .dst = Ib, .src = Ax, .cycles = {10}, .ends = Ends::System},
    /* E8 */ {.op = Call, .src = Jw, .cycles = {19}, .ends = Ends::Jump},
    /* E9 */ {.op = Jmp, .src = Jw, .cycles = {15}, .ends = Ends::Jump},
    /* EA */ {.op = JmpFar, .src = Ap, .cycles = {15}, .ends = Ends::Jump},
    /* EB */ {.op = Jmp, .src = Jb, .cycles = {15}, .ends = Ends::Jump},
    /* EC */ {.op = In, .dst = Al, .src = Dx, .cycles = {8}, .ends = Ends::System},
    /* ED */ {.op = In, .dst = Ax, .src = Dx, .cycles = {8}, .ends = Ends::System},
    /* EE */ {.op = Out, .dst = Dx, .src = Al, .cycles = {8}, .ends = Ends::System},
    /* EF */ {.op = Out, .dst = Dx, .src = Ax, .cycles = {8}, .ends = Ends::System},
    /* F0 */ {.cycles = {2}, .is_prefix = true},  // LOCK
    /* F1 */ {.cycles = {2}, .is_prefix = true},  // LOCK again
    /* F2 */ {.cycles = {2}, .is_prefix = true},  // REPNE
    /* F3 */ {.cycles = {2}, .is_prefix = true},  // REP
    /* F4 */ {.op = Hlt, .cycles = {2}, .ends = Ends::System},
    /* F5 */ {.op = Cmc, .reads = c, .writes = c, .cycles = {2}},
    /* F6 */ {.group = 8},
    /* F7 */ {.group = 9},
    /* F8 */ {.op = Clc, .writes = c, .cycles = {2}},
    /* F9 */ {.op = Stc, .writes = c, .cycles = {2}},
    /* FA */ {.op = Cli, .writes = i, .cycles = {2}},
    /* FB */ {.op = Sti, .writes = i, .cycles = {2}, .ends = Ends::System},
    /* FC */ {.op = Cld, .writes = d, .cycles = {2}},
    /* FD */ {.op = Std, .writes = d, .cycles = {2}},
    /* FE */ {.group = 10},
    /* FF */ {.group = 11},
}};
// clang-format on

}  // namespace table

inline constexpr const std::array<OpInfo, 256>& opcodes = table::rows;
inline constexpr const std::array<std::array<OpInfo, 8>, 11>& opcode_groups = table::groups;

/// The row of one instruction. `modrm` counts only where the opcode leads to a group.
constexpr const OpInfo& info_of(u8 opcode, u8 modrm) {
    const OpInfo& row = opcodes[opcode];
    return row.group == 0 ? row : opcode_groups[row.group - 1u][modrm >> 3 & 7];
}

constexpr bool is_modrm(Form form) {
    return form >= Form::Eb && form <= Form::M;
}
constexpr bool is_string(Form form) {
    return form >= Form::Xb && form <= Form::Yw;
}
/// Does a ModRM byte follow this opcode?
constexpr bool has_modrm(u8 opcode) {
    const OpInfo& row = opcodes[opcode];
    return row.group != 0 || is_modrm(row.dst) || is_modrm(row.src);
}

/// Is the operand a word? Forms without a width of their own (None, One, Cl as a count) say nothing.
constexpr bool is_word(Form form) {
    using enum Form;
    for (const Form word : {Ew, Gw, Sw, M, Iw, Ibs, Jw, Ap, Ow, Zw, Zs, Ax, Xw, Yw})
        if (form == word) return true;
    return false;
}
/// OUT's port is its destination and says nothing of the width; elsewhere the destination decides when there is one.
constexpr Width width_of(const OpInfo& info) {
    const bool by_source = info.op == Op::Out || info.dst == Form::None;
    return is_word(by_source ? info.src : info.dst) ? Width::Word : Width::Byte;
}

/// The registers whose sum is an effective address, by ModRM r/m. [UM86 chapter 4, R/M field] r/m = 6 with mod = 0 is a
/// plain offset.
struct AddressMode {
    static constexpr u8 none = 0xFF;
    u8 base = none, index = none;  // word register numbers
    Sreg segment = Sreg::Ds;       // unless overridden; BP means the stack
};
inline constexpr std::array<AddressMode, 8> address_modes = {{
    {.base = u8(Reg16::Bx), .index = u8(Reg16::Si)},
    {.base = u8(Reg16::Bx), .index = u8(Reg16::Di)},
    {.base = u8(Reg16::Bp), .index = u8(Reg16::Si), .segment = Sreg::Ss},
    {.base = u8(Reg16::Bp), .index = u8(Reg16::Di), .segment = Sreg::Ss},
    {.index = u8(Reg16::Si)},
    {.index = u8(Reg16::Di)},
    {.base = u8(Reg16::Bp), .segment = Sreg::Ss},
    {.base = u8(Reg16::Bx)},
}};

static_assert(info_of(0x83, 0xF8).op == Op::Cmp && info_of(0x83, 0xF8).src == Form::Ibs);
static_assert(info_of(0xF1, 0).is_prefix && !info_of(0x60, 0).is_prefix);
static_assert(width_of(info_of(0xE6, 0)) == Width::Byte && width_of(info_of(0xEF, 0)) == Width::Word);
static_assert(has_modrm(0xD8) && !has_modrm(0xD4));

}  // namespace dyn86
