#include "src/dos/rom_entries.h"

#include <string_view>

namespace dyn86::dos {
namespace {

constexpr std::string_view rom_signature = "dyn86DOS";

}  // namespace

Result<RomEntries> find_rom_entries(std::span<const u8> rom) {
    const std::string_view text(reinterpret_cast<const char*>(rom.data()), rom.size());
    std::size_t at = text.find(rom_signature);
    if (at == std::string_view::npos || at > rom.size() - 0x100) return fail("the ROM has no entry points for DOS");
    at += rom_signature.size();
    const auto next = [&] {
        const u16 value = u16(rom[at] | rom[at + 1] << 8);
        at += 2;
        return value;
    };
    RomEntries entries;
    for (u16& entry : entries.interrupts) entry = next();
    entries.call5 = next();
    entries.finish = next();
    entries.casemap = next();
    entries.strategy = next();
    entries.interrupt = next();
    entries.int33 = next();
    entries.mouse_irq = next();
    entries.shell = next();
    entries.drivers = next();
    return entries;
}

}  // namespace dyn86::dos
