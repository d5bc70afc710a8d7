// What a display adapter shows, as facts: where the cells lie, how many, how they are to be drawn.
#pragma once

#include "src/base/types.h"

#include <array>

namespace dyn86 {

/// The adapter's registers translated for whoever draws. It holds no cells: those are guest memory, at `cell_address`
/// or `pixels_address`. A value, cheap to make; equal pictures over equal memory look equal but for the blink phases.
struct Picture {
    enum class Kind : u8 { Off, Text, Graphics };

    struct Cursor {
        bool visible = false;  // switched on, and within the picture
        bool lit = false;      // visible, and in the bright half of its blinking just now
        u16 column = 0, row = 0;
        u8 first = 0, last = 0;  // scan lines; first > last is a cursor in two parts
        [[nodiscard]] constexpr bool covers(u8 scan_line) const {
            return first <= last ? scan_line >= first && scan_line <= last : scan_line >= first || scan_line <= last;
        }
        friend bool operator==(const Cursor&, const Cursor&) = default;
    };

    Kind kind = Kind::Off;      // Off: video disabled or nothing displayed; the geometry below is valid all the same
    u16 columns = 0, rows = 0;  // of cells; in graphics a cell is 2 bytes wide and cell_height lines high
    u8 cell_width = 8;          // dots; of a 640-dot line 80 cells, of a 320-dot line 40
    u8 cell_height = 8;         // scan lines
    u16 start = 0;              // the 6845's address of the first cell, in words
    Linear memory = 0;          // the adapter's memory and its size: addresses wrap within
    u32 memory_size = 0;
    Cursor cursor;
    bool attributes_blink = false;  // attribute bit 7: blink (true) or bright background
    bool blink_lit = true;          // blinking characters are visible just now
    bool monochrome = false;        // MDA attributes: underline, reverse, invisible
    u8 border = 0;                  // IRGB
    u8 bits_per_pixel = 0;          // graphics: 1 or 2
    u8 banks = 2;                   // graphics: parts of the memory that scan lines alternate between
    std::array<u8, 4> palette{};    // graphics: pixel value to IRGB

    /// The character byte of a text cell; its attribute follows.
    [[nodiscard]] constexpr Linear cell_address(u32 column, u32 row) const {
        return memory + ((start + row * columns + column) * 2 & (memory_size - 1));
    }
    /// The first of the two bytes that hold a cell's pixels on one scan line. The 6845's row address chooses the part:
    /// one of two halves on the CGA, one of four quarters on the Hercules. [IBM O&A, "Color/Graphics Monitor Adapter",
    /// graphics storage; HGC]
    [[nodiscard]] constexpr Linear pixels_address(u32 column, u32 row, u32 scan_line) const {
        const u32 bank = memory_size / banks;
        return memory + ((start + row * columns + column) * 2 & (bank - 1)) + (scan_line & (banks - 1u)) * bank;
    }
    friend bool operator==(const Picture&, const Picture&) = default;
};

/// An adapter that shows something: how the machine's screen asks, whichever card is in.
class DisplayAdapter {
public:
    virtual ~DisplayAdapter() = default;
    [[nodiscard]] virtual Picture picture() const = 0;
};

}  // namespace dyn86
