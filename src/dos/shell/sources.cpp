#include "src/dos/shell/sources.h"

#include "src/dos/code_page.h"
#include "src/dos/shell/messages.h"

#include <algorithm>

namespace dyn86::dos::shell {
namespace {

// A source's block: what it returns to, where it is, and its text.
namespace source {
constexpr u16 previous = 0, loop = 2, kind = 4, echo = 5, shift = 6, position = 8, path = 16, arguments = 96, text = 96;
constexpr u16 path_size = arguments - path;
}  // namespace source
// A FOR's block.
namespace loop {
constexpr u16 variable = 0, next = 2, command = 4, command_size = 160, items = command + command_size;
}

constexpr char end_of_file = 0x1A;
constexpr std::size_t longest_line = 1024;

/// Zero-terminated strings, ended by an empty one.
std::string list_of(const std::vector<std::string>& strings) {
    std::string bytes;
    for (const std::string& one : strings)
        if (!one.empty()) bytes.append(one).push_back('\0');
    bytes.push_back('\0');
    return bytes;
}

}  // namespace

Sources::Kind Sources::kind_of(u16 block) const {
    return Kind(state_.guest().byte({block, source::kind}));
}

bool Sources::in_batch_file() const {
    for (u16 block = top(); block != 0; block = state_.guest().word({block, source::previous}))
        if (kind_of(block) == Kind::File) return true;
    return false;
}

// --- entering and leaving

Task<bool> Sources::enter(Kind kind, std::size_t bytes) {
    const auto block = co_await dos_.allocate(u16((bytes + 15) / 16));
    if (!block) co_return false;
    Guest& guest = state_.guest();
    guest.fill({*block, 0}, bytes, 0);
    guest.set_word({*block, source::previous}, top());
    guest.set_word({*block, source::loop}, state_.word(layout::loop));
    guest.set_byte({*block, source::kind}, u8(kind));
    guest.set_byte({*block, source::echo}, state_.has(ShellFlag::Echo));
    state_.set_word(layout::batch, *block);
    state_.set_word(layout::loop, 0);
    co_return true;
}

Task<bool> Sources::enter_file(std::string path, std::vector<std::string> arguments, Returns returns) {
    const bool echoes = state_.has(ShellFlag::Echo);  // a file that replaces another goes on as that was
    if (returns == Returns::No && has_lines() && kind_of(top()) == Kind::File) co_await leave();
    const std::string list = list_of(arguments);
    const bool entered = co_await enter(Kind::File, source::arguments + list.size());
    if (!entered) co_return false;
    state_.set(ShellFlag::Echo, echoes);
    state_.guest().write_asciiz(field(source::path), path.substr(0, source::path_size - 1));
    state_.guest().write(field(source::arguments), list);
    co_return true;
}

Task<bool> Sources::enter_commands(std::vector<std::string> commands) {
    const std::string list = list_of(commands);
    const bool entered = co_await enter(Kind::Commands, source::text + list.size());
    if (entered) state_.guest().write(field(source::text), list);
    co_return entered;
}

Task<> Sources::leave() {
    co_await leave_loop();
    const u16 block = top();
    const Guest& guest = state_.guest();
    state_.set_word(layout::batch, guest.word(field(source::previous)));
    state_.set_word(layout::loop, guest.word({block, source::loop}));
    if (!in_batch_file()) state_.set(ShellFlag::Echo, guest.byte({block, source::echo}) != 0);
    co_await dos_.release(block);
}

Task<> Sources::leave_all() {
    while (has_lines()) co_await leave();
    co_await leave_loop();
}

// --- lines

Task<std::optional<Sources::Line>> Sources::next_line() {
    for (;;) {
        if (is_looping()) {
            if (const auto line = next_of_loop()) co_return Line{*line, in_batch_file()};
            co_await leave_loop();
            continue;
        }
        if (!has_lines()) co_return std::nullopt;
        if (kind_of(top()) == Kind::Commands) {
            if (const auto line = next_command()) co_return Line{*line, false};
        } else {
            const auto line = co_await next_of_file();
            if (line) co_return Line{*line, true};
        }
        co_await leave();
    }
}

std::vector<std::string> Sources::arguments() const {
    std::vector<std::string> list;
    for (u16 at = source::arguments;;) {
        std::string one = state_.guest().asciiz(field(at), longest_line);
        if (one.empty()) break;
        at = u16(at + one.size() + 1);
        list.push_back(std::move(one));
    }
    const std::size_t gone = std::min<std::size_t>(state_.guest().word(field(source::shift)), list.size());
    list.erase(list.begin(), list.begin() + std::ptrdiff_t(gone));
    return list;
}

void Sources::shift() {
    if (!has_lines() || kind_of(top()) != Kind::File) return;
    const SegOff at = field(source::shift);
    state_.guest().set_word(at, u16(state_.guest().word(at) + 1));
}

/// The line at the file's position, without its end; nullopt at the end of the file.
Task<std::optional<std::string>> Sources::read_line(u16 handle) {
    Guest& guest = state_.guest();
    std::string line;
    u32 position = guest.dword(field(source::position));
    const auto sought = co_await dos_.seek(handle, position, 0);
    if (!sought) co_return std::nullopt;
    while (line.size() < longest_line) {
        const auto count = co_await dos_.read(handle, state_.at(layout::buffer), layout::buffer_size);
        if (!count || *count == 0) break;
        std::string part(*count, '\0');
        guest.read(state_.at(layout::buffer), {reinterpret_cast<u8*>(part.data()), part.size()});
        const auto end = part.find_first_of(std::string("\n") + end_of_file);
        line += part.substr(0, end);
        if (end == std::string::npos) continue;
        if (part[end] == end_of_file && line.empty()) co_return std::nullopt;
        position += u32(line.size() + (part[end] == '\n' ? 1 : 0));
        guest.set_dword(field(source::position), position);
        if (line.ends_with('\r')) line.pop_back();
        co_return line;
    }
    guest.set_dword(field(source::position), u32(position + line.size()));
    if (line.empty()) co_return std::nullopt;
    if (line.ends_with('\r')) line.pop_back();
    co_return line;
}

/// Batch files are opened for each line, as DOS does it: they may change, and their disk may be changed.
Task<std::optional<std::string>> Sources::next_of_file() {
    const std::string path = state_.guest().asciiz(field(source::path));
    const auto handle = co_await dos_.open(path, OpenFor::Reading);
    if (!handle) {
        co_await dos_.complain(message::batch_file_missing);
        co_return std::nullopt;
    }
    const auto line = co_await read_line(*handle);
    (void)co_await dos_.close(*handle);
    if (!line) co_return std::nullopt;
    co_return expand_batch_line(*line, arguments(), [this](std::string_view name) { return state_.variable(name); });
}

std::optional<std::string> Sources::next_command() {
    const u16 at = state_.guest().word(field(source::position));
    const std::string line = state_.guest().asciiz(field(u16(source::text + at)), 0xFFFF);
    if (line.empty()) return std::nullopt;
    state_.guest().set_word(field(source::position), u16(at + line.size() + 1));
    return expand_variables(line, [this](std::string_view name) { return state_.variable(name); });
}

Task<bool> Sources::go_to(std::string label) {
    if (!has_lines() || kind_of(top()) != Kind::File) co_return true;  // at the prompt it does nothing
    co_await leave_loop();
    constexpr std::size_t significant = 8;
    const std::string wanted = ascii_upper(label.substr(0, significant));
    state_.guest().set_dword(field(source::position), 0);
    const auto handle = co_await dos_.open(state_.guest().asciiz(field(source::path)), OpenFor::Reading);
    bool found = false;
    while (handle && !found) {
        const auto line = co_await read_line(*handle);
        if (!line) break;
        const std::string_view text = skip_separators(*line);
        if (!text.starts_with(':')) continue;
        const std::string name = first_word(text.substr(1)).word;
        found = ascii_upper(name.substr(0, significant)) == wanted;
    }
    if (handle) (void)co_await dos_.close(*handle);
    if (!found) co_await leave();
    co_return found;
}

// --- FOR

Task<bool> Sources::enter_loop(ForLoop what) {
    const std::string list = list_of(what.set);
    const auto block = co_await dos_.allocate(u16((loop::items + list.size() + 15) / 16));
    if (!block) co_return false;
    Guest& guest = state_.guest();
    guest.set_byte({*block, loop::variable}, u8(what.variable));
    guest.set_word({*block, loop::next}, loop::items);
    guest.write_asciiz({*block, loop::command}, what.command.substr(0, loop::command_size - 1));
    guest.write({*block, loop::items}, list);
    state_.set_word(layout::loop, *block);
    co_return true;
}

std::optional<std::string> Sources::next_of_loop() {
    Guest& guest = state_.guest();
    const u16 block = state_.word(layout::loop), at = guest.word({block, loop::next});
    const std::string item = guest.asciiz({block, at}, longest_line);
    if (item.empty()) return std::nullopt;
    guest.set_word({block, loop::next}, u16(at + item.size() + 1));
    const std::string command = guest.asciiz({block, loop::command}, loop::command_size);
    return substitute(command, char(guest.byte({block, loop::variable})), item);
}

Task<> Sources::leave_loop() {
    const u16 block = state_.word(layout::loop);
    if (block == 0) co_return;
    state_.set_word(layout::loop, 0);
    co_await dos_.release(block);
}

}  // namespace dyn86::dos::shell
