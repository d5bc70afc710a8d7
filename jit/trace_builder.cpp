#include "jit/trace_builder.h"

#include "cpu/decode.h"
#include "cpu/sentry.h"
#include "jit/analysis.h"

#include <algorithm>
#include <utility>

namespace dyn86::jit {
namespace {

constexpr u32 segment_size = 0x10000;
// A longer block would keep the interpreter busy for longer before each event.
constexpr i32 most_clocks = 600;
// Of a loop that is unrolled.
constexpr i32 most_unrolled_clocks = 330;
constexpr std::ptrdiff_t most_turns = 4;
constexpr std::size_t most_skipped = 5;
constexpr u16 longest_release = 0x400;
// A call behind so many steps is left to be one.
constexpr std::size_t most_before_call = 28;

bool contains(const Trace& trace, u16 ip, std::size_t from) {
    return std::ranges::any_of(trace.steps().subspan(from), [&](const Step& step) { return step.insn.ip == ip; });
}

/// Is there room for the loop once more?
bool can_unroll(const Trace& trace, i32 clocks) {
    const auto starts = std::ranges::count(trace.steps(), trace.head.offset, [](const Step& s) { return s.insn.ip; });
    if (starts == most_turns) return false;
    const std::size_t turn = trace.length / std::size_t(starts);
    const i32 turn_clocks = clocks / i32(starts);
    return trace.length + turn <= Trace::max_steps && clocks + turn_clocks <= most_unrolled_clocks;
}

/// Nothing that a way around it would have to make up for, but clocks. SP, read or written, may be brought up to date.
bool can_be_skipped(const Step& step) {
    const Insn& insn = step.insn;
    constexpr Operand sp = {Operand::Kind::Reg16, u8(Reg16::Sp)}, ss = {Operand::Kind::Sreg, u8(Sreg::Ss)};
    const bool stack = insn.op == Op::Push || insn.op == Op::Pop || insn.op == Op::Pushf || insn.op == Op::Popf ||
                       insn.dst == sp || insn.src == sp || insn.dst == ss;
    return ends(insn) == Ends::No && insn.repeat == Repeat::None && !stack;
}

Step step_of(const Insn& insn, timing::Queue queue, const Price& price) {
    return {.insn = insn,
            .clocks = price.straight,
            .clocks_aside = price.taken,
            .clocks_worst = price.worst,
            .turn = price.turn,
            .queue = queue,
            .queue_after = price.after,
            .queue_aside = price.aside,
            .loose_operand = price.loose_operand,
            .loose_stack = price.loose_stack,
            .loose_si = price.loose_si,
            .loose_di = price.loose_di};
}

/// The step to which a branch only skips, if the queue is the same on both ways; 0: there is none.
u16 join_of(const Trace& trace, std::size_t k) {
    const Insn& branch = trace.storage[k].insn;
    if (branch.op != Op::Jcc || trace.storage[k].inverted) return 0;
    for (std::size_t j = k + 1; j < trace.length && j <= k + 1 + most_skipped; ++j) {
        if (trace.storage[j].insn.ip == branch.target)
            return trace.storage[j].queue == trace.storage[k].queue_aside ? u16(j) : u16{0};
        if (!can_be_skipped(trace.storage[j])) return 0;
    }
    return 0;
}

/// Steps that a branch may leave out do not count behind it.
void note_overwritten(Trace& trace) {
    u16 overwritten = 0, at_branch = 0;
    std::size_t join = 0;
    for (std::size_t k = 0; k < trace.length; ++k) {
        Step& step = trace.storage[k];
        if (k == join) overwritten = at_branch;
        step.overwritten = overwritten;
        overwritten |= flags_written(step.insn);
        if (step.join == 0) continue;
        join = step.join;
        at_branch = overwritten;
    }
}

}  // namespace

/// Where the trace goes on after `step`, if it does. Forward branches are left to their less likely side.
bool TraceBuilder::continues(const Trace& trace, i32 clocks, Step& step, u16& ip) {
    const Insn& insn = step.insn;
    const bool loops = insn.target == trace.head.offset;
    switch (ends(insn)) {
        case Ends::No: ip = insn.next(); return true;
        case Ends::Branch:
            ip = insn.next();
            if ((insn.op == Op::Jcc || insn.op == Op::Jcxz) && insn.target > insn.ip) return true;
            if (!loops || (insn.op != Op::Jcc && insn.op != Op::Loop) || !can_unroll(trace, clocks)) return false;
            ip = insn.target;
            step.inverted = true;
            std::swap(step.clocks, step.clocks_aside);
            std::swap(step.queue_after, step.queue_aside);
            return true;
        case Ends::Jump:
            if (insn.op == Op::Call) return follows_call(trace, clocks, step, ip);
            if (insn.op != Op::Jmp) return false;
            if (contains(trace, insn.target, calls_.body()) && !(loops && can_unroll(trace, clocks))) return false;
            ip = insn.target;
            step.followed = true;
            return true;
        case Ends::System: ip = insn.next(); return insn.op == Op::Sti || insn.op == Op::Popf || insn.op == Op::Into;
        default: return insn.op == Op::Ret && follows_return(step, ip);
    }
}

/// A call becomes its push alone, and the procedure comes along, as often as it is called.
bool TraceBuilder::follows_call(const Trace& trace, i32 clocks, Step& step, u16& ip) {
    const Insn& insn = step.insn;
    const bool unrolls = insn.target == trace.head.offset && can_unroll(trace, clocks);
    const bool recurs = insn.target == trace.head.offset || calls_.contains(insn.target);
    if (memory_.reads_trap() || (recurs && !unrolls) || trace.length > most_before_call) return false;
    calls_.enter(insn, trace.length);
    step.followed = true;
    ip = insn.target;
    return true;
}

bool TraceBuilder::follows_return(Step& step, u16& ip) {
    if (calls_.empty() || !follows_returns_) return false;
    const OpenCalls::Call call = calls_.leave();
    step.followed = true;
    step.returns_for_sure = call.intact;
    step.queue_after = pricing_.flushed(call.back);
    ip = call.back;
    return true;
}

bool TraceBuilder::build(SegOff head, timing::Queue queue, Onlookers onlookers, Assumptions assumed, Trace& trace) {
    trace.head = head;
    trace.queue = queue;
    trace.length = 0;
    trace.compares = false;
    trace.tails.clear();
    trace.watched.clear();
    calls_ = {};
    follows_returns_ = assumed.returns;
    collect(trace);
    if (trace.length == 0) return false;
    for (std::size_t k = 0; k < trace.length; ++k) trace.storage[k].join = join_of(trace, k);
    Liveness{memory_, window_, onlookers, pricing_, patches_, trace.watched}.analyse(trace);
    hand_over(trace);
    add_detours(trace);
    trace.add_clocks();
    note_overwritten(trace);
    return !trace.storage[0].handed_over;
}

void TraceBuilder::collect(Trace& trace) {
    u16 ip = trace.head.offset;
    timing::Queue queue = trace.queue;
    i32 clocks = 0;
    bool unrolled = false;
    while (trace.length < Trace::max_steps && clocks < most_clocks) {
        Insn insn = decode(memory_, {trace.head.segment, ip});
        if (insn.length == 0 || u32{ip} + insn.length > segment_size) break;
        if (may_stop(memory_, trace.head.segment, insn)) break;
        const Price price = pricing_.of(insn, queue);
        patches_.apply(insn, trace.head.segment);
        const bool restless = patches_.is_restless(insn, trace.head.segment);
        if (restless && trace.length != 0) return;
        trace.compares = trace.compares || restless;
        if (!unrolled && !restless) watch(memory_, trace.head.segment, insn, trace.watched);
        Step& step = trace.storage[trace.length++];
        step = step_of(insn, queue, price);
        trace.continues_at = insn.next();
        const bool returns = insn.op == Op::Ret;
        if (!returns) calls_.pass(step);
        const bool goes_on = continues(trace, clocks + price.straight, step, ip);
        if (returns) calls_.pass(step);
        clocks += step.clocks;
        queue = step.queue_after;
        if (!goes_on) return;
        if (insn.op == Op::Jcc && !memory_.reads_trap()) step.tail = find_tail(trace, step);
        trace.continues_at = ip;
        unrolled = (unrolled || ip == trace.head.offset) && !returns;  // what comes behind a RET is new
    }
}

/// The number of the tail to which a branch leaves the trace; 0: there is none.
u8 TraceBuilder::find_tail(Trace& trace, const Step& branch) {
    SegOff at = {trace.head.segment, branch.inverted ? branch.insn.next() : branch.insn.target};
    const std::size_t watched = trace.watched.size();
    const Range last = trace.watched.back();
    timing::Queue queue = branch.queue_aside;
    Tail tail;
    for (;;) {
        const Step step{.insn = decode(memory_, at)};
        const Insn& insn = step.insn;
        if (insn.length == 0 || u32{at.offset} + insn.length > segment_size || !emitter_.can_emit(step)) break;
        if (patches_.is_restless(insn, at.segment)) break;
        if (may_stop(memory_, at.segment, insn)) break;
        watch(memory_, at.segment, insn, trace.watched);
        const Price price = pricing_.of(insn, queue);
        if (price.loose_stack != 0) break;  // by SP's evenness, which nobody will ask for
        queue = price.after;
        tail.clocks += price.straight;
        if (insn.op == Op::Ret) {
            tail.released = u16(2 + insn.immediate);
            if (insn.immediate > longest_release) break;
            trace.tails.push_back(tail);
            return u8(trace.tails.size());
        }
        const bool pops = insn.op == Op::Pop && insn.dst.kind == Operand::Kind::Reg16 &&
                          insn.dst.index != u8(Reg16::Sp) && tail.pops < tail.popped.size();
        if (!pops) break;
        tail.popped[tail.pops++] = insn.dst.index;
        at.offset = insn.next();
    }
    trace.watched.resize(watched);
    trace.watched.back() = last;
    return 0;
}

void TraceBuilder::hand_over(Trace& trace) {
    for (std::size_t k = 0; k < trace.length; ++k) {
        Step& step = trace.storage[k];
        if (emitter_.can_emit(step)) continue;
        step.handed_over = true;
        step.followed = false;
        step.clocks = step.clocks_aside = 0;  // the interpreter charges them
        trace.length = k + 1;
    }
}

/// Ways around that are too dear, or cut off, stay exits.
void TraceBuilder::add_detours(Trace& trace) {
    i32 overrun = 0;
    for (std::size_t k = 0; k < trace.length; ++k) {
        Step& branch = trace.storage[k];
        if (branch.join == 0) continue;
        const i32 detour = trace.detour_of(k);
        if (branch.join >= trace.length || overrun + std::max(0, detour) > Trace::overrun) {
            branch.join = 0;
            continue;
        }
        branch.skipped = u16(branch.join - k - 1);
        overrun += std::max(0, detour);
    }
}

i32 Trace::detour_of(std::size_t k) const {
    const Step& branch = storage[k];
    i32 detour = branch.clocks - branch.clocks_aside;
    for (std::size_t i = k + 1; i < std::min<std::size_t>(branch.join, length); ++i) detour += storage[i].clocks;
    return detour;
}

void Trace::add_clocks() {
    clocks = 0;
    i32 before = 0;
    counted = 0;
    for (std::size_t k = 0; k < length; ++k) {
        Step& step = storage[k];
        step.detour = step.join != 0 ? detour_of(k) : 0;
        step.clocks_before = before;
        step.steps_before = counted;
        if (step.join != 0) step.tail = 0;
        const i32 tail = step.tail != 0 ? tails[step.tail - 1u].clocks : 0;
        if (ends(step.insn) == Ends::Branch && step.join == 0)
            clocks = std::max(clocks, before + step.clocks_aside + tail);
        before += step.clocks - step.detour;
        counted += 1 - i32{step.skipped};
        clocks = std::max(clocks, before);
    }
}

}  // namespace dyn86::jit
