#include "src/dos/mouse.h"

#include "src/dos/layout.h"

#include <algorithm>
#include <cstring>
#include <span>

#include <fmt/format.h>

namespace dyn86::dos {
namespace {

// Conditions of the event handler. [RBIL 33/AX=000Ch]
constexpr u16 moved = 0x01, left_pressed = 0x02, left_released = 0x04;
constexpr u8 mda_text = 7, last_cga_text = 3;
constexpr u16 version = 0x0620, bus_mouse = 1, interrupt_line = 2;

i16 signed_word(u16 value) {
    return i16(value);
}

}  // namespace

i16 Mouse::Range::clamp(int value) const {
    return i16(std::clamp(value, int{least}, int{most}));
}

i16 Mouse::Range::at(u16 fraction) const {
    return clamp(least + int(i64{fraction} * (most - least + 1) / 65536));
}

// --- the cursor

bool Mouse::is_text() const {
    return video_mode() <= last_cga_text || video_mode() == mda_text;
}

/// In text modes positions are those of cells: multiples of eight dots, of sixteen in 40 columns.
Mouse::Point Mouse::reported() const {
    if (!is_text()) return state_.position;
    const int step = video_mode() <= 1 ? 16 : 8;
    return {i16(state_.position.x / step * step), i16(state_.position.y / 8 * 8)};
}

Linear Mouse::cell() const {
    const u16 columns = std::max<u16>(guest_.word({0x40, 0x4A}), 1), start = guest_.word({0x40, 0x4E});
    const int step = video_mode() <= 1 ? 16 : 8;
    const int row = std::max<int>(state_.position.y, 0) / 8, column = std::max<int>(state_.position.x, 0) / step;
    const u16 segment = video_mode() == mda_text ? 0xB000 : 0xB800;
    return SegOff{segment, u16(start + (row * columns + column) * 2)}.linear();
}

void Mouse::erase() {
    if (!drawn_.is_there) return;
    drawn_.is_there = false;
    Memory& memory = guest_.memory();
    const auto now = u16(memory.read8(drawn_.at) | memory.read8(drawn_.at + 1) << 8);
    if (now != drawn_.cursor) return;  // the program has written there since
    memory.write8(drawn_.at, u8(drawn_.below));
    memory.write8(drawn_.at + 1, u8(drawn_.below >> 8));
}

void Mouse::draw() {
    erase();
    if (state_.hidden > 0 || state_.blanked || !is_text() || state_.hardware_cursor) return;
    Memory& memory = guest_.memory();
    drawn_.at = cell();
    drawn_.below = u16(memory.read8(drawn_.at) | memory.read8(drawn_.at + 1) << 8);
    drawn_.cursor = u16((drawn_.below & state_.screen_mask) ^ state_.cursor_mask);
    memory.write8(drawn_.at, u8(drawn_.cursor));
    memory.write8(drawn_.at + 1, u8(drawn_.cursor >> 8));
    drawn_.is_there = true;
}

// --- what the person does

void Mouse::raise(u16 conditions) {
    if (!enabled_ || (conditions & state_.handler_mask) == 0) return;
    pending_ |= conditions;
    if (set_line_) set_line_(true);
}

void Mouse::press(u16 now) {
    u16 conditions = 0;
    for (u16 button = 0; button < buttons; ++button) {
        const u16 bit = u16(1u << button);
        if (((now ^ state_.pressed) & bit) == 0) continue;
        const bool down = (now & bit) != 0;
        Count& count = (down ? state_.presses : state_.releases).at(button);
        ++count.times;
        count.where = reported();
        conditions |= u16((down ? left_pressed : left_released) << 2 * button);
    }
    state_.pressed = now;
    raise(conditions);
}

void Mouse::move(const MousePosition& to) {
    const Point goal{state_.across.at(to.x), state_.down.at(to.y)};
    if (goal != state_.position) {
        state_.mickeys_x = i16(state_.mickeys_x + (goal.x - state_.position.x) * state_.ratio_x / 8);
        state_.mickeys_y = i16(state_.mickeys_y + (goal.y - state_.position.y) * state_.ratio_y / 8);
        place(goal);
        raise(moved);
    }
    press(u16(to.buttons & ((1u << buttons) - 1)));
}

void Mouse::place(Point to) {
    state_.position = {state_.across.clamp(to.x), state_.down.clamp(to.y)};
    draw();
}

bool Mouse::event(Registers& regs) {
    if (set_line_) set_line_(false);
    const u16 conditions = u16(pending_ & state_.handler_mask);
    pending_ = 0;
    if (conditions == 0) return false;
    regs.set(Reg16::Ax, conditions);
    status(regs);
    regs.set(Reg16::Si, u16(state_.mickeys_x));
    regs.set(Reg16::Di, u16(state_.mickeys_y));
    regs.set(Sreg::Ds, dos_segment);
    return true;
}

// --- INT 33h

void Mouse::reset() {
    erase();
    const u16 pressed = state_.pressed;
    state_ = State{};
    state_.pressed = pressed;
    pending_ = 0;
    if (is_text()) {
        const u8 rows = guest_.byte({0x40, 0x84});
        state_.down.most = i16((rows == 0 ? 25 : rows + 1) * 8 - 1);
    }
}

void Mouse::status(Registers& regs) const {
    const Point at = reported();
    regs.set(Reg16::Bx, state_.pressed);
    regs.set(Reg16::Cx, u16(at.x));
    regs.set(Reg16::Dx, u16(at.y));
}

void Mouse::take_count(Registers& regs, std::array<Count, buttons>& counts) const {
    const u16 button = std::min<u16>(regs.get(Reg16::Bx), buttons - 1);
    Count& count = counts.at(button);
    regs.set(Reg16::Ax, state_.pressed);
    regs.set(Reg16::Bx, count.times);
    regs.set(Reg16::Cx, u16(count.where.x));
    regs.set(Reg16::Dx, u16(count.where.y));
    count.times = 0;
}

void Mouse::set_range(Range& range, u16 a, u16 b) {
    range = {std::min(signed_word(a), signed_word(b)), std::max(signed_word(a), signed_word(b))};
    place(state_.position);
}

void Mouse::set_handler(Registers& regs, bool exchange) {
    const u16 mask = state_.handler_mask;
    const SegOff at = in_dos_segment(own::mouse_handler);
    const SegOff old = guest_.pointer(at);
    state_.handler_mask = regs.get(Reg16::Cx);
    guest_.set_pointer(at, {regs.get(Sreg::Es), regs.get(Reg16::Dx)});
    if (!exchange) return;
    regs.set(Reg16::Cx, mask);
    regs.set(Sreg::Es, old.segment);
    regs.set(Reg16::Dx, old.offset);
}

void Mouse::text_cursor(const Registers& regs) {
    erase();
    state_.hardware_cursor = regs.get(Reg16::Bx) != 0;
    if (!state_.hardware_cursor) {
        state_.screen_mask = regs.get(Reg16::Cx);
        state_.cursor_mask = regs.get(Reg16::Dx);
    }
    draw();
}

void Mouse::save(SegOff to) const {
    std::array<u8, sizeof(State)> bytes{};
    std::memcpy(bytes.data(), &state_, bytes.size());
    guest_.write(to, bytes);
}

void Mouse::restore(SegOff from) {
    std::array<u8, sizeof(State)> bytes{};
    guest_.read(from, bytes);
    erase();
    std::memcpy(&state_, bytes.data(), bytes.size());
    draw();
}

void Mouse::call(Registers& regs) {
    const u16 cx = regs.get(Reg16::Cx), dx = regs.get(Reg16::Dx);
    switch (regs.get(Reg16::Ax)) {
        case 0x00:
        case 0x21:
            reset();
            regs.set(Reg16::Ax, 0xFFFF);
            return regs.set(Reg16::Bx, buttons);
        case 0x01:
            state_.hidden = i16(std::max(state_.hidden - 1, 0));
            state_.blanked = false;
            return draw();
        case 0x02: ++state_.hidden; return draw();
        case 0x03: return status(regs);
        case 0x04: return place({signed_word(cx), signed_word(dx)});
        case 0x05: return take_count(regs, state_.presses);
        case 0x06: return take_count(regs, state_.releases);
        case 0x07: return set_range(state_.across, cx, dx);
        case 0x08: return set_range(state_.down, cx, dx);
        case 0x09: return;  // the shape of the graphics cursor, which is not drawn
        case 0x0A: return text_cursor(regs);
        case 0x0B:
            regs.set(Reg16::Cx, u16(state_.mickeys_x));
            regs.set(Reg16::Dx, u16(state_.mickeys_y));
            state_.mickeys_x = state_.mickeys_y = 0;
            return;
        case 0x0C: return set_handler(regs, false);
        case 0x14: return set_handler(regs, true);
        case 0x10: {
            const Point at = state_.position;
            state_.blanked = at.x >= signed_word(cx) && at.x <= signed_word(regs.get(Reg16::Si)) &&
                             at.y >= signed_word(dx) && at.y <= signed_word(regs.get(Reg16::Di));
            return draw();
        }
        case 0x15: return regs.set(Reg16::Bx, sizeof(State));
        case 0x16: return save({regs.get(Sreg::Es), dx});
        case 0x17: return restore({regs.get(Sreg::Es), dx});
        default: return set_up(regs);
    }
}

/// How the mouse feels, and what the driver says of itself.
void Mouse::set_up(Registers& regs) {
    const u16 bx = regs.get(Reg16::Bx), cx = regs.get(Reg16::Cx), dx = regs.get(Reg16::Dx);
    switch (regs.get(Reg16::Ax)) {
        case 0x0F:
            state_.ratio_x = std::max<u16>(cx, 1);
            state_.ratio_y = std::max<u16>(dx, 1);
            return;
        case 0x13: state_.threshold = dx == 0 ? u16{64} : dx; return;
        case 0x1A:
            state_.speed_x = bx;
            state_.speed_y = cx;
            state_.threshold = dx;
            return;
        case 0x1D: state_.page = bx; return;
        default: return ask(regs);
    }
}

void Mouse::ask(Registers& regs) {
    switch (regs.get(Reg16::Ax)) {
        case 0x1B:
            regs.set(Reg16::Bx, state_.speed_x);
            regs.set(Reg16::Cx, state_.speed_y);
            return regs.set(Reg16::Dx, state_.threshold);
        case 0x1E: return regs.set(Reg16::Bx, state_.page);
        case 0x1F:
            enabled_ = false;
            regs.set(Sreg::Es, 0);  // INT 33h before us: nobody
            return regs.set(Reg16::Bx, 0);
        case 0x20: enabled_ = true; return;
        case 0x23: return regs.set(Reg16::Bx, 0);  // English
        case 0x24: regs.set(Reg16::Bx, version); return regs.set(Reg16::Cx, u16(bus_mouse << 8 | interrupt_line));
        default: ++missing_[fmt::format("33/{:04X}", regs.get(Reg16::Ax))];
    }
}

namespace {
template <typename Point>
void serialize_point(Archive& ar, std::string_view across, std::string_view down, Point& point) {
    ar(across, point.x);
    ar(down, point.y);
}
}  // namespace

void Mouse::serialize(Archive& ar) {
    ar("least_x", state_.across.least);
    ar("most_x", state_.across.most);
    ar("least_y", state_.down.least);
    ar("most_y", state_.down.most);
    serialize_point(ar, "x", "y", state_.position);
    ar("pressed", state_.pressed);
    static constexpr std::array<std::string_view, buttons* 6> names = {
        "left_presses",  "left_press_x",  "left_press_y",  "left_releases",  "left_release_x",  "left_release_y",
        "right_presses", "right_press_x", "right_press_y", "right_releases", "right_release_x", "right_release_y"};
    for (std::size_t i = 0; i < buttons; ++i) {
        const auto* const name = names.data() + i * 6;
        ar(name[0], state_.presses[i].times);
        serialize_point(ar, name[1], name[2], state_.presses[i].where);
        ar(name[3], state_.releases[i].times);
        serialize_point(ar, name[4], name[5], state_.releases[i].where);
    }
    ar("hidden", state_.hidden);
    ar("blanked", state_.blanked);
    ar("hardware_cursor", state_.hardware_cursor);
    ar("screen_mask", state_.screen_mask);
    ar("cursor_mask", state_.cursor_mask);
    ar("mickeys_x", state_.mickeys_x);
    ar("mickeys_y", state_.mickeys_y);
    ar("ratio_x", state_.ratio_x);
    ar("ratio_y", state_.ratio_y);
    ar("threshold", state_.threshold);
    ar("speed_x", state_.speed_x);
    ar("speed_y", state_.speed_y);
    ar("handler_mask", state_.handler_mask);
    ar("page", state_.page);
    ar("drawn", drawn_.is_there);
    ar("drawn_at", drawn_.at);
    ar("drawn_below", drawn_.below);
    ar("drawn_cursor", drawn_.cursor);
    ar("pending", pending_);
    ar("enabled", enabled_);
}

}  // namespace dyn86::dos
