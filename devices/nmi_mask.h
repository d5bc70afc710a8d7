// The gate in front of the CPU's NMI pin, port A0h.
#pragma once

#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/types.h"

#include <array>

namespace dyn86 {

/// PC and XT: bit 7 of port A0h lets parity check, I/O channel check and the 8087's interrupt reach NMI; power-on
/// clears it. [IBM PC and IBM XT, "System Interrupts", "I/O Address Map"] The CPU sees a rising edge, also when
/// the gate opens on a high source.
///
/// Wiring: ports A0h-BFh (nothing decoded inside), write only. `nmi` is the CPU's NMI pin.
class NmiMask final : public PortDevice {
public:
    static constexpr Port first_port = 0xA0;
    static constexpr u32 port_count = 0x20;

    enum class Source : u8 { ParityCheck, ChannelCheck, Coprocessor };

    explicit NmiMask(Pin& nmi) : nmi_(nmi), inputs_{Input{*this, 0}, Input{*this, 1}, Input{*this, 2}} {}

    [[nodiscard]] Pin& source(Source which) { return inputs_.at(std::size_t(which)); }
    u8 in(Port /*port*/) override { return 0xFF; }
    void out(Port /*port*/, u8 value) override {
        enabled_ = (value & 0x80) != 0;
        update();
    }
    void serialize(Archive& ar) {
        ar("enabled", enabled_);
        ar("levels", levels_);
    }

private:
    class Input final : public Pin {
    public:
        Input(NmiMask& gate, u8 index) : gate_(gate), bit_(u8(1u << index)) {}
        void set_level(bool high) override {
            gate_.levels_ = high ? u8(gate_.levels_ | bit_) : u8(gate_.levels_ & ~bit_);
            gate_.update();
        }

    private:
        NmiMask& gate_;
        u8 bit_;
    };
    void update() { nmi_.set_level(enabled_ && levels_ != 0); }

    Pin& nmi_;
    std::array<Input, 3> inputs_;
    u8 levels_ = 0;
    bool enabled_ = false;
};

}  // namespace dyn86
