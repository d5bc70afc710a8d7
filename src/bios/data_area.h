// The BIOS data area at 0040:0000, where a BIOS and the programs above it meet. [IBM XT, BIOS listing; RBIL
// MEMORY.LST]
#pragma once

#include "cpu/memory.h"
#include "src/base/types.h"

namespace dyn86 {

/// Offsets from 400h. roms/bios.inc has the same names for the guest's side.
namespace bda {
inline constexpr u16 equipment = 0x10;
inline constexpr u16 key_head = 0x1A, key_tail = 0x1C;
inline constexpr u16 floppy_status = 0x41;
inline constexpr u16 video_mode = 0x49, columns = 0x4A, page_size = 0x4C, page_offset = 0x4E;
inline constexpr u16 cursors = 0x50;  // 8 words: column, row
inline constexpr u16 cursor_shape = 0x60, active_page = 0x62, crtc_port = 0x63, mode_register = 0x65, palette = 0x66;
inline constexpr u16 last_row = 0x84;  // of the text screen; an XT leaves 0, and so do we while it has 25 rows
inline constexpr u16 hard_disk_status = 0x74, hard_disk_count = 0x75;
}  // namespace bda

/// Reads and writes it as the guest does.
class DataArea {
public:
    explicit DataArea(Memory& memory) : memory_(memory) {}

    [[nodiscard]] u8 byte(u16 offset) const { return memory_.read8(base + offset); }
    [[nodiscard]] u16 word(u16 offset) const { return memory_.read16(base + offset); }
    void set_byte(u16 offset, u8 value) { memory_.write8(base + offset, value); }
    void set_word(u16 offset, u16 value) { memory_.write16(base + offset, value); }
    /// No key waits for INT 16h, whoever's BIOS this is.
    [[nodiscard]] bool keyboard_buffer_empty() const { return word(bda::key_head) == word(bda::key_tail); }

private:
    static constexpr Linear base = 0x400;
    Memory& memory_;
};

}  // namespace dyn86
