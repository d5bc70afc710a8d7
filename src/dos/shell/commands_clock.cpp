// DATE and TIME, in the American way that dyn86's country has.
#include "src/dos/code_page.h"
#include "src/dos/shell/commands.h"
#include "src/dos/shell/messages.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace dyn86::dos::shell {
namespace {

constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/// Numbers between separators: at most four; empty when something else is there.
std::vector<u16> numbers(std::string_view text, std::string_view separators) {
    std::vector<u16> result;
    while (!text.empty() && result.size() < 4) {
        u16 value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{}) return {};
        result.push_back(value);
        text.remove_prefix(std::size_t(end - text.data()));
        if (text.empty()) break;
        if (!separators.contains(text.front())) return {};
        text.remove_prefix(1);
        if (text.empty()) return {};
    }
    return text.empty() ? result : std::vector<u16>{};
}

/// A line that the user types; empty at the end of input.
Task<std::string> ask(Context& context) {
    context.state.set_byte(layout::buffer, 32);
    context.state.set_byte(layout::buffer + 1, 0);
    (void)co_await context.dos.int21({.ax = 0x0A00, .dx = layout::buffer, .ds = context.state.segment()});
    std::string line(context.state.byte(layout::buffer + 1), '\0');
    context.state.guest().read(context.state.at(layout::buffer + 2), {reinterpret_cast<u8*>(line.data()), line.size()});
    co_await context.dos.print("\n");  // it has shown CR
    co_return std::string(trim(line));
}

Task<bool> set_date(Context& context, std::string text) {
    const auto parts = numbers(text, "-/.");
    if (parts.size() != 3) co_return false;
    u16 year = parts[2];
    if (year < 100) year = u16(year + (year < 80 ? 2000 : 1900));
    if (parts[0] > 12 || parts[1] > 31) co_return false;
    const CallRegisters set =
        co_await context.dos.int21({.ax = 0x2B00, .cx = year, .dx = u16(parts[0] << 8 | parts[1])});
    co_return set.al() == 0;
}

Task<bool> set_time(Context& context, std::string text) {
    text = ascii_upper(text);
    const bool is_pm = text.ends_with('P'), is_am = text.ends_with('A');
    if (is_pm || is_am) text.pop_back();
    auto parts = numbers(trim(text), ":.");
    if (parts.empty()) co_return false;
    parts.resize(4);
    if ((is_pm || is_am) && (parts[0] == 0 || parts[0] > 12)) co_return false;
    if (is_pm && parts[0] < 12) parts[0] = u16(parts[0] + 12);
    if (is_am && parts[0] == 12) parts[0] = 0;
    for (const u16 part : parts)
        if (part > 99) co_return false;
    const CallRegisters set = co_await context.dos.int21(
        {.ax = 0x2D00, .cx = u16(parts[0] << 8 | parts[1]), .dx = u16(parts[2] << 8 | parts[3])});
    co_return set.al() == 0;
}

struct Clock {
    std::string now, question;
    std::string_view invalid;
    Task<bool> (*set)(Context&, std::string);
};

Task<> set_clock(Context& context, Clock clock, std::string tail) {
    std::string given(trim(skip_separators(tail)));
    const bool is_asking = given.empty();
    if (is_asking) co_await context.dos.print(clock.now);
    for (;;) {
        if (is_asking) {
            co_await context.dos.print(clock.question);
            given = co_await ask(context);
        }
        if (given.empty()) co_return;
        const bool done = co_await clock.set(context, given);
        if (done) co_return;
        co_await context.dos.complain("\r\n" + std::string(clock.invalid));
        if (!is_asking) co_return;
    }
}

}  // namespace

Task<> date(Context& context, std::string tail) {
    const DateAndTime now = co_await context.dos.now();
    const std::string text = fmt::format("Current date is {} {:02}-{:02}-{}\r\n", weekdays.at(now.weekday % 7u),
                                         now.month, now.day, now.year);
    const Clock clock{text, "Enter new date (mm-dd-yy): ", message::invalid_date, set_date};
    co_await set_clock(context, clock, tail);
}

Task<> time(Context& context, std::string tail) {
    const DateAndTime now = co_await context.dos.now();
    const int hour = now.hour % 12 == 0 ? 12 : now.hour % 12;
    const std::string text = fmt::format("Current time is {:2}:{:02}:{:02}.{:02}{}\r\n", hour, now.minute, now.second,
                                         now.hundredth, now.hour < 12 ? 'a' : 'p');
    const Clock clock{text, "Enter new time: ", message::invalid_time, set_time};
    co_await set_clock(context, clock, tail);
}

}  // namespace dyn86::dos::shell
