// INT 13h: sectors of mounted images. [IBM XT, "Diskette" and "Fixed disk" BIOS listings; RBIL 13/AH=00 ff]
#pragma once

#include "cpu/memory.h"
#include "src/bios/data_area.h"
#include "src/storage/disk_image.h"

#include <array>
#include <optional>
#include <span>

namespace dyn86 {

/// The host's side of INT 13h. Status goes to AH, CF of the caller's FLAGS image and the BIOS data area, as IBM's BIOS
/// does.
class DiskServices {
public:
    explicit DiskServices(Memory& memory) : memory_(memory), data_(memory) {}

    /// 00h-03h: floppies, 80h, 81h: hard disks.
    void mount(u8 drive, DiskImage* image);
    /// Hard disks present, for the BIOS data area.
    [[nodiscard]] u8 hard_disks() const;
    /// Serves the trap of the ROM's INT 13h: the stack holds the caller's IP, CS, FLAGS. False: no such function.
    bool service(Registers& regs);

private:
    /// What AH says. [RBIL #00234]
    enum class Status : u8 {
        Ok = 0x00,
        BadCommand = 0x01,
        WriteProtected = 0x03,
        SectorNotFound = 0x04,
        ControllerFailure = 0x20,
        Timeout = 0x80,  // no disk in the drive, or no drive
    };
    enum class Transfer : u8 { Read, Write, Verify };

    /// Floppy or hard disk drives, whichever this one is of.
    [[nodiscard]] std::span<DiskImage*> drives_like(u8 drive);
    [[nodiscard]] DiskImage* image(u8 drive);
    /// Everything but AH=01h and 15h; nullopt: no such function.
    std::optional<Status> perform(Registers& regs);
    Status transfer(Registers& regs, Transfer what);
    Status read_sectors(DiskImage& disk, u64 first, u32 count, Linear to);
    Status write_sectors(DiskImage& disk, u64 first, u32 count, Linear from);
    Status format_track(const Registers& regs);
    Status parameters(Registers& regs);
    void last_status(Registers& regs);
    void disk_type(Registers& regs);
    /// Which byte of the data area keeps this drive's last status.
    static constexpr u16 status_of(u8 drive) { return drive < 0x80 ? bda::floppy_status : bda::hard_disk_status; }
    /// CF of the caller.
    void set_carry(const Registers& regs, bool carry);

    Memory& memory_;
    DataArea data_;
    std::array<DiskImage*, 4> floppies_{};
    std::array<DiskImage*, 2> hard_disks_{};
};

}  // namespace dyn86
