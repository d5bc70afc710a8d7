// Which guest instructions make a block. Apart from the emitter, so that another choice is only another input to it.
#pragma once

#include "cpu/memory.h"
#include "jit/block.h"
#include "jit/emitter.h"

namespace dyn86::jit {

class TraceBuilder {
public:
    /// `window`: clocks within which a flag must be overwritten to count as dead.
    TraceBuilder(const Memory& memory, const Emitter& emitter, i32 window)
        : memory_(memory), emitter_(emitter), window_(window) {}

    /// Collects the trace that starts at `head`. False when its first instruction is the interpreter's.
    bool build(SegOff head, Onlookers onlookers, Trace& trace);

private:
    void collect(Trace& trace);
    u8 find_tail(Trace& trace, const Step& branch);
    void hand_over(Trace& trace);
    static void add_detours(Trace& trace);
    static void add_clocks(Trace& trace);

    const Memory& memory_;
    const Emitter& emitter_;
    i32 window_;
};

}  // namespace dyn86::jit
