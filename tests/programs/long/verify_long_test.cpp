// --verify over every guest program in the tree.
#include "tests/cli/process.h"

#include <algorithm>

namespace dyn86::cli {
namespace {

namespace fs = std::filesystem;

bool is_program(const fs::path& path) {
    std::string suffix = path.extension().string();
    std::ranges::transform(suffix, suffix.begin(), [](unsigned char c) { return char(std::toupper(c)); });
    return suffix == ".COM" || suffix == ".EXE" || suffix == ".BIN";
}

/// Images for --bios and --rom, which are no programs.
bool is_rom(const fs::path& path) {
    const std::string name = path.filename().string();
    return name == "rom.bin" || name.starts_with("BIOS");
}

/// In a copy of its folder, where it may write what it likes.
Finished run_in_copy(const fs::path& program, const std::string& engine) {
    const Folder folder;
    fs::copy(program.parent_path(), folder / "", fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    return dyn86({engine, "--date=fixed:1986-04-26T01:23", "--display=none", "--max-instructions=3000000",
                  folder / program.filename().string()},
                 "one\r\ntwo\r\n");
}

}  // namespace

TEST(VerifyLong, EveryGuestProgramInTheTree) {
    unsigned programs = 0;
    for (const char* const folder : {DYN86_GUESTS, DYN86_DOS_GUESTS, DYN86_CLI_GUESTS})
        for (const auto& entry : fs::directory_iterator(folder)) {
            if (!is_program(entry.path()) || is_rom(entry.path())) continue;
            const Finished plain = run_in_copy(entry.path(), "--engine=interpreter");
            const Finished verified = run_in_copy(entry.path(), "--verify");
            EXPECT_EQ(verified.status, plain.status) << entry.path() << '\n' << verified.errors;
            EXPECT_EQ(verified.output, plain.output) << entry.path();
            EXPECT_EQ(verified.errors, plain.errors) << entry.path();
            ++programs;
        }
    EXPECT_GT(programs, 30u);
}

}  // namespace dyn86::cli
