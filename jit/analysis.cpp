#include "jit/analysis.h"

#include "cpu/cost.h"
#include "cpu/decode.h"
#include "cpu/sentry.h"
#include "jit/patches.h"
#include "jit/pricing.h"
#include "src/base/check.h"

#include <algorithm>
#include <array>

namespace dyn86::jit {
namespace {

bool is_string(Op op) {
    return op == Op::Movs || op == Op::Cmps || op == Op::Stos || op == Op::Lods || op == Op::Scas;
}

bool stores(const Insn& insn) {
    if (insn.writes_memory()) return true;
    switch (insn.op) {
        case Op::Xchg: return insn.has_memory();
        case Op::Push:
        case Op::Pushf:
        case Op::Call:
        case Op::CallFar:
        case Op::Int:
        case Op::Int3:
        case Op::Into:
        case Op::Movs:
        case Op::Stos: return true;
        default: return false;
    }
}

bool touches_memory(const Insn& insn) {
    if (insn.has_memory() && insn.op != Op::Lea) return true;
    switch (insn.op) {
        case Op::Pop:
        case Op::Popf:
        case Op::Ret:
        case Op::RetFar:
        case Op::Iret:
        case Op::Xlat: return true;
        default: return stores(insn) || is_string(insn.op);
    }
}

constexpr std::array<u16, 6> flag_bits = {flag::c, flag::p, flag::a, flag::z, flag::s, flag::o};

/// For each arithmetic flag, the clocks until the instruction begins that overwrites it unread, or `never`.
class Distances {
public:
    Distances() = default;
    /// Flags in `live` are read; the others are overwritten within `clocks`.
    Distances(u16 live, i32 clocks, i32 window) : window_(window) {
        for (std::size_t f = 0; f < flag_bits.size(); ++f) clocks_[f] = (live & flag_bits[f]) != 0 ? never : clocks;
    }
    void merge(const Distances& other) {
        for (std::size_t f = 0; f < flag_bits.size(); ++f) clocks_[f] = std::max(clocks_[f], other.clocks_[f]);
    }
    void pass(u16 reads, u16 writes, i32 clocks) {
        for (std::size_t f = 0; f < flag_bits.size(); ++f) {
            i32& left = clocks_[f];
            if ((writes & flag_bits[f]) != 0)
                left = 0;
            else if (left != never)
                left += clocks;
            if ((reads & flag_bits[f]) != 0 || left >= window_) left = never;
        }
    }
    [[nodiscard]] u16 live() const {
        u16 mask = 0;
        for (std::size_t f = 0; f < flag_bits.size(); ++f)
            if (clocks_[f] == never) mask |= flag_bits[f];
        return mask;
    }

private:
    static constexpr i32 never = 1 << 30;
    std::array<i32, flag_bits.size()> clocks_{};
    i32 window_ = 0;
};

void watch_bytes(const Memory& memory, u16 segment, const Insn& insn, u16 from, u16 to, std::vector<Range>& watched) {
    for (u16 i = from; i < to;) {
        const Linear start = memory.canonical(u32{segment} * 16 + u16(insn.ip + i));
        u32 length = 1;
        while (i + length < to && memory.canonical(u32{segment} * 16 + u16(insn.ip + i + length)) == start + length &&
               (start + length) % 0x1000 != 0)
            ++length;
        i = u16(i + length);
        if (!watched.empty() && watched.back().start + watched.back().length == start && start % 0x1000 != 0) {
            watched.back().length += length;
            continue;
        }
        watched.push_back({start, length});
    }
}

}  // namespace

Clocks clocks_of(const Insn& insn) {
    const i32 base = i32(cost::clocks(insn));
    if (insn.op == Op::Into) return {base - i32(cost::not_taken_refund(*insn.info)), base, base};
    if (ends(insn) == Ends::Branch) return {base - i32(cost::not_taken_refund(*insn.info)), base, base};
    if (insn.src == Operand{Operand::Kind::Reg8, u8(Reg8::Cl)} && insn.op >= Op::Rol && insn.op <= Op::Sar) {
        const i32 per_bit = i32(cost::per_bit(*insn.info));
        return {base + max_inline_count * per_bit, base, base + 255 * per_bit};
    }
    return {base, base, base};
}

u16 flags_read(const Insn& insn, Onlookers onlookers) {
    if (insn.repeat != Repeat::None && is_string(insn.op)) return arithmetic_flags;
    if (onlookers.devices && touches_memory(insn)) return arithmetic_flags;
    if (onlookers.stores && stores(insn)) return arithmetic_flags;
    switch (insn.op) {
        case Op::In:
        case Op::Out:
        case Op::Hlt:
        case Op::Wait:
        case Op::Sti: return arithmetic_flags;
        default: return insn.info->reads & arithmetic_flags;
    }
}

u16 flags_written(const Insn& insn) {
    return insn.info->writes & arithmetic_flags;
}

void watch(const Memory& memory, u16 segment, const Insn& insn, std::vector<Range>& watched) {
    u16 from = 0;
    const auto leave_out = [&](Field field) {
        watch_bytes(memory, segment, insn, from, field.at, watched);
        from = u16(field.at + field.bytes);
    };
    if (insn.patched_displacement) leave_out(displacement_field(insn));
    if (insn.src.kind == Operand::Kind::Patched) leave_out(immediate_field(insn));
    watch_bytes(memory, segment, insn, from, insn.length, watched);
}

u16 Liveness::at(SegOff at, u16 wanted) {
    decodes_ = 0;
    return window_ == 0 ? wanted : scan(at, wanted, window_ / 2, 0);
}

// The bytes behind a conservative answer need no watching: whatever they become, it stays right.
u16 Liveness::scan(SegOff at, u16 wanted, i32 clocks_left, unsigned depth) {
    u16 live = 0;
    while (wanted != 0) {
        if (++decodes_ > max_decodes) return live | wanted;
        Insn insn = decode(memory_, at);
        if (insn.length == 0 || may_stop(memory_, at.segment, insn)) return live | wanted;
        if (patches_.is_restless(insn, at.segment)) return live | wanted;
        patches_.apply(insn, at.segment);
        const u16 reads = jit::flags_read(insn, onlookers_) & wanted;
        live |= reads;
        wanted &= u16(~reads);
        if (wanted == 0) return live;
        watch(memory_, at.segment, insn, watched_);
        wanted &= u16(~flags_written(insn));
        clocks_left -= pricing_.worst(insn);
        if (clocks_left < 0) return live | wanted;
        if (ends(insn) != Ends::No) return live | scan_end(insn, at.segment, wanted, clocks_left, depth);
        at.offset = insn.next();
    }
    return live;
}

u16 Liveness::scan_end(const Insn& insn, u16 segment, u16 wanted, i32 clocks_left, unsigned depth) {
    if (wanted == 0 || depth == max_depth) return wanted;
    const SegOff target = {segment, insn.target};
    switch (ends(insn)) {
        case Ends::Branch: {
            const u16 taken = scan(target, wanted, clocks_left, depth + 1);
            if (taken == wanted) return taken;
            return taken | scan({segment, insn.next()}, wanted & u16(~taken), clocks_left, depth + 1);
        }
        case Ends::Jump:
            if (insn.src.kind == Operand::Kind::Far)
                return scan({insn.immediate_segment, insn.immediate}, wanted, clocks_left, depth + 1);
            return scan(target, wanted, clocks_left, depth + 1);
        default: return wanted;
    }
}

void Liveness::analyse(Trace& trace) {
    const u16 segment = trace.head.segment;
    const auto after = [&](u16 ip) { return at({segment, ip}, arithmetic_flags); };
    const auto end_of = [&](const Step& step) {
        if (step.inverted) return after(step.insn.target);
        switch (ends(step.insn)) {
            case Ends::No:
            case Ends::Branch: return after(step.insn.next());
            case Ends::Jump:
                if (window_ == 0) return arithmetic_flags;
                return scan_end(step.insn, segment, arithmetic_flags, window_ / 2, 0);
            default: return arithmetic_flags;
        }
    };
    decodes_ = 0;
    std::array<Distances, Trace::max_steps> before;
    Distances distances{end_of(trace.last()), window_ / 2, window_};
    for (std::size_t k = trace.length; k-- > 0;) {
        Step& step = trace.storage[k];
        step.live_out = distances.live();
        if (step.join != 0) {
            distances.merge(before[step.join]);
        } else if (ends(step.insn) == Ends::Branch) {
            step.live_aside = live_aside(trace, k);
            distances.merge({step.live_aside, window_ / 2, window_});
        }
        distances.pass(flags_read(step), flags_written(step.insn), step.clocks_worst);
        step.live_in = distances.live();
        before[k] = distances;
    }
}

/// Where a RET goes if it does not go where it is expected to, is unknown. So it is of one that returns for sure: when
/// the push of its CALL goes into ROM, the trace is left there, and the RET goes anywhere.
u16 Liveness::flags_read(const Step& step) const {
    return step.insn.op == Op::Ret ? arithmetic_flags : jit::flags_read(step.insn, onlookers_);
}

/// What the same branch in a later turn of an unrolled loop has found out need not be looked for again.
u16 Liveness::live_aside(const Trace& trace, std::size_t k) {
    const Step& step = trace.storage[k];
    for (std::size_t later = k + 1; later < trace.length; ++later) {
        const Step& other = trace.storage[later];
        if (other.insn.ip == step.insn.ip && other.inverted == step.inverted && other.join == 0)
            return other.live_aside;
    }
    return at({trace.head.segment, step.inverted ? step.insn.next() : step.insn.target}, arithmetic_flags);
}

}  // namespace dyn86::jit
