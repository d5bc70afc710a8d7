// IBM Game Control Adapter.
#pragma once

#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/ticks.h"
#include "src/base/types.h"

#include <array>

namespace dyn86 {

/// A write fires four one-shots, one per joystick axis; a read shows which still run, and the buttons. [IBM O&A, "Game
/// Control Adapter"] An axis without a stick never ends.
///
/// Wiring: ports 200h-207h (nothing decoded inside).
class GamePort final : public PortDevice {
public:
    static constexpr Port first_port = 0x200;
    static constexpr u32 port_count = 8;
    static constexpr std::size_t axes = 4;
    static constexpr u32 unplugged = 0xFFFF'FFFF;

    explicit GamePort(const Clock& clock) : clock_(clock) { ohms_.fill(unplugged); }

    /// X and Y of stick A, then of B; IBM's go from 0 to 100,000 ohms.
    void set_axis(std::size_t axis, u32 ohms) { ohms_.at(axis) = ohms; }
    /// Bits 0-3: A1, A2, B1, B2; 1 is pressed.
    void set_buttons(u8 pressed) { pressed_ = pressed & 0x0F; }

    u8 in(Port /*port*/) override {
        u8 status = u8(~pressed_ << 4);
        for (std::size_t axis = 0; axis < axes; ++axis)
            if (is_running(axis)) status |= u8(1u << axis);
        return status;
    }
    void out(Port /*port*/, u8 /*ignored*/) override {
        fired_at_ = clock_.now();
        fired_ = true;
    }
    void serialize(Archive& ar) {
        ar("fired", fired_);
        ar("fired_at", fired_at_);
    }

private:
    /// The adapter's formula: 24.2 us + 0.011 us per ohm.
    static constexpr Ticks pulse(u32 ohms) { return Ticks::from_ns(24'200 + i64{11} * ohms); }
    [[nodiscard]] bool is_running(std::size_t axis) const {
        if (!fired_) return false;
        return ohms_[axis] == unplugged || clock_.now() < fired_at_ + pulse(ohms_[axis]);
    }

    const Clock& clock_;
    std::array<u32, axes> ohms_{};
    u8 pressed_ = 0;
    bool fired_ = false;
    Ticks fired_at_;
};

}  // namespace dyn86
