#include "src/manual/words.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace dyn86::manual {
namespace {

using std::string_view;

bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

/// The part of a choice that is to be typed as it stands: all of "jit", "tcp:" of "tcp:HOST:PORT".
string_view literal(string_view choice) {
    return choice.substr(0, std::size_t(std::ranges::find_if(choice, is_capital) - choice.begin()));
}

std::vector<std::string> choices(string_view value) {
    std::vector<std::string> result;
    while (!value.empty()) {
        const auto end = std::min(value.find('|'), value.size());
        if (const string_view word = literal(value.substr(0, end)); !word.empty()) result.emplace_back(word);
        value.remove_prefix(std::min(end + 1, value.size()));
    }
    return result;
}

bool names_files(string_view value) {
    constexpr std::array words = {string_view{"FILE"}, string_view{"IMG"}, string_view{"IMAGE"}, string_view{"PATH"}};
    return std::ranges::any_of(words, [&](string_view word) { return value.find(word) != string_view::npos; });
}

bool is_option_letter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
}

}  // namespace

ValueWords value_words(const config::Option& option) {
    using Kind = ValueWords::Kind;
    if (option.value.find('|') != string_view::npos) return {Kind::Choices, choices(option.value)};
    return {names_files(option.value) ? Kind::Files : Kind::None, {}};
}

std::vector<std::string> option_words(const commands::Subcommand& command) {
    const std::string help = command.help();
    std::vector<std::string> words;
    for (auto line = help.find("\n  -"); line != std::string::npos; line = help.find("\n  -", line + 1)) {
        auto at = help.begin() + std::ptrdiff_t(line) + 3;
        while (at != help.end() && *at == '-') {  // "-h,--help"
            const auto end = std::find_if_not(at, help.end(), is_option_letter);
            words.emplace_back(at, end);
            at = end != help.end() && *end == ',' ? end + 1 : help.end();
        }
    }
    return words;
}

std::string summary(const commands::Subcommand& command) {
    std::string text = command.help();
    text.resize(std::min({text.find(". "), text.find(".\n"), text.find(": "), text.size()}));
    std::ranges::replace(text, '\n', ' ');
    return text;
}

}  // namespace dyn86::manual
