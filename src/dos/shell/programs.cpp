// Programs: where the interpreter finds them, and how it starts them.
#include "src/dos/code_page.h"
#include "src/dos/layout.h"
#include "src/dos/shell/interpreter.h"
#include "src/dos/shell/messages.h"
#include "src/dos/shell/paths.h"

#include <array>

namespace dyn86::dos::shell {
namespace {

constexpr std::size_t longest_tail = 126;
constexpr u16 own_environment = 0;

bool is_program_extension(std::string_view extension) {
    return equals_ignoring_case(extension, ".COM") || equals_ignoring_case(extension, ".EXE") ||
           equals_ignoring_case(extension, ".BAT");
}

}  // namespace

Task<std::optional<std::string>> Interpreter::find_in(std::string folder, std::string name) {
    static constexpr std::array<std::string_view, 3> extensions = {".COM", ".EXE", ".BAT"};
    const std::string path = join(folder, name);
    const bool has_extension = !extension_of(name).empty();
    for (const std::string_view extension : extensions) {
        std::string candidate = has_extension ? path : path + std::string(extension);
        const auto attributes = co_await dos_.attributes(candidate);
        if (attributes && (*attributes & attribute::folder) == 0) co_return candidate;
        if (has_extension) break;
    }
    co_return std::nullopt;
}

/// In the current folder, then along PATH; a name with a path only there.
Task<std::optional<std::string>> Interpreter::find_program(std::string name) {
    const std::string_view extension = extension_of(name);
    if (name.empty() || has_wildcards(name)) co_return std::nullopt;
    if (!extension.empty() && !is_program_extension(extension)) co_return std::nullopt;
    auto found = co_await find_in("", name);
    if (found || !split_path(name).folder.empty()) co_return found;
    const std::string path = state_.variable("PATH").value_or("");
    for (std::size_t at = 0; at < path.size();) {
        const auto end = std::min(path.find(';', at), path.size());
        const std::string folder(trim(std::string_view(path).substr(at, end - at)));
        at = end + 1;
        if (folder.empty()) continue;
        found = co_await find_in(folder, name);
        if (found) co_return found;
    }
    co_return std::nullopt;
}

Task<Interpreter::Next> Interpreter::run_program(CommandWord word, Sources::Returns returns) {
    const auto path = co_await find_program(word.name);
    if (!path) {
        co_await explain_failure(DosError::FileNotFound);
        co_return std::nullopt;
    }
    if (!equals_ignoring_case(extension_of(*path), ".BAT")) co_return co_await prepare_exec(*path, word.tail);
    const auto full = co_await dos_.true_name(*path);
    const bool entered =
        co_await sources_.enter_file(full.value_or(*path), batch_arguments(word.name, word.tail), returns);
    if (!entered) co_await dos_.complain(message::out_of_memory);
    co_return std::nullopt;
}

Task<> Interpreter::explain_failure(DosError error) {
    state_.set_errorlevel(not_started);
    switch (error) {
        case DosError::FileNotFound:
        case DosError::PathNotFound: return dos_.complain(message::bad_command);
        case DosError::NotEnoughMemory: return dos_.complain(message::program_too_big);
        case DosError::BadFormat: return dos_.complain(message::error_in_exe);
        case DosError::AccessDenied: return dos_.complain(message::access_denied);
        default: return dos_.complain(message::cannot_execute);
    }
}

/// Fills EXEC's parameters, and makes it the guest's next call.
Task<Interpreter::Next> Interpreter::prepare_exec(std::string path, std::string tail) {
    if (tail.size() > longest_tail) {
        state_.set_errorlevel(not_started);
        co_await dos_.complain(message::line_too_long);
        co_return std::nullopt;
    }
    Guest& guest = state_.guest();
    const u16 own = state_.segment();
    guest.set_byte(state_.at(layout::tail), u8(tail.size()));
    guest.write(state_.at(layout::tail + 1), tail + '\r');
    u16 from = layout::tail + 1;
    for (const u16 fcb : {layout::fcbs, u16(layout::fcbs + 16)}) {
        const CallRegisters parsed = co_await dos_.int21({.ax = 0x2901, .si = from, .di = fcb, .ds = own, .es = own});
        from = parsed.si;
    }
    guest.set_word(state_.at(layout::parameters), own_environment);
    guest.set_pointer(state_.at(layout::parameters + 2), state_.at(layout::tail));
    guest.set_pointer(state_.at(layout::parameters + 6), state_.at(layout::fcbs));
    guest.set_pointer(state_.at(layout::parameters + 10), state_.at(layout::fcbs + 16));
    guest.write_asciiz(state_.at(layout::path), path.substr(0, layout::path_size - 1));
    state_.set_phase(Phase::Child);
    co_return Request{Request::Kind::Dos,
                      {.ax = 0x4B00, .bx = layout::parameters, .dx = layout::path, .ds = own, .es = own}};
}

}  // namespace dyn86::dos::shell
