// The mouse driver: INT 33h, as Microsoft's has it, for a two-button mouse. [RBIL INT 33]
#pragma once

#include "src/base/archive.h"
#include "src/dos/guest.h"

#include <array>
#include <functional>
#include <map>
#include <string>

namespace dyn86::dos {

/// Where a person points: fractions of the screen, 0 to 65535. Buttons: bit 0 left, bit 1 right.
struct MousePosition {
    u16 x = 0, y = 0;
    u8 buttons = 0;
};

/// Position, buttons, motion counters and the program's event handler. In text modes the driver draws its cursor into
/// video memory; in graphics modes it only keeps the cursor's state.
class Mouse {
public:
    /// `set_line` drives the interrupt line behind which the ROM asks event().
    Mouse(Guest& guest, std::function<void(bool)> set_line) : guest_(guest), set_line_(std::move(set_line)) {}

    /// INT 33h.
    void call(Registers& regs);
    /// The interrupt: true when a handler is to be called, with its registers set and its address in DOS's data.
    bool event(Registers& regs);
    /// What the person does.
    void move(const MousePosition& to);

    void serialize(Archive& ar);
    /// Calls of functions that do not exist, as "33/AX".
    [[nodiscard]] const std::map<std::string, u64>& missing_calls() const { return missing_; }

private:
    static constexpr u16 buttons = 2;
    struct Point {
        i16 x = 0, y = 0;
        friend bool operator==(const Point&, const Point&) = default;
    };
    struct Range {
        i16 least = 0, most = 0;
        [[nodiscard]] i16 clamp(int value) const;
        [[nodiscard]] i16 at(u16 fraction) const;
    };
    /// Presses or releases of one button since it was asked.
    struct Count {
        u16 times = 0;
        Point where;
    };
    struct State {
        Range across{0, 639}, down{0, 199};
        Point position{320, 100};
        u16 pressed = 0;
        std::array<Count, buttons> presses{}, releases{};
        i16 hidden = 1;        // the cursor shows at 0
        bool blanked = false;  // by AX=0010h, until it is shown again
        bool hardware_cursor = false;
        u16 screen_mask = 0x77FF, cursor_mask = 0x7700;
        i16 mickeys_x = 0, mickeys_y = 0;
        u16 ratio_x = 8, ratio_y = 16;  // mickeys for eight dots
        u16 threshold = 64, speed_x = 50, speed_y = 50;
        u16 handler_mask = 0;
        u16 page = 0;
    };
    /// The cell that the cursor lies on.
    struct Drawn {
        bool is_there = false;
        Linear at = 0;
        u16 below = 0, cursor = 0;
    };

    void reset();
    void status(Registers& regs) const;
    void take_count(Registers& regs, std::array<Count, buttons>& counts) const;
    void place(Point to);
    void set_range(Range& range, u16 a, u16 b);
    void set_handler(Registers& regs, bool exchange);
    void text_cursor(const Registers& regs);
    void save(SegOff to) const;
    void restore(SegOff from);
    void set_up(Registers& regs);
    void ask(Registers& regs);
    void press(u16 now);
    void raise(u16 conditions);

    [[nodiscard]] u8 video_mode() const { return guest_.byte({0x40, 0x49}); }
    [[nodiscard]] bool is_text() const;
    [[nodiscard]] Point reported() const;
    [[nodiscard]] Linear cell() const;
    void erase();
    void draw();

    Guest& guest_;
    std::function<void(bool)> set_line_;
    State state_;
    Drawn drawn_;
    u16 pending_ = 0;  // conditions that the handler has not been told of
    bool enabled_ = true;
    std::map<std::string, u64> missing_;
};

}  // namespace dyn86::dos
