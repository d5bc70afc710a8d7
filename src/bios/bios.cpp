#include "src/bios/bios.h"

#include "roms/roms.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace dyn86 {

namespace {

/// Numbers of the traps. roms/bios.inc has the guest's side.
namespace service {
constexpr u8 post = 0x00, end = 0x01;
constexpr u8 video = 0x10, disk = 0x13, serial = 0x14, system = 0x15, keyboard = 0x16, printer = 0x17, boot = 0x19,
             time = 0x1A;
}  // namespace service

/// Tables of INT 41h and 46h in the ROM, 16 bytes each. roms/bios.asm
constexpr SegOff hard_disk_tables{0xF000, 0xE401};
constexpr std::size_t hard_disk_table_size = 16;
constexpr u8 first_hard_disk = 0x80;

/// Offsets in the ROM. roms/bios.asm
constexpr Linear key_waits = 0xFE010;
constexpr u32 key_wait_count = 2;

/// [IBM XT, "Fixed disk parameter table"; sectors per track stands where the AT has it]
std::array<u8, hard_disk_table_size> hard_disk_table(const DiskImage* image) {
    std::array<u8, hard_disk_table_size> table{};
    if (image == nullptr) return table;
    const Geometry& g = image->geometry();
    table[0] = u8(g.cylinders);
    table[1] = u8(g.cylinders >> 8);
    table[2] = u8(g.heads);
    table[5] = 0xFF;  // write precompensation: none
    table[6] = 0xFF;
    table[14] = u8(g.sectors_per_track);
    return table;
}

}  // namespace

Bios::Bios(Memory& memory, PortBus& ports, HostTrap& trap)
    : memory_(memory), data_(memory), video_(memory, ports), disks_(memory) {
    memory.load_rom(rom_start, roms::bios());
    register_services(trap);
}

void Bios::register_services(HostTrap& trap) {
    trap.on(service::post, [this](Registers& regs) { post(regs); });
    trap.on(service::boot, [this](Registers& regs) { boot(regs); });
    trap.on(service::end, [this](Registers& regs) {
        if (end_) end_(regs.get(Reg8::Al));
    });
    trap.on(service::video, [this](Registers& regs) {
        const u8 function = regs.get(Reg8::Ah);
        const Video::Result result = video_.service(regs);
        if (result == Video::Result::Missing) count_missing(service::video, function);
        regs.flags = u16(result == Video::Result::RingBell ? regs.flags | flag::c : regs.flags & ~flag::c);
    });
    trap.on(service::disk, [this](Registers& regs) {
        const u8 function = regs.get(Reg8::Ah);
        if (!disks_.service(regs)) count_missing(service::disk, function);
    });
    // The ROM answers these itself; the host only counts what it has no answer for.
    for (const u8 interrupt : {service::serial, service::system, service::keyboard, service::printer, service::time})
        trap.on(interrupt, [this, interrupt](Registers& regs) { count_missing(interrupt, regs.get(Reg8::Ah)); });
}

void Bios::be_a_pc() {
    constexpr Linear model_byte = 0xFFFFE;  // [RBIL 15/AH=C0h, "model byte"]
    constexpr u8 pc = 0xFF;
    memory_.load_rom(model_byte, {&pc, 1});
}

void Bios::mount(u8 drive, DiskImage* image) {
    disks_.mount(drive, image);
    if (drive < first_hard_disk) return;
    const u16 offset = u16((drive - first_hard_disk) * hard_disk_table_size);
    memory_.load_rom((hard_disk_tables + offset).linear(), hard_disk_table(image));
}

void Bios::set_boot(Boot boot, std::function<void(Registers&)> loader) {
    boot_ = boot;
    loader_ = std::move(loader);
}

/// What the ROM's self test asks for: CX:DX = ticks since midnight; the count of hard disks it leaves to us.
void Bios::post(Registers& regs) {
    data_.set_byte(bda::hard_disk_count, disks_.hard_disks());
    regs.set(Reg16::Cx, u16(time_of_day_ >> 16));
    regs.set(Reg16::Dx, u16(time_of_day_));
}

/// AL = what INT 19h goes on with: 0 disks, DL the first to try, 1 the demo. A loader sets CS:IP and does not go back
/// there.
void Bios::boot(Registers& regs) {
    if (boot_ == Boot::Loader && loader_) return loader_(regs);
    regs.set(Reg8::Al, boot_ == Boot::Demo ? 1 : 0);
    regs.set(Reg8::Dl, boot_drive_);
}

bool Bios::is_key_wait(SegOff at) const {
    if (at.segment != rom_start >> 4) return false;
    for (Linear entry = key_waits; entry < key_waits + key_wait_count * 2; entry += 2)
        if (at.offset == u16(memory_.peek(entry) | memory_.peek(entry + 1) << 8)) return true;
    return false;
}

/// A loader is gone by the time that a state can be saved.
void Bios::serialize(Archive& ar) {
    ar("boot", boot_);
    ar("boot_drive", boot_drive_);
    ar("disks", disks_);
    if (boot_ != Boot::Demo) boot_ = Boot::Disks;
}

std::map<std::string, u64> Bios::missing_calls() const {
    std::map<std::string, u64> calls;
    for (const auto& [call, count] : missing_) calls[fmt::format("{:02X}/{:02X}", call >> 8, call & 0xFF)] = count;
    return calls;
}

}  // namespace dyn86
