// Cells and the cursor.
#include "src/bios/video.h"

#include <algorithm>

namespace dyn86 {

namespace {

/// What a BIOS for MDA and CGA takes for granted.
constexpr u16 usual_rows = 25;
/// Video memory and its repetitions: 32 KiB from B0000 or B8000.
constexpr u16 video_window = 0x8000;

constexpr u8 bel = 7, backspace = 8, line_feed_code = 10, carriage_return = 13;
bool is_control(u8 c) {
    return c == bel || c == backspace || c == line_feed_code || c == carriage_return;
}

}  // namespace

bool Video::is_graphics() const {
    const u8 mode = data_.byte(bda::video_mode);
    return mode >= 4 && mode <= 6;
}

u8 Video::last_row() const {
    const u16 rows = row_source_ && !is_graphics() ? row_source_() : u16{0};
    return u8((rows == 0 ? usual_rows : rows) - 1);
}

Video::Position Video::cursor(u8 page) const {
    const u16 both = data_.word(u16(bda::cursors + (page & 7) * 2));
    return {u8(both), u8(both >> 8)};
}

void Video::set_cursor(u8 page, Position to) {
    data_.set_word(u16(bda::cursors + (page & 7) * 2), u16(to.row << 8 | to.column));
    if (page == data_.byte(bda::active_page)) move_hardware_cursor();
}

void Video::move_hardware_cursor() {
    const u8 page = data_.byte(bda::active_page);
    const u16 cell = u16(cell_offset(page, cursor(page)) / 2);
    set_crtc(14, u8(cell >> 8));
    set_crtc(15, u8(cell));
}

void Video::set_cursor_shape(u8 top, u8 bottom) {
    data_.set_word(bda::cursor_shape, u16(top << 8 | bottom));
    set_crtc(10, top);
    set_crtc(11, bottom);
}

void Video::set_crtc(u8 index, u8 value) {
    const Port port = data_.word(bda::crtc_port);
    ports_.out(port, index);
    ports_.out(Port(port + 1), value);
}

u16 Video::cell_offset(u8 page, Position at) const {
    return u16((page & 7) * data_.word(bda::page_size) + (at.row * columns() + at.column) * 2);
}

void Video::scroll(Direction direction, u8 lines, Window window, u8 attribute) {
    window.right = u8(std::min<u16>(window.right, u16(columns() - 1)));
    if (window.left > window.right || window.top > window.bottom) return;
    if (is_graphics()) return scroll_graphics(direction, lines, window, attribute);
    scroll_text(direction, lines, window, attribute);
}

void Video::scroll_text(Direction direction, u8 lines, Window window, u8 attribute) {
    const std::size_t row_bytes = std::size_t(window.right - window.left + 1) * 2;
    const unsigned height = unsigned(window.bottom - window.top) + 1;
    const unsigned moved = lines == 0 || lines >= height ? 0 : height - lines;
    const bool one_piece = row_bytes == columns() * 2u;
    const u8 page = data_.byte(bda::active_page);
    const auto row_start = [&](unsigned row) {
        return video_base() + cell_offset(page, {window.left, u8(window.top + row)}) % video_window;
    };
    std::vector<u8> cells(height * row_bytes);
    const auto rows = [&](unsigned first, unsigned count, auto copy) {
        if (count == 0) return;
        if (one_piece) return copy(row_start(first), std::span(cells).first(count * row_bytes));
        for (unsigned i = 0; i < count; ++i)
            copy(row_start(first + i), std::span(cells).subspan(i * row_bytes, row_bytes));
    };
    const auto read = [&](Linear from, std::span<u8> to) { memory_.copy_out(from, to); };
    const auto write = [&](Linear to, std::span<const u8> from) { memory_.copy_in(to, from); };
    const bool up = direction == Direction::Up;
    rows(up ? height - moved : 0, moved, read);
    rows(up ? 0 : height - moved, moved, write);
    for (std::size_t i = 0; i < (height - moved) * row_bytes; i += 2) {
        cells[i] = ' ';
        cells[i + 1] = attribute;
    }
    rows(up ? moved : 0, height - moved, write);
}

u16 Video::read_cell(u8 page) const {
    const Position at = cursor(page);
    if (is_graphics()) return recognise(at);
    return memory_.read16(video_base() + cell_offset(page, at) % video_window);
}

void Video::write_cells(u8 page, u8 character, u8 attribute, u16 count, Attributes attributes) {
    if (is_graphics()) return draw_glyphs(cursor(page), character, attribute, count);
    const u16 offset = cell_offset(page, cursor(page)) % video_window;
    if (count == 1) {  // nearly always
        memory_.write8(video_base() + offset, character);
        if (attributes == Attributes::Write) memory_.write8(video_base() + offset + 1, attribute);
        return;
    }
    std::vector<u8> cells(std::min<std::size_t>(std::size_t{count} * 2, video_window - offset));
    const Linear start = video_base() + offset;
    if (attributes == Attributes::Keep) memory_.copy_out(start, cells);
    for (std::size_t i = 0; i + 1 < cells.size(); i += 2) {
        cells[i] = character;
        if (attributes == Attributes::Write) cells[i + 1] = attribute;
    }
    memory_.copy_in(start, cells);
}

void Video::line_feed(u8 page, Position& at) {
    const u8 last = last_row();
    if (at.row != last) {
        ++at.row;
        return;
    }
    set_cursor(page, at);
    const u8 attribute = is_graphics() ? 0 : u8(read_cell(page) >> 8);
    scroll(Direction::Up, 1, {0, 0, u8(columns() - 1), last}, attribute);
}

Video::Result Video::teletype(u8 page, u8 character, u8 color) {
    Position at = cursor(page);
    switch (character) {
        case bel: return Result::RingBell;
        case backspace:
            if (at.column != 0) --at.column;
            break;
        case line_feed_code: line_feed(page, at); break;
        case carriage_return: at.column = 0; break;
        default:
            write_cells(page, character, color, 1, Attributes::Keep);
            if (++at.column == columns()) {
                at.column = 0;
                line_feed(page, at);
            }
    }
    set_cursor(page, at);
    return Result::Done;
}

/// Writes what fits of a run of ordinary characters between the cursor and the end of its row.
std::size_t Video::write_run(u8 page, Position& at, std::span<const u8> text) {
    const std::size_t room = at.column < columns() ? columns() - at.column : 1u;
    const auto end = std::find_if(text.begin(), text.end(), is_control);
    const std::size_t count = std::min(room, std::size_t(end - text.begin()));
    const Linear start = video_base() + cell_offset(page, at) % video_window;
    std::vector<u8> cells(count * 2);
    memory_.copy_out(start, cells);
    for (std::size_t i = 0; i < count; ++i) cells[i * 2] = text[i];
    memory_.copy_in(start, cells);
    at.column = u8(at.column + count);
    if (at.column == columns()) {
        at.column = 0;
        line_feed(page, at);
    }
    return count;
}

std::size_t Video::write(std::span<const u8> text) {
    const u8 page = data_.byte(bda::active_page);
    constexpr u8 graphics_color = 7;
    std::size_t done = 0;
    if (is_graphics()) {
        while (done < text.size() && teletype(page, text[done], graphics_color) != Result::RingBell) ++done;
        return done;
    }
    Position at = cursor(page);
    for (bool ring = false; done < text.size() && !ring;) {
        switch (text[done]) {
            case bel: ring = true; continue;
            case backspace:
                if (at.column != 0) --at.column;
                break;
            case line_feed_code: line_feed(page, at); break;
            case carriage_return: at.column = 0; break;
            default: done += write_run(page, at, text.subspan(done)); continue;
        }
        ++done;
    }
    set_cursor(page, at);
    return done;
}

}  // namespace dyn86
