// The one documented door from guest code to the host: OUT 0E8h,AL followed by a service byte, executed from our own
// ROM.
#pragma once

#include "cpu/memory.h"
#include "src/base/bus.h"

#include <array>
#include <functional>

namespace dyn86 {

/// `out 0E8h, al` / `db service` in our ROM (CS = F000h, inside the image) calls the host service of that number, which
/// sees the guest's registers as they are and may change them and guest memory; execution goes on behind the service
/// byte. Executed anywhere else it is an OUT to an unmapped port, so guests cannot reach the host through it.
///
/// Services return at once. One that has to wait (for a key, for input) says so in a register or flag of its own
/// choice, and its stub in the ROM halts (STI, HLT) and traps again: so interrupts are served meanwhile, and the state
/// of a waiting guest lies in guest memory alone. Flags for the caller of an INT go into the FLAGS image on its stack
/// frame.
class HostTrap final : public PortDevice {
public:
    static constexpr Port port = 0xE8;
    using Service = std::function<void(Registers&)>;

    /// [rom_start, rom_end) is where traps are honoured (linear addresses).
    HostTrap(Memory& memory, Linear rom_start, Linear rom_end);
    /// Registers a service. 00h-7Fh: BIOS, 80h-FFh: DOS.
    void on(u8 number, Service service);

    u8 in(Port port) override;
    void out(Port port, u8 value) override;

private:
    Memory& memory_;
    Linear rom_start_, rom_end_;
    std::array<Service, 256> services_;
};

}  // namespace dyn86
