#include "devices/parallel.h"

namespace dyn86 {
namespace {

constexpr u8 strobe = 0x01, interrupt_out = 0x10, control_bits = 0x1F;
constexpr u8 not_busy = 0x80, not_acknowledge = 0x40, paper_end = 0x20, selected = 0x10, not_error = 0x08;
constexpr u8 undriven = 0x07;

}  // namespace

Parallel::Parallel(Scheduler& scheduler, Pin& irq, Printer& printer)
    : scheduler_(scheduler),
      irq_(irq),
      printer_(printer),
      event_(scheduler.add("parallel", [this] { acknowledge(Ticks::never()); })) {}

u8 Parallel::in(Port port) {
    switch (port & 3) {
        case 0: return data_;
        case 1: {
            const int pulse = acknowledged_ == Ticks::never() ? not_acknowledge : 0;
            const int paper = out_of_paper_ ? paper_end : not_error;
            return u8(undriven | not_busy | pulse | selected | paper);
        }
        case 2: return u8(0xE0 | control_);
        default: return 0xFF;
    }
}

void Parallel::out(Port port, u8 value) {
    if ((port & 3) == 0) data_ = value;
    if ((port & 3) == 2) write_control(value);
}

void Parallel::write_control(u8 value) {
    const bool strobes = (value & ~control_ & strobe) != 0;
    control_ = value & control_bits;
    if (strobes) {
        out_of_paper_ = !printer_.print(data_);
        if (!out_of_paper_) acknowledge(scheduler_.clock().now() + acknowledge_time);
    }
    update_irq();
}

void Parallel::acknowledge(Ticks until) {
    acknowledged_ = until;
    scheduler_.schedule(event_, until);
    update_irq();
}

void Parallel::update_irq() {
    irq_.set_level(acknowledged_ != Ticks::never() && (control_ & interrupt_out) != 0);
}

void Parallel::serialize(Archive& ar) {
    ar("data", data_);
    ar("control", control_);
    ar("out_of_paper", out_of_paper_);
    ar("acknowledged", acknowledged_);
    scheduler_.schedule(event_, acknowledged_);
}

}  // namespace dyn86
