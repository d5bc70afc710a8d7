#include "src/dos/shell/interpreter.h"

#include "src/dos/code_page.h"
#include "src/dos/environment.h"
#include "src/dos/layout.h"
#include "src/dos/shell/messages.h"

#include <algorithm>
#include <charconv>

namespace dyn86::dos::shell {
namespace {

constexpr std::size_t least_environment = 512, most_environment = 32'768, spare_environment = 256;

/// "/E:1024" in a command tail.
std::size_t environment_size(std::string_view value) {
    std::size_t size = 0;
    if (value.starts_with(':')) value.remove_prefix(1);
    std::from_chars(value.data(), value.data() + value.size(), size);
    return std::clamp<std::size_t>(size, 160, most_environment);
}

}  // namespace

Interpreter::Interpreter(Guest& guest, u16 segment, const Start& start)
    : state_(guest, segment),
      dos_(channel_, state_),
      sources_(state_, dos_),
      context_{state_, dos_, start.version_major, start.version_minor} {}

Request Interpreter::exit_request() const {
    return {Request::Kind::Dos, {.ax = u16(0x4C00 | (state_.errorlevel() & 0xFF))}};
}

// --- starting

Task<Request> Interpreter::begin(std::vector<std::string> commands) {
    state_.set_phase(Phase::Line);
    co_await make_environment(0);
    co_await obey_tail();
    if (!commands.empty()) {
        state_.set(ShellFlag::Once, true);
        co_await take_commands(std::move(commands));
    }
    co_return co_await run();
}

/// The block that EXEC gave us has no room for variables to come.
Task<> Interpreter::make_environment(std::size_t room) {
    Guest& guest = state_.guest();
    const u16 old = state_.environment_segment();
    const std::string block = environment_block(state_.environment(), "");
    room = std::max({room, least_environment, block.size() + spare_environment});
    const auto segment = co_await dos_.allocate(u16((room + 15) / 16));
    if (!segment) co_return;  // no SET, then
    guest.fill({*segment, 0}, room, 0);
    guest.write({*segment, 0}, block);
    guest.set_word(state_.at(psp::environment), *segment);
    state_.set_word(layout::environment_room, u16(room));
    if (old != 0) co_await dos_.release(old);
}

Task<> Interpreter::take_commands(std::vector<std::string> commands) {
    const bool entered = co_await sources_.enter_commands(std::move(commands));
    if (entered) co_return;
    state_.set_errorlevel(not_started);
    co_await dos_.complain(message::out_of_memory);
}

/// COMMAND [/E:n] [/P] [/C command | /K command]; other words and switches mean nothing here.
Task<> Interpreter::obey_tail() {
    const u8 length = std::min<u8>(state_.byte(psp::tail), 126);
    std::string text(length, '\0');
    state_.guest().read(state_.at(psp::tail + 1), {reinterpret_cast<u8*>(text.data()), text.size()});
    std::string_view tail = text;
    for (auto slash = tail.find('/'); slash != std::string_view::npos; slash = tail.find('/')) {
        tail.remove_prefix(slash + 1);
        const u8 letter = tail.empty() ? u8{0} : ascii_upper(u8(tail.front()));
        if (!tail.empty()) tail.remove_prefix(1);
        if (letter == 'C' || letter == 'K') {
            state_.set(ShellFlag::Once, letter == 'C');
            std::vector<std::string> command = {std::string(tail)};
            co_return co_await take_commands(std::move(command));
        }
        if (letter == 'P') state_.set(ShellFlag::Permanent, true);
        if (letter == 'E') co_await make_environment(environment_size(tail));
    }
}

// --- the loop

Task<Request> Interpreter::run() {
    while (!exits_) {
        auto line = co_await next_line();
        if (!line) break;
        auto next = co_await execute(std::move(*line));
        if (next) co_return *next;
    }
    co_return exit_request();
}

Task<Request> Interpreter::after_child(CallRegisters exec) {
    state_.set_phase(Phase::Line);
    if (exec.carry) {
        co_await finish_stage();
        co_await explain_failure(DosError(exec.ax));
        co_return co_await run();
    }
    const CallRegisters code = co_await dos_.int21({.ax = 0x4D00});
    state_.set_errorlevel(code.al());
    co_await finish_stage();
    constexpr u8 by_break = 1;
    if (code.ah() == by_break) co_await ask_to_terminate();
    co_return co_await run();
}

Task<Request> Interpreter::after_break() {
    state_.set_phase(Phase::Line);
    co_await end_pipeline();
    co_await ask_to_terminate();
    co_return co_await run();
}

Task<> Interpreter::ask_to_terminate() {
    if (!sources_.has_lines()) co_return co_await sources_.leave_loop();
    if (!sources_.in_batch_file()) co_return co_await sources_.leave_all();
    for (;;) {
        co_await dos_.print(message::terminate_batch);
        const char key = co_await dos_.ask_key();
        co_await dos_.print("\r\n");
        if (key == 'Y') co_return co_await sources_.leave_all();
        if (key == 'N' || key == '\0' || key == '\x1A') co_return;
    }
}

// --- executing

/// A line: a pipeline, or a FOR, whose command may be one.
Task<Interpreter::Next> Interpreter::execute(std::string line) {
    std::string_view text = skip_separators(line);
    if (text.starts_with('@')) text = skip_separators(text.substr(1));
    const CommandWord word = split_command(text);
    const bool says_nothing = text.empty() || text.starts_with(':') || equals_ignoring_case(word.name, "REM");
    const bool is_loop = equals_ignoring_case(word.name, "FOR");
    if (!says_nothing && !is_loop) co_return co_await run_stage(std::string(text));
    co_await end_pipeline();
    if (is_loop) co_await loop(word.tail);
    co_return std::nullopt;
}

/// The first stage of what is to be done; those behind it wait in guest memory.
Task<Interpreter::Next> Interpreter::run_stage(std::string text) {
    const Stages stages = split_pipe(text);
    state_.set_rest(stages.rest.value_or(""));
    Redirected command = take_redirections(stages.first);
    if (stages.rest && trim(*stages.rest).empty()) command.is_bad = true;
    if (command.is_bad) {
        co_await end_pipeline();
        co_await dos_.complain(message::syntax_error);
        co_return std::nullopt;
    }
    // IF comes before the redirections: what is not executed makes no file.
    std::string rest = command.command;
    for (;;) {
        const CommandWord word = split_command(skip_separators(rest));
        if (!equals_ignoring_case(word.name, "IF")) break;
        const auto condition = co_await test(word.tail);
        if (!condition) co_await dos_.complain(message::syntax_error);
        if (!condition || !condition->holds) {
            co_await finish_stage();
            co_return std::nullopt;
        }
        rest = condition->rest;
    }
    const bool redirected = co_await redirect(command);
    if (redirected) {
        auto next = co_await run_command(rest);
        if (next) co_return next;
    }
    co_await finish_stage();
    co_return std::nullopt;
}

Task<Interpreter::Next> Interpreter::run_command(std::string line) {
    const std::string text(trim(skip_separators(line)));
    if (text.empty()) co_return std::nullopt;
    const bool is_drive = text.size() == 2 && text[1] == ':';
    if (is_drive) {
        const bool selected = co_await dos_.select_drive(u8(ascii_upper(u8(text[0])) - 'A'));
        if (!selected) co_await dos_.complain(message::invalid_drive);
        co_return std::nullopt;
    }
    CommandWord word = split_command(text);
    // The tail as it was typed, blanks at the end included: it is the program's.
    const std::string_view typed = skip_separators(line);
    word.tail = typed.substr(std::min(word.name.size(), typed.size()));
    auto steered = co_await steer(ascii_upper(word.name), word.tail);
    if (steered) co_return *steered;
    const auto internal = split_internal(typed, [](std::string_view name) { return find_command(name) != nullptr; });
    if (internal) {
        co_await find_command(internal->name)(context_, internal->tail);
        co_return std::nullopt;
    }
    co_return co_await run_program(word, Sources::Returns::No);
}

}  // namespace dyn86::dos::shell
