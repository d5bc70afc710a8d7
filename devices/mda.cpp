#include "devices/mda.h"

#include <array>

namespace dyn86 {
namespace {

// 3B8h.
constexpr u8 mode_video_on = 0x08;
constexpr u8 mode_blink = 0x20;

/// Status bits that the card does not drive read as the pull-ups have them; bit 7 never moves, which tells MDA from
/// Hercules.
constexpr u8 undriven_status = 0xF6;

}  // namespace

bool Mda::is_lit(const Crtc::Beam& beam) const {
    if (!beam.displayed || (mode_ & mode_video_on) == 0) return false;
    std::array<u8, 2> cell{};
    guest_.copy_out(picture().cell_address(beam.column, beam.row), cell);
    return lights_dots(cell[0], cell[1]);
}

// assumed: the character generator is not asked; a cell with a visible glyph counts as lit, a blank one as its
// background. The POST of the XT looks for the bit with reverse blanks on the screen, which this shows exactly.
bool Mda::lights_dots(u8 character, u8 attribute) {
    const bool reverse = (attribute & 0x77) == 0x70;
    const bool invisible = (attribute & 0x77) == 0;
    const bool blank = character == 0x00 || character == 0x20 || character == 0xFF;
    return reverse || (!invisible && !blank);
}

u8 Mda::status() const {
    const Crtc::Beam beam = crtc_.beam();
    return u8(undriven_status | int{beam.horizontal_sync} | int{is_lit(beam)} << 3);
}

u8 Mda::in(Port port) {
    const Port offset = port & 0x0F;
    if (offset < 8) return (offset & 1) != 0 ? crtc_.read() : u8{0xFF};
    return offset == 0x0A ? status() : u8{0xFF};
}

void Mda::out(Port port, u8 value) {
    const Port offset = port & 0x0F;
    if (offset == 8) {
        mode_ = value;
    } else if (offset < 8 && (offset & 1) != 0) {
        crtc_.write(value);
    } else if (offset < 8) {
        crtc_.select(value);
    }
}

Picture Mda::picture() const {
    Picture picture;
    picture.memory = memory;
    picture.memory_size = memory_size;
    picture.cell_width = dots_per_character;
    picture.monochrome = true;
    picture.attributes_blink = (mode_ & mode_blink) != 0;
    crtc_.describe(picture);
    const bool nothing = (mode_ & mode_video_on) == 0 || picture.columns == 0 || picture.rows == 0;
    picture.kind = nothing ? Picture::Kind::Off : Picture::Kind::Text;
    return picture;
}

void Mda::serialize(Archive& ar) {
    ar("crtc", crtc_);
    ar("mode", mode_);
}

}  // namespace dyn86
