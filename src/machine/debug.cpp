// What debuggers and libraries do with a machine: single instructions, registers, memory, stops.
#include "cpu/decode.h"
#include "cpu/disassemble.h"
#include "src/machine/impl.h"

#include <algorithm>
#include <utility>

namespace dyn86 {

CpuState Machine::Impl::cpu() const {
    CpuState state;
    for (std::size_t i = 0; i < state.words.size(); ++i) state.words[i] = core_.regs.get(Reg16(i));
    state.segments = core_.regs.sreg;
    state.ip = core_.regs.ip;
    state.flags = core_.regs.flags;
    return state;
}

void Machine::Impl::set_cpu(const CpuState& state) {
    const SegOff before = core_.regs.cs_ip();
    for (std::size_t i = 0; i < state.words.size(); ++i) core_.regs.set(Reg16(i), state.words[i]);
    core_.regs.sreg = state.segments;
    core_.regs.ip = state.ip;
    core_.regs.flags = u16((state.flags & flag::changeable) | flag::always_one);
    if (core_.regs.cs_ip() == before) return;
    core_.halted = 0;
    interpreter_.moved();
}

bool Machine::Impl::poke(Linear to, std::span<const u8> from) {
    sentry_.look_away(true);
    memory_->copy_in(to, from);
    sentry_.look_away(false);
    for (std::size_t i = 0; i < from.size(); ++i)
        if (memory_->peek(Linear(to + i)) != from[i]) return false;
    return true;
}

void Machine::Impl::set_stops(Stops stops) {
    is_debugged_ = true;
    sentry_.set(std::move(stops), *engine_);
}

Pause Machine::Impl::step() {
    set_check_context(print_registers, &core_);
    return settle(step_once());
}

/// A halted CPU waits for what wakes it, and stops before the first instruction of the handler.
Pause Machine::Impl::wake() {
    while (!outcome_) {
        if (pause_requested_.exchange(false, std::memory_order_relaxed)) return Pause::Requested;
        scheduler_.run_due();
        if (interpreter_.accept_interrupt()) return Pause::Stop;
        set_deadline(Ticks::never());
        halt();
    }
    return Pause::Ended;
}

Pause Machine::Impl::step_once() {
    if (outcome_) return Pause::Ended;
    sentry_.reset();
    if (core_.halted != 0) return wake();
    do {  // a REP comes back at every event
        scheduler_.run_due();
        set_deadline(Ticks::never());
        engine_->step();
    } while (core_.repeating != 0 && !outcome_ && !sentry_.event());
    core_.stop = 0;
    return Pause::Stop;
}

std::vector<MemoryRegion> Machine::Impl::memory_regions() const {
    std::vector<MemoryRegion> regions;
    for (Linear at = 0; at < address_space; ++at) {
        using Kind = MemoryRegion::Kind;
        const bool is_device = memory_->has_mark(at, special::mmio);
        const Kind kind = is_device ? Kind::Device : memory_->has_mark(at, special::rom) ? Kind::Rom : Kind::Ram;
        if (regions.empty() || regions.back().kind != kind) regions.push_back({kind, at, 0});
        ++regions.back().length;
    }
    return regions;
}

InstructionText Machine::Impl::disassemble(SegOff at) const {
    const Insn insn = decode(*memory_, at);
    return {dyn86::disassemble(insn), insn.length};
}

}  // namespace dyn86
