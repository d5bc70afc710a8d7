// What an option is. Each is declared once, as a row of a table in one of src/config/options_*.cpp; command line,
// environment, TOML files, --help and --print-config all go by that row.
#pragma once

#include "src/config/options.h"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace dyn86::config {

/// Where a value came from, lowest layer first: a higher one replaces what a lower one says.
struct Origin {
    enum class Layer : u8 { System, User, Program, Environment, Conf, CommandLine } layer = Layer::CommandLine;
    std::string file;  // the TOML file, or the variable's name
    unsigned line = 0;
    std::string folder;  // where a file's relative paths begin

    /// "FILE:LINE", "DYN86_X", "command line".
    [[nodiscard]] std::string text() const;
    /// What a message about the value begins with: empty for the command line, which the user has before his eyes.
    [[nodiscard]] std::string prefix() const;
};

struct Option;

/// A value that an option was given. Switches have "true" or "false".
struct Given {
    const Option* option = nullptr;
    std::string value;
    Origin origin;

    [[nodiscard]] bool on() const { return value == "true"; }
    /// The value, or a part of it, as a host path. In a file it is relative to the file's folder, and in dyn86.toml
    /// beside the program it has to lie inside that folder.
    [[nodiscard]] Result<std::string> path(const std::string& text) const;
    /// A usage error that names the option, its value and where it stands.
    [[nodiscard]] std::unexpected<Error> refuse(std::string_view why = "not a value it can have") const;

    /// Takes a parsed value over, or refuses when there is none.
    template <typename T, typename To>
    Result<> put(const std::optional<T>& parsed, To& to) const {
        if (!parsed) return refuse();
        to = *parsed;
        return {};
    }
    /// Takes the choice that the value names.
    template <typename T>
    Result<> choose(std::initializer_list<std::pair<std::string_view, T>> choices, T& to) const {
        for (const auto& [name, choice] : choices) {
            if (value != name) continue;
            to = choice;
            return {};
        }
        return refuse();
    }
    Result<> put_text(std::string& to) const {
        if (value.empty()) return refuse();
        to = value;
        return {};
    }
};

/// Which option a TOML file or the environment may set.
enum class Where : u8 {
    Anywhere,
    NotBesideProgram,  // not in dyn86.toml beside the program, which may be a stranger's: whatever writes or opens
                       // host files outside its folder, sockets, serial ports
    CommandLine,
};
enum class Repeats : u8 {
    No,      // the last value counts
    Yes,     // each counts, of the highest layer that has one
    ByName,  // NAME=...: each counts; a higher layer replaces those of the same NAME
};
enum class Help : u8 { Everyday, Rare };

struct Option {
    std::string_view name = {};   // "speed": --speed, the key `speed`, the variable DYN86_SPEED
    std::string_view value = {};  // what help calls its value; empty: a switch
    std::string_view text = {};
    std::string_view preset = {};  // what it is when nobody sets it; empty: nothing
    Help help = Help::Everyday;
    Where where = Where::Anywhere;
    Repeats repeats = Repeats::No;
    char letter = 0;                 // -h
    bool value_is_optional = false;  // --share and --share=NAME; then the value is empty
    Result<> (*take)(Options& options, const Given& given) = nullptr;

    [[nodiscard]] bool is_switch() const { return value.empty(); }
    /// "--speed", "-c".
    [[nodiscard]] std::string flag() const;
    /// "DYN86_MAX_INSTRUCTIONS".
    [[nodiscard]] std::string variable() const;
};

[[nodiscard]] std::span<const Option> shell_options();
[[nodiscard]] std::span<const Option> place_options();
[[nodiscard]] std::span<const Option> machine_options();
[[nodiscard]] std::span<const Option> time_options();
[[nodiscard]] std::span<const Option> show_options();
[[nodiscard]] std::span<const Option> sequence_options();
[[nodiscard]] std::span<const Option> result_options();
[[nodiscard]] std::span<const Option> debug_options();
[[nodiscard]] std::span<const Option> config_options();

/// All tables, in the order of --help.
[[nodiscard]] std::span<const std::span<const Option>> option_tables();
/// By its name, without dashes; null when there is none.
[[nodiscard]] const Option* find_option(std::string_view name);
[[nodiscard]] const Option* find_option(char letter);

}  // namespace dyn86::config
