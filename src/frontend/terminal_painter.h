// What has to be written to an ANSI terminal so that it shows the screen.
#pragma once

#include "src/frontend/render.h"
#include "src/frontend/tty.h"

#include <string>
#include <string_view>
#include <vector>

namespace dyn86::frontend {

/// None: bright is bold, and what is not on black is reversed. [no-color.org]
enum class ColourDepth : u8 { None, Sixteen, TwoHundredFiftySix, True };
/// By the environment's NO_COLOR, COLORTERM and TERM.
[[nodiscard]] ColourDepth colour_depth(std::string_view no_color, std::string_view colorterm, std::string_view term);
/// Ascii: frames are drawn with + - |, what has no such likeness is a question mark.
enum class Charset : u8 { Utf8, Ascii };
/// By the environment's LC_ALL, LC_CTYPE and LANG; where none is set, UTF-8.
[[nodiscard]] Charset charset(std::string_view lc_all, std::string_view lc_ctype, std::string_view lang);

/// Remembers what the terminal shows and writes the difference. A terminal smaller than the screen shows the part
/// around the cursor. Graphics are shown as half blocks, two pixels per cell.
class TerminalPainter {
public:
    using Size = Tty::Size;
    TerminalPainter(ColourDepth depth, bool has_cursor_shapes, Charset charset = Charset::Utf8)
        : depth_(depth), has_cursor_shapes_(has_cursor_shapes), charset_(charset) {}

    /// Bytes for the terminal; empty when it shows the screen already.
    [[nodiscard]] std::string paint(const Screen& screen, Size size);
    /// The terminal shows something else now.
    void forget() { size_ = {0, 0}; }

private:
    struct Cell {
        char32_t character = U' ';
        u32 foreground = 0, background = 0;  // 00RRGGBBh
        bool blinks = false, underlined = false;
        friend bool operator==(const Cell&, const Cell&) = default;
    };
    struct Grid {
        unsigned rows = 0, columns = 0;
        std::vector<Cell> cells;
        [[nodiscard]] const Cell& at(unsigned row, unsigned column) const { return cells[row * columns + column]; }
    };
    [[nodiscard]] static Grid text_grid(const Screen& screen);
    [[nodiscard]] Grid graphics_grid(const Screen& screen);
    [[nodiscard]] bool scroll_to(const Screen& screen, const Grid& grid);
    void paint_cells(std::string& out, const Grid& grid);
    void paint_cursor(std::string& out, const Screen& screen);
    void append_look(std::string& out, const Cell& cell) const;
    void append_colour(std::string& out, u32 colour, bool foreground) const;

    ColourDepth depth_;
    bool has_cursor_shapes_;
    Charset charset_;
    Renderer renderer_{pc_font()};  // for graphics
    Size size_;
    unsigned top_ = 0, left_ = 0;  // the part of the grid that is visible
    Grid shown_;                   // cells on the terminal
    std::string cursor_;           // the bytes that put the cursor where it is
};

}  // namespace dyn86::frontend
