// The built-in demo's four pages, as --dump-screen shows them: as text, and as the pictures that README.md shows.
#include "tests/cli/process.h"

#include <zlib.h>

namespace dyn86::cli {
namespace {

/// What a PNG file shows, whatever its compressor: header, palette and rows.
std::string picture(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::string shown, packed;
    for (std::size_t at = 8; at + 12 <= bytes.size();) {
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i)
            length = length << 8 | std::size_t(static_cast<unsigned char>(bytes[at + i]));
        const std::string name = bytes.substr(at + 4, 4), data = bytes.substr(at + 8, length);
        (name == "IDAT" ? packed : shown) += name == "IDAT" ? data : name + data;
        at += length + 12;
    }
    std::string rows(4 << 20, '\0');
    uLongf size = rows.size();
    EXPECT_EQ(::uncompress(reinterpret_cast<Bytef*>(rows.data()), &size, reinterpret_cast<const Bytef*>(packed.data()),
                           packed.size()),
              Z_OK)
        << path;
    return shown + rows.substr(0, size);
}

std::string golden(const std::string& name) {
    std::ifstream file(std::string(DYN86_GOLDENS) + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Demo : public testing::TestWithParam<const char*> {
protected:
    [[nodiscard]] Finished show(const Arguments& steps) const {
        Arguments arguments{std::string("--engine=") + GetParam(), "--display=none",
                            "--date=fixed:2026-01-02T03:04:05"};
        arguments.insert(arguments.end(), steps.begin(), steps.end());
        arguments.insert(arguments.end(), {"--snap", folder / "shown.png", "--quit", "--dump-screen=-"});
        return dyn86(arguments);
    }
    void expect_picture(const std::string& name) const {
        EXPECT_EQ(picture(folder / "shown.png"), picture(std::string(DYN86_IMAGES) + "/" + name));
    }
    Folder folder;
};

TEST_P(Demo, ShowsAllCharactersAndAttributes) {
    const auto run = show({"--wait=Esc end"});
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.output, golden("demo-characters.txt"));
    expect_picture("demo-characters.png");
}

TEST_P(Demo, ItsClockRunsOnTheTimer) {
    const auto run = show({"--wait=Esc end", "--type=2<wait 4s>"});
    EXPECT_EQ(run.output, golden("demo-clock.txt"));
    expect_picture("demo-clock.png");
}

TEST_P(Demo, Programs96By64Cells) {
    const auto run = show({"--wait=Esc end", "--type=3", "--wait=of the 6845"});
    EXPECT_EQ(run.output, golden("demo-96x64.txt"));
    expect_picture("demo-96x64.png");
}

TEST_P(Demo, ShowsKeysAsTheyComeAndGo) {
    const auto run = show({"--wait=Esc end", "--type=4", "--wait=Esc back", "--type=<Shift+F2><wait 100ms>"});
    EXPECT_EQ(run.output, golden("demo-keyboard.txt"));
    expect_picture("demo-keyboard.png");
    EXPECT_NE(show({"--wait=Esc end", "--type=4a<Esc>", "--wait=Space next"}).output.find("Space next"),
              std::string::npos);
}

TEST_P(Demo, EndsWithEscape) {
    const auto run = dyn86({std::string("--engine=") + GetParam(), "--display=none", "--type=<Esc>"});
    EXPECT_EQ(run.status, 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, Demo, testing::Values("jit", "interpreter"));

}  // namespace
}  // namespace dyn86::cli
