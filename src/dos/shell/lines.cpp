// Where the interpreter's next line comes from: the pipeline under way, a batch file, the prompt.
#include "src/dos/shell/interpreter.h"
#include "src/dos/shell/line_input.h"

namespace dyn86::dos::shell {
namespace {

constexpr u8 room_for_line = 128;  // with its CR
constexpr u16 is_device = 0x80, is_console_input = 0x01, is_console_output = 0x02;
constexpr char end_of_file = 0x1A;

}  // namespace

/// nullopt: nothing more is to come.
Task<std::optional<std::string>> Interpreter::next_line() {
    if (const std::string rest = state_.rest(); !rest.empty()) co_return rest;
    const auto line = co_await sources_.next_line();
    if (line) {
        if (line->is_shown && state_.has(ShellFlag::Echo) && !line->text.starts_with('@') &&
            !line->text.starts_with(':')) {
            const std::string prompt = co_await prompt_text(context_);
            co_await dos_.print("\r\n" + prompt + line->text + "\r\n");
        }
        co_return line->text;
    }
    if (state_.has(ShellFlag::Once)) co_return std::nullopt;
    co_return co_await typed_line();
}

Task<std::optional<std::string>> Interpreter::typed_line() {
    if (state_.has(ShellFlag::Echo)) {
        const std::string prompt = co_await prompt_text(context_);
        co_await dos_.print("\r\n" + prompt);
    }
    const auto in = co_await dos_.device_information(0), out = co_await dos_.device_information(1);
    if (!in || !out) co_return std::nullopt;
    const bool types = (*in & (is_device | is_console_input)) == (is_device | is_console_input);
    const bool sees = (*out & (is_device | is_console_output)) == (is_device | is_console_output);
    if (!types) co_return co_await redirected_line();
    if (!sees) co_return co_await buffered_line();
    LineInput input(context_);
    co_return co_await input.read();
}

/// AH=0Ah: what is typed is not where it could be edited.
Task<std::optional<std::string>> Interpreter::buffered_line() {
    state_.set_byte(layout::input, room_for_line);
    (void)co_await dos_.int21({.ax = 0x0A00, .dx = layout::input, .ds = state_.segment()});
    co_await dos_.print("\n");
    std::string line(state_.byte(layout::input + 1), '\0');
    state_.guest().read(state_.at(layout::input + 2), {reinterpret_cast<u8*>(line.data()), line.size()});
    co_return line;
}

/// A line of a file or a pipe, byte by byte: what follows may be the next program's. Shown, as DOS shows it.
Task<std::optional<std::string>> Interpreter::redirected_line() {
    std::string line;
    for (;;) {
        const auto count = co_await dos_.read(0, state_.at(layout::buffer), 1);
        const char c = char(state_.byte(layout::buffer));
        if (!count || *count == 0 || c == end_of_file) {
            if (line.empty()) co_return std::nullopt;
            break;
        }
        if (c == '\n') break;
        line += c;
    }
    while (line.ends_with('\r')) line.pop_back();
    co_await dos_.print(line + "\r\n");
    co_return line;
}

}  // namespace dyn86::dos::shell
