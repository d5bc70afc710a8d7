// Which flags matter where. The decoded instruction is the only intermediate representation.
#pragma once

#include "cpu/memory.h"
#include "jit/block.h"

#include <vector>

namespace dyn86::jit {

/// The flags that live in the host's flag register.
inline constexpr u16 arithmetic_flags = flag::oszapc;

/// Translated shifts by CL leave larger counts to the interpreter: beyond, the host would mask them.
inline constexpr i32 max_inline_count = 31;

class Patches;
class Pricing;

/// Clocks of one instruction by the shared cost table.
struct Clocks {
    i32 straight = 0;  // as translated, not leaving the trace; a shift by CL: by max_inline_count
    i32 taken = 0;     // of a branch that is taken
    i32 worst = 0;     // whoever executes it, whatever the data
};
[[nodiscard]] Clocks clocks_of(const Insn& insn);

/// Who may look at the flags besides the instructions that read them.
struct Onlookers {
    bool devices = false;  // some memory has a device behind it, and devices see everything
    bool stores = false;  // a store may turn the next instruction, which would overwrite a flag, into one that reads it
};
/// Arithmetic flags that `insn` reads, more than the table says: where the outside world can look (ports, a trap, the
/// interruptible REP, onlookers), all of them.
[[nodiscard]] u16 flags_read(const Insn& insn, Onlookers onlookers);
[[nodiscard]] u16 flags_written(const Insn& insn);

/// A flag is dead where on every path an instruction that overwrites it unread begins within a window of clocks. The
/// window matters because an interrupt pushes FLAGS: it comes no sooner after translated code was left than that many
/// clocks, so that the image pushed is the interpreter's to the bit although dead flags were clobbered. Whoever is not
/// overwritten in time, on a path around a loop for instance, is live.
class Liveness {
public:
    /// `watched` collects every byte whose value an answer depends on.
    Liveness(const Memory& memory, i32 window, Onlookers onlookers, Pricing& pricing, Patches& patches,
             std::vector<Range>& watched)
        : memory_(memory),
          window_(window),
          onlookers_(onlookers),
          pricing_(pricing),
          patches_(patches),
          watched_(watched) {}

    /// Of `wanted`, the flags live when execution arrives at `at`.
    [[nodiscard]] u16 at(SegOff at, u16 wanted);
    /// Fills in live_in, live_out and live_aside of every step.
    void analyse(Trace& trace);

private:
    static constexpr unsigned max_depth = 5;
    static constexpr unsigned max_decodes = 40;
    u16 scan(SegOff at, u16 wanted, i32 clocks_left, unsigned depth);
    [[nodiscard]] u16 flags_read(const Step& step) const;
    u16 live_aside(const Trace& trace, std::size_t k);
    u16 scan_end(const Insn& insn, u16 segment, u16 wanted, i32 clocks_left, unsigned depth);

    const Memory& memory_;
    i32 window_;
    Onlookers onlookers_;
    Pricing& pricing_;
    Patches& patches_;
    std::vector<Range>& watched_;
    unsigned decodes_ = 0;
};

/// Notes the bytes of `insn` at `segment` as watched, but for operands that are patched; canonical, page by page.
void watch(const Memory& memory, u16 segment, const Insn& insn, std::vector<Range>& watched);

}  // namespace dyn86::jit
