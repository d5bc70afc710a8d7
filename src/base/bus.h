// The seams between CPU and devices: ports, memory-mapped devices, interrupt pins, and guest memory as DMA sees it.
#pragma once

#include "src/base/types.h"

#include <array>
#include <memory>
#include <span>
#include <vector>

namespace dyn86 {

/// A chip that answers I/O ports. Called at the exact clock of the access (Clock::now() includes the I/O instruction).
class PortDevice {
public:
    virtual ~PortDevice() = default;
    virtual u8 in(Port port) = 0;
    virtual void out(Port port, u8 value) = 0;
};

/// A device in the memory space. `peek` must be free of side effects: debuggers, dumps and disassemblers use it.
class MmioDevice {
public:
    virtual ~MmioDevice() = default;
    virtual u8 read(Linear address) = 0;
    virtual void write(Linear address, u8 value) = 0;
    [[nodiscard]] virtual u8 peek(Linear address) const = 0;
};

/// The 64 Ki ports. Nothing mapped: writes vanish, reads give FFh (the data lines' pull-ups).
/// Word accesses are two byte accesses, low port first, as the 8088's and the PC's 8-bit bus do them.
class PortBus {
public:
    PortBus();
    /// Routes `count` ports from `first` to `device`, which must outlive the bus. A later call wins.
    void map(Port first, u32 count, PortDevice& device);
    [[nodiscard]] u8 in(Port port) { return devices_[map_[port]]->in(port); }
    void out(Port port, u8 value) { devices_[map_[port]]->out(port, value); }
    [[nodiscard]] u16 in16(Port port) {
        const u8 low = in(port);
        return u16(low | in(Port(port + 1)) << 8);
    }
    void out16(Port port, u16 value) {
        out(port, u8(value));
        out(Port(port + 1), u8(value >> 8));
    }
    /// True when a device answers this port: for traces and statistics.
    [[nodiscard]] bool is_mapped(Port port) const { return map_[port] != 0; }

private:
    std::unique_ptr<std::array<u8, 0x10000>> storage_;
    std::array<u8, 0x10000>& map_;       // index into devices_; 0 = nothing there
    std::vector<PortDevice*> devices_;
    std::unique_ptr<PortDevice> open_bus_;
};

/// Anything with an input pin that others drive: the CPU's INTR, a PIC's IR0..IR7.
class Pin {
public:
    virtual ~Pin() = default;
    virtual void set_level(bool high) = 0;
};

/// Who answers the CPU's INTA cycles with a vector number: the master 8259A.
class InterruptAcknowledge {
public:
    virtual ~InterruptAcknowledge() = default;
    virtual u8 acknowledge() = 0;
};

/// Guest memory for those who are not the CPU (DMA, disk services). Writes invalidate translated code.
/// Addresses wrap at 1 MiB. ROM drops writes; MMIO is reached byte by byte.
class GuestMemory {
public:
    virtual ~GuestMemory() = default;
    virtual void copy_out(Linear from, std::span<u8> to) = 0;
    virtual void copy_in(Linear to, std::span<const u8> from) = 0;
};

}  // namespace dyn86
