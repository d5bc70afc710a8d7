// The line that a user types at the prompt: the cursor moves in it, and lines typed before come back.
#pragma once

#include "src/dos/shell/commands.h"

#include <string>
#include <vector>

namespace dyn86::dos::shell {

/// The lines typed before, in a guest memory block of the shell's that the first of them makes.
class History {
public:
    History(State& state, Calls& dos) : state_(state), dos_(dos) {}
    [[nodiscard]] std::vector<std::string> lines() const;  // the oldest first
    /// The oldest ones make room; repetitions and empty lines are not kept.
    Task<> add(std::string line);

private:
    State& state_;
    Calls& dos_;
};

/// Left, Right, Home, End, Ins, Del, Backspace, Esc; Up and Down go through the history; F1 and F3 copy from the line
/// before, as DOS's own editor does.
class LineInput {
public:
    explicit LineInput(Context& context)
        : state_(context.state), dos_(context.dos), history_(context.state, context.dos) {}
    Task<std::string> read();

private:
    Task<> obey(u8 scan_code);
    Task<> type(char c);
    Task<> erase_before();
    Task<> recall(std::size_t index);
    /// Shows another line in the old one's place, with the cursor at `cursor`.
    Task<> replace(std::string line, std::size_t cursor);
    Task<> move_to(std::size_t cursor);
    /// Where the cursor is, counted in cells from the top left corner; and putting it somewhere.
    Task<unsigned> position();
    Task<> set_position(unsigned cell);
    [[nodiscard]] unsigned columns() const;

    State& state_;
    Calls& dos_;
    History history_;
    std::string line_;
    std::size_t cursor_ = 0;
    bool inserts_ = true;
    std::vector<std::string> before_;
    std::size_t recalled_ = 0;  // index into before_; its size: the line being typed
};

}  // namespace dyn86::dos::shell
