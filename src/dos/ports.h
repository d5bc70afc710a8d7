// PRN and AUX: every byte goes through the guest's INT 17h or INT 14h. INT 21h AH=03h-05h, and the devices as files.
#pragma once

#include "src/dos/driver_calls.h"
#include "src/dos/file_table.h"
#include "src/dos/functions.h"

namespace dyn86::dos {

class Ports {
public:
    Ports(Guest& guest, FileTable& table, DriverCalls& drivers) : guest_(guest), table_(table), drivers_(drivers) {}
    void install(Functions& functions);

    [[nodiscard]] bool serves(u8 entry) const;
    /// Steps of AH=40h and AH=3Fh on such an entry; Frame::a counts the bytes.
    Action write_step(Frame& frame, u8 entry, SegOff from, u16 count);
    Action read_step(Frame& frame, u8 entry, SegOff to, u16 count);

private:
    static constexpr u16 aux_handle = 3, printer_handle = 4;

    /// LPT2's is 1, COM3's 2; PRN and AUX are the first ones.
    [[nodiscard]] u16 port_of(u8 entry) const;
    Action bios(u8 entry, u16 ax);
    void put_character(Caller& caller, u16 handle);
    Action put_character_step(Frame& frame, u16 handle);
    void take_character(Caller& caller);
    Action take_character_step(Frame& frame);

    Guest& guest_;
    FileTable& table_;
    DriverCalls& drivers_;
};

}  // namespace dyn86::dos
