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

u8 HostTrap::in(Port /*port*/) { return 0xFF; }

void HostTrap::out(Port /*port*/, u8 /*value*/) {
    Registers& regs = memory_.core().regs;
    const Linear at = regs.cs_ip().linear();
    if (regs.get(Sreg::Cs) != 0xF000 || at < rom_start_ || at >= rom_end_) return;
    const Service& service = services_[memory_.peek(at)];
    regs.ip = u16(regs.ip + 1);
    DYN86_CHECK(service);
    service(regs);
}

}  // namespace dyn86
