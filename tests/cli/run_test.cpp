// What a run does: streams, arguments, keys, dumps, engines. [COMMAND_LINE.md]
#include "tests/cli/process.h"

namespace dyn86::cli {
namespace {

TEST(CliRun, StandardStreamsAreTheHandles) {
    const auto run = dyn86({guest("ECHO")}, "abc\nx\n");
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.output, "ABC\nX\n");
    EXPECT_EQ(run.errors, "end of input\r\n");
}

TEST(CliRun, InputThatIsStillToComeIsWaitedFor) {
    Process process(dyn86_command({guest("ECHO")}));
    process.write("one");
    EXPECT_TRUE(process.read_until("ONE"));
    process.write(" two");
    EXPECT_TRUE(process.read_until("TWO"));
    process.close_input();
    process.read_all();
    EXPECT_EQ(process.wait(), 0);
}

TEST(CliRun, AReaderThatGoesAwayIsABrokenPipe) {
    const std::string command =
        std::string("yes | ") + DYN86_BINARY + " --timeout=60s " + guest("ECHO") + " | head -c 3";
    const auto run = run_command({"bash", "-c", command + "; exit ${PIPESTATUS[1]}"});
    EXPECT_EQ(run.status, 141) << run.errors;
    EXPECT_EQ(run.output, "Y\nY");
    EXPECT_EQ(run.errors, "");
}

TEST(CliRun, ArgumentsReachTheProgramVerbatim) {
    EXPECT_EQ(dyn86({guest("TAIL"), "--stats", "-h", "a  b"}).output, "[ --stats -h a  b]");
    EXPECT_EQ(dyn86({"--", guest("TAIL")}).output, "[]");
    EXPECT_EQ(dyn86({guest("TAIL"), "Größe"}).output,
              "[ Gr\x94\xE1"
              "e]");
    EXPECT_EQ(dyn86({guest("TAIL"), std::string(125, 'x')}).output, "[ " + std::string(125, 'x') + "]");
    EXPECT_EQ(dyn86({guest("TAIL"), std::string(126, 'x')}).status, 2);
}

TEST(CliRun, FindsProgramsWithoutRegardToCaseOrSuffix) {
    std::string name = guest("HELLO");
    name.resize(name.size() - 4);
    EXPECT_EQ(dyn86({name}).status, 42);
    name.replace(name.size() - 5, 5, "hello");
    EXPECT_EQ(dyn86({name}).status, 42);
}

TEST(CliRun, OutputIsOnTheScreenToo) {
    const auto run = dyn86({"--dump-screen=-", guest("HELLO")});
    EXPECT_EQ(run.output.substr(0, 29), "Hello, world!\r\nHello, world!\n");
}

TEST(CliRun, TypedKeysArriveInOrder) {
    const auto run =
        dyn86({"--wait=Ready", "--type=aB\\r<F10><Up><Alt+X>ß", "--press=Ctrl+C", "--type=<Esc>", guest("KEYS")});
    EXPECT_EQ(run.status, 7);
    EXPECT_EQ(run.output, "Ready\r\n1E61 3042 1C0D 4400 4800 2D00 00E1 2E03 011B ");
}

TEST(CliRun, SnapsShowTheMoment) {
    const Folder folder;
    const auto run = dyn86({"--wait=Ready", "--type=a", "--snap", folder / "one.txt", "--type=b", "--snap",
                            folder / "two.txt", "--quit", guest("KEYS")});
    EXPECT_EQ(run.status, 0);
    EXPECT_NE(folder.read("one.txt").find("1E61"), std::string::npos);
    EXPECT_EQ(folder.read("one.txt").find("3062"), std::string::npos);
    EXPECT_NE(folder.read("two.txt").find("3062"), std::string::npos);
}

TEST(CliRun, ScriptsAreStepsFromAFile) {
    const Folder folder;
    folder.write("s", "# looks twice\nwait Ready\ntype a\nsnap " + (folder / "one.txt") + "\n");
    folder.write("bad", "wait Ready\njump 3\n");
    const auto run =
        dyn86({"--script", folder / "s", "--type=b<wait 10ms>", "--snap", folder / "two.txt", "--quit", guest("KEYS")});
    EXPECT_EQ(run.status, 0) << run.errors;
    EXPECT_EQ(folder.read("one.txt").find("3062"), std::string::npos);
    EXPECT_NE(folder.read("two.txt").find("1E61 3062"), std::string::npos);
    const auto bad = dyn86({"--script", folder / "bad", guest("KEYS")});
    EXPECT_EQ(bad.status, 2);
    EXPECT_EQ(bad.errors, "dyn86: " + (folder / "bad") + ":2: jump: no such step\n");
}

TEST(CliRun, LinesSayWhatChanges) {
    const auto run = dyn86({"--display=lines", "--wait=Ready", "--type=ab<wait 1s><Esc>", guest("KEYS")});
    EXPECT_EQ(run.status, 7) << run.errors;
    EXPECT_EQ(run.output, "Ready\n1E61 3062\n011B\n");
}

TEST(CliRun, CodePagesAreSeenAndTyped) {
    const Folder folder;
    const auto run =
        dyn86({"--codepage=852", "--type=echo kůň\\r", "--wait=kůň", "--dump-screen=-", "--quit", folder / ""});
    EXPECT_EQ(run.status, 0) << run.errors;
    EXPECT_NE(run.output.find("\nkůň\n"), std::string::npos) << run.output;
}

TEST(CliRun, DumpsInEveryFormat) {
    const Folder folder;
    Arguments arguments;
    for (const char* name : {"s.txt", "s.ans", "s.json", "s.bin", "s.png"})
        arguments.push_back("--dump-screen=" + (folder / name));
    arguments.push_back("--dump-memory=B8000,4000," + (folder / "m.bin"));
    arguments.push_back("--dump-memory=0040:0049,1," + (folder / "mode.bin"));
    arguments.push_back(guest("HELLO"));
    EXPECT_EQ(dyn86(arguments).status, 42);
    EXPECT_TRUE(folder.read("s.txt").starts_with("Hello, world!\n"));
    EXPECT_NE(folder.read("s.ans").find("Hello, world!"), std::string::npos);
    EXPECT_NE(folder.read("s.json").find("\"Hello, world!\""), std::string::npos);
    EXPECT_EQ(folder.read("s.bin").size(), 4'000u);
    EXPECT_EQ(folder.read("s.bin"), folder.read("m.bin"));
    EXPECT_TRUE(folder.read("s.png").starts_with("\x89PNG"));
    EXPECT_EQ(folder.read("mode.bin"), "\x03");
}

TEST(CliRun, BootSectorsBoot) {
    const Folder folder;
    const std::string sector = boot_sector(folder);
    const auto run = dyn86({"--until-text=Booted.", "--dump-screen=-", sector});
    EXPECT_EQ(run.status, 0) << run.errors;
    EXPECT_NE(run.output.find("Booted."), std::string::npos);
    EXPECT_EQ(dyn86({"--boot", sector, "--until-text=Booted."}).status, 0);
}

TEST(CliRun, APcSaysSoAndReadsItsOwnSwitches) {
    const Folder folder;
    const std::string sector = boot_sector(folder);
    const auto look = [&](const char* machine) {
        const auto run = dyn86({machine, "--until-text=Booted.", "--dump-memory", "FFFFE,1," + (folder / "model"),
                                "--dump-memory", "410,2," + (folder / "equipment"), sector});
        EXPECT_EQ(run.status, 0) << run.errors;
        return folder.read("model") + folder.read("equipment");
    };
    // One drive, 80 columns of colour, all memory on the board; and POST has found the game port. [IBM PC, "System
    // board switch settings"; IBM XT BIOS, "EQUIP_FLAG"]
    const std::string equipment("\x2D\x10");
    EXPECT_EQ(look("--machine=xt"), "\xFE" + equipment);
    EXPECT_EQ(look("--machine=pc"), "\xFF" + equipment);
}

TEST(CliRun, TheDemoRunsWithoutAnArgument) {
    const auto run = dyn86({"--wait=Esc", "--type=2", "--wait=INT 1Ah", "--type=3", "--wait=96 x 64", "--type=<Esc>"});
    EXPECT_EQ(run.status, 0) << run.errors;
}

TEST(CliRun, HeadlessRunsAreRepeatable) {
    const Folder folder;
    const auto once = [&](const char* engine) {
        (void)dyn86({engine, "--date=fixed:1990-01-02T03:04:05", "--status-file", folder / "s.json", "--wait=Ready",
                     "--type=hello<wait 500ms><Esc>", "--dump-memory", "0,1048576," + (folder / "m.bin"),
                     guest("KEYS")});
        const std::string status = folder.read("s.json");
        return std::pair(status, std::hash<std::string>{}(folder.read("m.bin")));
    };
    const auto first = once("--engine=jit");
    EXPECT_EQ(once("--engine=jit"), first);
    EXPECT_EQ(once("--engine=interpreter"), first);
}

TEST(CliRun, StatsTellOfTheEngine) {
    const std::string interpreter = dyn86({"--stats", "--engine=interpreter", guest("HELLO")}).errors;
    EXPECT_NE(interpreter.find("dyn86: engine interpreter\n"), std::string::npos);
    EXPECT_EQ(interpreter.find("translat"), std::string::npos) << interpreter;
    const std::string jit =
        dyn86({"--stats", "--host-features=-bmi2,-logic-a,-shift-a,-popcnt", guest("TURNS")}).errors;
    for (const char* part : {"dyn86: engine jit\n", "dyn86: blocks translated ", "dyn86: translation took 0.",
                             "dyn86: left translated code: ", "unlinked jump ",
                             "dyn86: handed to the interpreter: ", "dyn86: host features: none\n"})
        EXPECT_NE(jit.find(part), std::string::npos) << part << " not in\n" << jit;
}

TEST(CliRun, NothingIsWritableAndExecutableAndNoHeavyLibraryIsLoaded) {
    Process process(dyn86_command({guest("ECHO")}));
    process.write("x");
    ASSERT_TRUE(process.read_until("X"));
    std::ifstream maps("/proc/" + std::to_string(process.pid()) + "/maps");
    std::size_t lines = 0, executable = 0;
    for (std::string line; std::getline(maps, line); ++lines) {
        const std::string rights = line.substr(line.find(' ') + 1, 4);
        EXPECT_FALSE(rights[1] == 'w' && rights[2] == 'x') << line;
        if (rights[2] == 'x') ++executable;
        for (const char* library : {"SDL", "X11", "libpng", "Zydis"})
            EXPECT_EQ(line.find(library), std::string::npos) << line;
#ifndef __SANITIZE_ADDRESS__  // whose runtime loads it
        EXPECT_EQ(line.find("libstdc++"), std::string::npos) << line;
#endif
    }
    EXPECT_GT(lines, 10u);
    EXPECT_GT(executable, 1u);
    process.close_input();
    process.read_all();
    EXPECT_EQ(process.wait(), 0);
}

TEST(CliRun, ClosedStreamsStayClosed) {
    // Were 0 free, guest memory would get it, and the program read itself.
    const auto run =
        run_command({"bash", "-c", std::string("exec ") + DYN86_BINARY + " " + guest("ECHO") + " <&- 2>&-"});
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.output, "");
    const auto none =
        run_command({"bash", "-c", std::string("exec ") + DYN86_BINARY + " " + guest("HELLO") + " <&- >&- 2>&-"});
    EXPECT_EQ(none.status, 42);
}

TEST(CliRun, CodePagesSpellArguments) {
    EXPECT_EQ(dyn86({"--codepage=852", guest("TAIL"), "ř"}).output, "[ \xFD]");
    EXPECT_EQ(dyn86({"--codepage=866", guest("TAIL"), "Да"}).output, "[ \x84\xA0]");
    EXPECT_EQ(dyn86({guest("TAIL"), "Да"}).status, 2);
    EXPECT_EQ(dyn86({"--codepage=1000", guest("TAIL")}).status, 2);
}

}  // namespace
}  // namespace dyn86::cli
