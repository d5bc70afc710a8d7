#include "src/bios/video.h"

#include <array>

namespace dyn86 {

namespace {

constexpr u16 rom_segment = 0xF000;
/// The ROM's INT 10h, at its published place. roms/bios.asm
constexpr SegOff int10_entry{rom_segment, 0xF065};
/// Tables of the ROM behind the four of INT 1Dh. roms/video_table.asm
constexpr SegOff page_sizes{rom_segment, 0xF0A4 + 64}, mode_columns = page_sizes + 8, mode_registers = page_sizes + 16;

constexpr u16 mono_equipment = 0x30;
constexpr u8 video_enable = 0x08;
constexpr u8 last_mode = 7;

SegOff vector(Memory& memory, u8 number) {
    const Linear at = Linear{number} * 4;
    return {memory.read16(at + 2), memory.read16(at)};
}

/// Which of INT 1Dh's tables a mode uses: 40 columns, 80 columns, graphics, monochrome.
u16 table_of(u8 mode) {
    return mode == 7 ? 3 : u16(mode >> 1 > 2 ? 2 : mode >> 1);
}

/// Blank cells, or points of colour 0.
u16 blank(u8 mode) {
    return mode >= 4 && mode <= 6 ? 0x0000 : 0x0720;
}

}  // namespace

bool Video::is_unhooked() const {
    return vector(memory_, 0x10) == int10_entry;
}

Video::Result Video::service(Registers& regs) {
    const u8 al = regs.get(Reg8::Al), bl = regs.get(Reg8::Bl), bh = regs.get(Reg8::Bh);
    const u16 cx = regs.get(Reg16::Cx), dx = regs.get(Reg16::Dx);
    const Position dx_position{regs.get(Reg8::Dl), regs.get(Reg8::Dh)};
    const Window window{regs.get(Reg8::Cl), regs.get(Reg8::Ch), regs.get(Reg8::Dl), regs.get(Reg8::Dh)};
    switch (regs.get(Reg8::Ah)) {
        case 0x00: set_mode(al); break;
        case 0x01: set_cursor_shape(regs.get(Reg8::Ch), regs.get(Reg8::Cl)); break;
        case 0x02: set_cursor(bh, dx_position); break;
        case 0x03: {
            const Position at = cursor(bh);
            regs.set(Reg16::Dx, u16(at.row << 8 | at.column));
            regs.set(Reg16::Cx, data_.word(bda::cursor_shape));
            break;
        }
        case 0x04: regs.set(Reg8::Ah, 0); break;  // no light pen is pressed
        case 0x05: show_page(al); break;
        case 0x06: scroll(Direction::Up, al, window, bh); break;
        case 0x07: scroll(Direction::Down, al, window, bh); break;
        case 0x08: regs.set(Reg16::Ax, read_cell(bh)); break;
        case 0x09: write_cells(bh, al, bl, cx, Attributes::Write); break;
        case 0x0A: write_cells(bh, al, bl, cx, Attributes::Keep); break;
        case 0x0B: set_colors(bh, bl); break;
        case 0x0C: write_point(cx, dx, al); break;
        case 0x0D: regs.set(Reg8::Al, read_point(cx, dx)); break;
        case 0x0E: return teletype(data_.byte(bda::active_page), al, bl);
        case 0x0F:
            regs.set(Reg8::Al, data_.byte(bda::video_mode));
            regs.set(Reg8::Ah, u8(columns()));
            regs.set(Reg8::Bh, data_.byte(bda::active_page));
            break;
        case 0x13: return write_string(regs);
        default: return Result::Missing;
    }
    return Result::Done;
}

void Video::set_mode(u8 mode) {
    // As IBM's BIOS: the equipment word says which adapter is meant, and a monochrome one has a single mode.
    const bool mono = (data_.byte(bda::equipment) & mono_equipment) == mono_equipment;
    if (mono) mode = 7;
    if (mode > last_mode || (mode == 7 && !mono)) return;
    const u16 port = mono ? 0x3B4 : 0x3D4;
    const u8 mode_register = memory_.read8((mode_registers + mode).linear());
    data_.set_byte(bda::video_mode, mode);
    data_.set_word(bda::crtc_port, port);
    data_.set_byte(bda::mode_register, mode_register);
    data_.set_word(bda::columns, memory_.read8((mode_columns + mode).linear()));
    data_.set_word(bda::page_size, memory_.read16((page_sizes + (mode & 6)).linear()));
    data_.set_word(bda::page_offset, 0);
    data_.set_byte(bda::active_page, 0);
    for (u16 page = 0; page < 8; ++page) data_.set_word(u16(bda::cursors + page * 2), 0);

    ports_.out(Port(port + 4), u8(mode_register & ~video_enable));
    const SegOff table = vector(memory_, 0x1D) + u16(table_of(mode) * 16);
    for (u8 index = 0; index < 16; ++index) set_crtc(index, memory_.read8((table + index).linear()));
    const u8 top = memory_.read8((table + 10).linear()), bottom = memory_.read8((table + 11).linear());
    data_.set_word(bda::cursor_shape, u16(top << 8 | bottom));

    const std::vector<u16> empty(mono ? 2048 : 8192, blank(mode));
    memory_.copy_in(video_base(), {reinterpret_cast<const u8*>(empty.data()), empty.size() * 2});
    const u8 palette = mode == 6 ? 0x3F : 0x30;
    data_.set_byte(bda::palette, palette);
    ports_.out(Port(port + 5), palette);
    ports_.out(Port(port + 4), mode_register);
}

void Video::set_colors(u8 what, u8 value) {
    // BH=0: background (in text the border) in bits 4-0; BH=1: which palette, in bit 5.
    const u8 old = data_.byte(bda::palette);
    const u8 palette = what == 0 ? u8((old & 0xE0) | (value & 0x1F)) : u8((old & 0xDF) | (value & 1) << 5);
    data_.set_byte(bda::palette, palette);
    ports_.out(Port(data_.word(bda::crtc_port) + 5), palette);
}

void Video::show_page(u8 page) {
    page &= 7;
    const u16 offset = u16(page * data_.word(bda::page_size));
    data_.set_byte(bda::active_page, page);
    data_.set_word(bda::page_offset, offset);
    set_crtc(12, u8(offset >> 9));
    set_crtc(13, u8(offset >> 1));
    move_hardware_cursor();
}

/// AH=13h. AL bit 0: the cursor stays behind the text; bit 1: attributes stand behind each character.
Video::Result Video::write_string(Registers& regs) {
    const u8 mode = regs.get(Reg8::Al), page = regs.get(Reg8::Bh);
    const Position before = cursor(page);
    SegOff from{regs.get(Sreg::Es), regs.get(Reg16::Bp)};
    u8 attribute = regs.get(Reg8::Bl);
    Result result = Result::Done;
    set_cursor(page, {regs.get(Reg8::Dl), regs.get(Reg8::Dh)});
    for (u16 left = regs.get(Reg16::Cx); left != 0; --left) {
        const u8 character = memory_.read8(from.linear());
        from = from + 1;
        if ((mode & 2) != 0) {
            attribute = memory_.read8(from.linear());
            from = from + 1;
        }
        const bool is_control = character == 7 || character == 8 || character == 10 || character == 13;
        if (!is_control) write_cells(page, character, attribute, 1, Attributes::Write);
        if (teletype(page, character, attribute) == Result::RingBell) result = Result::RingBell;
    }
    if ((mode & 1) == 0) set_cursor(page, before);
    return result;
}

}  // namespace dyn86
