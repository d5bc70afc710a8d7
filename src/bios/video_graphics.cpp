// Characters and points in CGA's graphics modes: 320x200 in four colours, 640x200 in two.
#include "src/bios/video.h"

#include <algorithm>

namespace dyn86 {

namespace {

constexpr Linear lower_font = SegOff{0xF000, 0xFA6E}.linear();  // characters 00h-7Fh; INT 1Fh points to the others
constexpr Linear upper_font_vector = 0x1F * 4;
constexpr u16 width = 320, height = 200, line_bytes = 80;
constexpr u8 exclusive_or = 0x80;  // a colour's bit 7

/// Even lines first, odd lines 8 KiB behind. [IBM O&A, "Color/Graphics Monitor Adapter"]
u16 line_start(unsigned line) {
    return u16((line & 1) * 0x2000 + line / 2 * line_bytes);
}

/// Two bits for each bit.
u16 widen(u8 row) {
    u16 wide = 0;
    for (unsigned bit = 0; bit < 8; ++bit)
        if ((row >> bit & 1) != 0) wide = u16(wide | 3u << bit * 2);
    return wide;
}

/// One bit for each two that are not both zero.
u8 narrow(u16 wide) {
    u8 row = 0;
    for (unsigned bit = 0; bit < 8; ++bit)
        if ((wide >> bit * 2 & 3) != 0) row = u8(row | 1u << bit);
    return row;
}

}  // namespace

Video::Glyph Video::glyph(u8 character) const {
    Linear font = lower_font;
    if (character >= 0x80)
        font = SegOff{memory_.read16(upper_font_vector + 2), memory_.read16(upper_font_vector)}.linear();
    Glyph glyph{};
    memory_.copy_out(font + (character & 0x7Fu) * 8, glyph.rows);
    return glyph;
}

Video::Glyph Video::read_glyph(Position at) const {
    Glyph seen{};
    for (unsigned y = 0; y < 8; ++y) {
        const Linear line = video_base() + line_start(at.row * 8u + y);
        if (is_two_color()) {
            seen.rows[y] = memory_.read8(line + at.column);
        } else {
            const Linear pair = line + at.column * 2u;
            seen.rows[y] = narrow(u16(memory_.read8(pair) << 8 | memory_.read8(pair + 1)));
        }
    }
    return seen;
}

u8 Video::recognise(Position at) const {
    const Glyph seen = read_glyph(at);
    for (unsigned character = 0; character < 256; ++character)
        if (glyph(u8(character)) == seen) return u8(character);
    return 0;
}

void Video::draw_glyphs(Position at, u8 character, u8 color, u16 count) {
    const Glyph drawn = glyph(character);
    const unsigned cells = unsigned(columns()) * (height / 8);
    for (unsigned i = 0; i < std::min<unsigned>(count, cells) && at.row < height / 8; ++i) {
        draw_glyph(at, drawn, color);
        if (++at.column == columns()) {
            at.column = 0;
            ++at.row;
        }
    }
}

void Video::draw_glyph(Position at, const Glyph& drawn, u8 color) {
    const bool two_color = is_two_color();
    for (unsigned y = 0; y < 8; ++y) {
        const Linear line = video_base() + line_start(at.row * 8u + y);
        const auto put = [&](Linear to, u8 points) {
            memory_.write8(to, (color & exclusive_or) != 0 ? u8(memory_.read8(to) ^ points) : points);
        };
        if (two_color) {
            put(line + at.column, drawn.rows[y]);
            continue;
        }
        const u16 points = u16(widen(drawn.rows[y]) & (color & 3) * 0x5555u);
        put(line + at.column * 2u, u8(points >> 8));
        put(line + at.column * 2u + 1, u8(points));
    }
}

void Video::scroll_graphics(Direction direction, u8 lines, Window window, u8 fill) {
    const unsigned cell = is_two_color() ? 1 : 2;
    window.bottom = u8(std::min<unsigned>(window.bottom, height / 8 - 1));
    if (window.top > window.bottom) return;
    const unsigned rows = unsigned(window.bottom - window.top) + 1;
    const unsigned moved = (lines == 0 || lines >= rows ? 0 : rows - lines) * 8;
    const unsigned top = window.top * 8u, total = rows * 8, left = window.left * cell;
    std::vector<u8> line((window.right - window.left + 1u) * cell);
    const auto place = [&](unsigned y) { return video_base() + line_start(y) + left; };
    for (unsigned i = 0; i < moved; ++i) {
        const bool up = direction == Direction::Up;
        const unsigned to = up ? top + i : top + total - 1 - i;
        memory_.copy_out(place(up ? to + (total - moved) : to - (total - moved)), line);
        memory_.copy_in(place(to), line);
    }
    std::fill(line.begin(), line.end(), fill);
    for (unsigned i = moved; i < total; ++i)
        memory_.copy_in(place(direction == Direction::Up ? top + i : top + total - 1 - i), line);
}

Video::PointPlace Video::place_of(u16 x, u16 y) const {
    const Linear line = video_base() + line_start(y % height);
    if (is_two_color()) return {line + (x % (2 * width)) / 8u, u8(7 - (x & 7)), 1};
    return {line + (x % width) / 4u, u8(6 - (x & 3) * 2), 3};
}

void Video::write_point(u16 x, u16 y, u8 color) {
    if (!is_graphics()) return;
    const PointPlace place = place_of(x, y);
    const u8 old = memory_.read8(place.address);
    const u8 points = u8((color & place.mask) << place.shift);
    const u8 kept = u8(old & ~(place.mask << place.shift));
    memory_.write8(place.address, (color & exclusive_or) != 0 ? u8(old ^ points) : u8(kept | points));
}

u8 Video::read_point(u16 x, u16 y) const {
    if (!is_graphics()) return 0;
    const PointPlace place = place_of(x, y);
    return u8(memory_.read8(place.address) >> place.shift & place.mask);
}

}  // namespace dyn86
