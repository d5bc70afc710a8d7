// How guest time relates to host time (COMMAND_LINE.md, Time). Pure arithmetic: the host's clock is handed in.
#pragma once

#include "src/dyn86.h"

#include <chrono>
#include <optional>

namespace dyn86::frontend {

using HostTime = std::chrono::nanoseconds;  // since an arbitrary moment

/// With the virtual clock, a fixed speed makes guest time keep to the host's and never run ahead; a slow host makes it
/// fall behind. With the host clock guest time keeps up, and on a slow host the CPU gets fewer clocks per guest second;
/// without a fixed speed it gets as many as the host can execute. The virtual clock without a fixed speed knows no host
/// time.
class Pacer {
public:
    struct Settings {
        std::optional<i64> hz;  // CPU clocks per guest second; nullopt: max
        bool host_clock = false;
    };
    Pacer(const Settings& settings, HostTime host, Ticks guest);

    [[nodiscard]] bool is_throttled() const { return settings_.host_clock || settings_.hz.has_value(); }
    /// Guest time that the guest may run to at this moment; never() when nothing holds it.
    [[nodiscard]] Ticks target(HostTime host, Ticks guest);
    /// CPU clocks per guest second to begin with.
    [[nodiscard]] i64 hz() const { return hz_; }
    /// Host clock: tells what a step of the guest has cost, returns the CPU clocks per guest second to go on with.
    [[nodiscard]] i64 adapt(Ticks guest_step, HostTime cost);

private:
    Settings settings_;
    HostTime host_origin_;
    Ticks guest_origin_;
    i64 hz_;
};

}  // namespace dyn86::frontend
