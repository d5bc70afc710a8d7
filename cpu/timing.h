// Clocks beyond the 8086's table (cost.h): a prefetch queue, words at odd addresses, the 8088's narrow bus. What an
// instruction costs here follows from its bytes, the queue it finds and a few registers, so that both engines can tell.
//
// The execution unit's clocks are the table's. The bus unit fetches whenever the queue has room and the bus is free; a
// byte that is not there yet, and a bus that is not free yet, are waited for. What depends on data (odd words, bits
// shifted, bits multiplied) comes on top and leaves the queue as it is: in those clocks nothing new is fetched.
#pragma once

#include "cpu/insn.h"
#include "cpu/registers.h"
#include "src/base/clock_model.h"
#include "src/base/types.h"

namespace dyn86 {

namespace timing {

/// Further clocks for a word that takes two bus cycles.
inline constexpr u32 split_word = 4;

/// An instruction's bus cycles for operands, and where its words lie.
struct Accesses {
    u8 reads = 0, writes = 0;  // of bytes and words
    u8 operand = 0;            // words at the memory operand
    u8 stack = 0, si = 0, di = 0, port = 0;
    u8 vector = 0;  // words that are always at even addresses
    [[nodiscard]] constexpr u32 words() const { return u32{operand} + stack + si + di + port + vector; }
};
/// Of one repetition for strings. `taken` matters for INTO.
[[nodiscard]] Accesses accesses_of(const Insn& insn, bool taken);

/// The stretches of one instruction, in clocks and bus cycles.
struct Shape {
    u8 prefixes = 0;
    /// Bytes come as the microcode asks for them: opcode and ModRM, a displacement after `gap` clocks, an immediate
    /// after `settle` more.
    u8 head = 0, gap = 0, displacement = 0, settle = 0, immediate = 0;
    bool jumps = false;  // goes on with an empty queue
    i16 before = 0;      // after the last byte
    u8 reads = 0, between = 0, writes = 0, after = 0;
    friend constexpr bool operator==(const Shape&, const Shape&) = default;
};
/// With Timing::Table: clocks alone, whatever the queue.
[[nodiscard]] Shape shape_of(const Insn& insn, bool taken, ClockModel model);

[[nodiscard]] constexpr bool is_repeated_string(const Insn& insn) {
    return insn.repeat != Repeat::None && insn.op >= Op::Movs && insn.op <= Op::Scas;
}
/// MUL, IMUL, DIV, IDIV, AAM: how long they take, data decide.
[[nodiscard]] constexpr bool is_loop(Op op) {
    return op == Op::Aam || (op >= Op::Mul && op <= Op::Idiv);
}

/// The prefetch queue at an instruction boundary: its bytes (bits 0-2) and the fetch under way (bits 3-5: 0 none, else
/// clocks since its first one, plus 2).
using Queue = u8;
/// After a jump, when the first byte at `ip` has arrived and the next fetch has just begun. [SST EB: T1 of the second
/// fetch is the last clock of a jump]
[[nodiscard]] Queue flushed(u16 ip, CpuModel cpu);
/// As full as it gets with the next instruction at `ip`.
[[nodiscard]] Queue full(u16 ip, CpuModel cpu);
/// As recordings begin: this many bytes and the bus idle, or, with none, fetching as after a jump. [SST README, 8088
/// v2]
[[nodiscard]] Queue holding(u8 bytes, u16 ip, CpuModel cpu);

/// What an instruction took, and what it left to the next one.
struct Passed {
    u16 clocks = 0;
    Queue queue = 0;
};
/// `ip` is the first prefix's. Where the shape jumps, `queue` is left open: flushed(target).
[[nodiscard]] Passed pass(const Shape& shape, Queue queue, u16 ip, CpuModel cpu);

/// Clocks of the multiplication and division loops of the microcode, of the whole instruction without its operand's
/// access. [8086MC CORX, CORD, PREIMUL, NEGATE, PREIDIV, POSTIDIV]
[[nodiscard]] i32 mul_clocks(Width width, u16 multiplier);
[[nodiscard]] i32 imul_clocks(Width width, u16 multiplier, u16 multiplicand, bool negated);
/// `fits`: turns that compared and subtracted.
[[nodiscard]] i32 div_clocks(Width width, u32 fits);
[[nodiscard]] i32 idiv_clocks(Width width, u32 fits, bool dividend_negative, bool divisor_negative);
/// The most that any of these takes which does not overflow.
[[nodiscard]] i32 longest_loop(const Insn& insn);
/// The same up to the handler's first byte, INT 0 included, with SP even.
inline constexpr i32 early_div_error = 60;
[[nodiscard]] i32 early_idiv_error(bool dividend_negative, bool divisor_negative);
[[nodiscard]] i32 late_idiv_error(Width width, u32 fits, bool dividend_negative, bool divisor_negative);

}  // namespace timing
}  // namespace dyn86
