#include "src/frontend/terminal_painter.h"

#include "src/frontend/code_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>

namespace dyn86::frontend {
namespace {

constexpr unsigned channel(u32 colour, unsigned index) {
    return colour >> (16 - index * 8) & 0xFF;
}

constexpr unsigned distance(u32 a, u32 b) {
    unsigned sum = 0;
    for (unsigned i = 0; i < 3; ++i) {
        const int difference = int(channel(a, i)) - int(channel(b, i));
        sum += unsigned(difference * difference);
    }
    return sum;
}

/// The nearest of the sixteen colours: exact for text.
unsigned nearest_of_sixteen(u32 colour) {
    const auto nearest =
        std::ranges::min_element(palette, {}, [&](u32 candidate) { return distance(candidate, colour); });
    return unsigned(nearest - palette.begin());
}

/// xterm's colour cube: 16 + 36 r + 6 g + b with levels 0, 95, 135, 175, 215, 255. [XTerm, "OSC 4"]
unsigned nearest_of_cube(u32 colour) {
    const auto level = [&](unsigned index) {
        const unsigned value = channel(colour, index);
        return value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;
    };
    return 16 + 36 * level(0) + 6 * level(1) + level(2);
}

/// The mean colour of a rectangle of the image.
u32 mean(const Image& image, unsigned left, unsigned top, unsigned width, unsigned height) {
    std::array<unsigned, 3> sums = {};
    for (unsigned y = top; y < top + height; ++y)
        for (unsigned x = left; x < left + width; ++x)
            for (unsigned i = 0; i < 3; ++i) sums[i] += channel(image.pixels[std::size_t{y} * image.width + x], i);
    const unsigned count = width * height;
    return sums[0] / count << 16 | sums[1] / count << 8 | sums[2] / count;
}

/// The nearest thing in ASCII.
char32_t ascii_for(char32_t character) {
    if (character < 0x7F) return character;
    if (character == U'─' || character == U'═') return U'-';
    if (character == U'│' || character == U'║') return U'|';
    if (character >= 0x2500 && character < 0x2580) return U'+';
    if (character >= 0x2580 && character < 0x25A0) return U'#';
    return character == 0xA0 ? U' ' : U'?';
}

constexpr std::string_view hide_cursor = "\x1b[?25l";

}  // namespace

Charset charset(std::string_view lc_all, std::string_view lc_ctype, std::string_view lang) {
    std::string name(!lc_all.empty() ? lc_all : !lc_ctype.empty() ? lc_ctype : lang);
    if (name.empty()) return Charset::Utf8;
    for (char& c : name) c = char(std::toupper(static_cast<unsigned char>(c)));
    return name.contains("UTF-8") || name.contains("UTF8") ? Charset::Utf8 : Charset::Ascii;
}

ColourDepth colour_depth(std::string_view no_color, std::string_view colorterm, std::string_view term) {
    if (!no_color.empty()) return ColourDepth::None;
    if (colorterm == "truecolor" || colorterm == "24bit") return ColourDepth::True;
    if (term.find("256color") != std::string_view::npos) return ColourDepth::TwoHundredFiftySix;
    return ColourDepth::Sixteen;
}

std::string TerminalPainter::paint(const Screen& screen, Size size) {
    const Grid grid = screen.is_graphics() ? graphics_grid(screen) : text_grid(screen);
    const bool resized = size != size_ || shown_.rows != grid.rows || shown_.columns != grid.columns;
    size_ = size;
    const bool moved = scroll_to(screen, grid);
    std::string out;
    if (resized || moved) {
        shown_ = {grid.rows, grid.columns, std::vector<Cell>(grid.cells.size(), Cell{.character = 0})};
        out += "\x1b[?25l\x1b[0m\x1b[2J";
    }
    paint_cells(out, grid);
    if (!out.empty()) cursor_.clear();
    paint_cursor(out, screen);
    return out;
}

TerminalPainter::Grid TerminalPainter::text_grid(const Screen& screen) {
    Grid grid{screen.rows, screen.columns, {}};
    grid.cells.reserve(std::size_t{grid.rows} * grid.columns);
    for (unsigned row = 0; row < grid.rows; ++row) {
        for (unsigned column = 0; column < grid.columns; ++column) {
            const Look look = look_of(screen.attribute(row, column), screen);
            Cell cell{.character = to_unicode(screen.character(row, column), screen.code_page),
                      .foreground = palette[look.foreground],
                      .background = palette[look.background],
                      .blinks = look.blinks,
                      .underlined = look.underlined};
            if (screen.mode == Screen::Mode::Off) cell = {};
            grid.cells.push_back(cell);
        }
    }
    return grid;
}

TerminalPainter::Grid TerminalPainter::graphics_grid(const Screen& screen) {
    renderer_.update(screen, {});
    const Image& image = renderer_.image();
    Grid grid{25, 80, {}};
    const unsigned width = image.width / grid.columns, height = image.height / grid.rows / 2;
    for (unsigned row = 0; row < grid.rows; ++row)
        for (unsigned column = 0; column < grid.columns; ++column)
            grid.cells.push_back({.character = U'▀',
                                  .foreground = mean(image, column * width, row * 2 * height, width, height),
                                  .background = mean(image, column * width, (row * 2 + 1) * height, width, height)});
    return grid;
}

/// Moves the visible part so that it holds the cursor; true when it moved.
bool TerminalPainter::scroll_to(const Screen& screen, const Grid& grid) {
    const auto cursor = screen.cursor_position();
    const auto place = [](unsigned from, unsigned visible, unsigned total, unsigned wanted) {
        if (visible >= total) return 0u;
        if (wanted < from) from = wanted;
        if (wanted >= from + visible) from = wanted - visible + 1;
        return std::min(from, total - visible);
    };
    const unsigned top = place(top_, size_.rows, grid.rows, cursor ? cursor->row : top_);
    const unsigned left = place(left_, size_.columns, grid.columns, cursor ? cursor->column : left_);
    const bool moved = top != top_ || left != left_;
    top_ = top;
    left_ = left;
    return moved;
}

void TerminalPainter::paint_cells(std::string& out, const Grid& grid) {
    const unsigned rows = std::min(size_.rows, grid.rows - top_),
                   columns = std::min(size_.columns, grid.columns - left_);
    const Cell* last = nullptr;  // whose look the terminal has now
    for (unsigned row = 0; row < rows; ++row) {
        bool adjacent = false;  // the terminal's cursor stands at this cell
        for (unsigned column = 0; column < columns; ++column) {
            const Cell& cell = grid.at(top_ + row, left_ + column);
            Cell& shown = shown_.cells[(top_ + row) * grid.columns + left_ + column];
            if (cell == shown) {
                adjacent = false;
                continue;
            }
            shown = cell;
            if (out.empty()) out += hide_cursor;
            if (!adjacent) fmt::format_to(std::back_inserter(out), "\x1b[{};{}H", row + 1, column + 1);
            Cell look = cell;
            if (last) look.character = last->character;
            if (!last || look != *last) append_look(out, cell);
            append_utf8(out, charset_ == Charset::Utf8 ? cell.character : ascii_for(cell.character));
            last = &cell;
            adjacent = true;
        }
    }
}

void TerminalPainter::append_look(std::string& out, const Cell& cell) const {
    out += "\x1b[0";
    if (cell.underlined) out += ";4";
    if (cell.blinks) out += ";5";
    if (depth_ == ColourDepth::None) {
        if (nearest_of_sixteen(cell.foreground) > 7) out += ";1";
        out += cell.background != palette[0] ? ";7m" : "m";
        return;
    }
    append_colour(out, cell.foreground, true);
    append_colour(out, cell.background, false);
    out += 'm';
}

void TerminalPainter::append_colour(std::string& out, u32 colour, bool foreground) const {
    const auto to = std::back_inserter(out);
    const unsigned base = foreground ? 30 : 40;
    if (depth_ == ColourDepth::True) {
        fmt::format_to(to, ";{};2;{};{};{}", base + 8, channel(colour, 0), channel(colour, 1), channel(colour, 2));
    } else if (depth_ == ColourDepth::TwoHundredFiftySix) {
        fmt::format_to(to, ";{};5;{}", base + 8, nearest_of_cube(colour));
    } else {
        const unsigned index = nearest_of_sixteen(colour);
        fmt::format_to(to, ";{}", base + (index & 8 ? 60 : 0) + ansi_colour[index & 7]);
    }
}

/// Puts the cursor where the guest has it; nothing when it is there.
void TerminalPainter::paint_cursor(std::string& out, const Screen& screen) {
    std::string cursor(hide_cursor);
    const auto position = screen.mode == Screen::Mode::Text ? screen.cursor_position() : std::nullopt;
    if (position && position->row >= top_ && position->row < top_ + size_.rows && position->column >= left_ &&
        position->column < left_ + size_.columns) {
        cursor = fmt::format("\x1b[{};{}H", position->row - top_ + 1, position->column - left_ + 1);
        const bool is_block = (screen.cursor_bottom - screen.cursor_top + 1) * 2 > screen.glyph_height;
        if (has_cursor_shapes_) cursor += is_block ? "\x1b[1 q" : "\x1b[3 q";
        cursor += "\x1b[?25h";
    }
    if (cursor == cursor_) return;
    cursor_ = cursor;
    out += cursor;
}

}  // namespace dyn86::frontend
