#include "src/frontend/render.h"

#include "src/frontend/code_page.h"

#include <algorithm>
#include <array>

namespace dyn86::frontend {
namespace {

constexpr unsigned blank_width = 640, blank_height = 400;
constexpr unsigned most_lines = 1024;  // of a picture; a monitor would have lost its grip long before
constexpr u32 not_drawn = 0xFFFF'FFFF;
constexpr unsigned mda_underline = 12;  // of the 14 scan lines of a row

/// Which of the font's glyphs shows a character.
u8 glyph_for(u8 byte, u16 code_page) {
    constexpr u8 square = 0xFE;
    if (byte < 0x80 || code_page == adapters_code_page) return byte;
    const char32_t character = to_unicode(byte, code_page);
    if (const auto glyph = from_unicode(character, adapters_code_page)) return *glyph;
    const auto plain = transliterated(character);
    return plain ? from_unicode(*plain, adapters_code_page).value_or(square) : square;
}

}  // namespace

Phase phase_at(i64 field) {
    return {.cursor_shows = (field / 8) % 2 == 0, .characters_show = (field / 16) % 2 == 0};
}

Renderer::Shape Renderer::shape_of(const Screen& screen) {
    Shape shape{.mode = screen.mode, .adapter = screen.adapter};
    if (screen.mode == Screen::Mode::Off) return shape;
    shape.columns = std::max<unsigned>(screen.columns, 1);
    shape.rows = std::max<unsigned>(screen.rows, 1);
    shape.lines = std::clamp<unsigned>(screen.glyph_height, 1, 32);
    if (screen.is_graphics()) {
        shape.colours = screen.palette;
        return shape;
    }
    shape.cursor_top = screen.cursor_top;
    shape.cursor_bottom = screen.cursor_bottom;
    shape.blink = screen.blink;
    shape.code_page = screen.code_page;
    return shape;
}

void Renderer::reshape(const Shape& shape) {
    shape_ = shape;
    for (unsigned byte = 0; byte < glyphs_.size(); ++byte) glyphs_[byte] = glyph_for(u8(byte), shape.code_page);
    drawn_.clear();
    drawn_bytes_.clear();
    if (shape.mode == Screen::Mode::Off) return resize(blank_width, blank_height);
    const unsigned lines = std::min(shape.rows * shape.lines, most_lines);
    scale_y_ = lines <= 240 ? 2 : 1;
    if (shape.mode != Screen::Mode::Text) {
        scale_x_ = shape.mode == Screen::Mode::Graphics320 ? 2 : 1;
        return resize(shape.columns * 16, lines * scale_y_);
    }
    scale_x_ = shape.columns <= 50 ? 2 : 1;
    cell_width_ = (shape.adapter == Adapter::Cga ? 8 : 9) * scale_x_;
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
    if (screen.is_graphics()) {
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
    character = glyphs_[character];
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
        if (cursor && covers_cursor(scan_line)) dots = 0x1FF;
        u32* pixel = &image_.pixels[std::size_t{row * cell_height_ + y} * image_.width + column * cell_width_];
        for (unsigned x = 0; x < cell_width_; ++x) *pixel++ = dots >> (8 - x / scale_x_) & 1 ? foreground : background;
    }
}

/// A cursor whose first line is behind its last is in two parts. [MC6845, "Cursor Start Register"]
bool Renderer::covers_cursor(unsigned scan_line) const {
    const bool behind_top = scan_line >= shape_.cursor_top, before_bottom = scan_line <= shape_.cursor_bottom;
    return shape_.cursor_top <= shape_.cursor_bottom ? behind_top && before_bottom : behind_top || before_bottom;
}

Renderer::Lines Renderer::update_graphics(const Screen& screen) {
    Lines changed{image_.height, 0};
    const bool blank = drawn_bytes_.empty();  // the first time everything is drawn
    const unsigned lines = image_.height / scale_y_;
    std::vector<u8> bytes(screen.line_bytes());
    drawn_bytes_.resize(lines * bytes.size());
    for (unsigned y = 0; y < lines; ++y) {
        for (unsigned i = 0; i < bytes.size(); ++i) bytes[i] = screen.graphics_byte(y, i);
        const auto drawn = drawn_bytes_.begin() + std::ptrdiff_t(y * bytes.size());
        if (!blank && std::equal(bytes.begin(), bytes.end(), drawn)) continue;
        std::ranges::copy(bytes, drawn);
        draw_graphics_line(y, bytes, screen.bits_per_pixel());
        changed = {std::min(changed.top, y * scale_y_), (y + 1) * scale_y_};
    }
    return changed;
}

/// Eight dots of the image a byte: pixels of two bits are two dots wide.
void Renderer::draw_graphics_line(unsigned y, std::span<const u8> bytes, unsigned bits) {
    u32* const line = &image_.pixels[std::size_t{y} * scale_y_ * image_.width];
    u32* pixel = line;
    const unsigned mask = (1u << bits) - 1;
    for (const u8 byte : bytes) {
        for (unsigned x = 0; x < 8; ++x) {
            const unsigned value = byte >> (8 - bits - x / bits * bits) & mask;
            *pixel++ = palette[shape_.colours[value] & 15];
        }
    }
    if (scale_y_ == 2) std::copy_n(line, image_.width, pixel);
}

}  // namespace dyn86::frontend
