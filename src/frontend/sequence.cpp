#include "src/frontend/sequence.h"

#include "src/frontend/code_page.h"
#include "src/frontend/dump.h"
#include "src/frontend/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace dyn86::frontend {
namespace {

using std::string_view;

// A typed key is down for 10 ms of guest time, a pressed one long enough for programs that look once per timer tick
// (55 ms). Between scan codes lies the time that the keyboard needs to send one.
constexpr Ticks typed_hold = Ticks::from_ms(10);
constexpr Ticks pressed_hold = Ticks::from_ms(120);
constexpr Ticks code_gap = Ticks::from_ms(1);
constexpr Ticks settle_limit = Ticks::from_ms(1'000);
constexpr Ticks drain_interval = Ticks::from_ms(1);
constexpr Ticks look_interval = Ticks::from_ms(5);  // how often a wait looks at the screen

std::unexpected<Error> usage(std::string message) {
    return fail(std::move(message), ErrorKind::Usage);
}

std::string shown(char32_t character) {
    std::string text;
    append_utf8(text, character);
    return text;
}

bool is_pause(const Sequence::Action& action) {
    return std::holds_alternative<Sequence::Drain>(action) || std::holds_alternative<Sequence::Settle>(action);
}

/// The character that stands behind a backslash in typed text.
std::optional<char32_t> unescaped(char32_t letter) {
    switch (letter) {
        case U'r':
        case U'n': return U'\r';
        case U't': return U'\t';
        case U'\\':
        case U'<': return letter;
        default: return std::nullopt;
    }
}

}  // namespace

Result<Sequence> Sequence::parse(std::span<const StepText> steps, u16 code_page) {
    Sequence sequence(code_page);
    for (const StepText& step : steps) {
        auto added = sequence.add_step(step);
        if (added) continue;
        const std::string where = step.where.empty() ? "--" : step.where + ": ";
        return usage(fmt::format("{}{}: {}", where, step.word, added.error().message));
    }
    // Whether the last keys are read makes no difference to what follows: nothing does.
    while (!sequence.actions_.empty() && is_pause(sequence.actions_.back())) sequence.actions_.pop_back();
    return sequence;
}

bool Sequence::types() const {
    return std::ranges::any_of(actions_, [](const Action& action) { return std::holds_alternative<Send>(action); });
}

Result<> Sequence::add_step(const StepText& step) {
    if (step.word == "type") return add_typed(step.argument);
    if (step.word == "wait") return add_wait(step.argument);
    if (step.word == "press") {
        const auto chord = chord_named(step.argument);
        if (!chord) return usage(fmt::format("{}: no such key", step.argument));
        add_press(keystroke(*chord));
    } else if (step.word == "snap") {
        if (auto format = dump_format(step.argument); !format) return std::unexpected(format.error());
        actions_.emplace_back(Snap{step.argument});
    } else if (step.word == "swap") {
        actions_.emplace_back(Swap{step.argument});
    } else if (step.word == "quit") {
        actions_.emplace_back(Quit{});
    } else {
        return usage("no such step");
    }
    return {};
}

Result<> Sequence::add_wait(const std::string& text) {
    const auto bytes = to_code_page(text, code_page_);
    if (!bytes) return usage(fmt::format("code page {} cannot show \"{}\"", code_page_, text));
    if (bytes->empty()) return usage("no text");
    actions_.emplace_back(Wait{text, *bytes});
    return {};
}

Result<> Sequence::add_typed(string_view text) {
    while (!text.empty()) {
        if (text.front() == '<') {
            if (auto added = add_bracket(text); !added) return added;
            continue;
        }
        char32_t character = take_utf8(text);
        if (character == U'\\') {
            if (text.empty()) return usage("a backslash at the end");
            const char32_t letter = take_utf8(text);
            const auto meant = unescaped(letter);
            if (!meant) return usage(fmt::format("\\{} is not known (\\r \\n \\t \\\\ \\<)", shown(letter)));
            character = *meant;
        }
        const auto stroke = keystroke_for(character, code_page_);
        if (!stroke) return usage(fmt::format("code page {} has no {}", code_page_, shown(character)));
        add_typed_key(*stroke);
    }
    return {};
}

/// `<F10>`, `<Ctrl+C>`, `<wait 2s>` at the front of `text`.
Result<> Sequence::add_bracket(string_view& text) {
    const auto end = text.find('>');
    if (end == string_view::npos || end == 1) return usage("< without a key's name and > (\\< types it)");
    const string_view name = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (name.starts_with("wait ")) {
        const auto seconds = parse_seconds(name.substr(5));
        if (!seconds) return usage(fmt::format("<{}> is no duration", name));
        actions_.emplace_back(Delay{Ticks::from_seconds(*seconds)});
        return {};
    }
    const auto chord = chord_named(name);
    if (!chord) return usage(fmt::format("<{}>: no such key", name));
    add_typed_key(keystroke(*chord));
    return {};
}

void Sequence::add_keystroke(const Keystroke& stroke, Ticks hold) {
    for (const u8 code : stroke.press) actions_.emplace_back(Send{code});
    actions_.emplace_back(Delay{hold});
    for (const u8 code : stroke.release) actions_.emplace_back(Send{code});
}

void Sequence::add_press(const Keystroke& stroke) {
    add_keystroke(stroke, pressed_hold);
    actions_.emplace_back(Settle{});
}

void Sequence::add_typed_key(const Keystroke& stroke) {
    add_keystroke(stroke, typed_hold);
    actions_.emplace_back(Drain{});
}

Player::State Player::advance(Guest& guest) {
    while (position_ < actions_.size()) {
        if (guest.now() < not_before_) return State::Running;
        const std::size_t before = position_;
        const State state = std::visit([&](const auto& action) { return step(guest, action); }, actions_[position_]);
        if (state != State::Running || position_ == before) return state;
    }
    return State::Done;
}

Ticks Player::next(Ticks now) const {
    if (position_ >= actions_.size()) return Ticks::never();
    return std::max(not_before_, now + Ticks{1});
}

Player::State Player::finish(Guest& guest) {
    for (; position_ < actions_.size(); ++position_) {
        const auto& action = actions_[position_];
        if (const auto* wait = std::get_if<Sequence::Wait>(&action)) {
            if (screen_characters(guest.screen()).find(wait->bytes) == std::string::npos)
                return fail_with(State::Failed,
                                 fmt::format("\"{}\" did not appear before the program ended", wait->text));
        } else if (const auto* snap = std::get_if<Sequence::Snap>(&action)) {
            if (auto written = doers_.snap(snap->file); !written)
                return fail_with(State::Broken, written.error().message);
        }
    }
    return State::Done;
}

Player::State Player::pass() {
    ++position_;
    deadline_ = Ticks::never();
    return State::Running;
}

Player::State Player::fail_with(State state, std::string error) {
    error_ = std::move(error);
    return state;
}

Player::State Player::keep_waiting(Ticks now, const std::string& what) {
    if (deadline_ == Ticks::never()) deadline_ = now + limit_;
    if (now < deadline_) return State::Running;
    return fail_with(State::Failed, fmt::format("{} within {:g} s of guest time", what, limit_.seconds()));
}

Player::State Player::step(Guest& guest, const Sequence::Send& send) {
    guest.scan_code(send.code);
    not_before_ = guest.now() + code_gap;
    return pass();
}

Player::State Player::step(Guest& guest, const Sequence::Delay& delay) {
    not_before_ = guest.now() + delay.time;
    return pass();
}

Player::State Player::step(Guest& guest, const Sequence::Drain&) {
    if (guest.keyboard_drained()) return pass();
    not_before_ = guest.now() + drain_interval;
    return keep_waiting(guest.now(), "what was typed was not read");
}

Player::State Player::step(Guest& guest, const Sequence::Settle&) {
    if (deadline_ == Ticks::never()) deadline_ = guest.now() + settle_limit;
    if (guest.keyboard_drained() || guest.now() >= deadline_) return pass();
    not_before_ = guest.now() + drain_interval;
    return State::Running;
}

Player::State Player::step(Guest& guest, const Sequence::Wait& wait) {
    if (screen_characters(guest.screen()).find(wait.bytes) != std::string::npos) return pass();
    not_before_ = guest.now() + look_interval;
    return keep_waiting(guest.now(), fmt::format("\"{}\" did not appear", wait.text));
}

Player::State Player::step(Guest&, const Sequence::Snap& snap) {
    if (auto written = doers_.snap(snap.file); !written) return fail_with(State::Broken, written.error().message);
    return pass();
}

Player::State Player::step(Guest&, const Sequence::Swap& swap) {
    if (auto changed = doers_.swap(swap.disk); !changed) return fail_with(State::Broken, changed.error().message);
    return pass();
}

Player::State Player::step(Guest&, const Sequence::Quit&) {
    pass();
    return State::Quit;
}

}  // namespace dyn86::frontend
