#include "src/machine/sentry_post.h"

#include "cpu/decode.h"

#include <algorithm>
#include <utility>

namespace dyn86 {
namespace {

bool is_of_interrupt(Op op) {
    return op == Op::Int || op == Op::Int3;
}
bool is_of_port(Op op) {
    return op == Op::In || op == Op::Out;
}
u8 marks_of(Watch::Kind kind) {
    switch (kind) {
        case Watch::Kind::Write: return special::watched_writes;
        case Watch::Kind::Read: return special::watched_reads;
        case Watch::Kind::Access: break;
    }
    return special::watched_writes | special::watched_reads;
}

}  // namespace

SentryPost::~SentryPost() {
    mark(false);
    memory_.post(nullptr, false);
}

void SentryPost::mark(bool on) {
    const auto change = [&](Linear start, u32 length, u8 bits) {
        memory_.mark_for_sentry(start, length, on ? bits : u8{0}, on ? u8{0} : bits);
    };
    for (const Linear at : stops_.breakpoints) change(at, 1, special::stop);
    for (const Watch& watch : stops_.watches) change(watch.start, watch.length, marks_of(watch.kind));
}

bool SentryPost::watches_reads() const {
    return std::ranges::any_of(stops_.watches, [](const Watch& watch) { return watch.kind != Watch::Kind::Write; });
}

void SentryPost::set(Stops stops, Engine& engine) {
    const bool had_interrupts = stops_.on_interrupt != nullptr, had_ports = stops_.on_port != nullptr;
    const bool trapped = memory_.reads_trap();
    // Not all bytes that a block was made from are marked: some it compares as it goes.
    const bool breaks_otherwise = stops_.breakpoints != stops.breakpoints;
    mark(false);
    stops_ = std::move(stops);
    const bool is_needed = asks() || !stops_.breakpoints.empty() || !stops_.watches.empty();
    memory_.post(is_needed ? this : nullptr, watches_reads());
    mark(true);
    const bool asks_otherwise =
        had_interrupts != (stops_.on_interrupt != nullptr) || had_ports != (stops_.on_port != nullptr);
    if (breaks_otherwise || asks_otherwise || trapped != memory_.reads_trap()) engine.flush();
}

bool SentryPost::stops_here() noexcept {
    const SegOff here = core_.regs.cs_ip();
    if (memory_.has_mark(here.linear(), special::stop)) {
        event_ = {.kind = StopEvent::Kind::Breakpoint, .address = here.linear()};
        return true;
    }
    if (!asks() || core_.repeating != 0) return false;
    const Insn insn = decode(memory_, here);
    if (insn.length == 0 || !may_stop_at(insn.op)) return false;
    const auto event = event_at(insn);
    if (event) event_ = event;
    return event.has_value();
}

bool SentryPost::may_stop_at(Op op) const noexcept {
    return (stops_.on_interrupt && is_of_interrupt(op)) || (stops_.on_port && is_of_port(op));
}

std::optional<StopEvent> SentryPost::event_at(const Insn& insn) const {
    StopEvent event{.address = core_.regs.cs_ip().linear()};
    if (is_of_interrupt(insn.op)) {
        constexpr u8 breakpoint_vector = 3;
        event.kind = StopEvent::Kind::Interrupt;
        event.interrupt = insn.op == Op::Int3 ? breakpoint_vector : u8(insn.immediate);
        return stops_.on_interrupt(event.interrupt) ? std::optional(event) : std::nullopt;
    }
    event.kind = StopEvent::Kind::PortUse;
    event.port = access_of(insn);
    return stops_.on_port(event.port) ? std::optional(event) : std::nullopt;
}

PortAccess SentryPost::access_of(const Insn& insn) const {
    const Registers& regs = core_.regs;
    const Operand& port = insn.op == Op::In ? insn.src : insn.dst;
    const bool is_word = insn.width == Width::Word;
    return {.port = port.kind == Operand::Kind::Immediate ? insn.immediate : regs.get(Reg16::Dx),
            .is_write = insn.op == Op::Out,
            .width = insn.width,
            .value = is_word ? regs.get(Reg16::Ax) : u16{regs.get(Reg8::Al)}};
}

void SentryPost::touched(Linear at, Access access) noexcept {
    if (looks_away_ || event_) return;  // the first one counts
    const bool reads = access == Access::Read;
    const auto covers = [&](const Watch& watch) {
        const bool is_meant = watch.kind == Watch::Kind::Access || (watch.kind == Watch::Kind::Read) == reads;
        return is_meant && ((at - memory_.canonical(watch.start)) & address_mask) < watch.length;
    };
    const auto found = std::ranges::find_if(stops_.watches, covers);
    if (found == stops_.watches.end()) return;
    event_ = {.kind = StopEvent::Kind::Watchpoint, .address = at, .watch = found->kind};
    core_.stop = 1;
}

}  // namespace dyn86
