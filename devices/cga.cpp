#include "devices/cga.h"

namespace dyn86 {
namespace {

// 3D8h.
constexpr u8 mode_80_columns = 0x01;
constexpr u8 mode_graphics = 0x02;
constexpr u8 mode_black_and_white = 0x04;
constexpr u8 mode_video_on = 0x08;
constexpr u8 mode_640_dots = 0x10;
constexpr u8 mode_blink = 0x20;

constexpr u8 bright = 0x08;

/// Status bits that the card does not drive read as the pull-ups have them.
constexpr u8 undriven_status = 0xF0;

}  // namespace

u8 Cga::status() const {
    const Crtc::Beam beam = crtc_.beam();
    return u8(undriven_status | int{!beam.displayed} | int{pen_latched_} << 1 | int{!pen_switch_closed_} << 2 |
              int{beam.vertical_sync} << 3);
}

u8 Cga::in(Port port) {
    const Port offset = port & 0x0F;
    if (offset < 8) return (offset & 1) != 0 ? crtc_.read() : u8{0xFF};
    if (offset == 0x0A) return status();
    access_light_pen_latch(port);
    return 0xFF;
}

void Cga::out(Port port, u8 value) {
    const Port offset = port & 0x0F;
    switch (offset) {
        case 0x08: write_mode(value); break;
        case 0x09: color_ = value & 0x3F; break;
        default:
            if (offset >= 8) {
                access_light_pen_latch(port);
            } else if ((offset & 1) != 0) {
                crtc_.write(value);
            } else {
                crtc_.select(value);
            }
    }
}

void Cga::write_mode(u8 value) {
    const bool changes_clock = ((mode_ ^ value) & mode_80_columns) != 0;
    mode_ = value & 0x3F;
    if (changes_clock) crtc_.set_character_clock((mode_ & mode_80_columns) != 0 ? fast : slow);
}

void Cga::access_light_pen_latch(Port port) {
    if ((port & 0x0F) == 0x0B) pen_latched_ = false;
    if ((port & 0x0F) == 0x0C) trigger_light_pen();
}

void Cga::trigger_light_pen() {
    if (!pen_latched_) crtc_.strobe_light_pen();
    pen_latched_ = true;
}

// IRGB of the pixel values. Black and white mode swaps palette 1's magenta for red on an RGB monitor (known from use,
// not from IBM's text: "mode 5 palette").
void Cga::describe_graphics(Picture& picture) const {
    picture.kind = Picture::Kind::Graphics;
    picture.cursor = {};
    const u8 chosen = color_ & 0x0F;
    if ((mode_ & mode_640_dots) != 0) {
        picture.cell_width = 16;
        picture.bits_per_pixel = 1;
        picture.palette = {0, chosen, 0, 0};
        picture.border = 0;
        return;
    }
    const u8 intensity = (color_ & 0x10) != 0 ? bright : u8{0};
    const bool second = (color_ & 0x20) != 0;
    picture.bits_per_pixel = 2;
    if ((mode_ & mode_black_and_white) != 0) {
        picture.palette = {chosen, 3, 4, 7};
    } else if (second) {
        picture.palette = {chosen, 3, 5, 7};
    } else {
        picture.palette = {chosen, 2, 4, 6};
    }
    for (std::size_t value = 1; value < 4; ++value) picture.palette[value] |= intensity;
}

Picture Cga::picture() const {
    Picture picture;
    picture.memory = memory;
    picture.memory_size = memory_size;
    crtc_.describe(picture);
    picture.kind = Picture::Kind::Text;
    picture.attributes_blink = (mode_ & mode_blink) != 0;
    picture.border = color_ & 0x0F;
    if ((mode_ & mode_graphics) != 0) describe_graphics(picture);
    const bool nothing = (mode_ & mode_video_on) == 0 || picture.columns == 0 || picture.rows == 0;
    if (nothing) picture.kind = Picture::Kind::Off;
    return picture;
}

void Cga::serialize(Archive& ar) {
    ar("crtc", crtc_);
    ar("mode", mode_);
    ar("color", color_);
    ar("pen_latched", pen_latched_);
    ar("pen_switch_closed", pen_switch_closed_);
}

}  // namespace dyn86
