// The screen as pixels: what the window shows and what a .png holds.
#pragma once

#include "src/frontend/text.h"

#include <array>
#include <span>
#include <vector>

namespace dyn86::frontend {

/// Glyphs as bitmaps, most significant bit left: 256 of 16 lines, 256 of 8 lines.
struct Font {
    std::span<const u8> tall;   // 4096 bytes
    std::span<const u8> small;  // 2048 bytes
};
/// The font of roms/.
[[nodiscard]] Font pc_font();

/// Which halves of their periods the blinking things are in.
struct Phase {
    bool cursor_shows = true, characters_show = true;
};
/// At this many 60ths of a second: the 6845's cursor changes every 8 fields, characters every 16. [IBM O&A, CGA, logic
/// diagrams]
[[nodiscard]] Phase phase_at(i64 field);

/// Pixels as 00RRGGBBh, row by row.
struct Image {
    unsigned width = 0, height = 0;
    std::vector<u32> pixels;
};

/// Draws a screen, and on later calls only what is not there yet. CGA pictures have about 400 lines: scan lines are
/// doubled, and 8-line characters use the 16-line glyphs instead; 40 columns and 320 dots are doubled in width. A
/// Hercules's 348 lines stay. The font is code page 437's: of other code pages, what it lacks is drawn as the letter
/// without its accent, or as a square.
class Renderer {
public:
    explicit Renderer(const Font& font) : font_(font) {}

    /// Lines of the image that changed: [top, bottom).
    struct Lines {
        unsigned top = 0, bottom = 0;
        [[nodiscard]] bool empty() const { return top >= bottom; }
    };
    Lines update(const Screen& screen, Phase phase);
    [[nodiscard]] const Image& image() const { return image_; }

private:
    /// What decides the shape of the picture; when it changes, everything is drawn anew.
    struct Shape {
        Screen::Mode mode = Screen::Mode::Off;
        Adapter adapter = Adapter::Cga;
        unsigned columns = 0, rows = 0, lines = 0;  // cells, and scan lines per row
        u8 cursor_top = 0, cursor_bottom = 0;
        std::array<u8, 4> colours{};  // of graphics pixels
        bool blink = false;
        u16 code_page = 437;
        friend bool operator==(const Shape&, const Shape&) = default;
    };
    [[nodiscard]] static Shape shape_of(const Screen& screen);
    void reshape(const Shape& shape);
    void resize(unsigned width, unsigned height);
    Lines update_text(const Screen& screen, Phase phase);
    Lines update_graphics(const Screen& screen);
    [[nodiscard]] bool covers_cursor(unsigned scan_line) const;
    void draw_cell(unsigned row, unsigned column, u8 character, const Look& look, bool cursor);
    [[nodiscard]] unsigned glyph_line(u8 character, unsigned y) const;
    void draw_graphics_line(unsigned y, std::span<const u8> bytes, unsigned bits);

    Font font_;
    Image image_;
    Shape shape_;
    std::array<u8, 256> glyphs_{};  // of the font, for the screen's characters
    unsigned cell_width_ = 8, cell_height_ = 16, scale_x_ = 1, scale_y_ = 1;
    std::vector<u32> drawn_;       // text: what each cell shows
    std::vector<u8> drawn_bytes_;  // graphics: what each line shows
};

}  // namespace dyn86::frontend
