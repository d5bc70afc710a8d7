#include "src/dos/shell/commands.h"

#include "src/dos/shell/messages.h"

#include <algorithm>
#include <array>

namespace dyn86::dos::shell {
namespace {

struct Row {
    std::string_view name;
    Command command;
};
constexpr std::array table = {
    Row{"BREAK", break_checks},
    Row{"CD", change_folder},
    Row{"CHDIR", change_folder},
    Row{"CLS", clear_screen},
    Row{"COPY", copy},
    Row{"CTTY", change_console},
    Row{"DATE", date},
    Row{"DEL", del},
    Row{"DIR", dir},
    Row{"ECHO", echo},
    Row{"ERASE", del},
    Row{"MD", make_folder},
    Row{"MKDIR", make_folder},
    Row{"MORE", more},
    Row{"PATH", path},
    Row{"PAUSE", pause},
    Row{"PROMPT", prompt},
    Row{"RD", remove_folder},
    Row{"REN", rename},
    Row{"RENAME", rename},
    Row{"RMDIR", remove_folder},
    Row{"SET", set},
    Row{"TIME", time},
    Row{"TYPE", type},
    Row{"VER", version},
    Row{"VERIFY", verify},
    Row{"VOL", volume},
};
static_assert(std::ranges::is_sorted(table, {}, &Row::name));

}  // namespace

Command find_command(std::string_view name) {
    const auto found = std::ranges::find(table, name, &Row::name);
    return found == table.end() ? nullptr : found->command;
}

Task<bool> check_switches(Context& context, const Arguments& arguments, std::string_view letters) {
    const auto wrong = arguments.unknown(letters);
    if (wrong) co_await context.dos.complain("Invalid switch - " + *wrong + "\r\n");
    co_return !wrong;
}

Task<> complain_of(Context& context, DosError error, std::string name) {
    std::string_view what = message::file_not_found;
    if (error == DosError::PathNotFound) what = message::path_not_found;
    if (error == DosError::AccessDenied) what = message::access_denied;
    if (error == DosError::InvalidDrive) what = message::invalid_drive;
    std::string text(what.substr(0, what.size() - 2));
    text += " - " + name + "\r\n";
    return context.dos.complain(text);
}

}  // namespace dyn86::dos::shell
