// The manual page says of each option what the tables say, and speaks of no other; the documents neither.
#include "src/commands/commands.h"
#include "src/config/option.h"
#include "src/manual/man_page.h"
#include "src/manual/words.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

namespace dyn86::manual {
namespace {

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    EXPECT_TRUE(in) << file;
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string page() {
    return man_page(contents(DYN86_SOURCE_DIR "/docs/man/dyn86.1.in"), "1.2.3");
}

/// As a reader sees it, but for fonts.
std::string without_escapes(std::string text) {
    for (const auto& [from, to] : {std::pair{"\\-", "-"}, {"\\fB", ""}, {"\\fI", ""}, {"\\fR", ""}, {"\\&", ""}})
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at))
            text.replace(at, std::string_view(from).size(), to);
    return text;
}

/// "--speed" and the like, wherever they stand.
std::set<std::string> options_in(const std::string& text) {
    static const std::regex option(R"((^|[^\w-])(--[a-z][a-z0-9-]*))");
    std::set<std::string> words;
    for (std::sregex_iterator it(text.begin(), text.end(), option), end; it != end; ++it) words.insert((*it)[2]);
    return words;
}

std::set<std::string> known() {
    std::set<std::string> words;
    for (const auto& table : config::option_tables())
        for (const auto& option : table) words.insert(option.flag());
    for (const auto& command : commands::all()) words.merge(options_in(command.help()));
    return words;
}

}  // namespace

TEST(ManPage, HasEveryOptionWithItsText) {
    const std::string text = without_escapes(page());
    for (const auto& table : config::option_tables()) {
        for (const auto& option : table) {
            const auto at = text.find("\n.TP\n" + (option.letter != 0 && option.name.size() > 1
                                                       ? std::string("-") + option.letter + ", " + option.flag()
                                                       : option.flag()));
            EXPECT_NE(at, std::string::npos) << option.flag();
        }
    }
    EXPECT_NE(text.find("whose clocks are counted. Default: 8086."), std::string::npos);
}

TEST(ManPage, HasEverySubcommand) {
    const std::string text = without_escapes(page());
    for (const auto& command : commands::all())
        EXPECT_NE(text.find(".SS dyn86 " + std::string(command.name)), std::string::npos) << command.name;
}

TEST(ManPage, SpeaksOfNoOtherOption) {
    const auto words = known();
    for (const std::string& word : options_in(without_escapes(page()))) EXPECT_TRUE(words.contains(word)) << word;
}

TEST(ManPage, LeavesNoPlaceOpenAndNoLineToChance) {
    const std::string text = page();
    EXPECT_EQ(text.find('@' + std::string("OPTIONS")), std::string::npos);
    EXPECT_EQ(text.find('@' + std::string("SUBCOMMANDS")), std::string::npos);
    EXPECT_NE(text.find("dyn86 1.2.3"), std::string::npos);
    // A request that groff does not know would vanish without a word.
    static const std::set<std::string> requests = {".TH", ".SH", ".SS", ".B",  ".I",  ".BR", ".RI",
                                                   ".IR", ".PP", ".TP", ".br", ".nf", ".fi", ".\\\""};
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        EXPECT_TRUE(!line.starts_with('.') || requests.contains(line.substr(0, line.find(' ')))) << line;
}

TEST(Documents, SpeakOfNoOptionThatIsNotThere) {
    auto words = known();
    // Of cmake, ctest and of the commands in tools/.
    words.merge(std::set<std::string>{"--install", "--build", "--preset", "--test-dir", "--long", "--record",
                                      "--guests", "--counts", "--only", "--engines", "--rounds", "--json", "--prefix",
                                      "--benchmark", "--name", "--cflags", "--libs"});
    std::vector<std::filesystem::path> files = {DYN86_SOURCE_DIR "/README.md"};
    for (const auto& entry : std::filesystem::directory_iterator(DYN86_SOURCE_DIR "/docs"))
        if (entry.path().extension() == ".md") files.push_back(entry.path());
    EXPECT_GT(files.size(), 5u);
    for (const auto& file : files)
        for (const std::string& word : options_in(contents(file))) EXPECT_TRUE(words.contains(word)) << file << word;
}

TEST(Readme, HasEveryOption) {
    const auto words = options_in(contents(DYN86_SOURCE_DIR "/README.md"));
    for (const auto& table : config::option_tables()) {
        for (const auto& option : table)
            EXPECT_TRUE(option.name.size() == 1 || words.contains(option.flag())) << option.flag();
    }
}

TEST(Words, OfValues) {
    const auto of = [](const char* name) { return value_words(*config::find_option(name)); };
    EXPECT_EQ(of("engine").choices, (std::vector<std::string>{"jit", "interpreter"}));
    EXPECT_EQ(of("speed").choices, (std::vector<std::string>{"auto", "max"}));
    EXPECT_EQ(of("serial1").choices, (std::vector<std::string>{"pty", "tcp:", "file:", "stdio", "mouse"}));
    EXPECT_EQ(of("boot").kind, ValueWords::Kind::Files);
    EXPECT_EQ(of("wait").kind, ValueWords::Kind::None);
}

TEST(Words, OfSubcommands) {
    const auto find = [](std::string_view name) {
        return *std::ranges::find(commands::all(), name, &commands::Subcommand::name);
    };
    EXPECT_EQ(option_words(find("oracle")),
              (std::vector<std::string>{"-h", "--help", "--engine", "--cpu", "--timing", "--count"}));
    EXPECT_EQ(summary(find("ls")), "Lists the machines that were started with --share");
    for (const auto& command : commands::all()) EXPECT_NE(summary(command), "") << command.name;
}

}  // namespace dyn86::manual
