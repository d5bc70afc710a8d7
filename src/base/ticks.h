// Guest time: integer ticks of the PC's 14.31818 MHz crystal, from which every clock in the machine is divided.
#pragma once

#include "src/base/types.h"

#include <compare>
#include <limits>

namespace dyn86 {

/// A moment or a duration in ticks of the crystal (69.84 ns). CPU clock = /3 on a PC, PIT = /12, dot clock = /1.
struct Ticks {
    i64 count = 0;

    static constexpr i64 rate_hz = 14'318'180;

    static constexpr Ticks from_ns(i64 ns) { return {i64(__int128{ns} * rate_hz / 1'000'000'000)}; }
    static constexpr Ticks from_us(i64 us) { return from_ns(us * 1000); }
    static constexpr Ticks from_ms(i64 ms) { return from_us(ms * 1000); }
    static constexpr Ticks from_seconds(double s) { return {i64(s * double(rate_hz))}; }
    static constexpr Ticks never() { return {std::numeric_limits<i64>::max()}; }

    [[nodiscard]] constexpr double seconds() const { return double(count) / double(rate_hz); }

    friend constexpr auto operator<=>(Ticks, Ticks) = default;
    friend constexpr Ticks operator+(Ticks a, Ticks b) { return {a.count + b.count}; }
    friend constexpr Ticks operator-(Ticks a, Ticks b) { return {a.count - b.count}; }
    constexpr Ticks& operator+=(Ticks b) { return *this = *this + b; }
};

/// What time it is in the guest. Exact at every instruction boundary and inside port and MMIO accesses.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Ticks now() const = 0;
};

/// A clock that is set by hand: for tests of devices.
class ManualClock final : public Clock {
public:
    [[nodiscard]] Ticks now() const override { return now_; }
    void advance(Ticks by) { now_ += by; }

private:
    Ticks now_;
};

}  // namespace dyn86
