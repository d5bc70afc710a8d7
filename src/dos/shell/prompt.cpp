// What the prompt looks like.
#include "src/dos/code_page.h"
#include "src/dos/shell/commands.h"

#include <fmt/format.h>

#include <array>

namespace dyn86::dos::shell {
namespace {

constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

Task<std::string> current_path(Context& context) {
    const u8 drive = co_await context.dos.current_drive();
    const auto folder = co_await context.dos.current_folder(0);
    co_return fmt::format("{}:\\{}", char('A' + drive), folder.value_or(""));
}

Task<std::string> meaning(Context& context, char code) {
    const auto text = [](std::string_view what) { return std::string(what); };
    switch (ascii_upper(u8(code))) {
        case '$': co_return text("$");
        case 'B': co_return text("|");
        case 'E': co_return text("\x1B");
        case 'G': co_return text(">");
        case 'H': co_return text("\b \b");
        case 'L': co_return text("<");
        case 'Q': co_return text("=");
        case '_': co_return text("\r\n");
        case 'P': co_return co_await current_path(context);
        case 'V': co_return fmt::format("dyn86 DOS Version {}.{:02}", context.version_major, context.version_minor);
        default: break;
    }
    const DateAndTime now = co_await context.dos.now();
    switch (ascii_upper(u8(code))) {
        case 'D':
            co_return fmt::format("{} {:02}-{:02}-{}", weekdays.at(now.weekday % 7u), now.month, now.day, now.year);
        case 'T': co_return fmt::format("{:2}:{:02}:{:02}.{:02}", now.hour, now.minute, now.second, now.hundredth);
        case 'N': {
            const u8 drive = co_await context.dos.current_drive();
            co_return std::string(1, char('A' + drive));
        }
        default: co_return std::string();
    }
}

}  // namespace

Task<std::string> prompt_text(Context& context) {
    const std::string pattern = context.state.variable("PROMPT").value_or("$N$G");
    std::string text;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != '$' || i + 1 == pattern.size()) {
            text += pattern[i];
            continue;
        }
        text += co_await meaning(context, pattern[++i]);
    }
    co_return text;
}

}  // namespace dyn86::dos::shell
