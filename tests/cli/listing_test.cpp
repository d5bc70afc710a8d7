// --list-blocks and --perf-map: what was translated, for people and for Linux perf.
#include "tests/cli/process.h"

#include <algorithm>
#include <regex>

namespace dyn86::cli {
namespace {

std::string listing_of(const std::string& program, Arguments options = {}) {
    const Folder folder;
    options.insert(options.end(), {"--list-blocks", folder / "blocks.txt", program});
    const auto run = dyn86(options);
    EXPECT_EQ(run.errors, "");
    return folder.read("blocks.txt");
}

}  // namespace

TEST(CliListing, ShowsGuestBesideHostCodeAndHowOftenItRan) {
    const std::string text = listing_of(guest("TURNS"));
    // The loop is the most work by far: the first block. It begins at 105h, behind XOR and MOV.
    std::smatch first;
    ASSERT_TRUE(
        std::regex_search(text, first, std::regex("\n\n([0-9A-F]{4}):0105 ran ([0-9]+) times \\(([0-9.]+) %\\)")))
        << text;
    EXPECT_GT(std::stoul(first[2]), 500u);  // 10,000 turns, several of which may be one block
    EXPECT_LE(std::stoul(first[2]), 10'000u);
    EXPECT_GT(std::stod(first[3]), 50);
    for (const char* line :
         {"\n    0105  mov ax, \\[0x[0-9a-f]+\\] +movzx eax, word ptr \\[rdi", "\n    0108  add dx, ax +",
          "\n    010A  mov \\[0x[0-9a-f]+\\], dx +[a-z]", " an address near the end of its segment\n",
          "\n +js out of clocks\n", "\n    010E  loop 0x105 +[a-z]"})
        EXPECT_TRUE(std::regex_search(text, std::regex(line))) << line << " not in\n" << text;
}

TEST(CliListing, CountsAreNoPartOfAnOrdinaryRun) {
    const auto bytes = [](const Finished& run) {
        std::smatch found;
        EXPECT_TRUE(std::regex_search(run.errors, found, std::regex("([0-9]+) bytes of code"))) << run.errors;
        return found.empty() ? 0ul : std::stoul(found[1]);
    };
    const auto plain = bytes(dyn86({"--stats", guest("TURNS")}));
    EXPECT_GT(bytes(dyn86({"--stats", "--list-blocks=/dev/null", guest("TURNS")})), plain);
}

TEST(CliListing, NeedsTheRecompiler) {
    for (const char* option : {"--list-blocks=x", "--perf-map"}) {
        const auto run = dyn86({"--engine=interpreter", option, guest("TURNS")});
        EXPECT_EQ(run.status, 2);
        EXPECT_EQ(std::ranges::count(run.errors, '\n'), 1) << run.errors;
    }
}

TEST(CliListing, SaysWhenItCannotBeWritten) {
    const auto run = dyn86({"--list-blocks=/nowhere/x", guest("HELLO")});
    EXPECT_NE(run.errors.find("/nowhere/x"), std::string::npos) << run.errors;
}

TEST(CliListing, NamesCodeForPerf) {
    Process process(dyn86_command({"--perf-map", guest("TURNS")}));
    process.close_input();
    process.read_all();
    EXPECT_EQ(process.wait(), 7);
    const std::string path = "/tmp/perf-" + std::to_string(process.pid()) + ".map";
    std::ifstream file(path);
    const std::string map{std::istreambuf_iterator<char>(file), {}};
    std::filesystem::remove(path);
    EXPECT_TRUE(std::regex_search(map, std::regex("(^|\n)[0-9a-f]+ [0-9a-f]+ dyn86_thunks\n"))) << map;
    EXPECT_TRUE(std::regex_search(map, std::regex("\n[0-9a-f]+ [0-9a-f]+ g_[0-9A-F]{4}_0105\n"))) << map;
    EXPECT_TRUE(std::regex_search(map, std::regex("\n[0-9a-f]+ [0-9a-f]+ g_[0-9A-F]{4}_0105_cold\n"))) << map;
}

}  // namespace dyn86::cli
