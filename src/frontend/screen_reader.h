// What has changed on a text screen, as lines to be read aloud or logged.
#pragma once

#include "src/dyn86.h"

#include <optional>
#include <string>
#include <vector>

namespace dyn86::frontend {

/// Looks at the screen frame by frame and says, in reading order, what is new on it once it has settled: new rows; what
/// was added at a row's end; of a menu whose bar has moved, the item that is highlighted now ("> Save"); the row that
/// the cursor has gone to. Rows that scroll keep their identity, so a scrolled screen is not read again. Frames of
/// boxes are left out. Time is the guest's: Screen::frame.
class ScreenReader {
public:
    /// Lines for the reader, each ended by a line feed; mostly none.
    [[nodiscard]] std::string look(const Screen& screen);
    /// The same at once, settled or not: the last word.
    [[nodiscard]] std::string finish(const Screen& screen);

private:
    struct Row {
        std::u32string text;         // frames and blanks at the end removed
        std::vector<u8> attributes;  // of all columns
        friend bool operator==(const Row&, const Row&) = default;
    };
    using Rows = std::vector<Row>;
    struct Look {
        Rows rows;
        std::optional<Screen::Position> cursor;
        Screen::Mode mode = Screen::Mode::Off;
        friend bool operator==(const Look&, const Look&) = default;
    };
    enum class CursorRow : u8 { Read, Leave };  // it may still be written to

    [[nodiscard]] static Look look_at(const Screen& screen);
    void follow_scrolling(const Look& now);
    void read(const Look& now, CursorRow how);
    void read_row(const Row& now, Row& known);
    void read_highlight(const Look& now);
    void say(std::u32string_view text);

    Look seen_;           // at the last frame
    Rows known_;          // what the reader has heard
    u16 cursor_row_ = 0;  // that he knows of
    u64 changed_ = 0;     // the frame at which `seen_` began
    u64 spoken_ = 0;      // the frame at which something was read
    Screen::Mode mode_ = Screen::Mode::Text;
    std::string out_;
};

}  // namespace dyn86::frontend
