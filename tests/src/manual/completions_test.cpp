// What bash completes, by bash itself; scripts of shells that may not be there are looked at as text.
#include "src/manual/completions.h"
#include "src/commands/commands.h"
#include "src/config/option.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace dyn86::manual {
namespace {

using Words = std::vector<std::string>;

/// `line` is what bash makes of a command line: its words, the last one being completed. In an empty folder but for
/// the file "a.com".
Words completed(const std::string& line) {
    const std::string script = std::string("cd \"$(mktemp -d)\" && : >a.com && source " DYN86_BASH_COMPLETION " && ") +
                               "COMP_WORDS=(" + line +
                               ") && COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) && _dyn86 && "
                               "rm a.com && rmdir \"$PWD\" && printf \"%s\\n\" \"${COMPREPLY[@]}\"";
    const std::string command = DYN86_BASH " --norc -c '" + script + "'";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    Words words;
    std::array<char, 256> text{};
    while (std::fgets(text.data(), int(text.size()), pipe.get())) {
        words.emplace_back(text.data());
        words.back().pop_back();
    }
    std::ranges::sort(words);
    return words;
}

}  // namespace

TEST(BashCompletion, KnowsOptionsAndTheirValues) {
    EXPECT_EQ(completed("dyn86 --engi"), Words{"--engine"});
    EXPECT_EQ(completed("dyn86 --engine \"\""), (Words{"interpreter", "jit"}));
    EXPECT_EQ(completed("dyn86 --engine = j"), Words{"jit"});
    EXPECT_EQ(completed("dyn86 --engine ="), (Words{"interpreter", "jit"}));
    EXPECT_EQ(completed("dyn86 --boot a"), Words{"a.com"});
    EXPECT_EQ(completed("dyn86 --wait a"), Words{""});
    EXPECT_EQ(completed("dyn86 --share a"), Words{"a.com"});  // --share=NAME, or none
}

TEST(BashCompletion, KnowsSubcommandsAtTheBeginningOnly) {
    EXPECT_EQ(completed("dyn86 orac"), Words{"oracle"});
    EXPECT_EQ(completed("dyn86 --stats orac"), Words{""});
    EXPECT_EQ(completed("dyn86 oracle --cou"), Words{"--count"});
    EXPECT_EQ(completed("dyn86 disasm a"), Words{"a.com"});
}

TEST(BashCompletion, LeavesTheProgramsArgumentsToIt) {
    EXPECT_EQ(completed("dyn86 a.com --engi"), Words{""});
    EXPECT_EQ(completed("dyn86 --engine jit a"), Words{"a.com"});
    EXPECT_EQ(completed("dyn86 --engine = jit --stat"), (Words{"--stats", "--status-file"}));
    EXPECT_EQ(completed("dyn86 --engine jit a.com a"), Words{"a.com"});
}

TEST(Completions, OfAllShellsHaveEveryOptionAndSubcommand) {
    const std::string zsh = zsh_completion(), fish = fish_completion(), bash = bash_completion();
    for (const auto& table : config::option_tables()) {
        for (const auto& option : table) {
            EXPECT_NE(bash.find(option.flag() + ' '), std::string::npos) << option.flag();
            EXPECT_NE(zsh.find(option.flag()), std::string::npos) << option.flag();
            const std::string name = (option.name.size() > 1 ? " -l " : " -s ") + std::string(option.name) + ' ';
            EXPECT_NE(fish.find(name), std::string::npos) << name;
        }
    }
    for (const auto& command : commands::all()) {
        EXPECT_NE(zsh.find("            " + std::string(command.name) + ") _arguments"), std::string::npos);
        EXPECT_NE(fish.find(" -a " + std::string(command.name) + " -d "), std::string::npos);
    }
}

}  // namespace dyn86::manual
