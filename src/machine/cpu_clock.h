// Guest time as the CPU's clocks tell it, and the way back from a moment to a count of clocks.
#pragma once

#include "cpu/core.h"
#include "src/base/archive.h"
#include "src/base/ticks.h"

namespace dyn86 {

/// Ticks of the crystal derived from Core's clock count at a rate that may change while the machine runs.
class CpuClock final : public Clock {
public:
    CpuClock(const Core& core, i64 cpu_hz) : core_(core) { set_rate(cpu_hz); }

    [[nodiscard]] Ticks now() const override { return ticks_at(core_.now()); }
    /// The first clock count whose time is not before `when`.
    [[nodiscard]] Cycles cycles_at(Ticks when) const;
    /// From this moment on the CPU runs at `cpu_hz` clocks per second. Time itself goes on without a step.
    void set_rate(i64 cpu_hz);
    void serialize(Archive& ar);
    [[nodiscard]] i64 rate() const { return cpu_hz_; }

private:
    [[nodiscard]] Ticks ticks_at(Cycles cycles) const;

    const Core& core_;
    i64 cpu_hz_ = 0;
    // Since the last change of rate: ticks = base_ticks_ + (cycles - base_cycles_) * ticks_per_ / cycles_per_.
    i64 ticks_per_ = 3, cycles_per_ = 1;
    Ticks base_ticks_;
    Cycles base_cycles_ = 0;
};

}  // namespace dyn86
