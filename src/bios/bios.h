// Our BIOS: the ROM in the guest and the host services behind it.
#pragma once

#include "src/base/archive.h"
#include "src/bios/data_area.h"
#include "src/bios/disk_services.h"
#include "src/bios/host_trap.h"
#include "src/bios/video.h"
#include "src/storage/disk_image.h"

#include <functional>
#include <map>
#include <string>

namespace dyn86 {

/// Loads the ROM image at F0000 and answers its traps. Everything that changes while the guest runs lies in guest
/// memory.
class Bios {
public:
    /// What INT 19h starts.
    enum class Boot : u8 {
        Disks,   // the first sector of the boot drive, else of the first floppy, else of the first hard disk
        Demo,    // the demo in the ROM
        Loader,  // a callback, which sets up guest memory and registers (CS:IP too) and returns
    };
    static constexpr Linear rom_start = 0xF0000, rom_end = 0x100000;

    /// Everything must outlive the BIOS. The machine then starts at the reset vector, FFFF:0000.
    Bios(Memory& memory, PortBus& ports, HostTrap& trap);

    /// Puts a disk into a drive (00h-03h: floppies, 80h, 81h: hard disks); null takes it out. The image stays the
    /// caller's. Hard disks are counted at POST, so they are mounted before it.
    void mount(u8 drive, DiskImage* image);
    /// The ROM says it is an IBM PC's and not an XT's: programs ask it, and POST reads the switches accordingly. Before
    /// POST.
    void be_a_pc();
    void set_boot(Boot boot, std::function<void(Registers&)> loader = {});
    void set_boot_drive(u8 drive) { boot_drive_ = drive; }
    /// Timer ticks since midnight that POST starts the count with; 0 unless set.
    void set_time_of_day(u32 ticks) { time_of_day_ = ticks; }
    /// Called when the demo ends, with its errorlevel; has to make the engine stop.
    void on_end(std::function<void(u8)> callback) { end_ = std::move(callback); }

    /// What is not in guest memory.
    void serialize(Archive& ar);
    [[nodiscard]] Video& video() { return video_; }
    /// True for the places of the ROM at which a CPU stands that has halted until a key comes.
    [[nodiscard]] bool is_key_wait(SegOff at) const;
    /// Services that programs asked for and an XT does not have, "INT/AH" in hexadecimal, with counts.
    [[nodiscard]] std::map<std::string, u64> missing_calls() const;

private:
    void register_services(HostTrap& trap);
    void post(Registers& regs);
    void boot(Registers& regs);
    void count_missing(u8 interrupt, u8 function) { ++missing_[u16(interrupt << 8 | function)]; }

    Memory& memory_;
    DataArea data_;
    Video video_;
    DiskServices disks_;
    Boot boot_ = Boot::Disks;
    u8 boot_drive_ = 0;
    std::function<void(Registers&)> loader_;
    std::function<void(u8)> end_;
    u32 time_of_day_ = 0;
    std::map<u16, u64> missing_;
};

}  // namespace dyn86
