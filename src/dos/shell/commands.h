// The internal commands: a table of names, and what they have at hand.
#pragma once

#include "src/dos/shell/calls.h"
#include "src/dos/shell/parser.h"

#include <string>
#include <string_view>

namespace dyn86::dos::shell {

struct Context {
    State& state;
    Calls& dos;
    u8 version_major, version_minor;
};

/// `tail` is what follows the name on the command line.
using Command = Task<> (*)(Context& context, std::string tail);

/// By name, in upper case; null: not internal, or one that steers the shell itself (IF, FOR, GOTO...).
[[nodiscard]] Command find_command(std::string_view name);

// --- files
Task<> copy(Context& context, std::string tail);
Task<> del(Context& context, std::string tail);
Task<> rename(Context& context, std::string tail);
Task<> type(Context& context, std::string tail);
Task<> more(Context& context, std::string tail);
// --- folders and drives
Task<> change_folder(Context& context, std::string tail);
Task<> make_folder(Context& context, std::string tail);
Task<> remove_folder(Context& context, std::string tail);
Task<> dir(Context& context, std::string tail);
Task<> volume(Context& context, std::string tail);
// --- environment
Task<> set(Context& context, std::string tail);
Task<> path(Context& context, std::string tail);
Task<> prompt(Context& context, std::string tail);
// --- the rest
Task<> break_checks(Context& context, std::string tail);
Task<> clear_screen(Context& context, std::string tail);
Task<> change_console(Context& context, std::string tail);
Task<> date(Context& context, std::string tail);
Task<> echo(Context& context, std::string tail);
Task<> pause(Context& context, std::string tail);
Task<> time(Context& context, std::string tail);
Task<> version(Context& context, std::string tail);
Task<> verify(Context& context, std::string tail);

/// "Volume in drive C is ..." and the serial number, as DIR and VOL begin.
Task<> print_volume(Context& context, u8 drive);
/// What PROMPT's text means now: $P, $G...
Task<std::string> prompt_text(Context& context);

/// Says "Invalid switch - /X" if there is one but these letters; true: go on.
Task<bool> check_switches(Context& context, const Arguments& arguments, std::string_view letters);
/// "File not found - NAME", "Access denied - NAME".
Task<> complain_of(Context& context, DosError error, std::string name);

}  // namespace dyn86::dos::shell
