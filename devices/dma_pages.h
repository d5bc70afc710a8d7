// The DMA page registers: a 74LS670 that supplies A16-A19 while the 8237A has the bus.
#pragma once

#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/types.h"

#include <array>

namespace dyn86 {

/// Four registers of four bits, write only. Channel 2 uses the one at 81h, channel 3 that at 82h, channels 0 and 1
/// share the one at 83h; 80h is used by none. [IBM PC, IBM XT, logic diagrams of the system board]
///
/// Wiring: PC and XT, ports 80h-9Fh (A0, A1 decoded inside); handed to the Dma.
class DmaPages final : public PortDevice {
public:
    static constexpr Port first_port = 0x80;
    static constexpr u32 port_count = 0x20;

    /// A16-A19 for a channel, in place.
    [[nodiscard]] Linear base_of(std::size_t channel) const {
        static constexpr std::array<u8, 4> register_of{3, 3, 1, 2};
        return Linear{registers_[register_of.at(channel)]} << 16;
    }
    u8 in(Port /*port*/) override { return 0xFF; }
    void out(Port port, u8 value) override { registers_[port & 3] = value & 0x0F; }
    void serialize(Archive& ar) { ar("registers", registers_); }

private:
    std::array<u8, 4> registers_{};
};

}  // namespace dyn86
