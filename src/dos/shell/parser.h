// Command lines as text: pipes, redirections, command names, arguments, and what batch files put in for %. No guest.
#pragma once

#include "src/base/types.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::dos::shell {

/// Blank, tab, comma, semicolon, equals sign: what separates words on a command line.
[[nodiscard]] bool is_separator(char c);
/// Without leading separators.
[[nodiscard]] std::string_view skip_separators(std::string_view text);
/// Without blanks and tabs at the ends.
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

/// The first stage of a pipeline, and the rest behind its '|'. Quotation marks protect.
struct Stages {
    std::string first;
    std::optional<std::string> rest;
};
[[nodiscard]] Stages split_pipe(std::string_view line);

/// A command without its redirections.
struct Redirected {
    std::string command;
    std::string in, out;  // names, empty: none
    bool appends = false;
    bool is_bad = false;  // a '<' or '>' with nothing behind it
};
[[nodiscard]] Redirected take_redirections(std::string_view text);

/// What is to be executed, and its arguments with what separates them from the name.
struct CommandWord {
    std::string name;
    std::string tail;
};
/// The word ends at a separator or a '/'.
[[nodiscard]] CommandWord split_command(std::string_view text);
/// The same for internal commands, whose names end before '.' and '\' too: CD.. and CD\X, ECHO.text; nullopt when the
/// text cannot be one.
[[nodiscard]] std::optional<CommandWord> split_internal(std::string_view text,
                                                        const std::function<bool(std::string_view)>& is_internal);

/// The first word of `text`, and what is behind it.
struct FirstWord {
    std::string word;
    std::string_view rest;
};
[[nodiscard]] FirstWord first_word(std::string_view text);

/// Words and switches of an internal command.
struct Arguments {
    std::vector<std::string> words;
    std::vector<std::string> switches;  // upper case, without '/': "A", "O:N"

    [[nodiscard]] static Arguments parse(std::string_view tail);
    [[nodiscard]] bool has(std::string_view name) const;
    /// The first switch whose letter is none of these, for "Invalid switch".
    [[nodiscard]] std::optional<std::string> unknown(std::string_view letters) const;
};

using VariableLookup = std::function<std::optional<std::string>(std::string_view)>;
/// A batch file's line: %0 to %9, %NAME% and %%.
[[nodiscard]] std::string expand_batch_line(std::string_view line, const std::vector<std::string>& arguments,
                                            const VariableLookup& variable);
/// %NAME% of variables that exist; everything else stays.
[[nodiscard]] std::string expand_variables(std::string_view line, const VariableLookup& variable);
/// A batch file's arguments: %0 and what follows.
[[nodiscard]] std::vector<std::string> batch_arguments(std::string_view name, std::string_view tail);

/// FOR %v IN (set) DO command.
struct ForLoop {
    char variable = 0;
    std::vector<std::string> set;
    std::string command;
};
/// `tail` is what follows FOR; nullopt: a syntax error.
[[nodiscard]] std::optional<ForLoop> parse_for(std::string_view tail);
/// The command with %v replaced.
[[nodiscard]] std::string substitute(std::string_view command, char variable, std::string_view value);

}  // namespace dyn86::dos::shell
