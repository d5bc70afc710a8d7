// The opcode table: one row per opcode, every fact that both engines, decoder and disassembler share.
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

/// Clocks by [UM86 table 2-21]; the decoder adds effective-address clocks [UM86 table 2-20]. Not-taken branches and
/// per-iteration parts (shifts by CL, REP) are in `extra`, see cost.h.
struct Cost {
    u8 reg = 0;
    u8 mem = 0;
    u8 extra = 0;
};

struct OpInfo {
    Op op = Op::Invalid;
    Form dst = Form::None, src = Form::None;
    u16 reads = 0, writes = 0;  // flags; a flag left undefined counts as written
    Cost cycles = {};
    Ends ends = Ends::No;
    bool is_prefix = false;
    u8 group = 0;               // 1-based index into opcode_groups, selected by ModRM reg; 0: this row is the instruction
};

}  // namespace dyn86
