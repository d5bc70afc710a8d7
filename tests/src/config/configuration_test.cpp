#include "src/config/configuration.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

namespace dyn86::config {
namespace {

namespace fs = std::filesystem;

class Layers : public ::testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "dyn86-layers-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder = fs::canonical(pattern);
        variables = {{"XDG_CONFIG_DIRS", (folder / "etc").string()}, {"XDG_CONFIG_HOME", (folder / "home").string()}};
        write("game/play.com", "\xC3");
        fs::create_directory(folder / "game/data");
    }
    void TearDown() override { fs::remove_all(folder); }

    std::string write(const std::string& name, const std::string& text) {
        fs::create_directories((folder / name).parent_path());
        std::ofstream(folder / name, std::ios::binary) << text;
        return (folder / name).string();
    }
    [[nodiscard]] Result<Configuration> with(const std::vector<std::string>& words) const {
        std::vector<const char*> pointers;
        for (const std::string& word : words) pointers.push_back(word.c_str());
        return configure(pointers, [this](const std::string& name) {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        });
    }
    [[nodiscard]] Options good(const std::vector<std::string>& words) const {
        const auto configuration = with(words);
        EXPECT_TRUE(configuration) << configuration.error().message;
        return configuration ? configuration->options : Options{};
    }
    [[nodiscard]] std::string refusal(const std::vector<std::string>& words) const {
        const auto configuration = with(words);
        EXPECT_FALSE(configuration);
        return configuration ? "" : configuration.error().message;
    }
    [[nodiscard]] std::string play() const { return (folder / "game/play.com").string(); }

    fs::path folder;
    std::map<std::string, std::string> variables;
};

TEST_F(Layers, EachReplacesWhatTheLowerOnesSay) {
    EXPECT_EQ(good({play()}).timeout_seconds, std::nullopt);
    write("etc/dyn86/config.toml", "timeout = 1\n");
    EXPECT_EQ(good({play()}).timeout_seconds, 1);
    write("home/dyn86/config.toml", "timeout = \"2s\"\n");
    EXPECT_EQ(good({play()}).timeout_seconds, 2);
    write("game/dyn86.toml", "timeout = 3.0\n");
    EXPECT_EQ(good({play()}).timeout_seconds, 3);
    variables["DYN86_TIMEOUT"] = "4s";
    EXPECT_EQ(good({play()}).timeout_seconds, 4);
    const std::string conf = write("my.toml", "timeout = 5\n");
    EXPECT_EQ(good({"--conf", conf, play()}).timeout_seconds, 5);
    EXPECT_EQ(good({"--conf", conf, "--set", "timeout=6", play()}).timeout_seconds, 6);
    EXPECT_EQ(good({"--timeout=7", "--conf", conf, play()}).timeout_seconds, 7);
}

TEST_F(Layers, NoConfLeavesFilesOut) {
    write("home/dyn86/config.toml", "nonsense = 1\n");
    write("game/dyn86.toml", "speed = \"max\"\n");
    EXPECT_EQ(good({"--no-conf", play()}).speed.kind, Speed::Kind::Auto);
}

TEST_F(Layers, ListsCountFromTheHighestLayerThatHasOne) {
    const std::string conf = write("my.toml", "dump-screen = [\"a.txt\", \"b.txt\"]\n");
    EXPECT_EQ(good({"--conf", conf}).dump_screens, (std::vector<std::string>{"a.txt", "b.txt"}));
    EXPECT_EQ(good({"--conf", conf, "--dump-screen=c.txt"}).dump_screens, std::vector<std::string>{"c.txt"});
    variables["DYN86_DUMP_SCREEN"] = "d.txt\ne.txt";
    EXPECT_EQ(good({}).dump_screens, (std::vector<std::string>{"d.txt", "e.txt"}));
}

TEST_F(Layers, DrivesAreReplacedByLetter) {
    const std::string conf = write("conf/my.toml", "[drive]\nD = \"data,ro\"\nE = '/tmp'\n");
    const auto drives = good({"--conf", conf, "--drive=d=/var"}).drives;
    ASSERT_EQ(drives.size(), 2u);
    EXPECT_EQ(drives[0].letter, 'E');
    EXPECT_EQ(drives[1].path, "/var");
    const auto relative = good({"--conf", conf}).drives;
    ASSERT_EQ(relative.size(), 2u);
    EXPECT_EQ(relative[0].path, (folder / "conf/data").string()) << "relative to the file's folder";
    EXPECT_TRUE(relative[0].read_only);
    EXPECT_NE(refusal({"--drive=D=/tmp", "--drive=d=/var"}).find("given already"), std::string::npos);
}

TEST_F(Layers, SwitchesCanBeTurnedOffAgain) {
    const std::string conf = write("my.toml", "stats = true\n");
    EXPECT_TRUE(good({"--conf", conf}).stats);
    EXPECT_FALSE(good({"--conf", conf, "--set=stats=false"}).stats);
    variables["DYN86_STATS"] = "1";
    EXPECT_TRUE(good({}).stats);
    variables["DYN86_STATS"] = "no";
    EXPECT_FALSE(good({}).stats);
    variables["DYN86_STATS"] = "perhaps";
    EXPECT_EQ(refusal({}), "DYN86_STATS: --stats perhaps: 1 or 0");
}

TEST_F(Layers, MistakesNameFileAndLine) {
    const std::vector<std::pair<std::string, unsigned>> bad = {
        {"speed = \"max\"\nsped = \"max\"\n", 2},
        {"\n\nspeed = \"fast\"\n", 3},
        {"speed = \n", 1},
        {"stats = 1\n", 1},
        {"speed = [1, 2]\n", 1},
        {"[speed]\nx = 1\n", 1},
        {"drive = [\n  \"C=x\",\n  \"D\",\n]\n", 3},
        {"type = \"x\"\n", 1},
        {"a = 1\n\na = 2\n", 3},
        {"timeout = 1979-05-27\n", 1},
    };
    for (const auto& [text, line] : bad) {
        const std::string path = write("bad.toml", text), message = refusal({"--conf", path});
        EXPECT_TRUE(message.starts_with(path + ":" + std::to_string(line) + ": ")) << text << message;
        EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    }
    EXPECT_EQ(with({"--conf", "/none.toml"}).error().kind, ErrorKind::NotFound);
    EXPECT_NE(refusal({"--set", "sped=max"}).find("no such key"), std::string::npos);
    EXPECT_NE(refusal({"--set", "speed"}).find("KEY=VALUE"), std::string::npos);
    EXPECT_NE(refusal({"--set", "type=x"}).find("no such key"), std::string::npos);
}

// dyn86.toml comes with programs that strangers have made.
TEST_F(Layers, AFileBesideTheProgramReachesNothingOutsideItsFolder) {
    write("game/dyn86.toml", "drive = \"D=data\"\n");
    const auto drives = good({play()}).drives;
    ASSERT_EQ(drives.size(), 1u);
    EXPECT_EQ(drives[0].path, (folder / "game/data").string());
    fs::create_directory_symlink(folder, folder / "game/out");
    for (const char* bad : {"drive = \"D=..\"", "drive = \"D=/tmp\"", "drive = \"D=data/../..\"", "drive = \"D=out\"",
                            "drive = \"D=out/etc\"", "status-file = \"x\"", "dump-screen = \"x\"",
                            "dump-memory = \"0,1,x\"", "conf = \"x\"", "boot = \"x\""}) {
        write("game/dyn86.toml", bad);
        EXPECT_NE(refusal({play()}).find("dyn86.toml:1: "), std::string::npos) << bad;
    }
}

TEST_F(Layers, PrintConfigShowsValuesAndOrigins) {
    const std::string conf = write("my.toml", "\nspeed = \"8MHz\"\ndrive = [\"C=x\"]\n");
    variables["DYN86_DISPLAY"] = "none";
    const auto configuration = with({"--print-config", "--conf", conf, "--drive=D=a\"b\\c"});
    ASSERT_TRUE(configuration);
    EXPECT_EQ(configuration->options.show, Options::Show::Config);
    const std::string text = print_config(*configuration);
    const auto shows = [&](const std::string& setting, const std::string& origin) {
        const auto at = text.find(setting + ' ');
        return at != std::string::npos && text.substr(at, text.find('\n', at) - at).ends_with(" # " + origin);
    };
    EXPECT_TRUE(shows("speed = \"8MHz\"", conf + ":2")) << text;
    EXPECT_TRUE(shows("display = \"none\"", "DYN86_DISPLAY")) << text;
    EXPECT_TRUE(shows("    \"C=x\",", conf + ":3")) << text;
    EXPECT_TRUE(shows(R"(    "D=a\"b\\c",)", "command line")) << text;
    EXPECT_TRUE(shows("clock = \"auto\"", "default")) << text;
    EXPECT_NE(text.find("# timeout is not set\n"), std::string::npos) << text;
    const std::string printed = write("printed.toml", text);
    EXPECT_TRUE(with({"--no-conf", "--conf", printed})) << "what is printed can be read";
}

TEST(OptionTables, AreConsistent) {
    std::set<std::string_view> names;
    std::set<char> letters;
    for (const auto& table : option_tables())
        for (const Option& option : table) {
            EXPECT_TRUE(names.insert(option.name).second) << option.name;
            const bool is_new_letter = option.letter == 0 || letters.insert(option.letter).second;
            EXPECT_TRUE(is_new_letter) << option.letter;
            EXPECT_FALSE(option.text.empty()) << option.name;
            EXPECT_EQ(option.take == nullptr, option.name == "set") << option.name;
            if (option.preset.empty()) continue;
            Options options;
            EXPECT_TRUE(option.take(options, {&option, std::string(option.preset), {}})) << option.name;
        }
}

}  // namespace
}  // namespace dyn86::config
