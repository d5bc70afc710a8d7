#include "jit/trace_builder.h"

#include "cpu/decode.h"
#include "jit/analysis.h"

#include <algorithm>

namespace dyn86::jit {
namespace {

constexpr u32 segment_size = 0x10000;
// A longer block would keep the interpreter busy for longer before each event.
constexpr i32 most_clocks = 600;

bool contains(const Trace& trace, u16 ip) {
    return std::ranges::any_of(trace.steps(), [&](const Step& step) { return step.insn.ip == ip; });
}

/// Where the trace goes on after `step`, if it does. Forward branches are left to their less likely side.
bool continues(const Trace& trace, Step& step, u16& ip) {
    const Insn& insn = step.insn;
    switch (ends(insn)) {
        case Ends::No: ip = insn.next(); return true;
        case Ends::Branch:
            ip = insn.next();
            return (insn.op == Op::Jcc || insn.op == Op::Jcxz) && insn.target > insn.ip;
        case Ends::Jump:
            if (insn.op != Op::Jmp || contains(trace, insn.target)) return false;
            ip = insn.target;
            step.followed = true;
            return true;
        default: return false;
    }
}

bool moves_sp_by_one(const Insn& insn) {
    return (insn.op == Op::Inc || insn.op == Op::Dec) && insn.dst == Operand{Operand::Kind::Reg16, u8(Reg16::Sp)};
}

/// Compilers write INC SP twice where ADD SP, 2 is longer.
void pair_sp_steps(Trace& trace) {
    for (std::size_t k = 0; k + 1 < trace.length; ++k) {
        Step &first = trace.storage[k], &second = trace.storage[k + 1];
        if (!moves_sp_by_one(first.insn) || second.insn.op != first.insn.op || !moves_sp_by_one(second.insn)) continue;
        first.paired = second.paired = true;
        ++k;
    }
}

}  // namespace

bool TraceBuilder::build(SegOff head, Onlookers onlookers, Trace& trace) {
    trace.head = head;
    trace.length = 0;
    trace.watched.clear();
    collect(trace);
    if (trace.length == 0) return false;
    Liveness{memory_, window_, onlookers, trace.watched}.analyse(trace);
    pair_sp_steps(trace);
    hand_over(trace);
    add_clocks(trace);
    return !trace.storage[0].handed_over;
}

void TraceBuilder::collect(Trace& trace) {
    u16 ip = trace.head.offset;
    i32 clocks = 0;
    while (trace.length < Trace::max_steps && clocks < most_clocks) {
        const Insn insn = decode(memory_, {trace.head.segment, ip});
        if (insn.length == 0 || u32{ip} + insn.length > segment_size) break;
        watch(memory_, trace.head.segment, insn, trace.watched);
        const Clocks cost = clocks_of(insn);
        Step& step = trace.storage[trace.length++];
        step = Step{.insn = insn, .clocks = cost.straight, .clocks_taken = cost.taken};
        clocks += cost.straight;
        trace.continues_at = insn.next();
        if (!continues(trace, step, ip)) return;
        trace.continues_at = ip;
        if (ip == trace.head.offset) return;
    }
}

void TraceBuilder::hand_over(Trace& trace) {
    for (std::size_t k = 0; k < trace.length; ++k) {
        Step& step = trace.storage[k];
        if (emitter_.can_emit(step)) continue;
        step.handed_over = true;
        step.followed = false;
        step.clocks = step.clocks_taken = 0;  // the interpreter charges them
        trace.length = k + 1;
    }
}

void TraceBuilder::add_clocks(Trace& trace) {
    trace.clocks = 0;
    i32 before = 0;
    for (Step& step : trace.steps()) {
        step.clocks_before = before;
        if (ends(step.insn) == Ends::Branch) trace.clocks = std::max(trace.clocks, before + step.clocks_taken);
        before += step.clocks;
        trace.clocks = std::max(trace.clocks, before);
    }
}

}  // namespace dyn86::jit
