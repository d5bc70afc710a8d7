#include "src/frontend/render.h"

#include <algorithm>
#include <array>

namespace dyn86::frontend {
namespace {

constexpr unsigned graphics_lines = 200, graphics_line_bytes = 80;
constexpr u32 not_drawn = 0xFFFF'FFFF;
constexpr unsigned mda_underline = 12;  // of the 14 scan lines of a row

/// Bytes of a graphics line: even lines at 0, odd ones at 2000h. [IBM O&A, CGA memory map]
std::array<u8, graphics_line_bytes> graphics_line(const Screen& screen, unsigned y) {
    std::array<u8, graphics_line_bytes> bytes;
    for (unsigned i = 0; i < graphics_line_bytes; ++i) {
        const unsigned within = (screen.start * 2u + y / 2 * graphics_line_bytes + i) & 0x1FFF;
        bytes[i] = screen.memory[((y & 1) * 0x2000 + within) % screen.memory.size()];
    }
    return bytes;
}

}  // namespace

Phase phase_at(i64 field) {
    return {.cursor_shows = (field / 8) % 2 == 0, .characters_show = (field / 16) % 2 == 0};
}

Renderer::Shape Renderer::shape_of(const Screen& screen) {
    Shape shape{.mode = screen.mode, .adapter = screen.adapter};
    if (is_graphics(screen)) {
        shape.colours = screen.palette;
        return shape;
    }
    shape.columns = std::max<unsigned>(screen.columns, 1);
    shape.rows = std::max<unsigned>(screen.rows, 1);
    shape.lines = std::clamp<unsigned>(screen.glyph_height, 1, 32);
    shape.cursor_top = screen.cursor_top;
    shape.cursor_bottom = screen.cursor_bottom;
    shape.blink = screen.blink;
    return shape;
}

void Renderer::reshape(const Shape& shape) {
    shape_ = shape;
    drawn_.clear();
    drawn_bytes_.clear();
    if (shape.lines == 0) {
        resize(640, graphics_lines * 2);
        return;
    }
    scale_x_ = shape.columns <= 50 ? 2 : 1;
    scale_y_ = shape.rows * shape.lines <= 240 ? 2 : 1;
    cell_width_ = (shape.adapter == Adapter::Mda ? 9 : 8) * scale_x_;
    cell_height_ = shape.lines * scale_y_;
    resize(shape.columns * cell_width_, shape.rows * cell_height_);
    drawn_.assign(std::size_t{shape.rows} * shape.columns, not_drawn);
}

void Renderer::resize(unsigned width, unsigned height) {
    image_.width = width;
    image_.height = height;
    image_.pixels.assign(std::size_t{width} * height, 0);
}

Renderer::Lines Renderer::update(const Screen& screen, Phase phase) {
    const Shape shape = shape_of(screen);
    const bool anew = shape != shape_ || image_.pixels.empty();
    if (anew) reshape(shape);
    Lines changed;
    if (is_graphics(screen)) {
        changed = update_graphics(screen);
    } else if (screen.mode == Screen::Mode::Text) {
        changed = update_text(screen, phase);
    }
    return anew ? Lines{0, image_.height} : changed;
}

Renderer::Lines Renderer::update_text(const Screen& screen, Phase phase) {
    Lines changed{image_.height, 0};
    const auto cursor = phase.cursor_shows ? screen.cursor_position() : std::nullopt;
    for (unsigned row = 0; row < shape_.rows; ++row) {
        for (unsigned column = 0; column < shape_.columns; ++column) {
            const u8 character = screen.character(row, column), attribute = screen.attribute(row, column);
            Look look = look_of(attribute, screen);
            const bool hidden = look.blinks && !phase.characters_show;
            const bool has_cursor = cursor && cursor->row == row && cursor->column == column;
            const u32 shows = character | u32{attribute} << 8 | u32{has_cursor} << 16 | u32{hidden} << 17;
            u32& drawn = drawn_[std::size_t{row} * shape_.columns + column];
            if (drawn == shows) continue;
            drawn = shows;
            draw_cell(row, column, hidden ? u8{' '} : character, look, has_cursor);
            changed = {std::min(changed.top, row * cell_height_), (row + 1) * cell_height_};
        }
    }
    return changed;
}

/// The dots of a character in line `y` of its cell, nine of them: the monochrome adapter repeats the eighth for
/// line-drawing characters. [IBM O&A, MDA, "character generator"]
unsigned Renderer::glyph_line(u8 character, unsigned y) const {
    unsigned dots = 0;
    if (cell_height_ == 16) {
        dots = font_.tall[character * 16u + y];
    } else if (shape_.lines > 8) {
        const unsigned first = shape_.lines < 16 ? (16 - shape_.lines) / 2 : 0;
        const unsigned line = y / scale_y_ + first;
        dots = line < 16 ? font_.tall[character * 16u + line] : 0;
    } else {
        dots = font_.small[character * 8u + y / scale_y_];
    }
    const bool joined = character >= 0xC0 && character <= 0xDF && (dots & 1) != 0;
    return dots << 1 | (joined ? 1 : 0);
}

void Renderer::draw_cell(unsigned row, unsigned column, u8 character, const Look& look, bool cursor) {
    const u32 foreground = palette[look.foreground], background = palette[look.background];
    for (unsigned y = 0; y < cell_height_; ++y) {
        const unsigned scan_line = y / scale_y_;
        unsigned dots = glyph_line(character, y);
        if (look.underlined && scan_line == mda_underline) dots = 0x1FF;
        if (cursor && scan_line >= shape_.cursor_top && scan_line <= shape_.cursor_bottom) dots = 0x1FF;
        u32* pixel = &image_.pixels[std::size_t{row * cell_height_ + y} * image_.width + column * cell_width_];
        for (unsigned x = 0; x < cell_width_; ++x) *pixel++ = dots >> (8 - x / scale_x_) & 1 ? foreground : background;
    }
}

Renderer::Lines Renderer::update_graphics(const Screen& screen) {
    Lines changed{image_.height, 0};
    const bool blank = drawn_bytes_.empty();  // the first time everything is drawn
    drawn_bytes_.resize(std::size_t{graphics_lines} * graphics_line_bytes);
    for (unsigned y = 0; y < graphics_lines; ++y) {
        const auto bytes = graphics_line(screen, y);
        const auto drawn = drawn_bytes_.begin() + std::ptrdiff_t(y * graphics_line_bytes);
        if (!blank && std::equal(bytes.begin(), bytes.end(), drawn)) continue;
        std::ranges::copy(bytes, drawn);
        draw_graphics_line(y, bytes);
        changed = {std::min(changed.top, y * 2), (y + 1) * 2};
    }
    return changed;
}

void Renderer::draw_graphics_line(unsigned y, std::span<const u8> bytes) {
    const unsigned bits = shape_.mode == Screen::Mode::Graphics320 ? 2 : 1;
    u32* pixel = &image_.pixels[std::size_t{y} * 2 * image_.width];
    const unsigned mask = (1u << bits) - 1;
    for (const u8 byte : bytes) {
        for (unsigned x = 0; x < 8; ++x) {
            const unsigned value = byte >> (8 - bits - x / bits * bits) & mask;
            *pixel++ = palette[shape_.colours[value] & 15];
        }
    }
    std::copy_n(pixel - image_.width, image_.width, pixel);
}

}  // namespace dyn86::frontend
