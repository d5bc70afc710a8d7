#include "src/config/command_line.h"

#include <fmt/format.h>

#include <utility>

namespace dyn86::config {
namespace {

using std::string_view;

constexpr string_view description =
    "Runs PROGRAM, a DOS .COM, .EXE or .BAT; prompts when it is a folder; boots it when it is a boot sector or a disk "
    "image.\n"
    "Without PROGRAM it shows its demo. What stands behind PROGRAM belongs to the program.\n";
constexpr string_view footer =
    "Keys: in a window Right Ctrl+Q ends the run; in a terminal Ctrl+] q does, Ctrl+] z suspends. All others are the "
    "program's.\n"
    "Typed text: \\r Enter, \\t Tab, <F10>, <Ctrl+C>, <Alt+X>, <Up>, <wait 2s>; \\\\ and \\< stand for themselves.\n"
    "dyn86 oracle and dyn86 test-cpu are for developers of emulators: see --help of each.\n"
    "Exit status: the program's; 2 usage, 124 time limit or --wait failed, 125 emulator or CPU fault,\n"
    "126 not a DOS program, 127 not found, 128+N stopped by signal N.\n";

std::unexpected<Error> usage(std::string message) {
    return fail(std::move(message), ErrorKind::Usage);
}

std::unexpected<Error> no_such_option(string_view word) {
    return usage(fmt::format("{}: no such option (dyn86 --help-all shows them)", word));
}

/// The words from left to right.
class Reader {
public:
    explicit Reader(std::span<const char* const> words) : words_(words) {}
    Result<CommandLine> read();

private:
    [[nodiscard]] bool at_option() const;
    Result<> read_option();
    Result<> read_setting(const std::string& text);
    Result<std::string> value_for(const Option& option, string_view word);

    std::span<const char* const> words_;
    std::size_t next_ = 0;
    CommandLine result_;
};

bool Reader::at_option() const {
    const string_view word = next_ < words_.size() ? words_[next_] : "";
    return word.size() > 1 && word.starts_with('-') && word != "--";
}

Result<CommandLine> Reader::read() {
    while (at_option())
        if (auto read = read_option(); !read) return std::unexpected(read.error());
    if (next_ < words_.size() && string_view(words_[next_]) == "--") ++next_;
    if (next_ == words_.size()) return std::move(result_);
    result_.program = words_[next_++];
    if (result_.program.empty()) return usage("PROGRAM is empty");
    result_.arguments.assign(words_.begin() + std::ptrdiff_t(next_), words_.end());
    return std::move(result_);
}

/// --name, --name=value, --name value, -x, -x value.
Result<> Reader::read_option() {
    const string_view word = words_[next_++];
    const bool is_long = word.starts_with("--");
    const auto equals = is_long ? word.find('=') : string_view::npos;
    const string_view name = word.substr(is_long ? 2 : 1, equals - (is_long ? 2 : 1));
    const Option* option = nullptr;
    if (is_long && name.size() > 1) option = find_option(name);
    if (!is_long && name.size() == 1) option = find_option(name.front());
    if (!option) return no_such_option(word);
    if (option->is_switch()) {
        if (equals != string_view::npos) return usage(fmt::format("--{} takes no value", name));
        result_.settings.push_back({option, "true", {}});
        return {};
    }
    if (option->value_is_optional && equals == string_view::npos) {
        result_.settings.push_back({option, "", {}});
        return {};
    }
    const auto value = equals == string_view::npos ? value_for(*option, word) : std::string(word.substr(equals + 1));
    if (!value) return std::unexpected(value.error());
    if (equals != string_view::npos && value->empty()) return usage(fmt::format("{}: no value", word));
    if (option->name == "set") return read_setting(*value);
    result_.settings.push_back({option, *value, {}});
    return {};
}

Result<std::string> Reader::value_for(const Option& option, string_view word) {
    if (next_ == words_.size()) return usage(fmt::format("{}: no {}", word, option.value));
    return words_[next_++];
}

/// --set KEY=VALUE.
Result<> Reader::read_setting(const std::string& text) {
    const auto equals = text.find('=');
    const Option* option = find_option(string_view(text).substr(0, equals));
    if (equals == std::string::npos) return usage(fmt::format("--set {}: it is KEY=VALUE", text));
    if (!option || option->where == Where::CommandLine)
        return usage(fmt::format("--set {}: no such key (dyn86 --print-config shows them)", text));
    const std::string value = text.substr(equals + 1);
    if (option->is_switch() && value != "true" && value != "false")
        return usage(fmt::format("--set {}: true or false", text));
    result_.settings.push_back({option, value, {}});
    return {};
}

std::string row(const Option& option) {
    constexpr std::size_t column = 34;
    std::string left = option.letter != 0 && option.name.size() > 1 ? fmt::format("  -{}, ", option.letter) : "  ";
    left += option.flag();
    if (option.value_is_optional)
        left += fmt::format("[={}]", option.value);
    else if (!option.is_switch())
        left += fmt::format(" {}", option.value);
    if (left.size() >= column) return fmt::format("{}\n{:{}}{}\n", left, "", column, option.text);
    return fmt::format("{:{}}{}\n", left, column, option.text);
}

}  // namespace

Result<CommandLine> read_command_line(std::span<const char* const> words) {
    return Reader(words).read();
}

std::string help_text(Options::Show which) {
    std::string text = fmt::format(
        "Usage: dyn86 [options] PROGRAM [args...]\n       dyn86 [options] -c COMMAND... [FOLDER]\n{}\nOptions:\n",
        description);
    for (const auto& table : option_tables())
        for (const Option& option : table)
            if (option.help == Help::Everyday || which == Options::Show::AllHelp) text += row(option);
    return fmt::format("{}\n{}", text, footer);
}

}  // namespace dyn86::config
