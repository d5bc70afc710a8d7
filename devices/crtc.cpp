#include "devices/crtc.h"

#include <algorithm>

namespace dyn86 {
namespace {

// [MC6845, table 1]: the bits that exist.
constexpr std::array<u8, 18> register_bits{0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0x1F, 0x7F, 0x7F, 0x03,
                                           0x1F, 0x7F, 0x1F, 0x3F, 0xFF, 0x3F, 0xFF, 0x3F, 0xFF};
constexpr std::size_t last_timing_register = 9;
constexpr std::size_t light_pen_high = 16;
constexpr u16 address_bits = 0x3FFF;

/// Half on, half off, in frames. assumed: IBM's documents call cursor and characters "blinking" without a rate; these
/// are the boards' counters as read from their schematics by others (vertical sync / 16 and / 32).
constexpr u64 cursor_period = 16;
constexpr u64 character_period = 32;
constexpr bool in_bright_half(u64 frame, u64 period) {
    return frame % period < period / 2;
}

}  // namespace

i64 Crtc::passed() const {
    const i64 ticks = clock_.now().count;
    if (characters_.characters == 1) return ticks / characters_.ticks;
    return i64(__int128{ticks} * characters_.characters / characters_.ticks);
}

Crtc::Position Crtc::position() const {
    const i64 frame_length = line_length() * line_count();
    const i64 since = passed() - origin_;
    const i64 in_frame = since % frame_length;
    return {base_frame_ + u64(since / frame_length), in_frame / line_length(), in_frame % line_length()};
}

/// Continues at `position` under the registers as they are now, folded into what they allow.
void Crtc::go_on_from(const Position& position) {
    const i64 line = position.line % line_count();
    origin_ = passed() - line * line_length() - position.column % line_length();
    base_frame_ = position.frame;
}

void Crtc::set_character_clock(CharacterClock characters) {
    const Position before = position();
    characters_ = characters;
    go_on_from(before);
}

void Crtc::write(u8 value) {
    if (index_ >= light_pen_high) return;  // the light pen registers are read only
    const Position before = position();
    registers_[index_] = value & register_bits[index_];
    if (index_ <= last_timing_register) go_on_from(before);
}

u8 Crtc::read() const {
    return index_ >= 14 && index_ < register_count ? registers_[index_] : u8{0};
}

u16 Crtc::columns() const {
    return u16(std::min<i64>(registers_[1], line_length()));
}

u16 Crtc::rows() const {
    return u16(std::min(registers_[6], u8(registers_[4] + 1)));
}

Ticks Crtc::frame_time() const {
    return {line_length() * line_count() * characters_.ticks / characters_.characters};
}

Crtc::Beam Crtc::beam() const {
    const Position at = position();
    Beam beam;
    beam.frame = at.frame;
    beam.column = u32(at.column);
    beam.row = u32(at.line / cell_height());
    beam.scan_line = u32(at.line % cell_height());
    beam.displayed = beam.column < registers_[1] && beam.row < registers_[6];
    const i64 since_hsync = (at.column - registers_[2] + line_length()) % line_length();
    beam.horizontal_sync = registers_[2] < line_length() && since_hsync < registers_[3];
    const i64 sync_line = i64{registers_[7]} * cell_height();
    const i64 since_vsync = (at.line - sync_line + line_count()) % line_count();
    beam.vertical_sync = sync_line < line_count() && since_vsync < vertical_sync_lines;
    return beam;
}

Ticks Crtc::vertical_sync_change() const {
    const i64 sync_line = i64{registers_[7]} * cell_height(), lines = line_count();
    if (sync_line >= lines || lines <= vertical_sync_lines) return Ticks::never();
    const Position at = position();
    const i64 since = (at.line - sync_line + lines) % lines;
    const i64 lines_left = since < vertical_sync_lines ? vertical_sync_lines - since : lines - since;
    const i64 when = passed() + lines_left * line_length() - at.column;
    return {(when * characters_.ticks + characters_.characters - 1) / characters_.characters};
}

void Crtc::describe(Picture& picture) const {
    picture.columns = columns();
    picture.rows = rows();
    picture.cell_height = cell_height();
    picture.start = start();
    const u64 frame = position().frame;
    picture.blink_lit = in_bright_half(frame, character_period);

    // R10 bits 6, 5: 00 steady, 01 none, 10 blinks at 1/16, 11 at 1/32 of the field rate. [MC6845, "Cursor Start
    // Register"] assumed: the comparators of start and end set and reset a latch, so that start > end makes two parts
    // and an end below the cell never resets; a start below the cell never sets.
    const u8 blink = registers_[10] >> 5 & 3;
    const u16 offset = u16((cursor_address() - start()) & address_bits);
    Picture::Cursor& cursor = picture.cursor;
    cursor.first = registers_[10] & 0x1F;
    cursor.last = registers_[11];
    if (cursor.last > registers_[9]) {
        cursor.last = registers_[9];
        if (cursor.first <= registers_[9]) cursor.first = 0;
    }
    cursor.visible = blink != 1 && cursor.first <= registers_[9] && offset < picture.columns * picture.rows;
    if (!cursor.visible) return;
    cursor.column = offset % picture.columns;
    cursor.row = offset / picture.columns;
    const bool own_phase = (blink & 2) == 0 || in_bright_half(frame, blink == 2 ? 16 : 32);
    cursor.lit = own_phase && in_bright_half(frame, cursor_period);
}

void Crtc::strobe_light_pen() {
    const Beam at = beam();
    const u32 address = (start() + at.row * registers_[1] + at.column) & address_bits;
    registers_[light_pen_high] = u8(address >> 8);
    registers_[light_pen_high + 1] = u8(address);
}

void Crtc::serialize(Archive& ar) {
    ar("registers", registers_);
    ar("index", index_);
    ar("characters", characters_.characters);
    ar("ticks", characters_.ticks);
    characters_ = {std::max<i64>(characters_.characters, 1), std::max<i64>(characters_.ticks, 1)};
    ar("origin", origin_);
    ar("base_frame", base_frame_);
}

}  // namespace dyn86
