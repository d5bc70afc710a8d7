#include "src/bios/host_trap.h"

#include "src/base/check.h"

#include <utility>

namespace dyn86 {

HostTrap::HostTrap(Memory& memory, Linear rom_start, Linear rom_end)
    : memory_(memory), rom_start_(rom_start), rom_end_(rom_end) {}

void HostTrap::on(u8 number, Service service) {
    DYN86_CHECK(!services_[number]);
    services_[number] = std::move(service);
}

u8 HostTrap::in(Port /*port*/) {
    return 0xFF;
}

void HostTrap::out(Port /*port*/, u8 /*value*/) {
    Registers& regs = memory_.core().regs;
    if (regs.get(Sreg::Cs) != 0xF000) return;
    // A guest may jump anywhere in the ROM, also to an `out dx, al` with DX chosen: only the trap's own bytes count.
    constexpr u8 out_immediate = 0xE6;
    const Linear at = regs.cs_ip().linear();
    if (at < rom_start_ + 2 || at >= rom_end_) return;
    if (memory_.peek(at - 2) != out_immediate || memory_.peek(at - 1) != port) return;
    const Service& service = services_[memory_.peek(at)];
    if (!service) return;
    regs.ip = u16(regs.ip + 1);
    service(regs);
}

}  // namespace dyn86
