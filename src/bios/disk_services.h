// INT 13h: sectors of mounted images. [IBM XT, "Diskette" and "Fixed disk" BIOS listings; RBIL 13/AH=00 ff]
#pragma once

#include "cpu/memory.h"
#include "src/base/archive.h"
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

    /// 00h-03h: floppies, 80h, 81h: hard disks. A drive that had a disk reports the change.
    void mount(u8 drive, DiskImage* image);
    /// Which disks have been changed since they were used last.
    void serialize(Archive& ar);
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
        Changed = 0x06,
        CrossesDma = 0x09,
        BadCrc = 0x10,
        ControllerFailure = 0x20,
        BadSeek = 0x40,
        Timeout = 0x80,  // no disk in the drive, or no drive
    };
    enum class Transfer : u8 { Read, Write, Verify };
    struct Drive {
        DiskImage* image = nullptr;
        bool changed = false;  // the disk, since the last access
        void serialize(Archive& ar) { ar("changed", changed); }
    };
    /// A run of sectors, and where their bytes are in memory.
    struct Run {
        DiskImage& disk;
        u64 first;
        u32 count;
        Linear memory;
    };

    /// Null: there is no such drive.
    [[nodiscard]] Drive* drive(u8 number);
    [[nodiscard]] DiskImage* image(u8 number);
    /// As the equipment word says.
    [[nodiscard]] u8 floppy_drives() const;
    [[nodiscard]] static u32 cylinder(const Registers& regs);
    /// Everything but AH=01h and 15h; nullopt: no such function.
    std::optional<Status> perform_floppy(Registers& regs);
    std::optional<Status> perform_hard_disk(Registers& regs);
    /// What stands in the way of any access to the disk.
    Status access(const Registers& regs);
    Status transfer(Registers& regs, Transfer what);
    [[nodiscard]] Status check_flaws(const Run& run) const;
    Status read_sectors(Run run);
    Status write_sectors(const Run& run);
    Status transfer_long(Registers& regs, Transfer what);
    Status format_floppy_track(const Registers& regs);
    Status format_hard_disk(const Registers& regs, u32 tracks);
    Status seek(const Registers& regs);
    Status media_type(Registers& regs);
    Status parameters(Registers& regs);
    Status disk_changed(const Registers& regs);
    void last_status(Registers& regs);
    void disk_type(Registers& regs);
    void point_to_diskette_table(Registers& regs);
    /// Which byte of the data area keeps this drive's last status.
    static constexpr u16 status_of(u8 drive) { return drive < 0x80 ? bda::floppy_status : bda::hard_disk_status; }
    /// CF of the caller.
    void set_carry(const Registers& regs, bool carry);

    Memory& memory_;
    DataArea data_;
    std::array<Drive, 4> floppies_{};
    std::array<Drive, 2> hard_disks_{};
};

}  // namespace dyn86
