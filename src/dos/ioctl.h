// INT 21h AH=44h: what a handle or drive is, and whether it is ready.
#pragma once

#include "src/dos/console.h"
#include "src/dos/disk_blocks.h"
#include "src/dos/driver_calls.h"
#include "src/dos/drives.h"

namespace dyn86::dos {

class Ioctl {
public:
    Ioctl(Guest& guest, Drives& drives, DiskBlocks& blocks, FileTable& table, Console& console, DriverCalls& drivers)
        : guest_(guest), drives_(drives), blocks_(blocks), table_(table), console_(console), drivers_(drivers) {}
    void install(Functions& functions);

private:
    void call(Caller& caller);
    void get_information(Caller& caller);
    void set_information(Caller& caller);
    void input_status(Caller& caller);
    Action step(Frame& frame);
    [[nodiscard]] bool is_for_driver(const Caller& caller) const;
    /// Volume, serial number and file system, as AH=69h and AX=440Dh CX=0866h give them.
    void media_id(Caller& caller, u8 drive_number);
    void serial_number(Caller& caller);
    void generic_drive(Caller& caller);
    void no_control(Caller& caller);
    void about_drive(Caller& caller);

    Guest& guest_;
    Drives& drives_;
    DiskBlocks& blocks_;
    FileTable& table_;
    Console& console_;
    DriverCalls& drivers_;
};

}  // namespace dyn86::dos
