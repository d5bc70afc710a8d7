#include "src/bios/video.h"

#include <algorithm>
#include <array>

namespace dyn86 {

namespace {

constexpr u16 rom_segment = 0xF000;
/// The ROM's INT 10h, at its published place. roms/bios.asm
constexpr SegOff int10_entry{rom_segment, 0xF065};
/// Tables of the ROM behind the four of INT 1Dh. roms/video_table.asm
constexpr SegOff page_sizes{rom_segment, 0xF0A4 + 64}, mode_columns = page_sizes + 8, mode_registers = page_sizes + 16;

constexpr SegOff video_table{rom_segment, 0xF0A4};
/// Behind them: by how many addresses a pen is late, by mode.
constexpr SegOff pen_delays = mode_registers + 8;
constexpr int page_unit = 2048;
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
        case 0x04: read_light_pen(regs); break;
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

void Video::set_text_size(u8 columns, u8 rows) {
    // Register by register what the usual sizes have: blanking and syncs keep their lengths. [IBM XT, "VIDEO_PARMS"]
    constexpr u16 cga_table = 16, mono_table = 48;
    const auto patch = [&](SegOff at, u8 value) { memory_.load_rom(at.linear(), {&value, 1}); };
    const auto adapt = [&](u16 table, u8 reg, int by) {
        const SegOff at = video_table + u16(table + reg);
        patch(at, u8(memory_.peek(at.linear()) + by));
    };
    for (const u16 table : {cga_table, mono_table}) {
        for (const u8 reg : {u8{0}, u8{1}, u8{2}}) adapt(table, reg, columns - 80);
        for (const u8 reg : {u8{4}, u8{6}, u8{7}}) adapt(table, reg, rows - 25);
    }
    for (const u16 mode : {u16{2}, u16{3}, u16{7}}) patch(mode_columns + mode, columns);
    const u16 bytes = u16((columns * rows * 2 + page_unit - 1) / page_unit * page_unit);
    const std::array<u8, 2> size = {u8(bytes), u8(bytes >> 8)};
    memory_.load_rom((page_sizes + 2).linear(), size);
    if (columns * rows > 80 * 25) return;
    memory_.load_rom((page_sizes + 6).linear(), size);
}

/// AH=04h. The column counts in pixels of 320, or of 640 in mode 6; MDA has no pen. [IBM XT, "READ_LPEN"]
void Video::read_light_pen(Registers& regs) {
    constexpr u8 triggered = 0x02, switch_open = 0x04;
    regs.set(Reg8::Ah, 0);
    const Port port = data_.word(bda::crtc_port);
    if (is_monochrome()) return;
    const u8 status = ports_.in(Port(port + 6));
    if ((status & switch_open) == 0 && (status & triggered) != 0) {
        const auto crtc = [&](u8 index) {
            ports_.out(port, index);
            return ports_.in(Port(port + 1));
        };
        const u8 high = crtc(16);
        const u16 address = u16(high << 8 | crtc(17));
        const u8 late = memory_.read8((pen_delays + data_.byte(bda::video_mode)).linear());
        const u16 start = u16(data_.word(bda::page_offset) / 2);
        const u16 cell = address < late + start ? u16{0} : u16(address - late - start);
        const u16 width = std::max<u16>(columns(), 1);
        const bool graphics = is_graphics();
        const u16 across = graphics ? u16(cell % 40) : u16(cell % width),
                  down = graphics ? u16(cell / 40) : u16(cell / width);
        // In graphics an address is two lines (of even and odd) high and 16 points of 640 wide.
        regs.set(Reg8::Ch, u8(graphics ? down * 2 : down * 8));
        regs.set(Reg16::Bx, u16(graphics ? across * (is_two_color() ? 16 : 8) : across * 8));
        regs.set(Reg8::Dh, u8(graphics ? down / 4 : down));
        regs.set(Reg8::Dl, u8(graphics && is_two_color() ? across * 2 : across));
        regs.set(Reg8::Ah, 1);
    }
    if ((status & (switch_open | triggered)) != 0) ports_.out(Port(port + 7), 0);  // the latch waits again
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

    const u8 bottom_row = u8(memory_.read8((table + 6).linear()) - 1);
    data_.set_byte(bda::last_row, is_graphics() || bottom_row == 24 ? u8{0} : bottom_row);

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
