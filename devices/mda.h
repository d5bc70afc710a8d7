// IBM Monochrome Display Adapter (its printer port is a chip of its own).
#pragma once

#include "devices/crtc.h"
#include "devices/picture.h"
#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/ticks.h"
#include "src/base/types.h"

namespace dyn86 {

/// MDA: a 6845 on a 16.257 MHz dot clock of the card's own, nine dots a character, 4 KiB of memory [IBM O&A,
/// "Monochrome Display and Printer Adapter"]. Its memory is guest RAM.
///
///     3B4h, 3B5h  6845 (every even and odd port of 3B0h-3B7h)
///     3B8h  mode: 0 must be set by the BIOS (high resolution), 3 video on, 5 attribute bit 7 blinks
///     3BAh  status: 0 horizontal drive, 3 the dot under the beam is lit
///
/// Wiring: ports 3B0h-3BBh (3BCh-3BEh are the printer). Memory: 4 KiB at B0000h, repeated up to B7FFFh.
class Mda final : public PortDevice, public DisplayAdapter {
public:
    static constexpr Port first_port = 0x3B0;
    static constexpr u32 port_count = 0x0C;
    static constexpr Linear memory = 0xB'0000;
    static constexpr u32 memory_size = 0x1000;

    /// `guest` is asked for the cell under the beam when status bit 3 is read.
    Mda(const Clock& clock, GuestMemory& guest) : crtc_(clock, character_clock), guest_(guest) {}

    u8 in(Port port) override;
    void out(Port port, u8 value) override;
    [[nodiscard]] Picture picture() const override;
    [[nodiscard]] const Crtc& crtc() const { return crtc_; }
    /// Whether a cell counts as lit when status bit 3 asks.
    [[nodiscard]] static bool lights_dots(u8 character, u8 attribute);
    void serialize(Archive& ar);

private:
    static constexpr i64 dot_clock_hz = 16'257'000;
    static constexpr i64 dots_per_character = 9;
    static constexpr CharacterClock character_clock{dot_clock_hz, dots_per_character* Ticks::rate_hz};

    [[nodiscard]] u8 status() const;
    [[nodiscard]] bool is_lit(const Crtc::Beam& beam) const;

    Crtc crtc_;
    GuestMemory& guest_;
    u8 mode_ = 0;
};

}  // namespace dyn86
