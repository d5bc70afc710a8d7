#include "src/frontend/pacer.h"

#include <algorithm>

namespace dyn86::frontend {
namespace {

constexpr i64 pc_hz = 4'772'727;
// Bounds of the clock rate that adapts itself. The upper one bounds what a step costs that turns out to be busy.
constexpr i64 least_hz = 100'000, first_hz = 200'000'000, most_hz = 4'000'000'000;
// Guest time that is further behind than this is given up: after a stop (^Z, a suspended laptop) nobody wants a rush.
constexpr Ticks most_lag = Ticks::from_ms(50);
// The share of a host core that the guest may take, and below which it gets faster.
constexpr double full_load = 0.90, light_load = 0.75;

}  // namespace

Pacer::Pacer(const Settings& settings, HostTime host, Ticks guest)
    : settings_(settings),
      host_origin_(host),
      guest_origin_(guest),
      hz_(settings.hz.value_or(settings.host_clock ? first_hz : pc_hz)) {}

Ticks Pacer::target(HostTime host, Ticks guest) {
    if (!is_throttled()) return Ticks::never();
    const Ticks target = guest_origin_ + Ticks::from_ns((host - host_origin_).count());
    if (target - guest <= most_lag) return target;
    host_origin_ = host;
    guest_origin_ = guest + most_lag;
    return guest_origin_;
}

i64 Pacer::adapt(Ticks guest_step, HostTime cost) {
    if (!settings_.host_clock || guest_step.count <= 0) return hz_;
    const double load = double(cost.count()) * 1e-9 / guest_step.seconds();
    double factor = 1;
    if (load > full_load) factor = std::max(full_load / load, 0.1);
    if (load < light_load) factor = 1.25;
    hz_ = std::clamp(i64(double(hz_) * factor), least_hz, settings_.hz.value_or(most_hz));
    return hz_;
}

}  // namespace dyn86::frontend
