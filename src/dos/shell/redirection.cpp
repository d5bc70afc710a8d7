// The interpreter's standard streams: < > >> and pipes, which are temporary files as in DOS.
#include "src/dos/layout.h"
#include "src/dos/shell/interpreter.h"
#include "src/dos/shell/messages.h"
#include "src/dos/shell/paths.h"

namespace dyn86::dos::shell {
namespace {

constexpr u16 standard_input = 0, standard_output = 1, none = 0xFFFF;
constexpr u16 name_size = 80;

/// Where the process's table says what a handle is.
SegOff handle_at(const State& state, u16 handle) {
    return state.guest().pointer(state.at(psp::jft_pointer)) + handle;
}

SegOff pipe_name_at(const State& state, unsigned which) {
    return state.at(u16(layout::pipe_names + which * name_size));
}
std::string pipe_name(const State& state, unsigned which) {
    return state.guest().asciiz(pipe_name_at(state, which), name_size);
}
void set_pipe_name(const State& state, unsigned which, std::string_view name) {
    state.guest().write_asciiz(pipe_name_at(state, which), name.substr(0, name_size - 1));
}

}  // namespace

/// Makes `handle` the standard stream. What that was before is set aside in the shell's memory, not under a handle,
/// which programs would inherit.
Task<bool> Interpreter::take_over(u16 standard, DosResult<u16> handle) {
    if (!handle) co_return false;
    Guest& guest = state_.guest();
    const u16 saved = standard == standard_input ? layout::saved_in : layout::saved_out;
    const SegOff own = handle_at(state_, standard), other = handle_at(state_, *handle);
    state_.set_word(saved, guest.byte(own));
    guest.set_byte(own, guest.byte(other));
    guest.set_byte(other, 0xFF);
    co_return true;
}

Task<> Interpreter::undo_redirections() {
    for (const u16 standard : {standard_input, standard_output}) {
        const u16 field = standard == standard_input ? layout::saved_in : layout::saved_out;
        const u16 saved = state_.word(field);
        if (saved == none) continue;
        (void)co_await dos_.close(standard);
        state_.guest().set_byte(handle_at(state_, standard), u8(saved));
        state_.set_word(field, none);
    }
}

/// A new file in TEMP's folder, or else in the root of the current drive. [AH=5Ah]
Task<std::string> Interpreter::make_pipe_name() {
    std::string folder = state_.variable("TEMP").value_or("");
    if (folder.empty()) {
        const u8 drive = co_await dos_.current_drive();
        folder = std::string(1, char('A' + drive)) + ":\\";
    }
    const SegOff at = state_.at(layout::path);
    state_.guest().write_asciiz(at, join(folder, "").substr(0, name_size - 14));
    const CallRegisters made = co_await dos_.int21({.ax = 0x5A00, .dx = at.offset, .ds = at.segment});
    if (made.carry) co_return std::string();
    (void)co_await dos_.close(made.ax);
    co_return state_.guest().asciiz(at, name_size);
}

/// Opens what the stage is redirected to; false: it cannot run.
Task<bool> Interpreter::redirect(Redirected what) {
    const std::string piped = pipe_name(state_, 0);
    const std::string in = what.in.empty() ? piped : what.in;
    if (!in.empty()) {
        const auto handle = co_await dos_.open(in, OpenFor::Reading);
        const bool taken = co_await take_over(standard_input, handle);
        if (!taken) {
            co_await dos_.complain(message::file_not_found);
            co_return false;
        }
    }
    std::string out = what.out;
    if (!state_.rest().empty()) {
        const std::string temporary = co_await make_pipe_name();
        set_pipe_name(state_, 1, temporary);
        if (out.empty()) out = temporary;
        if (temporary.empty()) {
            co_await dos_.complain(message::file_creation_error);
            co_return false;
        }
    }
    if (out.empty()) co_return true;
    DosResult<u16> handle = refuse(DosError::FileNotFound);
    if (what.appends) handle = co_await dos_.open(out, OpenFor::Both);
    if (handle) (void)co_await dos_.seek(*handle, 0, 2);
    if (!handle) handle = co_await dos_.create(out);
    const bool taken = co_await take_over(standard_output, handle);
    if (!taken) co_await dos_.complain(message::file_creation_error);
    co_return taken;
}

/// The stage has ended: the next one of the pipeline reads what it wrote.
Task<> Interpreter::finish_stage() {
    co_await undo_redirections();
    const std::string read = pipe_name(state_, 0), written = pipe_name(state_, 1);
    if (!read.empty()) (void)co_await dos_.remove(read);
    const bool goes_on = !state_.rest().empty();
    if (!written.empty() && !goes_on) (void)co_await dos_.remove(written);
    set_pipe_name(state_, 0, goes_on ? written : "");
    set_pipe_name(state_, 1, "");
}

Task<> Interpreter::end_pipeline() {
    state_.set_rest("");
    co_await finish_stage();
}

}  // namespace dyn86::dos::shell
