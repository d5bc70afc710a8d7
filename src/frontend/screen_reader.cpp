#include "src/frontend/screen_reader.h"

#include "src/frontend/code_page.h"

#include <algorithm>
#include <map>

namespace dyn86::frontend {
namespace {

// A screen of at least so many rows, none of which stays, has been replaced as a whole.
constexpr std::ptrdiff_t whole_screen = 3;
// A screen at rest for a tenth of a second is read; the cursor's row, where somebody may be typing, a little later; one
// that never rests, once a second. In frames of 60 Hz.
constexpr u64 settled = 6, cursor_settled = 18, impatient = 60;

constexpr bool is_frame(char32_t character) {
    return character >= 0x2500 && character <= 0x259F;
}

std::u32string_view trimmed(std::u32string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(U' '), text.size()));
    return text.substr(0, text.find_last_not_of(U' ') + 1);
}

template <typename Rows>
std::size_t equal_rows(const Rows& before, const Rows& now, std::size_t shift) {
    std::size_t count = 0;
    for (std::size_t row = 0; row + shift < before.size() && row < now.size(); ++row)
        if (!now[row].text.empty() && before[row + shift].text == now[row].text) ++count;
    return count;
}

/// By how many rows the screen has gone up; `most` rows are where they were.
template <typename Rows>
std::size_t scrolled_by(const Rows& before, const Rows& now, std::size_t most) {
    std::size_t best = 0;
    for (std::size_t shift = 1; shift < before.size(); ++shift) {
        const std::size_t equal = equal_rows(before, now, shift);
        if (equal > most) {
            best = shift;
            most = equal;
        }
    }
    return best;
}

}  // namespace

ScreenReader::Look ScreenReader::look_at(const Screen& screen) {
    Look look{.rows = {}, .cursor = screen.cursor_position(), .mode = screen.mode};
    if (screen.is_graphics()) return look;
    look.rows.resize(screen.rows);
    for (unsigned row = 0; row < screen.rows; ++row) {
        Row& to = look.rows[row];
        for (unsigned column = 0; column < screen.columns; ++column) {
            const char32_t character = to_unicode(screen.character(row, column), screen.code_page);
            to.text.push_back(is_frame(character) || character == 0xA0 ? U' ' : character);
            to.attributes.push_back(screen.attribute(row, column));
        }
        to.text.resize(to.text.find_last_not_of(U' ') + 1);
    }
    return look;
}

std::string ScreenReader::look(const Screen& screen) {
    Look now = look_at(screen);
    if (now != seen_) {
        follow_scrolling(now);
        changed_ = screen.frame;
        seen_ = std::move(now);
    }
    const u64 rest = screen.frame - changed_;
    if (rest >= settled || screen.frame - spoken_ >= impatient) {
        spoken_ = screen.frame;
        read(seen_, rest >= cursor_settled ? CursorRow::Read : CursorRow::Leave);
    }
    return std::exchange(out_, {});
}

std::string ScreenReader::finish(const Screen& screen) {
    const Look now = look_at(screen);
    follow_scrolling(now);
    seen_ = now;
    read(now, CursorRow::Read);
    return std::exchange(out_, {});
}

/// Rows that leave unread, at the top or because the whole screen changes, are read now.
void ScreenReader::follow_scrolling(const Look& now) {
    const std::size_t stays = equal_rows(seen_.rows, now.rows, 0);
    const std::size_t shift = scrolled_by(seen_.rows, now.rows, stays);
    const auto filled = std::ranges::count_if(seen_.rows, [](const Row& row) { return !row.text.empty(); });
    if (shift == 0 && stays == 0 && filled >= whole_screen) {
        known_.resize(seen_.rows.size());
        for (std::size_t row = 0; row < known_.size(); ++row) read_row(seen_.rows[row], known_[row]);
    }
    if (shift == 0) return;
    known_.resize(seen_.rows.size());
    for (std::size_t row = 0; row < shift; ++row) read_row(seen_.rows[row], known_[row]);
    std::ranges::rotate(known_, known_.begin() + std::ptrdiff_t(shift));
    std::fill(known_.end() - std::ptrdiff_t(shift), known_.end(), Row{});
    cursor_row_ = u16(cursor_row_ > shift ? cursor_row_ - shift : 0);
}

void ScreenReader::read(const Look& now, CursorRow how) {
    if (now.mode != mode_ && now.mode != Screen::Mode::Off) {
        if (now.rows.empty()) out_ += "(graphics)\n";
        mode_ = now.mode;
    }
    known_.resize(now.rows.size());
    const std::size_t before = out_.size();
    for (std::size_t row = 0; row < now.rows.size(); ++row) {
        const bool is_cursors = now.cursor && now.cursor->row == row;
        if (is_cursors && how == CursorRow::Leave) continue;
        read_row(now.rows[row], known_[row]);
    }
    if (out_.size() == before) read_highlight(now);
    for (std::size_t row = 0; row < now.rows.size(); ++row)
        if (known_[row].text == now.rows[row].text) known_[row] = now.rows[row];
    if (how == CursorRow::Leave || !now.cursor) return;
    const bool has_moved = now.cursor->row != cursor_row_;
    cursor_row_ = now.cursor->row;
    if (has_moved && out_.size() == before) say(now.rows[cursor_row_].text);
}

void ScreenReader::read_row(const Row& now, Row& known) {
    if (now.text == known.text) return;
    std::u32string_view text = now.text;
    if (!known.text.empty() && now.text.starts_with(known.text)) text.remove_prefix(known.text.size());
    known = now;
    say(text);
}

/// Of the rows that only look different now, the one whose new colours are the rarest on the screen is the one that a
/// bar stands on.
void ScreenReader::read_highlight(const Look& now) {
    std::map<u8, std::size_t> cells;
    for (const Row& row : now.rows)
        for (const u8 attribute : row.attributes) ++cells[attribute];
    std::size_t fewest = 0;
    std::u32string_view item;
    for (std::size_t row = 0; row < now.rows.size(); ++row) {
        const auto& [text, attributes] = now.rows[row];
        const auto& known = known_[row].attributes;
        if (known.size() != attributes.size() || known == attributes) continue;
        const auto first = std::size_t(std::ranges::mismatch(known, attributes).in2 - attributes.begin());
        std::size_t last = first;
        while (last < attributes.size() && attributes[last] == attributes[first]) ++last;
        const std::size_t count = cells[attributes[first]];
        if (!item.empty() && count >= fewest) continue;
        fewest = count;
        item = trimmed(std::u32string_view(text).substr(std::min(first, text.size()), last - first));
    }
    if (!item.empty()) say(U"> " + std::u32string(item));
}

void ScreenReader::say(std::u32string_view text) {
    text = trimmed(text);
    if (text.empty()) return;
    for (const char32_t character : text) append_utf8(out_, character);
    out_ += '\n';
}

}  // namespace dyn86::frontend
