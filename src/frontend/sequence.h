// The script of a run: wait, type, press, snap, swap, quit, one after the other in guest time (COMMAND_LINE.md,
// Sequence).
#pragma once

#include "src/frontend/guest.h"
#include "src/frontend/keymap.h"

#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace dyn86::frontend {

/// A step as the user says it: {"wait", "Ready"}, {"type", "run\\r"}, {"press", "F10"}, {"snap", "a.png"}, {"quit",
/// ""}.
struct StepText {
    std::string word, argument;
    std::string where = {};  // "FILE:LINE" of a script; empty: the command line
};

/// A parsed script: the plain actions that its steps come down to.
class Sequence {
public:
    struct Send {
        u8 code;  // one scan code; the next action is a serial transfer later
    };
    struct Delay {
        Ticks time;
    };
    struct Drain {};   // until the guest has consumed what was typed
    struct Settle {};  // the same, but programs that look at the keys alone never consume: then a second of guest time
    struct Wait {
        std::string text;   // as the user wrote it
        std::string bytes;  // in the guest's code page
    };
    struct Snap {
        std::string file;
    };
    struct Swap {
        std::string disk;  // as --swap says it
    };
    struct Quit {};
    using Action = std::variant<Send, Delay, Drain, Settle, Wait, Snap, Swap, Quit>;

    /// What is typed and waited for is UTF-8, and the guest's in the code page. A bad step is a usage error.
    static Result<Sequence> parse(std::span<const StepText> steps, u16 code_page);

    [[nodiscard]] const std::vector<Action>& actions() const { return actions_; }
    [[nodiscard]] bool empty() const { return actions_.empty(); }
    /// True when it contains keys: then DOS's standard handles are the console.
    [[nodiscard]] bool types() const;

private:
    explicit Sequence(u16 code_page) : code_page_(code_page) {}
    Result<> add_step(const StepText& step);
    Result<> add_typed(std::string_view text);
    Result<> add_bracket(std::string_view& text);
    Result<> add_wait(const std::string& text);
    void add_keystroke(const Keystroke& stroke, Ticks hold);
    void add_press(const Keystroke& stroke);
    void add_typed_key(const Keystroke& stroke);

    u16 code_page_;
    std::vector<Action> actions_;
};

/// Carries a sequence out on a guest. What it does depends on guest time and the guest's state alone.
class Player {
public:
    /// Failed: a wait was in vain. Broken: a snap could not be written, or a disk not be changed.
    enum class State : u8 { Running, Done, Quit, Failed, Broken };
    /// What a script does to the world outside the guest's keyboard.
    using Doer = std::function<Result<>(const std::string& argument)>;
    struct Doers {
        Doer snap;  // writes the screen to a file
        Doer swap;  // changes a disk
    };

    /// A wait, for text or for typed keys to be consumed, fails after `limit`.
    Player(const Sequence& sequence, Ticks limit, Doers doers)
        : actions_(sequence.actions()), limit_(limit), doers_(std::move(doers)) {}

    /// Goes on as far as the guest lets it now.
    State advance(Guest& guest);
    /// When advance() can go on at the earliest; never() when there is nothing left to do.
    [[nodiscard]] Ticks next(Ticks now) const;
    /// The program has ended: keys go nowhere any more, waits must be fulfilled by the last screen.
    State finish(Guest& guest);
    /// Why it failed, one line.
    [[nodiscard]] const std::string& error() const { return error_; }

private:
    State step(Guest& guest, const Sequence::Send& send);
    State step(Guest& guest, const Sequence::Delay& delay);
    State step(Guest& guest, const Sequence::Drain& drain);
    State step(Guest& guest, const Sequence::Settle& settle);
    State step(Guest& guest, const Sequence::Wait& wait);
    State step(Guest& guest, const Sequence::Snap& snap);
    State step(Guest& guest, const Sequence::Swap& swap);
    State step(Guest& guest, const Sequence::Quit& quit);
    State pass();
    State fail_with(State state, std::string error);
    State keep_waiting(Ticks now, const std::string& what);

    std::vector<Sequence::Action> actions_;
    Ticks limit_;
    Doers doers_;
    std::size_t position_ = 0;
    Ticks not_before_;                 // the current action's time has not come yet
    Ticks deadline_ = Ticks::never();  // of the wait that the current action is; never(): it has not begun
    std::string error_;
};

}  // namespace dyn86::frontend
