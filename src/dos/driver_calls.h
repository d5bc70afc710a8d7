// Requests to device drivers that programs brought along: read, write, status and control, made by the ROM on the
// program's stack (Action::Device).
#pragma once

#include "src/dos/file_table.h"
#include "src/dos/frame.h"

namespace dyn86::dos {

/// Commands of a request. [RBIL 2F/AX=0802h]
enum class DriverCommand : u8 {
    Init = 0x00,
    ReadControl = 0x03,
    Read = 0x04,
    InputStatus = 0x06,
    Write = 0x08,
    OutputStatus = 0x0A,
    WriteControl = 0x0C,
    Generic = 0x13,
};

class DriverCalls {
public:
    DriverCalls(Guest& guest, FileTable& table) : guest_(guest), table_(table) {}

    [[nodiscard]] bool serves(u8 entry) const { return table_.entry(entry).device() == Device::Driver; }
    Action read_step(Frame& frame, u8 entry, SegOff to, u16 count);
    Action write_step(Frame& frame, u8 entry, SegOff from, u16 count);
    /// AH=44h, AL = 02h, 03h, 06h, 07h, 0Ch.
    Action control_step(Frame& frame, u8 entry);

    // --- the request, in DOS's data: for who loads drivers, too
    [[nodiscard]] static SegOff request();
    void begin_request(SegOff header, DriverCommand command, u8 length);
    /// None, or what the driver says went wrong.
    [[nodiscard]] DosError request_error() const;

private:
    [[nodiscard]] SegOff header_of(u8 entry) const;
    [[nodiscard]] bool is_raw(u8 entry) const { return table_.entry(entry).is_raw(); }
    void begin_transfer(u8 entry, DriverCommand command, SegOff memory, u16 count);
    [[nodiscard]] u16 transferred() const;

    Guest& guest_;
    FileTable& table_;
};

}  // namespace dyn86::dos
