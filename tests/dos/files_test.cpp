// Files, folders, searches and memory: guest programs that check themselves, and what the host sees of them.
#include "tests/dos/support/dos_machine.h"

#include <filesystem>
#include <set>
#include <sstream>

namespace dyn86::test {
namespace {

namespace fs = std::filesystem;

class Files : public DosTest {};
INSTANTIATE_TEST_SUITE_P(Engines, Files, testing::ValuesIn(engines()), name_of);

TEST_P(Files, EveryHandleFunctionSucceedsAndFails) {
    check_guest("files");
    EXPECT_EQ(read_file("third.dat"), "012");  // new names are in lower case
    EXPECT_FALSE(fs::exists(folder() / "sub"));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder()), {}), 2);  // it, and the guest
}

TEST_P(Files, SearchesFindNamesAliasesAndLabels) {
    write_file("A.TXT", "first");
    write_file("b.txt", "");
    write_file("C long name.text", "long");
    write_file(".hidden", "");
    fs::create_directory(folder() / "sub");
    write_file("sub/d.txt", "");
    check_guest("find");
}

TEST_P(Files, NamesWithoutAShortFormAllGetOneOfTheirOwn) {
    constexpr int count = 1500;
    for (int i = 0; i < count; ++i) write_file("a name that is too long, number " + std::to_string(i) + ".text", "");
    const Ran ran = run({.commands = {"DIR /B *.*"}});
    std::set<std::string> names;
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) names.insert(line);
    EXPECT_EQ(names.size(), count);
    EXPECT_NE(run({.commands = {"TYPE " + *names.begin()}}).out, "File not found\r\n");
}

TEST_P(Files, MemoryBlocksAreAWalkableChain) {
    check_guest("memory");
}

TEST_P(Files, FileControlBlocksDoAllOfIt) {
    check_guest("fcbs");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder()), {}), 1);  // what it made it deleted
}

TEST_P(Files, WhatTheSystemSaysOfItself) {
    fs::create_directory(folder() / "a");
    check_guest("system");
}

TEST_P(Files, ProbesAreAnsweredAndTheRestIsCounted) {
    const Ran ran = check_guest("calls");
    EXPECT_EQ(ran.missing.at("21/4402"), 1u);
    EXPECT_EQ(ran.missing.at("21/5F02"), 1u);
    EXPECT_FALSE(ran.missing.contains("21/4403"));  // a bad handle is no missing function
}

TEST_P(Files, AReadOnlyDriveStaysAsItIs) {
    install("files.com");
    const Ran ran = run({.program = "FILES.COM", .read_only = true});
    EXPECT_EQ(ran.errorlevel, 255);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder()), {}), 1);
}

}  // namespace
}  // namespace dyn86::test
