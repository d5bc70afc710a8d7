#include "src/machine/cpu_clock.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace dyn86 {

void CpuClock::set_rate(i64 cpu_hz) {
    if (cpu_hz == cpu_hz_) return;  // a new beginning would lose a fraction of a tick
    base_ticks_ = now();
    base_cycles_ = core_.now();
    cpu_hz_ = cpu_hz;
    // "4.77 MHz", however it was rounded, means the PC's own divider: the crystal by three exactly.
    const bool is_pc = std::abs(cpu_hz * 3 - Ticks::rate_hz) < Ticks::rate_hz / 1000;
    ticks_per_ = is_pc ? 3 : Ticks::rate_hz;
    cycles_per_ = is_pc ? 1 : cpu_hz;
}

void CpuClock::serialize(Archive& ar) {
    constexpr i64 fastest = 10'000'000'000;
    i64 hz = cpu_hz_;
    Ticks ticks = base_ticks_;
    Cycles cycles = base_cycles_;
    ar("hz", hz);
    ar("base_ticks", ticks);
    ar("base_cycles", cycles);
    set_rate(std::clamp<i64>(hz, 1, fastest));
    base_ticks_ = ticks;
    base_cycles_ = cycles;
}

// Both are called at every event, and 128 bits divide slowly: where the PC's own divider makes one of the factors 1 (or
// the product is small), 64 do.

Ticks CpuClock::ticks_at(Cycles cycles) const {
    i64 product = 0;
    if (!__builtin_mul_overflow(cycles - base_cycles_, ticks_per_, &product))
        return base_ticks_ + Ticks{product / cycles_per_};
    return base_ticks_ + Ticks{i64(__int128{cycles - base_cycles_} * ticks_per_ / cycles_per_)};
}

Cycles CpuClock::cycles_at(Ticks when) const {
    if (when == Ticks::never()) return std::numeric_limits<Cycles>::max();
    i64 product = 0;
    if (!__builtin_mul_overflow((when - base_ticks_).count, cycles_per_, &product) &&
        !__builtin_add_overflow(product, ticks_per_ - 1, &product))
        return base_cycles_ + std::min(product / ticks_per_, std::numeric_limits<Cycles>::max() / 2);
    const __int128 wanted = __int128{(when - base_ticks_).count} * cycles_per_;
    const __int128 rounded_up = (wanted + ticks_per_ - 1) / ticks_per_;
    constexpr __int128 far = std::numeric_limits<Cycles>::max() / 2;
    return base_cycles_ + i64(rounded_up > far ? far : rounded_up);
}

}  // namespace dyn86
