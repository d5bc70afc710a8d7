// The sequence: steps that are executed from left to right.
#include "src/config/drives.h"
#include "src/config/option.h"
#include "src/config/script.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace dyn86::config {
namespace {

/// The option's name is the step's word.
Result<> take_step(Options& options, const Given& given) {
    options.steps.push_back({std::string(given.option->name), given.value});
    return {};
}

Result<> take_script(Options& options, const Given& given) {
    auto steps = read_script(given.value);
    if (!steps) return std::unexpected(steps.error());
    std::ranges::move(*steps, std::back_inserter(options.steps));
    return {};
}

/// A disk that cannot be meant is refused at once, not when its turn comes.
Result<> take_swap(Options& options, const Given& given) {
    if (auto drive = parse_swap(given.value); !drive) return std::unexpected(drive.error());
    return take_step(options, given);
}

constexpr Option step(std::string_view word, std::string_view value, std::string_view text) {
    return {.name = word,
            .value = value,
            .text = text,
            .where = Where::CommandLine,
            .repeats = Repeats::Yes,
            .take = take_step};
}

constexpr std::array table = {
    step("wait", "TEXT", "wait until TEXT is on the screen"),
    step("type", "KEYS", "type KEYS, as fast as they are read"),
    step("press", "KEY", "press one key, as in F10 or Ctrl+C"),
    step("snap", "FILE", "write the screen to FILE (.txt .ans .json .bin .png)"),
    Option{.name = "swap",
           .value = "A=IMG",
           .text = "change the disk in a floppy drive; A= takes it out",
           .where = Where::CommandLine,
           .repeats = Repeats::Yes,
           .take = take_swap},
    Option{.name = "quit",
           .text = "end the run",
           .where = Where::CommandLine,
           .repeats = Repeats::Yes,
           .take =
               [](Options& options, const Given&) {
                   options.steps.push_back({"quit", ""});
                   return Result<>();
               }},
    Option{.name = "script",
           .value = "FILE",
           .text = "steps from a file, one a line: wait Ready, type run\\r; # comments",
           .where = Where::CommandLine,
           .repeats = Repeats::Yes,
           .take = take_script},
    Option{.name = "until-text",
           .value = "TEXT",
           .text = "--wait TEXT --quit",
           .where = Where::CommandLine,
           .repeats = Repeats::Yes,
           .take =
               [](Options& options, const Given& given) {
                   options.steps.push_back({"wait", given.value});
                   options.steps.push_back({"quit", ""});
                   return Result<>();
               }},
    Option{
        .name = "wait-limit",
        .value = "TIME",
        .text = "guest time after which a wait has failed (60s)",
        .preset = "60s",
        .help = Help::Rare,
        .take = [](Options& options,
                   const Given& given) { return given.put(parse_seconds(given.value), options.wait_limit_seconds); }},
};

}  // namespace

std::span<const Option> sequence_options() {
    return table;
}

}  // namespace dyn86::config
