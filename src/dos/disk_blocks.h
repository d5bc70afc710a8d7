// Drives as disks: absolute sectors (INT 25h, 26h) and parameter blocks (AH=1Fh, 32h; AX=440Dh CX=0860h).
#pragma once

#include "src/dos/drives.h"

namespace dyn86::dos {

class DiskBlocks {
public:
    DiskBlocks(Guest& guest, Drives& drives) : guest_(guest), drives_(drives) {}
    void install(Functions& functions);
    /// The chain of parameter blocks, once DOS's data segment is there.
    void initialise(SegOff block_driver);
    void set_block_driver(SegOff header) { block_driver_ = header; }

    enum class Direction : u8 { Read, Write };
    /// Sets AX and carry. AL: the drive; CX: how many sectors, from DX on, at DS:BX; or CX = FFFFh, and DS:BX points
    /// at all of that. [RBIL 25]
    void transfer(Registers& regs, Direction direction);
    /// What AX=440Dh CX=0860h returns; false for a drive that is no disk.
    bool write_device_parameters(u8 drive, SegOff to);
    /// AX=440Dh CX=0861h, 0841h: sectors of one track, as DS:DX says.
    [[nodiscard]] DosResult<> transfer_track(u8 drive, SegOff block, Direction direction);

private:
    struct Request {
        u32 first = 0;
        u16 count = 0;
        SegOff memory;
    };
    [[nodiscard]] static SegOff block_at(u8 drive);
    [[nodiscard]] DosResult<> move(const Volume& volume, const Request& request, Direction direction);
    void write_block(u8 drive, const FatShape& shape);
    void get_block(Caller& caller, u8 drive_number);

    Guest& guest_;
    Drives& drives_;
    SegOff block_driver_;
};

}  // namespace dyn86::dos
