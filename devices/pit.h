// Intel 8253 (or 8254) Programmable Interval Timer.
#pragma once

#include "devices/pit_counter.h"
#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/scheduler.h"
#include "src/base/types.h"

#include <array>
#include <functional>

namespace dyn86 {

/// 8253: three PitCounters behind four ports, CLK = crystal/12 (1.193182 MHz). State is computed when someone looks.
/// Only a counter whose OUT is wired has events, one per edge, falls apart that nobody would notice.
///
/// Wiring: PC and XT, ports 40h-5Fh (A0, A1 decoded inside). OUT 0 drives the PIC's IR0; OUT 1 asks the DMA for
/// refresh; OUT 2 is looked at by the PPI and followed by the speaker. Gates 0 and 1 are tied high (the power-on level
/// here), gate 2 is the PPI's port B bit 0.
class Pit final : public PortDevice {
public:
    static constexpr Port first_port = 0x40;
    static constexpr u32 port_count = 0x20;
    static constexpr i64 ticks_per_clk = 12;
    static constexpr std::size_t channels = 3;

    /// `outs`: the pins that OUT 0..2 drive at every edge; null where nobody must act. PC: {&pic.line(0), nullptr,
    /// nullptr}.
    Pit(Scheduler& scheduler, std::array<Pin*, channels> outs, PitCounter::Model model = PitCounter::Model::I8253);

    [[nodiscard]] Pin& gate(std::size_t channel) { return channels_.at(channel).gate; }
    /// The level of OUT now, without side effects.
    [[nodiscard]] bool out_level(std::size_t channel) const;

    /// Called after a counter was programmed or its gate moved, with the counter as of now: from then until the next
    /// call, the copy tells every edge (the speaker uses it).
    using Observer = std::function<void(const PitCounter&)>;
    void observe(std::size_t channel, Observer observer);

    /// While `is_deaf` says so, whom OUT drives does not mind hearing of a fall late, with the next rise.
    void allow_late_falls(std::size_t channel, std::function<bool()> is_deaf);
    /// `is_deaf` may answer otherwise now.
    void reconsider(std::size_t channel) { schedule(channels_.at(channel)); }
    /// Tells what has not been told so far.
    void catch_up(std::size_t channel) { schedule(current(channel)); }

    u8 in(Port port) override;
    void out(Port port, u8 value) override;
    void serialize(Archive& ar);

private:
    class Gate final : public Pin {
    public:
        void connect(Pit& pit, std::size_t channel) {
            pit_ = &pit;
            channel_ = channel;
        }
        void set_level(bool high) override;

    private:
        Pit* pit_ = nullptr;
        std::size_t channel_ = 0;
    };
    struct Channel {
        PitCounter counter;
        Pin* out = nullptr;
        Gate gate = {};
        Scheduler::Event event = 0;
        Observer observer = {};
        std::function<bool()> is_deaf = {};
    };

    [[nodiscard]] i64 clk() const { return scheduler_.clock().now().count / ticks_per_clk; }
    /// The channel as of now, its edges up to now delivered.
    Channel& current(std::size_t index);
    void changed(Channel& channel);
    void schedule(Channel& channel);
    void read_back(u8 command);

    Scheduler& scheduler_;
    PitCounter::Model model_;
    std::array<Channel, channels> channels_;
};

}  // namespace dyn86
