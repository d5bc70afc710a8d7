#include "src/machine/idle_loop.h"

#include "cpu/decode.h"
#include "src/bios/host_trap.h"

#include <algorithm>
#include <vector>

namespace dyn86 {
namespace {

// A look at DOS's keyboard takes some seventy instructions.
constexpr unsigned most_instructions = 300, longest_turn = 150;
// Code that changes more bytes within a turn is no idle loop.
constexpr std::size_t most_changed_bytes = 64;
// Left to be executed in any case, so that what an interrupt sees of the loop is what it would have seen.
constexpr Cycles turns_left = 2;

// roms/dos.asm
constexpr u8 dos_call = 0x80, dos_step = 0x81;

}  // namespace

/// What bytes were at the beginning of a turn that has changed them since.
class IdleLoop::Changes {
public:
    void note(Linear place, u8 before) {
        if (std::ranges::find(list_, place, &Change::place) == list_.end()) list_.push_back({place, before});
    }
    void forget() { list_.clear(); }
    [[nodiscard]] bool are_many() const { return list_.size() > most_changed_bytes; }
    [[nodiscard]] bool are_undone(const u8* view) const {
        return std::ranges::all_of(list_, [&](const Change& c) { return view[c.place] == c.before; });
    }

private:
    struct Change {
        Linear place;
        u8 before;
    };
    std::vector<Change> list_;
};

/// Of any instruction that is let through: three words below the stack's top and what ModRM names; of a host service
/// besides that: its caller's registers and state on the stack, the BIOS's data and DOS's variables.
class IdleLoop::Footprint {
public:
    Footprint(const Memory& memory, const Registers& regs, SegOff operand, bool of_service) : view_(memory.view()) {
        add_stack(regs, -6, 0);
        add({operand.segment, operand.offset}, 4);
        if (!of_service) return;
        add_stack(regs, 0, 64);
        add({0x40, 0}, 0x100);
        add({0x60, 0}, 0x300);
    }
    /// Adds the old values of the bytes that have changed.
    void note_changes(Changes& changes) const {
        for (std::size_t i = 0; i < count_; ++i)
            if (view_[places_[i]] != bytes_[i]) changes.note(places_[i], bytes_[i]);
    }

private:
    void add_stack(const Registers& regs, int from, int to) {
        add({regs.get(Sreg::Ss), u16(regs.get(Reg16::Sp) + from)}, unsigned(to - from));
    }
    void add(SegOff at, unsigned length) {
        for (unsigned i = 0; i < length; ++i) {
            places_[count_] = SegOff{at.segment, u16(at.offset + i)}.linear();
            bytes_[count_] = view_[places_[count_]];
            ++count_;
        }
    }

    const u8* view_;  // no device is in memory (IdleLoop::pass)
    std::size_t count_ = 0;
    std::array<Linear, 0x480> places_;
    std::array<u8, 0x480> bytes_;
};

IdleLoop::IdleLoop(Memory& memory, const PortBus& ports, Interpreter& interpreter)
    : memory_(memory), core_(memory.core()), ports_(ports), interpreter_(interpreter) {}

std::optional<IdleLoop::Turn> IdleLoop::pass() {
    if (memory_.reads_trap()) return std::nullopt;  // what memory holds may change by itself
    const auto turn = find_turn();
    if (!turn) return std::nullopt;
    return turn->clocks == 0 ? turn : let_pass(*turn, core_.budget - 1);
}

IdleLoop::Turn IdleLoop::let_pass(Turn turn, Cycles time) {
    const Cycles turns = std::max<Cycles>(time / turn.clocks - turns_left, 0);
    core_.advance(turns * turn.clocks);
    return {turns * turn.clocks, u64(turns) * turn.instructions};
}

bool IdleLoop::may_begin() const {
    const bool interrupt = core_.intr != 0 && (core_.regs.flags & flag::i) != 0;
    return core_.budget > 0 && !interrupt && core_.nmi == 0 && core_.halted == 0 && core_.stop == 0 &&
           core_.trap == 0 && core_.repeating == 0 && (core_.regs.flags & flag::t) == 0;
}

/// A turn; one without clocks when time has passed already, while the beam was waited for.
std::optional<IdleLoop::Turn> IdleLoop::find_turn() {
    in_poll_ = false;
    Changes changes;
    State begin = state();
    Cycles begun = core_.now();
    unsigned instructions = 0;
    for (unsigned executed = 0; executed < most_instructions && !changes.are_many(); ++executed) {
        if (!may_begin()) return std::nullopt;
        const Insn insn = decode(memory_, core_.regs.cs_ip());
        const bool is_beam = waits_for_beam(insn);
        if (is_beam)
            if (const auto passed = pass_beam(insn)) return passed;
        if (!may_begin()) return std::nullopt;
        const Effect effect = is_beam ? Effect::Some : effect_of(insn);
        if (effect == Effect::Unknown) return std::nullopt;
        if (!is_beam) execute(insn, changes);
        ++instructions;
        const bool is_turn = effect == Effect::None && state() == begin;
        if (is_turn && changes.are_undone(memory_.view())) return Turn{core_.now() - begun, instructions};
        if (!is_turn && effect == Effect::None && instructions < longest_turn) continue;
        changes.forget();
        begin = state();
        begun = core_.now();
        instructions = 0;
    }
    return std::nullopt;
}

void IdleLoop::execute(const Insn& insn, Changes& changes) {
    const Footprint footprint(memory_, core_.regs, address_of(insn), insn.op == Op::Out);
    interpreter_.step();
    footprint.note_changes(changes);
}

/// What it does besides what its footprint shows.
IdleLoop::Effect IdleLoop::effect_of(const Insn& insn) {
    switch (insn.op) {
        case Op::Invalid:
        case Op::Hlt:
        case Op::Wait:
        case Op::Esc:
        case Op::Movs:
        case Op::Cmps:
        case Op::Stos:
        case Op::Lods:
        case Op::Scas: return Effect::Unknown;
        case Op::In: return is_harmless_read(insn) ? Effect::None : Effect::Unknown;
        case Op::Out: return effect_of_service(insn);
        default: return insn.length != 0 ? Effect::None : Effect::Unknown;
    }
}

/// Ports that say the same until an event: interrupt controller, keyboard, the PPI's port B, and nothing at all.
bool IdleLoop::is_harmless_read(const Insn& insn) const {
    if (insn.width != Width::Byte) return false;
    const u16 port = insn.src.kind == Operand::Kind::Immediate ? insn.immediate : core_.regs.get(Reg16::Dx);
    return port == 0x20 || port == 0x21 || port == 0x60 || port == 0x61 || !ports_.is_mapped(port);
}

/// None: a service of DOS's that only looks whether a key is there [RBIL 21/AH=06h, 0Bh]; some: the rest of a call
/// whose beginning was not seen.
IdleLoop::Effect IdleLoop::effect_of_service(const Insn& insn) {
    constexpr u16 rom = 0xF000;
    constexpr u8 out_immediate = 0xE6;
    const bool is_trap =
        core_.regs.get(Sreg::Cs) == rom && insn.opcode == out_immediate && insn.immediate == HostTrap::port;
    if (!is_trap) return Effect::Unknown;
    const u8 service = memory_.peek(SegOff{rom, insn.next()}.linear());
    if (service == dos_step) return in_poll_ ? Effect::None : Effect::Some;
    const u8 function = core_.regs.get(Reg8::Ah);
    in_poll_ = service == dos_call && (function == 0x0B || (function == 0x06 && core_.regs.get(Reg8::Dl) == 0xFF));
    return in_poll_ ? Effect::None : Effect::Unknown;
}

/// Where its operand in memory lies; of an instruction without one, anywhere. [UM86 table 2-20 has the same sums]
SegOff IdleLoop::address_of(const Insn& insn) const {
    const Registers& regs = core_.regs;
    const u16 segment = regs.get(insn.segment);
    if (!insn.has_memory() || insn.is_direct()) return {segment, insn.displacement};
    const auto sum = [&](Reg16 a, Reg16 b) { return u16(regs.get(a) + regs.get(b)); };
    using enum Reg16;
    const std::array<u16, 8> bases = {sum(Bx, Si),  sum(Bx, Di),  sum(Bp, Si),  sum(Bp, Di),
                                      regs.get(Si), regs.get(Di), regs.get(Bp), regs.get(Bx)};
    return {segment, u16(bases[insn.rm()] + insn.displacement)};
}

/// IN AL,DX; TEST AL,bit; JZ or JNZ back: nothing but the bit decides, and AL is loaded anew in each turn.
bool IdleLoop::waits_for_beam(const Insn& insn) const {
    if (!beam_ || insn.op != Op::In || insn.width != Width::Byte || core_.regs.get(Reg16::Dx) != beam_->port)
        return false;
    if (insn.src.kind == Operand::Kind::Immediate) return false;
    const u16 segment = core_.regs.get(Sreg::Cs);
    const Insn test = decode(memory_, {segment, insn.next()});
    const Insn jump = decode(memory_, {segment, test.next()});
    const bool tests = test.op == Op::Test && test.dst == Operand{Operand::Kind::Reg8, u8(Reg8::Al)} &&
                       test.src.kind == Operand::Kind::Immediate && u8(test.immediate) == beam_->mask;
    constexpr u8 if_zero = 4, if_not_zero = 5;
    return tests && jump.op == Op::Jcc && (jump.condition == if_zero || jump.condition == if_not_zero) &&
           jump.target == insn.ip;
}

/// A turn is executed for its clocks, and again until it leaves the queue that it found; those that read the bit before
/// it changes may pass.
std::optional<IdleLoop::Turn> IdleLoop::pass_beam(const Insn& insn) {
    constexpr unsigned instructions = 3, most_tries = 3;
    const Cycles change = beam_->next_change();  // before the bit is read: it may come in the middle of the turn
    Turn turn;
    u8 queue = 0;
    for (unsigned tries = 0; tries == 0 || core_.queue != queue; ++tries) {
        if (tries == most_tries) return std::nullopt;
        queue = core_.queue;
        turn = {core_.now(), instructions};
        for (unsigned i = 0; i < instructions; ++i) {
            if (!may_begin()) return std::nullopt;
            interpreter_.step();
        }
        if (core_.regs.ip != insn.ip) return std::nullopt;
        turn.clocks = core_.now() - turn.clocks;
    }
    const Turn passed = let_pass(turn, std::min<Cycles>(core_.budget - 1, change - core_.now()));
    return passed.clocks == 0 ? std::nullopt : std::optional(Turn{0, passed.instructions});
}

}  // namespace dyn86
