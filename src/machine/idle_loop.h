// Guests that go round in circles until something happens: the time that takes, without executing it.
#pragma once

#include "cpu/interpreter.h"
#include "cpu/memory.h"
#include "src/base/bus.h"

#include <array>
#include <functional>
#include <optional>

namespace dyn86 {

/// Finds loops that change nothing: registers, flags, clocks per turn and all memory are after a turn what they were
/// before, and nothing was read that changes by itself. Until the next event such a guest can only repeat that turn, so
/// a whole number of turns may pass as time alone; nobody in the guest can tell. That is how waiting for INT 16h AH=01,
/// for the tick count, for a flag of the BIOS, for DOS's AH=06h or 0Bh costs the host nothing.
class IdleLoop {
public:
    struct Turn {
        Cycles clocks = 0;
        u64 instructions = 0;
    };
    /// A status port with a bit that loops wait for, and when it changes next.
    struct Beam {
        Port port = 0;
        u8 mask = 0;
        std::function<Cycles()> next_change;
    };

    /// All outlive it.
    IdleLoop(Memory& memory, const PortBus& ports, Interpreter& interpreter);
    void set_beam(Beam beam) { beam_ = std::move(beam); }

    /// Nothing is due at this boundary but the next instruction.
    [[nodiscard]] bool may_begin() const;
    /// Executes what the guest does next, some hundred instructions at most, and not beyond the deadline, and lets the
    /// time of turns pass if it finds one. Returns what it passed over; nothing when there was no such loop.
    [[nodiscard]] std::optional<Turn> pass();

private:
    struct State {
        Registers regs;
        u8 queue = 0, shadow = 0;
        friend bool operator==(const State&, const State&) = default;
    };
    class Changes;
    class Footprint;

    [[nodiscard]] State state() const { return {core_.regs, core_.queue, core_.shadow}; }
    enum class Effect : u8 { None, Some, Unknown };
    [[nodiscard]] Effect effect_of(const Insn& insn);
    [[nodiscard]] bool is_harmless_read(const Insn& insn) const;
    [[nodiscard]] Effect effect_of_service(const Insn& insn);
    [[nodiscard]] SegOff address_of(const Insn& insn) const;
    [[nodiscard]] std::optional<Turn> find_turn();
    void execute(const Insn& insn, Changes& changes);
    [[nodiscard]] bool waits_for_beam(const Insn& insn) const;
    [[nodiscard]] std::optional<Turn> pass_beam(const Insn& insn);
    [[nodiscard]] Turn let_pass(Turn turn, Cycles time);

    Memory& memory_;
    Core& core_;
    const PortBus& ports_;
    Interpreter& interpreter_;
    std::optional<Beam> beam_;
    bool in_poll_ = false;  // a DOS call that only looks is under way
};

}  // namespace dyn86
