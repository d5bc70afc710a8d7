#include "src/dos/shell/line_input.h"

#include <algorithm>

namespace dyn86::dos::shell {
namespace {

constexpr std::size_t longest_line = 127;
constexpr u16 history_paragraphs = 64;
constexpr std::size_t history_size = std::size_t{history_paragraphs} * 16;
constexpr char backspace = 0x08, escape = 0x1B, rubout = 0x7F;

// Scan codes of the editing keys. [IBM PC, "Keyboard"]
constexpr u8 f1 = 0x3B, f3 = 0x3D, home = 0x47, up = 0x48, left = 0x4B, right = 0x4D, end = 0x4F, down = 0x50,
             insert = 0x52, delete_key = 0x53;

}  // namespace

// --- history

std::vector<std::string> History::lines() const {
    std::vector<std::string> list;
    const u16 block = state_.word(layout::history);
    if (block == 0) return list;
    for (u16 at = 0; at < history_size;) {
        std::string line = state_.guest().asciiz({block, at}, history_size - at);
        if (line.empty()) break;
        at = u16(at + line.size() + 1);
        list.push_back(std::move(line));
    }
    return list;
}

Task<> History::add(std::string line) {
    std::vector<std::string> list = lines();
    if (line.empty() || (!list.empty() && list.back() == line)) co_return;
    if (state_.word(layout::history) == 0) {
        const auto block = co_await dos_.allocate(history_paragraphs);
        if (!block) co_return;
        state_.set_word(layout::history, *block);
    }
    list.push_back(line);
    std::size_t size = 1;
    for (const std::string& one : list) size += one.size() + 1;
    std::string bytes;
    for (const std::string& one : list) {
        if (size > history_size) {
            size -= one.size() + 1;
        } else {
            bytes.append(one).push_back('\0');
        }
    }
    bytes.push_back('\0');
    state_.guest().write({state_.word(layout::history), 0}, bytes);
}

// --- the screen

unsigned LineInput::columns() const {
    constexpr SegOff bios_columns{0x40, 0x4A};
    return std::max<unsigned>(state_.guest().byte(bios_columns), 1);
}

Task<unsigned> LineInput::position() {
    const CallRegisters at = co_await dos_.video({.ax = 0x0300});
    co_return unsigned(at.dx >> 8) * columns() + (at.dx & 0xFF);
}

Task<> LineInput::set_position(unsigned cell) {
    const u16 row_and_column = u16(cell / columns() << 8 | cell % columns());
    (void)co_await dos_.video({.ax = 0x0200, .dx = row_and_column});
}

Task<> LineInput::move_to(std::size_t cursor) {
    const unsigned now = co_await position();
    co_await set_position(unsigned(now - cursor_ + cursor));
    cursor_ = cursor;
}

Task<> LineInput::replace(std::string line, std::size_t cursor) {
    const std::size_t old_length = line_.size();
    co_await move_to(0);
    std::string shown = line;
    shown.resize(std::max(line.size(), old_length), ' ');
    co_await dos_.print(shown);
    line_ = std::move(line);
    cursor_ = shown.size();  // the screen may have scrolled: counted from where the text ends
    co_await move_to(cursor);
}

// --- keys

Task<std::string> LineInput::read() {
    before_ = history_.lines();
    recalled_ = before_.size();
    for (;;) {
        const CallRegisters key = co_await dos_.int21({.ax = 0x0800});
        const char c = char(key.al());
        if (c == '\r') break;
        if (c == '\0') {
            const CallRegisters extended = co_await dos_.int21({.ax = 0x0800});
            co_await obey(extended.al());
        } else if (c == backspace || c == rubout) {
            co_await erase_before();
        } else if (c == escape) {
            co_await replace("", 0);
        } else if (u8(c) >= ' ') {
            co_await type(c);
        }
    }
    if (cursor_ < line_.size()) co_await move_to(line_.size());
    co_await dos_.print("\r\n");
    co_await history_.add(line_);
    co_return line_;
}

Task<> LineInput::type(char c) {
    const bool at_end = cursor_ == line_.size();
    if (line_.size() >= longest_line && (at_end || inserts_)) co_return co_await dos_.print("\a");
    if (at_end || !inserts_) {
        if (at_end) line_ += c;
        line_[cursor_++] = c;
        const std::string shown(1, c);
        co_return co_await dos_.print(shown);
    }
    std::string line = line_;
    line.insert(cursor_, 1, c);
    co_await replace(std::move(line), cursor_ + 1);
}

Task<> LineInput::erase_before() {
    if (cursor_ == 0) co_return;
    if (cursor_ == line_.size()) {
        line_.pop_back();
        --cursor_;
        co_return co_await dos_.print("\b \b");
    }
    std::string line = line_;
    line.erase(cursor_ - 1, 1);
    co_await replace(std::move(line), cursor_ - 1);
}

Task<> LineInput::recall(std::size_t index) {
    recalled_ = std::min(index, before_.size());
    std::string line;
    if (recalled_ < before_.size()) line = before_[recalled_];
    const std::size_t length = line.size();
    co_await replace(std::move(line), length);
}

Task<> LineInput::obey(u8 scan_code) {
    const std::string last = before_.empty() ? std::string() : before_.back();
    switch (scan_code) {
        case left:
            if (cursor_ > 0) co_await move_to(cursor_ - 1);
            break;
        case f1:
        case right:
            if (cursor_ < line_.size())
                co_await move_to(cursor_ + 1);
            else if (cursor_ < last.size())
                co_await type(last[cursor_]);
            break;
        case f3:
            while (cursor_ == line_.size() && cursor_ < last.size()) co_await type(last[cursor_]);
            break;
        case home: co_await move_to(0); break;
        case end: co_await move_to(line_.size()); break;
        case insert: inserts_ = !inserts_; break;
        case delete_key:
            if (cursor_ < line_.size()) {
                std::string line = line_;
                line.erase(cursor_, 1);
                co_await replace(std::move(line), cursor_);
            }
            break;
        case up:
            if (recalled_ > 0) co_await recall(recalled_ - 1);
            break;
        case down: co_await recall(recalled_ + 1); break;
        default: break;
    }
}

}  // namespace dyn86::dos::shell
