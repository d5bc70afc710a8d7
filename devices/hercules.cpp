#include "devices/hercules.h"

#include "devices/mda.h"

#include <array>

namespace dyn86 {
namespace {

// 3B8h.
constexpr u8 mode_graphics = 0x02, mode_video_on = 0x08, mode_blink = 0x20, mode_second_page = 0x80;
// 3BFh.
constexpr u8 allow_graphics = 0x01, allow_second_page = 0x02;

/// Bits 6-4 are not 001 or 101, which would be the later cards. [HGC, "How to detect"]
constexpr u8 undriven_status = 0x76;
constexpr u8 status_no_vertical_sync = 0x80;

}  // namespace

Hercules::Hercules(const Clock& clock, GuestMemory& guest, Pin& second_page)
    : crtc_(clock, text_clock), guest_(guest), second_page_(second_page) {}

bool Hercules::is_lit(const Crtc::Beam& beam) const {
    if (!beam.displayed || (mode_ & mode_video_on) == 0) return false;
    const Picture shown = picture();
    std::array<u8, 2> cell{};
    if (!is_graphics()) {
        guest_.copy_out(shown.cell_address(beam.column, beam.row), cell);
        return Mda::lights_dots(cell[0], cell[1]);
    }
    guest_.copy_out(shown.pixels_address(beam.column, beam.row, beam.scan_line), cell);
    return cell[0] != 0 || cell[1] != 0;
}

u8 Hercules::status() const {
    const Crtc::Beam beam = crtc_.beam();
    return u8(undriven_status | int{beam.horizontal_sync} | int{is_lit(beam)} << 3 |
              (beam.vertical_sync ? 0 : status_no_vertical_sync));
}

u8 Hercules::in(Port port) {
    const Port offset = port & 0x0F;
    if (offset < 8) return (offset & 1) != 0 ? crtc_.read() : u8{0xFF};
    return offset == 0x0A ? status() : u8{0xFF};
}

void Hercules::out(Port port, u8 value) {
    const Port offset = port & 0x0F;
    if (port == switch_port) {
        switch_ = value & (allow_graphics | allow_second_page);
        second_page_.set_level((switch_ & allow_second_page) != 0);
        set_mode(mode_);
    } else if (offset == 8) {
        set_mode(value);
    } else if (offset < 8 && (offset & 1) != 0) {
        crtc_.write(value);
    } else if (offset < 8) {
        crtc_.select(value);
    }
}

/// What the switch does not allow stays off.
void Hercules::set_mode(u8 value) {
    if ((switch_ & allow_graphics) == 0) value &= u8(~mode_graphics);
    if ((switch_ & allow_second_page) == 0) value &= u8(~mode_second_page);
    const bool changes_clock = ((mode_ ^ value) & mode_graphics) != 0;
    mode_ = value;
    if (changes_clock) crtc_.set_character_clock(is_graphics() ? graphics_clock : text_clock);
}

Picture Hercules::picture() const {
    Picture picture;
    picture.monochrome = true;
    picture.attributes_blink = (mode_ & mode_blink) != 0;
    crtc_.describe(picture);
    picture.kind = is_graphics() ? Picture::Kind::Graphics : Picture::Kind::Text;
    picture.memory = (mode_ & mode_second_page) != 0 ? second_memory : memory;
    picture.memory_size = is_graphics() ? page_size : text_size;
    picture.cell_width = is_graphics() ? 16 : 9;
    if (is_graphics()) {
        picture.cursor = {};
        picture.bits_per_pixel = 1;
        picture.banks = 4;
        picture.palette = {0, 7, 0, 0};
    }
    if ((mode_ & mode_video_on) == 0 || picture.columns == 0 || picture.rows == 0) picture.kind = Picture::Kind::Off;
    return picture;
}

void Hercules::serialize(Archive& ar) {
    ar("crtc", crtc_);
    ar("mode", mode_);
    ar("switch", switch_);
    second_page_.set_level((switch_ & allow_second_page) != 0);
}

}  // namespace dyn86
