// IBM Color/Graphics Monitor Adapter.
#pragma once

#include "devices/crtc.h"
#include "devices/picture.h"
#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/ticks.h"
#include "src/base/types.h"

namespace dyn86 {

/// CGA: a 6845 on the 14.31818 MHz dot clock, 16 KiB of memory, and four ports of its own [IBM O&A, "Color/Graphics
/// Monitor Adapter"]. Its memory is guest RAM; snow is not modelled.
///
///     3D4h, 3D5h  6845 (every even and odd port of 3D0h-3D7h)
///     3D8h  mode: 0 80 columns, 1 graphics, 2 black and white, 3 video on, 4 640 dots, 5 attribute bit 7 blinks
///     3D9h  color: 3-0 border, background (320) or foreground (640), 4 bright palette, 5 palette
///     3DAh  status: 0 not displaying, 1 light pen latch, 2 light pen switch open, 3 vertical sync
///     3DBh  any access clears the light pen latch;  3DCh sets it
///
/// Wiring: ports 3D0h-3DFh. Memory: 16 KiB at B8000h, repeated at BC000h.
class Cga final : public PortDevice, public DisplayAdapter {
public:
    static constexpr Port first_port = 0x3D0;
    static constexpr u32 port_count = 0x10;
    static constexpr Linear memory = 0xB'8000;
    static constexpr u32 memory_size = 0x4000;

    explicit Cga(const Clock& clock) : crtc_(clock, slow) {}

    u8 in(Port port) override;
    void out(Port port, u8 value) override;
    [[nodiscard]] Picture picture() const override;
    [[nodiscard]] const Crtc& crtc() const { return crtc_; }

    /// The pen sees the beam: latches the address, once until the guest clears the latch.
    void trigger_light_pen();
    /// The pen's tip is pressed.
    void set_light_pen_switch(bool closed) { pen_switch_closed_ = closed; }

    void serialize(Archive& ar);

private:
    static constexpr CharacterClock fast{1, 8};   // 80 columns: 8 dots
    static constexpr CharacterClock slow{1, 16};  // 40 columns and graphics: 16 dots

    [[nodiscard]] u8 status() const;
    void write_mode(u8 value);
    void access_light_pen_latch(Port port);
    void describe_graphics(Picture& picture) const;

    Crtc crtc_;
    u8 mode_ = 0;
    u8 color_ = 0;
    bool pen_latched_ = false;
    bool pen_switch_closed_ = false;
};

}  // namespace dyn86
