// The parallel printer port of IBM's adapters.
#pragma once

#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/scheduler.h"
#include "src/base/types.h"

namespace dyn86 {

/// Where printed bytes go.
class Printer {
public:
    virtual ~Printer() = default;
    /// False: it is out of paper, and the byte is not taken.
    virtual bool print(u8 byte) = 0;
};

/// Two latches and a status port [IBM O&A, "Printer Adapter"]. The printer takes a byte when STROBE goes active and
/// acknowledges at once; it is never busy.
///
///     +0  data      +1  status: 7 not busy, 6 -ACK, 5 out of paper, 4 selected, 3 -ERROR
///     +2  control: 0 strobe, 1 auto feed, 2 -INIT, 3 select, 4 lets the interrupt out
///
/// Wiring: 378h, or 3BCh on a monochrome adapter; three ports; `irq` is IR7.
class Parallel final : public PortDevice {
public:
    static constexpr u32 port_count = 4;
    /// assumed: an Epson's ACK pulse lasts some microseconds.
    static constexpr Ticks acknowledge_time = Ticks::from_us(5);

    Parallel(Scheduler& scheduler, Pin& irq, Printer& printer);

    u8 in(Port port) override;
    void out(Port port, u8 value) override;
    void serialize(Archive& ar);

private:
    void write_control(u8 value);
    void acknowledge(Ticks until);
    void update_irq();

    Scheduler& scheduler_;
    Pin& irq_;
    Printer& printer_;
    Scheduler::Event event_;
    u8 data_ = 0, control_ = 0;
    bool out_of_paper_ = false;
    Ticks acknowledged_ = Ticks::never();  // end of the pulse that is on the line
};

}  // namespace dyn86
