// Which guest instructions make a block. Apart from the emitter, so that another choice is only another input to it.
#pragma once

#include "cpu/memory.h"
#include "jit/block.h"
#include "jit/emitter.h"
#include "jit/open_calls.h"
#include "jit/patches.h"
#include "jit/pricing.h"

namespace dyn86::jit {

class TraceBuilder {
public:
    /// `window`: clocks within which a flag must be overwritten to count as dead.
    TraceBuilder(const Memory& memory, const Emitter& emitter, Pricing& pricing, Patches& patches, i32 window)
        : memory_(memory), emitter_(emitter), pricing_(pricing), patches_(patches), window_(window) {}

    /// Collects the trace that starts at `head` with this prefetch queue. False when its first instruction is the
    /// interpreter's.
    bool build(SegOff head, timing::Queue queue, Onlookers onlookers, Assumptions assumed, Trace& trace);

private:
    void collect(Trace& trace);
    bool continues(const Trace& trace, i32 clocks, Step& step, u16& ip);
    bool follows_call(const Trace& trace, i32 clocks, Step& step, u16& ip);
    bool follows_return(Step& step, u16& ip);
    u8 find_tail(Trace& trace, const Step& branch);
    void hand_over(Trace& trace);
    static void add_detours(Trace& trace);

    const Memory& memory_;
    const Emitter& emitter_;
    Pricing& pricing_;
    Patches& patches_;
    i32 window_;
    OpenCalls calls_;
    bool follows_returns_ = false;
};

}  // namespace dyn86::jit
