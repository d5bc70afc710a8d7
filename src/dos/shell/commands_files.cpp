// DEL, REN, TYPE, MORE.
#include "src/dos/code_page.h"
#include "src/dos/shell/commands.h"
#include "src/dos/shell/messages.h"
#include "src/dos/shell/paths.h"

namespace dyn86::dos::shell {
namespace {

constexpr char end_of_file = 0x1A;
constexpr unsigned screen_lines = 25;

/// "*.*" of a folder that is named without one; otherwise what is named.
Task<std::string> with_all_files(Context& context, std::string path) {
    const auto attributes = co_await context.dos.attributes(path);
    const bool is_folder = attributes && (*attributes & attribute::folder) != 0;
    const bool is_root = path.ends_with('\\') || path.ends_with(':');
    co_return is_folder || is_root ? join(path, "*.*") : path;
}

bool means_all(std::string_view name) {
    return name == "*.*" || name == "*" || name == "????????.???";
}

Task<bool> is_confirmed(Context& context, std::string question) {
    for (;;) {
        co_await context.dos.print(question);
        const char key = co_await context.dos.ask_key();
        co_await context.dos.print("\r\n");
        if (key == 'Y') co_return true;
        if (key == 'N' || key == '\0' || key == end_of_file || key == '\r') co_return false;
    }
}

/// The bytes of an open file on standard output, up to ^Z.
Task<> show_file(Context& context, u16 handle) {
    const SegOff buffer = context.state.at(layout::buffer);
    for (;;) {
        const auto count = co_await context.dos.read(handle, buffer, layout::buffer_size);
        if (!count || *count == 0) co_return;
        std::string text(*count, '\0');
        context.state.guest().read(buffer, {reinterpret_cast<u8*>(text.data()), text.size()});
        const auto end = std::min(text.find(end_of_file), text.size());
        const auto written = co_await context.dos.write(1, buffer, u16(end));
        if (!written || end < text.size()) co_return;
    }
}

}  // namespace

Task<> del(Context& context, std::string tail) {
    const Arguments arguments = Arguments::parse(tail);
    const bool good = co_await check_switches(context, arguments, "P");
    if (!good) co_return;
    if (arguments.words.empty()) co_return co_await context.dos.complain(message::parameter_missing);
    const std::string pattern = co_await with_all_files(context, arguments.words.front());
    const SplitPath split = split_path(pattern);
    if (means_all(split.name) && !arguments.has("P")) {
        const bool confirmed = co_await is_confirmed(context, std::string(message::all_files_deleted));
        if (!confirmed) co_return;
    }
    const auto found = co_await context.dos.find_all(pattern, 0);
    if (!found) co_return co_await context.dos.complain(message::file_not_found);
    for (const Entry& entry : *found) {
        const std::string name = split.folder + entry.name;
        if (arguments.has("P")) {
            const bool confirmed = co_await is_confirmed(context, name + ",    Delete (Y/N)?");
            if (!confirmed) continue;
        }
        const auto removed = co_await context.dos.remove(name);
        if (!removed) co_await context.dos.complain(message::access_denied);
    }
}

Task<> rename(Context& context, std::string tail) {
    const Arguments arguments = Arguments::parse(tail);
    const bool good = co_await check_switches(context, arguments, "");
    if (!good) co_return;
    if (arguments.words.size() < 2) co_return co_await context.dos.complain(message::parameter_missing);
    const std::string from = arguments.words[0], to = arguments.words[1];
    if (!split_path(to).folder.empty()) co_return co_await context.dos.complain(message::invalid_path_or_name);
    const auto found = co_await context.dos.find_all(from, attribute::folder);
    if (!found) co_return co_await context.dos.complain(message::duplicate_or_missing);
    const std::string folder = split_path(from).folder;
    for (const Entry& entry : *found) {
        if (entry.name.starts_with('.') || (entry.is_folder() && has_wildcards(from))) continue;
        const std::string target = fill_wildcards(to, entry.name);
        const auto renamed = co_await context.dos.rename(folder + entry.name, folder + target);
        if (!renamed) co_await context.dos.complain(message::duplicate_or_missing);
    }
}

Task<> type(Context& context, std::string tail) {
    const Arguments arguments = Arguments::parse(tail);
    const bool good = co_await check_switches(context, arguments, "");
    if (!good) co_return;
    if (arguments.words.empty()) co_return co_await context.dos.complain(message::parameter_missing);
    const auto handle = co_await context.dos.open(arguments.words.front(), OpenFor::Reading);
    if (!handle) co_return co_await complain_of(context, handle.error(), ascii_upper(arguments.words.front()));
    co_await show_file(context, *handle);
    (void)co_await context.dos.close(*handle);
}

/// Standard input (MORE <FILE, or at the end of a pipeline) or a file, a screen at a time where a user watches.
Task<> more(Context& context, std::string tail) {
    constexpr u16 is_device = 0x80;
    const std::string name = first_word(tail).word;
    u16 handle = 0;
    if (!name.empty()) {
        const auto opened = co_await context.dos.open(name, OpenFor::Reading);
        if (!opened) co_return co_await complain_of(context, opened.error(), ascii_upper(name));
        handle = *opened;
    }
    const auto out = co_await context.dos.device_information(1);
    // Keys come from standard error, as the program MORE reads them: standard input is the text.
    const auto keys = co_await context.dos.device_information(2);
    const bool pauses = out && keys && (*out & is_device) != 0 && (*keys & is_device) != 0;
    unsigned line = 1;
    const SegOff buffer = context.state.at(layout::buffer);
    for (;;) {
        const auto count = co_await context.dos.read(handle, buffer, layout::buffer_size);
        if (!count || *count == 0 || context.state.guest().byte(buffer) == end_of_file) break;
        std::string text(*count, '\0');
        context.state.guest().read(buffer, {reinterpret_cast<u8*>(text.data()), text.size()});
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find('\n', at), text.size() - 1) + 1;
            co_await context.dos.print(text.substr(at, end - at));
            if (text[end - 1] == '\n') ++line;
            at = end;
            if (!pauses || line < screen_lines) continue;
            line = 1;
            co_await context.dos.print("-- More --");
            (void)co_await context.dos.read(2, context.state.at(layout::input), 1);
            co_await context.dos.print("\r\n");
        }
    }
    if (!name.empty()) (void)co_await context.dos.close(handle);
}

}  // namespace dyn86::dos::shell
