// The XT-IDE card, revision 1: an IDE cable behind an 8-bit bus.
#pragma once

#include "devices/ata_drive.h"
#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/types.h"

#include <array>

namespace dyn86 {

/// Two latches and an address decoder [XT-IDE]: the 16-bit data register is moved in halves, the low one with the
/// access to the drive, the high one through a latch. Polled: the drives' INTRQ goes nowhere.
///
///     300h  data, low byte: reading fetches a word, writing sends one
///     301h-307h  the task file
///     308h  data, high byte: of the word read last, or for the word to be sent
///     30Eh  alternate status; device control
///
/// Wiring: ports 300h-30Fh.
class XtIde final : public PortDevice {
public:
    static constexpr Port first_port = 0x300;
    static constexpr u32 port_count = 0x10;
    static constexpr std::size_t drives = 2;

    /// Null takes the disk off the cable. To be done while the machine is off: drives are no removable media.
    void attach(std::size_t drive, HardDiskMedium* medium) { drives_.at(drive).attach(medium); }

    u8 in(Port port) override;
    void out(Port port, u8 value) override;
    void serialize(Archive& ar);

private:
    [[nodiscard]] AtaDrive* selected();
    [[nodiscard]] u8 read_register(AtaDrive::Register reg);

    std::array<AtaDrive, drives> drives_{AtaDrive{AtaDrive::Place::Master}, AtaDrive{AtaDrive::Place::Slave}};
    u8 high_read_ = 0, high_to_write_ = 0;
};

}  // namespace dyn86
