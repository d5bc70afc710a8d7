#include "src/config/command_line.h"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace dyn86::config {
namespace {

using std::string;

constexpr const char* description =
    "Runs PROGRAM, a DOS .COM or .EXE, or boots it when it is a boot sector or a disk image.\n"
    "Without PROGRAM it shows its demo. What stands behind PROGRAM belongs to the program.";
constexpr const char* footer =
    "Keys: in a window Right Ctrl+Q ends the run; in a terminal Ctrl+] q does. All others are the program's.\n"
    "Typed text: \\r Enter, \\t Tab, <F10>, <Ctrl+C>, <Alt+X>, <Up>, <wait 2s>; \\\\ and \\< stand for themselves.\n"
    "dyn86 oracle and dyn86 test-cpu are for developers of emulators: see --help of each.\n"
    "Exit status: the program's; 2 usage, 124 time limit or --wait failed, 125 emulator or CPU fault,\n"
    "126 not a DOS program, 127 not found, 128+N stopped by signal N.";

class Formatter final : public CLI::Formatter {
public:
    string make_usage(const CLI::App*, string) const override { return "Usage: dyn86 [options] PROGRAM [args...]\n"; }
};

enum class Everyday : bool { No, Yes };

/// The options, bound to an Options that is being filled. CLI11 tells of mistakes by exceptions; they end in parse().
class Parser {
public:
    Parser();
    Result<Options> parse(std::span<const char* const> arguments);
    string help(Options::Show which);

private:
    using Taker = std::function<bool(const string&)>;
    /// An option that is taken by `take`, which says whether the value is good. May be repeated; each counts, in order.
    void add(const char* name, const char* value, const char* text, Everyday everyday, Taker take);
    void add_flag(const char* name, const char* text, Everyday everyday, std::function<void()> set);
    void add_step(const char* word, const char* value, const char* text);
    void add_places();
    void add_time();
    void add_display();
    void add_sequence();
    void add_results();
    void add_information();
    Result<> refuse_empty_values(std::span<const char* const> arguments) const;
    Result<> take_in_order();
    Result<> take_rest();

    CLI::App app_{description, "dyn86"};
    std::vector<std::pair<CLI::Option*, Taker>> takers_;
    std::vector<CLI::Option*> rare_;
    Options options_;
    std::optional<Error> error_;  // more precise than "bad value"
};

std::unexpected<Error> usage(string message) {
    return fail(std::move(message), ErrorKind::Usage);
}

Parser::Parser() {
    app_.prefix_command();
    app_.set_help_flag();
    app_.formatter(std::make_shared<Formatter>());
    app_.footer(footer);
    app_.get_formatter()->column_width(34);
    add_places();
    add_time();
    add_display();
    add_sequence();
    add_results();
    add_information();
}

void Parser::add(const char* name, const char* value, const char* text, Everyday everyday, Taker take) {
    CLI::Option* option = app_.add_option(name, CLI::callback_t([](const CLI::results_t&) { return true; }), text);
    option->type_name(value)->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args(false);
    if (everyday == Everyday::No) rare_.push_back(option);
    takers_.emplace_back(option, std::move(take));
}

void Parser::add_flag(const char* name, const char* text, Everyday everyday, std::function<void()> set) {
    const string what(text);  // CLI11 takes a const lvalue for the text, and a mutable one for a variable to set
    CLI::Option* option = app_.add_flag(name, what);
    option->disable_flag_override();
    if (everyday == Everyday::No) rare_.push_back(option);
    takers_.emplace_back(option, [set = std::move(set)](const string&) {
        set();
        return true;
    });
}

void Parser::add_step(const char* word, const char* value, const char* text) {
    const string name = fmt::format("--{}", word);
    add(name.c_str(), value, text, Everyday::Yes, [this, word](const string& argument) {
        options_.steps.push_back({word, argument});
        return true;
    });
}

void Parser::add_places() {
    add("--drive", "X=PATH[,ro][,label=L]", "a host folder as drive X:", Everyday::Yes, [this](const string& value) {
        auto drive = parse_drive(value);
        if (!drive) {
            error_ = drive.error();
            return false;
        }
        const auto same = [&](const FolderDrive& other) { return other.letter == drive->letter; };
        if (std::ranges::any_of(options_.drives, same)) return false;
        options_.drives.push_back(*drive);
        return true;
    });
    add("--boot", "IMAGE", "boot a disk image or a boot sector", Everyday::Yes, [this](const string& value) {
        options_.boot_image = value;
        return !value.empty();
    });
    add("--engine", "jit|interpreter", "which engine executes", Everyday::No, [this](const string& value) {
        options_.engine = value == "interpreter" ? EngineKind::Interpreter : EngineKind::Jit;
        return value == "jit" || value == "interpreter";
    });
}

void Parser::add_time() {
    add("--speed", "auto|max|MHZ", "CPU clocks per second of guest time, as in 4.77MHz", Everyday::Yes,
        [this](const string& value) {
            const auto speed = parse_speed(value);
            if (speed) options_.speed = *speed;
            return speed.has_value();
        });
    add("--clock", "host|virtual", "guest time keeps up with the host's, or follows execution alone", Everyday::No,
        [this](const string& value) {
            options_.clock = value == "host" ? ClockChoice::Host : ClockChoice::Virtual;
            return value == "host" || value == "virtual";
        });
    add("--date", "host|DATE|fixed:DATE",
        "the guest's date at start, as in 1986-04-26T01:23; fixed: for repeatable runs", Everyday::No,
        [this](const string& value) {
            const auto date = parse_date(value, host_local_seconds());
            if (date) options_.date = *date;
            return date.has_value();
        });
    add("--timeout", "TIME", "end after this much host time (30s, 500ms, 2m)", Everyday::Yes,
        [this](const string& value) {
            options_.timeout_seconds = parse_seconds(value);
            return options_.timeout_seconds.has_value();
        });
    add("--max-instructions", "N", "end after N instructions", Everyday::No, [this](const string& value) {
        options_.max_instructions = parse_count(value);
        return options_.max_instructions.has_value();
    });
}

void Parser::add_display() {
    add("--display", "auto|window|terminal|none", "where the screen is shown", Everyday::Yes,
        [this](const string& value) {
            using enum DisplayChoice;
            static constexpr std::array<std::pair<std::string_view, DisplayChoice>, 4> choices = {
                {{"auto", Auto}, {"window", Window}, {"terminal", Terminal}, {"none", None}}};
            for (const auto& [name, choice] : choices) {
                if (value != name) continue;
                options_.display = choice;
                return true;
            }
            return false;
        });
}

void Parser::add_sequence() {
    add_step("wait", "TEXT", "wait until TEXT is on the screen");
    add_step("type", "KEYS", "type KEYS, as fast as they are read");
    add_step("press", "KEY", "press one key, as in F10 or Ctrl+C");
    add_step("snap", "FILE", "write the screen to FILE (.txt .ans .json .bin .png)");
    add_flag("--quit", "end the run", Everyday::Yes, [this] { options_.steps.push_back({"quit", ""}); });
    add("--until-text", "TEXT", "--wait TEXT --quit", Everyday::Yes, [this](const string& value) {
        options_.steps.push_back({"wait", value});
        options_.steps.push_back({"quit", ""});
        return true;
    });
    add("--wait-limit", "TIME", "guest time after which a wait has failed (60s)", Everyday::No,
        [this](const string& value) {
            const auto seconds = parse_seconds(value);
            if (seconds) options_.wait_limit_seconds = *seconds;
            return seconds.has_value();
        });
}

void Parser::add_results() {
    add("--dump-screen", "FILE", "write the last screen to FILE; - is standard output", Everyday::Yes,
        [this](const string& value) {
            options_.dump_screens.push_back(value);
            return !value.empty();
        });
    add("--dump-memory", "ADDR,LEN,FILE", "write guest memory at the end; ADDR is hexadecimal (B8000, B800:0)",
        Everyday::No, [this](const string& value) {
            const auto range = parse_memory_range(value);
            if (range) options_.dump_memory.push_back(*range);
            return range.has_value();
        });
    add("--status-file", "FILE", "write how the run ended, as JSON", Everyday::No, [this](const string& value) {
        options_.status_file = value;
        return !value.empty();
    });
    add_flag("--stats", "print statistics to standard error", Everyday::No, [this] { options_.stats = true; });
}

void Parser::add_information() {
    using enum Options::Show;
    add_flag("-h,--help", "show the everyday options", Everyday::Yes, [this] { options_.show = Help; });
    add_flag("--help-all", "show all options", Everyday::Yes, [this] { options_.show = AllHelp; });
    add_flag("--version", "show the version", Everyday::Yes, [this] { options_.show = Version; });
}

/// CLI11 reads "--option= PROGRAM" as "--option PROGRAM".
Result<> Parser::refuse_empty_values(std::span<const char* const> arguments) const {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view word = arguments[i];
        if (!word.starts_with("--") || word == "--") break;
        if (word.ends_with('=')) return usage(fmt::format("{}: no value", word));
        const CLI::Option* option = app_.get_option_no_throw(string(word));
        if (option && option->get_expected_min() > 0) ++i;  // its value
    }
    return {};
}

Result<Options> Parser::parse(std::span<const char* const> arguments) {
    if (auto checked = refuse_empty_values(arguments); !checked) return std::unexpected(checked.error());
    std::vector<string> reversed(arguments.rbegin(), arguments.rend());  // CLI11 takes them from the back
    try {
        app_.parse(reversed);
    } catch (const CLI::ParseError& error) {
        return usage(error.what());
    }
    if (auto taken = take_in_order(); !taken) return std::unexpected(taken.error());
    if (options_.show != Options::Show::Nothing) return options_;
    if (auto taken = take_rest(); !taken) return std::unexpected(taken.error());
    return options_;
}

/// Options take effect in the order in which they were given, because the sequence is one.
Result<> Parser::take_in_order() {
    std::map<const CLI::Option*, std::size_t> taken;
    for (const CLI::Option* option : app_.parse_order()) {
        const auto& [key, take] = *std::ranges::find(takers_, option, &std::pair<CLI::Option*, Taker>::first);
        const string value = option->results().at(taken[option]++);
        if (take(value)) continue;
        if (error_) return std::unexpected(*error_);
        return usage(fmt::format("{} {}: not a value it can have", option->get_name(), value));
    }
    return {};
}

/// PROGRAM and its arguments: everything from the first word that is no option.
Result<> Parser::take_rest() {
    std::vector<string> rest = app_.remaining();
    if (!rest.empty() && rest.front() == "--") {
        rest.erase(rest.begin());
    } else if (!rest.empty() && rest.front().size() > 1 && rest.front().starts_with('-')) {
        return usage(fmt::format("{}: no such option (dyn86 --help-all shows them)", rest.front()));
    }
    if (rest.empty()) return {};
    if (!options_.boot_image.empty()) return usage(fmt::format("{}: a program beside --boot", rest.front()));
    options_.program = rest.front();
    options_.arguments.assign(rest.begin() + 1, rest.end());
    if (options_.program.empty()) return usage("PROGRAM is empty");
    return {};
}

string Parser::help(Options::Show which) {
    if (which == Options::Show::Help)
        for (CLI::Option* option : rare_) option->group("");
    return app_.help();
}

}  // namespace

Result<Options> parse_command_line(std::span<const char* const> arguments) {
    return Parser().parse(arguments);
}

string help_text(Options::Show which) {
    return Parser().help(which);
}

string command_tail(const Options& options) {
    string tail;
    for (const string& argument : options.arguments) tail += (tail.empty() ? "" : " ") + argument;
    return tail;
}

}  // namespace dyn86::config
