// Disk images, overlays, changed disks, folders as disks, foreign ROMs: what a user sees of them.
#include "tests/cli/process.h"

#include <algorithm>

namespace dyn86::cli {
namespace {

constexpr std::size_t floppy_size = 368'640;

/// A floppy that counts its starts; the count is byte 512.
std::string counting_floppy() {
    std::ifstream file(std::string(DYN86_GUESTS) + "/BOOT_DISK.BIN", std::ios::binary);
    std::string disk{std::istreambuf_iterator<char>(file), {}};
    disk.resize(floppy_size, '\0');
    return disk;
}

class CliDisks : public testing::Test {
protected:
    void SetUp() override { folder.write("a.img", counting_floppy()); }
    Finished boot(const std::string& drive, const Arguments& more = {}) {
        Arguments arguments{"--dump-screen=-", "--drive", "A=" + (folder / drive)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        arguments.push_back("--until-text=, status ");
        return dyn86(arguments);
    }
    char count() { return folder.read("a.img")[512]; }
    bool exists(const std::string& name) { return std::filesystem::exists(folder / name); }

    Folder folder;
};

TEST_F(CliDisks, WritesAreInTheImage) {
    EXPECT_NE(boot("a.img").output.find("Start 1, status 0"), std::string::npos);
    EXPECT_EQ(count(), 1);
    const auto again = dyn86({"--until-text=, status ", "--dump-screen=-", "--boot", folder / "a.img"});
    EXPECT_NE(again.output.find("Start 2"), std::string::npos);
    EXPECT_EQ(count(), 2);
}

TEST_F(CliDisks, ReadOnlyDisksAreWriteProtected) {
    EXPECT_NE(boot("a.img,ro").output.find("Start 1, status 3"), std::string::npos);
    EXPECT_EQ(count(), 0);
}

TEST_F(CliDisks, OverlaysKeepWritesUntilTheyAreCommittedOrDiscarded) {
    EXPECT_NE(boot("a.img,overlay").output.find("Start 1"), std::string::npos);
    EXPECT_NE(boot("a.img,overlay").output.find("Start 2"), std::string::npos);
    EXPECT_EQ(count(), 0);
    EXPECT_NE(boot("a.img,overlay", {"--commit"}).output.find("Start 3"), std::string::npos);
    EXPECT_EQ(count(), 3);
    EXPECT_FALSE(exists("a.img.overlay"));
    EXPECT_NE(boot("a.img,overlay=" + (folder / "o"), {"--discard"}).output.find("Start 4"), std::string::npos);
    EXPECT_EQ(count(), 3);
    EXPECT_FALSE(exists("o"));
}

TEST_F(CliDisks, ChangedDisksAreNoticed) {
    std::string other = counting_floppy();
    other[512] = 'B';
    folder.write("b.img", other);
    const auto run = boot("a.img", {"--wait=, status 0", "--swap", "A=" + (folder / "b.img"), "--wait=Disk B",
                                    "--swap=A=", "--swap", "A=" + (folder / "a.img"), "--type=x", "--wait=End"});
    EXPECT_EQ(run.status, 0) << run.errors;
    EXPECT_EQ(count(), 1);
    const auto broken =
        dyn86({"--drive", "A=" + (folder / "a.img"), "--wait=status", "--swap", "A=" + (folder / "none.img")});
    EXPECT_EQ(broken.status, 125);
    EXPECT_NE(broken.errors.find("none.img: No such file"), std::string::npos) << broken.errors;
}

TEST_F(CliDisks, ASecondDyn86IsToldThatTheImageIsInUse) {
    Process first(dyn86_command({"--drive", "A=" + (folder / "a.img"), "--wait=status", "--snap=-", "--wait=never",
                                 "--wait-limit=1000000s", "--clock=host"}));
    ASSERT_TRUE(first.read_until("status"));
    const auto second = boot("a.img");
    EXPECT_EQ(second.status, 125);
    EXPECT_EQ(second.errors, "dyn86: " + (folder / "a.img") + ": in use by another dyn86\n");
}

TEST_F(CliDisks, KilledRunsLoseNothingThatWasWritten) {
    for (const char* overlay : {"", ",overlay"}) {
        Process run(dyn86_command({"--drive", "A=" + (folder / "a.img") + overlay, "--wait=status", "--snap=-",
                                   "--wait=never", "--wait-limit=1000000s", "--clock=host"}));
        ASSERT_TRUE(run.read_until("status"));
        ::kill(run.pid(), SIGKILL);
        EXPECT_EQ(run.wait(), 128 + SIGKILL);
        EXPECT_EQ(count(), 1);
    }
    EXPECT_NE(boot("a.img,overlay").output.find("Start 3"), std::string::npos);
}

TEST_F(CliDisks, AHostDiskThatIsFullDuringACommitLosesNothing) {
    std::string large = counting_floppy();
    large.resize(1'474'560, '\0');  // more than the guest's memory, which is a file, too
    folder.write("a.img", large);
    EXPECT_NE(boot("a.img,overlay").output.find("Start 1"), std::string::npos);
    const auto full = run_command({"sh", "-c", "ulimit -f 2400; trap '' XFSZ; exec \"$@\"", "sh", DYN86_BINARY,
                                   "--drive", "A=" + (folder / "a.img,overlay"), "--commit", "--until-text=, status "});
    EXPECT_EQ(full.status, 125);
    EXPECT_EQ(full.errors.find("dyn86: " + (folder / "a.img")), 0u) << full.errors;
    EXPECT_EQ(std::count(full.errors.begin(), full.errors.end(), '\n'), 1);
    EXPECT_EQ(count(), 0);
    const std::filesystem::directory_iterator files(folder / "");
    EXPECT_EQ(std::distance(begin(files), end(files)), 2);  // nothing half done stays
    EXPECT_NE(boot("a.img,overlay", {"--commit"}).output.find("Start 3"), std::string::npos);
    EXPECT_EQ(count(), 3);
}

TEST_F(CliDisks, BothEnginesLeaveEqualDisksAndClocks) {
    const auto once = [&](const char* engine) {
        folder.write("a.img", counting_floppy());
        const auto run = boot("a.img", {engine, "--date=fixed:1990-01-02T03:04:05", "--status-file", folder / "s.json",
                                        "--dump-memory", "0,1048576," + (folder / "m.bin")});
        return run.output + folder.read("s.json") + folder.read("m.bin") + folder.read("a.img");
    };
    EXPECT_EQ(once("--engine=jit"), once("--engine=interpreter"));
}

TEST_F(CliDisks, FoldersAreHardDisksOfABootedSystem) {
    std::filesystem::create_directory(folder / "dir");
    folder.write("dir/hello.txt", "text");
    const auto run = boot("a.img", {"--drive", "C=" + (folder / "dir"), "--dump-memory", "475,1," + (folder / "n")});
    EXPECT_EQ(run.status, 0) << run.errors;
    EXPECT_EQ(folder.read("n"), "\x01");
    EXPECT_EQ(folder.read("dir/hello.txt"), "text");
}

TEST_F(CliDisks, TheBootImageComesBeforeOtherDisks) {
    std::string other = counting_floppy();
    other.resize(4 * 17 * 306 * 512, '\0');
    folder.write("c.img", other);
    const auto run = boot("a.img", {"--boot", folder / "c.img"});
    EXPECT_EQ(run.status, 0) << run.errors;
    EXPECT_EQ(folder.read("c.img")[512], 1);
    EXPECT_EQ(count(), 0);
    EXPECT_EQ(boot("a.img", {"--boot", folder / "a.img"}).status, 2);
}

TEST_F(CliDisks, BadImagesAre126AndMissingOnes127) {
    folder.write("empty.img", "");
    folder.write("odd.img", std::string(1000, 'x'));
    folder.write("large.img", std::string(3'000'320, 'x'));
    folder.write("unsigned.img", std::string(floppy_size, 'x'));
    folder.write("bad.imd", "IMD 1.18\x1A\x05");
    for (const char* name : {"empty.img", "odd.img", "large.img", "bad.imd"}) {
        const auto run = boot(name);
        EXPECT_EQ(run.status, 126) << name;
        EXPECT_EQ(run.errors.find("dyn86: " + (folder / name) + ": "), 0u) << run.errors;
        EXPECT_EQ(std::count(run.errors.begin(), run.errors.end(), '\n'), 1);
    }
    EXPECT_EQ(dyn86({"--boot", folder / "unsigned.img"}).status, 126);
    EXPECT_EQ(boot("none.img").status, 127);
    EXPECT_EQ(boot("a.img,chs=1000:16:63").status, 126);
}

class CliRoms : public testing::Test {
protected:
    static std::string bios() { return std::string(DYN86_GUESTS) + "/BIOS.BIN"; }
    Folder folder;
};

TEST_F(CliRoms, AForeignBiosHasTheMachineForItself) {
    const auto run =
        dyn86({"--bios", bios(), "--until-text=A foreign BIOS.", "--dump-memory", "400,256," + (folder / "m")});
    EXPECT_EQ(run.status, 0) << run.errors;
    EXPECT_EQ(folder.read("m"), std::string(256, '\0'));
    EXPECT_EQ(dyn86({"--bios", bios(), guest("HELLO")}).status, 2);
}

TEST_F(CliRoms, AForeignBiosReachesTheDisksThroughTheirControllers) {
    const auto once = [&](const char* engine) {
        folder.write("a.img", "F" + std::string(floppy_size - 1, 'x'));
        folder.write("c.img", "HD" + std::string(10'653'696 - 2, 'x'));
        const auto run =
            dyn86({engine, "--bios", std::string(DYN86_GUESTS) + "/BIOS_DISKS.BIN", "--date=fixed:1990-01-02",
                   "--drive", "A=" + (folder / "a.img"), "--drive", "C=" + (folder / "c.img,ro"), "--until-text= done",
                   "--dump-screen=-", "--status-file", folder / "s.json"});
        EXPECT_EQ(run.output.substr(0, 9), "FHD done\n") << run.errors;
        EXPECT_EQ(folder.read("a.img").substr(511, 3), "xFx");  // the first sector, written as the second
        return run.output + folder.read("s.json");
    };
    EXPECT_EQ(once("--engine=jit"), once("--engine=interpreter"));
}

TEST_F(CliRoms, OptionRomsAreThere) {
    folder.write("rom", std::string(2048, 'R'));
    const auto run = dyn86(
        {"--rom", "D0000=" + (folder / "rom"), "--until-text=No disk", "--dump-memory", "D07FF,2," + (folder / "m")});
    EXPECT_EQ(run.status, 0) << run.errors;
    EXPECT_EQ(folder.read("m"), "R\xFF");
}

TEST_F(CliRoms, WhatIsNoRomOrDoesNotFitIsRefusedByName) {
    folder.write("odd", std::string(8191, 'R'));
    folder.write("small", std::string(4096, 'R'));
    folder.write("large", std::string(131'072, 'R'));
    folder.write("rom", std::string(8192, 'R'));
    const auto refuses = [&](const Arguments& arguments, const std::string& name, int status = 126) {
        const auto run = dyn86(arguments);
        EXPECT_EQ(run.status, status) << name;
        EXPECT_EQ(run.errors.find("dyn86: " + (folder / name) + ": "), 0u) << run.errors;
        EXPECT_EQ(std::count(run.errors.begin(), run.errors.end(), '\n'), 1);
    };
    for (const char* name : {"odd", "small", "large"}) refuses({"--bios", folder / name}, name);
    refuses({"--bios", folder / "none"}, "none", 127);
    refuses({"--rom", "C8000=" + (folder / "odd")}, "odd");
    for (const char* at : {"90000", "B8000", "F0000", "FF000"})
        refuses({"--rom", std::string(at) + "=" + (folder / "rom")}, "rom");
    refuses({"--rom", "C8000=" + (folder / "rom"), "--rom", "C9000=" + (folder / "rom")}, "rom");
    EXPECT_EQ(dyn86({"--rom", "C8000"}).status, 2);
}

}  // namespace
}  // namespace dyn86::cli
