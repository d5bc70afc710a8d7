// Motorola MC6845 CRT Controller.
#pragma once

#include "devices/picture.h"
#include "src/base/archive.h"
#include "src/base/ticks.h"
#include "src/base/types.h"

#include <array>

namespace dyn86 {

/// How fast characters pass: `characters` in `ticks` of the crystal.
struct CharacterClock {
    i64 characters = 1;
    i64 ticks = 1;
};

/// MC6845: eighteen registers behind two ports, and where the beam is according to them [MC6845]. The beam is computed
/// from the clock; changing a timing register goes on from where the beam is. Part of an adapter, which decodes the
/// ports.
///
/// Interlace (R8) changes neither geometry nor timing here: the IBM adapters program "no interlace" (02h), and a
/// program that sets another mode gets its cells undoubled. assumed: nothing in text mode depends on it.
class Crtc {
public:
    explicit Crtc(const Clock& clock, CharacterClock characters) : clock_(clock), characters_(characters) {}

    /// The address register, then the register it names. R14-R17 can be read, the rest reads 0. [MC6845, table 1]
    void select(u8 index) { index_ = index & 0x1F; }
    void write(u8 value);
    [[nodiscard]] u8 read() const;
    /// The value of a register for debuggers, write-only ones included.
    [[nodiscard]] u8 peek(std::size_t index) const { return registers_.at(index); }
    /// The adapter's dot clock or cell width changed.
    void set_character_clock(CharacterClock characters);

    /// Where the beam is. `row` and `scan_line` are the character row and the line within it.
    struct Beam {
        u64 frame = 0;
        u32 column = 0, row = 0, scan_line = 0;
        bool displayed = false;  // the DE pin
        bool horizontal_sync = false, vertical_sync = false;
    };
    [[nodiscard]] Beam beam() const;
    [[nodiscard]] u16 columns() const;
    [[nodiscard]] u16 rows() const;
    /// Scan lines of a character row, R9 + 1.
    [[nodiscard]] u8 cell_height() const { return u8(registers_[9] + 1); }
    /// R12, R13: the address of the first cell, 14 bits.
    [[nodiscard]] u16 start() const { return u16(registers_[12] << 8 | registers_[13]); }
    /// How long a frame lasts at present.
    [[nodiscard]] Ticks frame_time() const;

    /// When the vertical sync begins or ends next; never() when it does neither.
    [[nodiscard]] Ticks vertical_sync_change() const;

    /// Columns, rows, cell height, start and cursor, with the blinking that both IBM adapters add.
    void describe(Picture& picture) const;

    /// The LPSTB pin rises: the address under the beam goes to R16, R17. [MC6845, "Light Pen Register"]
    void strobe_light_pen();

    void serialize(Archive& ar);

private:
    static constexpr std::size_t register_count = 18;
    static constexpr i64 vertical_sync_lines = 16;  // fixed in the MC6845

    struct Position {
        u64 frame = 0;
        i64 line = 0, column = 0;
    };
    [[nodiscard]] Position position() const;
    void go_on_from(const Position& position);
    [[nodiscard]] i64 passed() const;  // characters since power-on at the present rate
    [[nodiscard]] i64 line_length() const { return registers_[0] + 1; }
    [[nodiscard]] i64 line_count() const { return (registers_[4] + 1) * i64{cell_height()} + registers_[5]; }
    [[nodiscard]] u16 cursor_address() const { return u16(registers_[14] << 8 | registers_[15]); }

    const Clock& clock_;
    CharacterClock characters_;
    std::array<u8, register_count> registers_{};
    u8 index_ = 0;
    i64 origin_ = 0;  // value of passed() at the top left of frame `base_frame_`
    u64 base_frame_ = 0;
};

}  // namespace dyn86
