// Commands that steer the interpreter: IF, FOR, GOTO, CALL, SHIFT, EXIT.
#include "src/dos/code_page.h"
#include "src/dos/shell/interpreter.h"
#include "src/dos/shell/messages.h"
#include "src/dos/shell/paths.h"

#include <charconv>

namespace dyn86::dos::shell {
namespace {

/// One side of ==: up to a separator, or a quoted string.
FirstWord comparison_word(std::string_view text) {
    text = skip_separators(text);
    if (!text.starts_with('"')) return first_word(text);
    const auto end = text.find('"', 1);
    if (end == std::string_view::npos) return first_word(text);
    const auto behind = std::min(text.find_first_of(" \t,;=", end), text.size());
    return {std::string(text.substr(0, behind)), text.substr(behind)};
}

}  // namespace

Task<bool> Interpreter::file_exists(std::string path) {
    const auto found = co_await dos_.find_first(std::move(path), 0);
    co_return found.has_value();
}

/// `text` is what follows IF; nullopt: a syntax error.
Task<std::optional<Interpreter::Condition>> Interpreter::test(std::string text) {
    std::string_view rest = text;
    bool wanted = true;
    FirstWord word = first_word(rest);
    for (; equals_ignoring_case(word.word, "NOT"); word = first_word(rest)) {
        wanted = !wanted;
        rest = word.rest;
    }
    bool holds = false;
    if (equals_ignoring_case(word.word, "EXIST")) {
        word = first_word(word.rest);
        if (word.word.empty()) co_return std::nullopt;
        holds = co_await file_exists(word.word);
    } else if (equals_ignoring_case(word.word, "ERRORLEVEL")) {
        word = first_word(word.rest);
        u16 level = 0;
        const char* const end = word.word.data() + word.word.size();
        if (std::from_chars(word.word.data(), end, level).ptr != end || word.word.empty()) co_return std::nullopt;
        holds = state_.errorlevel() >= level;
    } else {
        const FirstWord left = comparison_word(rest);
        const std::string_view behind = trim(left.rest);
        if (!behind.starts_with("==") || left.word.empty()) co_return std::nullopt;
        word = comparison_word(behind.substr(2));
        if (word.word.empty()) co_return std::nullopt;
        holds = left.word == word.word;
    }
    const std::string_view command = skip_separators(word.rest);
    if (command.empty()) co_return std::nullopt;
    co_return Condition{holds == wanted, std::string(command)};
}

/// FOR: what its set's wildcards stand for is found now.
Task<> Interpreter::loop(std::string tail) {
    auto parsed = parse_for(tail);
    if (!parsed) co_return co_await dos_.complain(message::syntax_error);
    const bool is_nested = equals_ignoring_case(first_word(parsed->command).word, "FOR");
    if (is_nested || sources_.is_looping()) {
        co_await sources_.leave_loop();
        co_return co_await dos_.complain(message::for_nested);
    }
    std::vector<std::string> items;
    for (const std::string& item : parsed->set) {
        if (!has_wildcards(item)) {
            items.push_back(item);
            continue;
        }
        const auto found = co_await dos_.find_all(item, 0);
        if (!found) continue;
        for (const Entry& entry : *found) items.push_back(split_path(item).folder + entry.name);
    }
    parsed->set = std::move(items);
    const bool entered = co_await sources_.enter_loop(std::move(*parsed));
    if (!entered) co_await dos_.complain(message::out_of_memory);
}

Task<> Interpreter::go_to(std::string tail) {
    std::string label = first_word(tail).word;
    if (label.starts_with(':')) label.erase(0, 1);
    const bool found = co_await sources_.go_to(std::move(label));
    if (!found) co_await dos_.complain(message::label_not_found);
}

Task<Interpreter::Next> Interpreter::call(std::string tail) {
    const std::string_view text = skip_separators(tail);
    const CommandWord word = split_command(text);
    if (word.name.empty()) co_return std::nullopt;
    if (find_command(ascii_upper(word.name)) != nullptr) co_return co_await run_command(std::string(text));
    co_return co_await run_program(word, Sources::Returns::Yes);
}

Task<std::optional<Interpreter::Next>> Interpreter::steer(std::string name, std::string tail) {
    Next next;
    if (name == "CALL") {
        next = co_await call(std::move(tail));
    } else if (name == "GOTO") {
        co_await go_to(std::move(tail));
    } else if (name == "SHIFT") {
        sources_.shift();
    } else if (name == "FOR") {
        co_await loop(std::move(tail));
    } else if (name == "EXIT") {
        if (!state_.has(ShellFlag::Permanent)) exits_ = true;
    } else if (name == "LH" || name == "LOADHIGH") {  // there are no upper memory blocks
        next = co_await call(std::move(tail));
    } else if (name != "REM") {
        co_return std::nullopt;
    }
    co_return std::optional<Next>(next);
}

}  // namespace dyn86::dos::shell
