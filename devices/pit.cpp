#include "devices/pit.h"

#include <string>
#include <utility>

namespace dyn86 {

Pit::Pit(Scheduler& scheduler, std::array<Pin*, channels> outs, PitCounter::Model model)
    : scheduler_(scheduler),
      model_(model),
      channels_{{{PitCounter{model}, outs[0]}, {PitCounter{model}, outs[1]}, {PitCounter{model}, outs[2]}}} {
    for (std::size_t index = 0; index < channels; ++index) {
        Channel& channel = channels_[index];
        channel.gate.connect(*this, index);
        if (channel.out == nullptr) continue;
        channel.event = scheduler_.add("pit" + std::to_string(index), [this, index] { schedule(current(index)); });
        channel.out->set_level(channel.counter.out());
    }
}

bool Pit::out_level(std::size_t channel) const {
    PitCounter counter = channels_.at(channel).counter;
    counter.advance_to(clk());
    return counter.out();
}

void Pit::observe(std::size_t channel, Observer observer) {
    channels_.at(channel).observer = std::move(observer);
    channels_[channel].observer(channels_[channel].counter);
}

Pit::Channel& Pit::current(std::size_t index) {
    Channel& channel = channels_[index];
    const i64 now = clk();
    if (channel.out != nullptr) {
        for (i64 edge = channel.counter.next_edge(); edge <= now; edge = channel.counter.next_edge()) {
            channel.counter.advance_to(edge);
            channel.out->set_level(channel.counter.out());
        }
    }
    channel.counter.advance_to(now);
    return channel;
}

void Pit::allow_late_falls(std::size_t channel, std::function<bool()> is_deaf) {
    channels_.at(channel).is_deaf = std::move(is_deaf);
}

void Pit::schedule(Channel& channel) {
    if (channel.out == nullptr) return;
    i64 edge = channel.counter.next_edge();
    if (edge != PitCounter::never && channel.counter.out() && channel.is_deaf && channel.is_deaf()) {
        PitCounter low = channel.counter;
        low.advance_to(edge);
        edge = low.next_edge();
    }
    scheduler_.schedule(channel.event, edge == PitCounter::never ? Ticks::never() : Ticks{edge * ticks_per_clk});
}

void Pit::changed(Channel& channel) {
    if (channel.out != nullptr) channel.out->set_level(channel.counter.out());
    schedule(channel);
    if (channel.observer) channel.observer(channel.counter);
}

void Pit::Gate::set_level(bool high) {
    Channel& channel = pit_->current(channel_);
    channel.counter.set_gate(high);
    pit_->changed(channel);
}

u8 Pit::in(Port port) {
    const std::size_t index = port & 3;
    if (index == channels) return 0xFF;  // the control register drives nothing [8253, "Basic operation"]
    return current(index).counter.read();
}

void Pit::out(Port port, u8 value) {
    const std::size_t index = port & 3;
    if (index < channels) {
        Channel& channel = current(index);
        channel.counter.write(value);
        changed(channel);
        return;
    }
    const std::size_t selected = value >> 6;
    if (selected == channels) {
        if (model_ == PitCounter::Model::I8254) read_back(value);
        return;  // illegal on the 8253
    }
    Channel& channel = current(selected);
    if ((value & 0x30) == 0) {
        channel.counter.latch_count();
        return;
    }
    channel.counter.control(value);
    changed(channel);
}

// [8254, "Read-Back Command"]: bits 5 and 4 low latch count and status, bits 3-1 choose the counters.
void Pit::read_back(u8 command) {
    for (std::size_t index = 0; index < channels; ++index) {
        if ((command >> (index + 1) & 1) == 0) continue;
        PitCounter& counter = current(index).counter;
        if ((command & 0x20) == 0) counter.latch_count();
        if ((command & 0x10) == 0) counter.latch_status();
    }
}

// Pins are not driven: whoever they reach saves its input levels itself.
void Pit::serialize(Archive& ar) {
    static constexpr std::array<std::string_view, channels> names{"counter0", "counter1", "counter2"};
    for (std::size_t index = 0; index < channels; ++index) {
        Channel& channel = channels_[index];
        ar(names[index], channel.counter);
        schedule(channel);
        if (channel.observer) channel.observer(channel.counter);
    }
}

}  // namespace dyn86
