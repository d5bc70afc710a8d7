// Hercules Graphics Card.
#pragma once

#include "devices/crtc.h"
#include "devices/picture.h"
#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/ticks.h"
#include "src/base/types.h"

namespace dyn86 {

/// HGC: an MDA to programs that know no better, with 64 KiB of memory and graphics of 720 by 348 dots in two pages of
/// 32 KiB [HGC]. Its printer port is a chip of its own.
///
///     3B4h, 3B5h  6845 (every even and odd port of 3B0h-3B7h)
///     3B8h  mode: 1 graphics, 3 video on, 5 attribute bit 7 blinks, 7 second page is shown
///     3BAh  status: 0 horizontal drive, 3 the dot under the beam is lit, 7 low during vertical sync
///     3BFh  switch: 0 lets bit 1 of the mode be set, 1 lets bit 7 be set and the second page answer at B8000h
///
/// Text is read from the first 4 KiB; a graphics page has its lines in four parts of 8 KiB, by the 6845's row address.
///
/// Wiring: ports 3B0h-3BBh and 3BFh. Memory: 32 KiB at B0000h; `second_page` is high while the 32 KiB at B8000h answer.
class Hercules final : public PortDevice, public DisplayAdapter {
public:
    static constexpr Port first_port = 0x3B0;
    static constexpr u32 port_count = 0x0C;
    static constexpr Port switch_port = 0x3BF;
    static constexpr Linear memory = 0xB'0000, second_memory = 0xB'8000;
    static constexpr u32 page_size = 0x8000, text_size = 0x1000;

    /// `guest` is asked for what lies under the beam when status bit 3 is read.
    Hercules(const Clock& clock, GuestMemory& guest, Pin& second_page);

    u8 in(Port port) override;
    void out(Port port, u8 value) override;
    [[nodiscard]] Picture picture() const override;
    [[nodiscard]] const Crtc& crtc() const { return crtc_; }
    void serialize(Archive& ar);

private:
    static constexpr i64 dot_clock_hz = 16'257'000;
    static constexpr CharacterClock text_clock{dot_clock_hz, 9 * Ticks::rate_hz};
    static constexpr CharacterClock graphics_clock{dot_clock_hz, 16 * Ticks::rate_hz};

    [[nodiscard]] bool is_graphics() const { return (mode_ & 0x02) != 0; }
    [[nodiscard]] u8 status() const;
    [[nodiscard]] bool is_lit(const Crtc::Beam& beam) const;
    void set_mode(u8 value);

    Crtc crtc_;
    GuestMemory& guest_;
    Pin& second_page_;
    u8 mode_ = 0;
    u8 switch_ = 0;
};

}  // namespace dyn86
