// INT 10h: the video services of MDA and CGA. [IBM XT, "Video" BIOS listing; RBIL 10/AH=00 ff]
#pragma once

#include "cpu/memory.h"
#include "src/bios/data_area.h"

#include <array>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace dyn86 {

/// Works on what a real BIOS works on (video memory, the 6845's ports, the BIOS data area) and keeps nothing itself, so
/// programs may read and change all of it. Serves the ROM's INT 10h, and those who write much text when nobody has
/// hooked INT 10h.
class Video {
public:
    Video(Memory& memory, PortBus& ports) : memory_(memory), ports_(ports), data_(memory) {}

    /// Who knows how many rows of text the 6845 shows (its register cannot be read). Not set, or 0: 25.
    void set_row_source(std::function<u16()> rows) { row_source_ = std::move(rows); }
    /// Makes the ROM's modes 2, 3 and 7 this large. Before the machine starts.
    void set_text_size(u8 columns, u8 rows);

    /// What to do when a service has returned.
    enum class Result : u8 {
        Done,
        RingBell,  // BEL was among the characters: the guest's code rings the bell, since that takes time
        Missing,   // an adapter of these years does not have it; registers stay
    };
    /// Serves INT 10h.
    Result service(Registers& regs);

    /// True while INT 10h is our own, so that write() does what a program would see happen.
    [[nodiscard]] bool is_unhooked() const;
    /// Writes text at the cursor of the active page as INT 10h, AH=0Eh does byte by byte. Stops before a BEL, which has
    /// to go through INT 10h itself; returns how many bytes are written.
    std::size_t write(std::span<const u8> text);

    void set_mode(u8 mode);

private:
    struct Position {
        u8 column = 0, row = 0;
    };
    /// A rectangle of cells, corners included.
    struct Window {
        u8 left = 0, top = 0, right = 0, bottom = 0;
    };
    enum class Direction : u8 { Up, Down };
    enum class Attributes : u8 { Keep, Write };

    // video.cpp: services and modes
    Result write_string(Registers& regs);
    void set_colors(u8 what, u8 value);
    void show_page(u8 page);
    void read_light_pen(Registers& regs);

    // video_text.cpp: cells and the cursor
    [[nodiscard]] bool is_monochrome() const { return data_.word(bda::crtc_port) == 0x3B4; }
    [[nodiscard]] bool is_graphics() const;
    [[nodiscard]] Linear video_base() const { return is_monochrome() ? 0xB0000 : 0xB8000; }
    [[nodiscard]] u16 columns() const { return data_.word(bda::columns); }
    [[nodiscard]] u8 last_row() const;
    [[nodiscard]] Position cursor(u8 page) const;
    void set_cursor(u8 page, Position to);
    void move_hardware_cursor();
    void set_cursor_shape(u8 top, u8 bottom);
    void set_crtc(u8 index, u8 value);
    [[nodiscard]] u16 cell_offset(u8 page, Position at) const;
    void scroll(Direction direction, u8 lines, Window window, u8 attribute);
    void scroll_text(Direction direction, u8 lines, Window window, u8 attribute);
    [[nodiscard]] u16 read_cell(u8 page) const;
    void write_cells(u8 page, u8 character, u8 attribute, u16 count, Attributes attributes);
    Result teletype(u8 page, u8 character, u8 color);
    void line_feed(u8 page, Position& at);
    std::size_t write_run(u8 page, Position& at, std::span<const u8> text);

    // video_graphics.cpp: characters and points in CGA's graphics modes
    struct Glyph {
        std::array<u8, 8> rows;
        friend bool operator==(const Glyph&, const Glyph&) = default;
    };
    [[nodiscard]] Glyph glyph(u8 character) const;
    [[nodiscard]] bool is_two_color() const { return data_.byte(bda::video_mode) == 6; }
    [[nodiscard]] Glyph read_glyph(Position at) const;
    [[nodiscard]] u8 recognise(Position at) const;
    void draw_glyphs(Position at, u8 character, u8 color, u16 count);
    void draw_glyph(Position at, const Glyph& glyph, u8 color);
    void scroll_graphics(Direction direction, u8 lines, Window window, u8 fill);
    void write_point(u16 x, u16 y, u8 color);
    [[nodiscard]] u8 read_point(u16 x, u16 y) const;
    struct PointPlace {
        Linear address;
        u8 shift, mask;
    };
    [[nodiscard]] PointPlace place_of(u16 x, u16 y) const;

    Memory& memory_;
    PortBus& ports_;
    DataArea data_;
    std::function<u16()> row_source_;
};

}  // namespace dyn86
