// What a translated block is: first the guest instructions chosen for it (Trace), then the record of the host code
// (Block).
#pragma once

#include "cpu/insn.h"
#include "cpu/timing.h"
#include "src/base/types.h"

#include <array>
#include <span>
#include <vector>

namespace dyn86::jit {

/// POPs of word registers, and RET: how procedures end. A branch that leads there takes it along.
struct Tail {
    std::array<u8, 4> popped{};
    u8 pops = 0;
    u16 released = 0;  // by RET, its own word included
    i32 clocks = 0;
    [[nodiscard]] i32 bytes() const { return 2 * pops + released; }
    [[nodiscard]] i32 instructions() const { return pops + 1; }
};

/// One guest instruction with what the analysis found about it.
struct Step {
    Insn insn;
    u16 live_in = 0;                // flags that something may still read before it executes
    u16 live_out = 0;               // ... after it, on the way the trace takes
    u16 live_aside = 0;             // ... where a branch goes that leaves the trace
    i32 clocks = 0;                 // along the trace; the most it can take
    i32 clocks_aside = 0;           // of a branch that leaves the trace
    i32 clocks_worst = 0;           // whoever executes it, whatever the data
    i32 clocks_before = 0;          // charged from the trace's head, as `join` has it
    i32 steps_before = 0;           // counted likewise
    u16 overwritten = 0;            // flags that steps before it have overwritten, whatever way led here
    i32 turn = 0;                   // clocks of a repeated string's repetition
    i32 surplus = 0;                // of `clocks`, known to be too much once the block has been emitted
    timing::Queue queue = 0;        // the prefetch queue before it,
    timing::Queue queue_after = 0;  // behind it along the trace,
    timing::Queue queue_aside = 0;  // and where a branch goes that leaves the trace
    /// Words charged as odd that may be even.
    u8 loose_operand = 0, loose_stack = 0, loose_si = 0, loose_di = 0;
    bool followed = false;  // an unconditional jump, or a call, whose target is the next step; a RET to its call
    bool returns_for_sure = false;  // a RET that is followed: nothing can have changed where it goes
    bool inverted = false;          // a branch whose target is the next step; it leaves the trace when it is not taken
    u16 join = 0;                   // a branch over a few steps: the number of the step it goes to. What is charged in
                                    // advance is the way around them, and those who go through pay `detour` more
    i32 detour = 0;
    u8 tail = 0;               // where a branch goes that leaves the trace: number in Trace::tails, from 1 on
    u16 skipped = 0;           // steps that `join` leaves out
    bool handed_over = false;  // the interpreter executes it; the trace ends here
};

/// Bytes in one page, at canonical addresses.
struct Range {
    Linear start = 0;
    u32 length = 0;
    [[nodiscard]] bool overlaps(Linear from, u32 bytes) const { return start < from + bytes && from < start + length; }
};

/// A straight way through guest code, with side exits: what becomes one block. Follows unconditional jumps, calls and
/// their returns, and the not taken side of forward branches; a loop back to its head is unrolled as often as fits.
struct Trace {
    static constexpr std::size_t max_steps = 48;
    /// Ways through a block may take that many clocks more than it was tested for.
    static constexpr i32 overrun = 48;

    SegOff head;
    timing::Queue queue = 0;  // what the prefetch queue is there
    std::array<Step, max_steps> storage;
    std::size_t length = 0;
    bool compares = false;  // the first step's bytes at its head: other instructions keep taking its place
    u16 continues_at = 0;   // the IP after the last step when that does not jump
    i32 clocks = 0;         // charged in advance: the most any way through it takes, detours apart
    i32 counted = 0;        // instructions, likewise
    std::vector<Tail> tails;
    std::vector<Range> watched;  // its bytes, and those that the lookahead read

    [[nodiscard]] std::span<Step> steps() { return {storage.data(), length}; }
    [[nodiscard]] std::span<const Step> steps() const { return {storage.data(), length}; }
    [[nodiscard]] const Step& last() const { return storage[length - 1]; }
    /// How many clocks more the way through the steps takes that the branch `k` can skip.
    [[nodiscard]] i32 detour_of(std::size_t k) const;
    /// Fills in what is charged and counted in advance, here and in every step.
    void add_clocks();
};

using BlockId = u32;
using ExitId = u32;
inline constexpr u32 none = 0xFFFF'FFFF;

/// A way out of translated code. Its number is in pin::address when thunks' `leave` is reached, and this says the rest,
/// so that the stub in the code is two instructions long.
struct ExitSite {
    enum class Kind : u8 {
        Link,       // go on at `ip`; the jump at `site` may be patched to go there directly
        Interpret,  // the instruction at `ip` is the interpreter's
        Budget,     // not enough clocks left for the block
        Guard,      // the test for all stack accesses of the block failed at its head
        Repeat,     // as Interpret; a REP has begun, and its set-up is paid
        OddBp,      // as Interpret; a word was to be accessed through an odd BP, or SP is odd and that counts
        Port,       // access a port, then go on at `ip`
        Changed,    // other bytes than any block at this head was made from
        Direction,  // as Interpret; strings run the other way than assumed
        Return,     // as Interpret; a RET that was expected to go behind its call does not
        Window,     // a register that addresses memory is too near to an end of the segment, at the block's head
    };
    Kind kind = Kind::Link;
    Op op = Op::Invalid;  // Interpret: whose
    u16 ip = 0;
    u16 segment = 0;                        // Link: CS there
    timing::Queue queue = 0;                // the prefetch queue there
    i16 sp = 0;                             // to be added to SP, whose updates a block postpones
    i32 refund = 0;                         // clocks that were charged and not used
    i32 instructions = 0;                   // counted and not executed
    u16 live = 0;                           // flags that something may still read from here on
    u16 overwritten = 0;                    // flags that the block's instructions have overwritten by then
    u8 prefixes = 0;                        // Repeat
    bool word = false, port_is_dx = false;  // Port; `op` says which way
    Port port = 0;                          // Port, if not in DX
    u16 failures = 0;                       // Changed, Guard, OddBp, Direction, Return, Window
    BlockId block = none;                   // whose exit it is
    u8* site = nullptr;                     // Link: the displacement to patch, at its writable address
    u8* stub = nullptr;                     // where the way out begins; an unlinked Link's site points there
    ExitId next_incoming = none;            // Link: list of the sites that point at one block
};

/// Translated host code and what undoing it takes.
struct Block {
    SegOff head;
    timing::Queue queue = 0;  // it is entered with
    bool alive = false;
    const u8* entry = nullptr;  // executable address
    u32 hot_bytes = 0;
    ExitId incoming = none;  // first of the linked exits
    ExitId first_exit = 0, exit_count = 0;
    u32 first_range = 0, range_count = 0;
    std::size_t first_byte = 0;  // of the copy of what its ranges held
    u16 made_for = 0;            // what else it depends on: whoever translates says
    BlockId shelved_before = none;
    // Blocks made from different bytes at one head, which are compared: the first is entered, and leads on to the next.
    const u8* comparison = nullptr;  // where that begins, flags put aside; executable address
    ExitId changed = none;           // the way on to the next
    BlockId first_variant = none, next_variant = none;
};

}  // namespace dyn86::jit
