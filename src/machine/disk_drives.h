// The disks in the machine's drives.
#pragma once

#include "src/bios/bios.h"
#include "src/dos/disk_in_drive.h"
#include "src/dyn86.h"
#include "src/machine/board.h"
#include "src/storage/disk_media.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace dyn86 {

/// Opens what lies in the drives and shows it to both who can reach it: our BIOS, if it is in the machine, and the
/// controllers.
class DiskDrives {
public:
    /// Both outlive it; `bios` is null with a foreign one.
    DiskDrives(Board& board, Bios* bios) : board_(board), bios_(bios) {}
    ~DiskDrives();
    DiskDrives(const DiskDrives&) = delete;
    DiskDrives& operator=(const DiskDrives&) = delete;

    /// Puts a disk into its drive, in place of the one there; without a path the drive stays empty. Hard disks are only
    /// put in before the machine starts.
    Result<> insert(const ImageDrive& drive);
    /// What lies in a drive now, and how often something has been put there.
    [[nodiscard]] dos::DiskInDrive at(u8 number) const;
    /// An error unless a system can be booted from that drive.
    Result<> check_bootable(u8 number);
    /// Takes all disks out and does to their overlays what is to be done, also to those of disks that were changed.
    Result<> close(OverlayEnd end);

private:
    /// One disk and how the controllers see it.
    struct Disk {
        explicit Disk(std::unique_ptr<DiskImage> opened)
            : image(std::move(opened)), floppy(*image), hard_disk(*image) {}
        std::unique_ptr<DiskImage> image;
        ImageFloppy floppy;
        ImageHardDisk hard_disk;
    };
    void remove(u8 number);

    Board& board_;
    Bios* bios_;
    std::map<u8, std::unique_ptr<Disk>> disks_;
    std::map<u8, u64> changes_;
    std::vector<ImageDrive> overlaid_;
};

}  // namespace dyn86
