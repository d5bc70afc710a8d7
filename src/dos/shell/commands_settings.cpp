// SET, PATH, PROMPT, ECHO, BREAK, VERIFY, VER, CLS, PAUSE, CTTY.
#include "src/dos/code_page.h"
#include "src/dos/shell/commands.h"
#include "src/dos/shell/messages.h"

#include <fmt/format.h>

namespace dyn86::dos::shell {
namespace {

/// A command that is ON or OFF, or shows which.
struct Switched {
    std::string_view name;
    u16 get, set;  // functions; `get` leaves the state in `in_dl ? DL : AL`
    bool in_dl = false;
};

Task<> switch_setting(Context& context, Switched what, std::string tail) {
    const std::string word = ascii_upper(first_word(tail).word);
    if (word.empty()) {
        const CallRegisters now = co_await context.dos.int21({.ax = what.get});
        const bool is_on = (what.in_dl ? u8(now.dx) : now.al()) != 0;
        co_return co_await context.dos.print(fmt::format("{} is {}\r\n", what.name, is_on ? "on" : "off"));
    }
    if (word != "ON" && word != "OFF") co_return co_await context.dos.complain(message::on_or_off);
    const bool on = word == "ON";
    (void)co_await context.dos.int21({.ax = u16(what.in_dl ? what.set : what.set | on), .dx = u16(on)});
}

Task<> set_or_complain(Context& context, std::string name, std::string value) {
    if (!context.state.set_variable(name, value)) co_await context.dos.complain(message::out_of_environment);
}

}  // namespace

Task<> set(Context& context, std::string tail) {
    const std::string_view text = skip_separators(tail);
    if (trim(text).empty()) {
        std::string all;
        for (const std::string& line : context.state.environment()) all += line + "\r\n";
        co_return co_await context.dos.print(all);
    }
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) co_return co_await context.dos.complain(message::syntax_error);
    co_await set_or_complain(context, std::string(trim(text.substr(0, equals))), std::string(text.substr(equals + 1)));
}

Task<> path(Context& context, std::string tail) {
    const std::string_view text = trim(skip_separators(tail));
    const bool is_cleared = tail.contains(';') && text.empty();
    if (!text.empty() || is_cleared)
        co_return co_await set_or_complain(context, "PATH", ascii_upper(std::string(text)));
    const auto now = context.state.variable("PATH");
    const std::string shown = now ? "PATH=" + *now + "\r\n" : "No Path\r\n";
    co_await context.dos.print(shown);
}

Task<> prompt(Context& context, std::string tail) {
    return set_or_complain(context, "PROMPT", std::string(skip_separators(tail)));
}

Task<> echo(Context& context, std::string tail) {
    const std::string word = ascii_upper(std::string(trim(tail)));
    if (word == "ON" || word == "OFF") {
        context.state.set(ShellFlag::Echo, word == "ON");
        co_return;
    }
    if (word.empty()) {
        const bool is_on = context.state.has(ShellFlag::Echo);
        co_return co_await context.dos.print(is_on ? "ECHO is on\r\n" : "ECHO is off\r\n");
    }
    co_await context.dos.print(tail.substr(1) + "\r\n");  // without what separates it from ECHO
}

Task<> break_checks(Context& context, std::string tail) {
    return switch_setting(context, {.name = "BREAK", .get = 0x3300, .set = 0x3301, .in_dl = true}, std::move(tail));
}

Task<> verify(Context& context, std::string tail) {
    return switch_setting(context, {.name = "VERIFY", .get = 0x5400, .set = 0x2E00}, std::move(tail));
}

Task<> version(Context& context, std::string) {
    return context.dos.print(
        fmt::format("\r\ndyn86 DOS Version {}.{:02}\r\n\r\n", context.version_major, context.version_minor));
}

/// The screen of the BIOS, or form feed where the output goes elsewhere.
Task<> clear_screen(Context& context, std::string) {
    constexpr u16 is_device = 0x80, is_console = 0x02;
    const auto information = co_await context.dos.device_information(1);
    if (!information || (*information & (is_device | is_console)) != (is_device | is_console))
        co_return co_await context.dos.print("\f");
    const u8 columns = context.state.guest().byte({0x40, 0x4A});
    (void)co_await context.dos.video({.ax = 0x0600, .bx = 0x0700, .cx = 0, .dx = u16(24 << 8 | (columns - 1))});
    (void)co_await context.dos.video({.ax = 0x0200, .bx = 0, .dx = 0});
}

Task<> pause(Context& context, std::string) {
    co_await context.dos.print(message::press_any_key);
    (void)co_await context.dos.key_without_echo();
    co_await context.dos.print("\r\n");
}

Task<> change_console(Context& context, std::string tail) {
    const std::string word = ascii_upper(first_word(tail).word);
    if (word == "CON" || word == "CON:") co_return;  // where it is unless it was moved; a redirection holds
    constexpr u16 is_device = 0x80;
    const auto handle = co_await context.dos.open(word, OpenFor::Both);
    const auto information = handle ? co_await context.dos.device_information(*handle) : DosResult<u16>(u16{0});
    const bool is_good = information && (*information & is_device) != 0;
    if (!is_good) co_await context.dos.complain(message::invalid_device);
    for (u16 standard = 0; is_good && standard < 3; ++standard)
        (void)co_await context.dos.force_duplicate(*handle, standard);
    if (handle) (void)co_await context.dos.close(*handle);
}

}  // namespace dyn86::dos::shell
