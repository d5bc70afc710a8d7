// A text screen over memory of its own.
#pragma once

#include "src/dyn86.h"

#include <string_view>
#include <vector>

namespace dyn86::frontend {

struct FakeScreen {
    std::vector<u8> memory = std::vector<u8>(0x4000);
    Screen screen;

    FakeScreen(u16 columns, u16 rows) {
        screen.mode = Screen::Mode::Text;
        screen.memory = memory;
        screen.columns = columns;
        screen.rows = rows;
        screen.cursor_top = 6;
        screen.cursor_bottom = 7;
        screen.cursor_visible = false;
        for (unsigned row = 0; row < rows; ++row)
            for (unsigned column = 0; column < columns; ++column) set(row, column, ' ', 0x07);
    }
    FakeScreen(const FakeScreen&) = delete;
    FakeScreen& operator=(const FakeScreen&) = delete;

    void set(unsigned row, unsigned column, u8 character, u8 attribute) {
        memory[screen.cell_offset(row, column)] = character;
        memory[screen.cell_offset(row, column) + 1] = attribute;
    }
    void print(unsigned row, unsigned column, std::string_view text, u8 attribute = 0x07) {
        for (const char c : text) set(row, column++, u8(c), attribute);
    }
    /// CGA graphics: cells of two bytes, two scan lines a row.
    void set_graphics(Screen::Mode mode) {
        screen.mode = mode;
        screen.columns = 40;
        screen.rows = 100;
        screen.glyph_height = 2;
    }
    void put_cursor(unsigned row, unsigned column) {
        screen.cursor_visible = true;
        screen.cursor = u16(screen.start + row * screen.columns + column);
    }
};

}  // namespace dyn86::frontend
