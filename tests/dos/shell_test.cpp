// COMMAND.COM as programs and users meet it: internal commands, pipes, batch files, EXEC, ^C.
#include "tests/dos/support/dos_machine.h"

#include <filesystem>

namespace dyn86::test {
namespace {

class Shell : public DosTest {
protected:
    /// Executes commands like -c, without a console.
    Ran commands(std::vector<std::string> list, const std::string& input = "") const {
        return run({.commands = std::move(list), .input = input});
    }
    /// What they print; messages of errors behind it.
    std::string shown(std::vector<std::string> list, const std::string& input = "") const {
        const Ran ran = commands(std::move(list), input);
        EXPECT_TRUE(ran.ended) << ran.error.message << ran.out;
        return ran.out + ran.err;
    }
    /// A batch file's output, with ECHO off.
    std::string batch(const std::string& text, const std::string& tail = "") {
        write_file("test.bat", "@echo off\r\n" + text);
        const Ran ran = run({.program = "TEST.BAT", .tail = tail});
        EXPECT_TRUE(ran.ended) << ran.error.message << ran.out;
        return ran.out + ran.err;
    }
    [[nodiscard]] bool exists(const std::string& name) const { return std::filesystem::exists(folder() / name); }
};
INSTANTIATE_TEST_SUITE_P(Engines, Shell, testing::ValuesIn(engines()), name_of);

// --- lines

TEST_P(Shell, CommandsRunInOrderAndTheLastErrorlevelIsTheRuns) {
    install("exits.com");
    EXPECT_EQ(shown({"echo one", "ECHO two  "}), "one\r\ntwo  \r\n");
    EXPECT_EQ(commands({"exits 3", "echo x"}).errorlevel, 3);
    EXPECT_EQ(commands({"exits 3", "exits 0"}).errorlevel, 0);
    EXPECT_EQ(commands({"exits 3", "exit", "exits 0"}).errorlevel, 3);
}

TEST_P(Shell, WhatIsNotThereIsABadCommand) {
    const Ran ran = commands({"nosuch"});
    EXPECT_EQ(ran.err, "Bad command or file name\r\n");
    EXPECT_EQ(ran.errorlevel, 1);
    write_file("plain.txt", "x");
    write_file("bad.exe", "MZ");
    EXPECT_EQ(shown({"plain.txt"}), "Bad command or file name\r\n");
    EXPECT_EQ(shown({"bad"}), "Error in EXE file\r\n");
    EXPECT_EQ(shown({"q:"}), "Invalid drive specification\r\n");
}

TEST_P(Shell, RedirectionsAndPipes) {
    EXPECT_EQ(shown({"echo one>a.txt", "echo two >> a.txt", "type a.txt"}), "one\r\ntwo \r\n");
    EXPECT_EQ(read_file("a.txt"), "one\r\ntwo \r\n");
    EXPECT_EQ(shown({"more < a.txt"}), "one\r\ntwo \r\n");
    EXPECT_EQ(shown({"type a.txt | more | more > b.txt", "type b.txt"}), "one\r\ntwo \r\n");
    EXPECT_EQ(shown({"more < none.txt", "echo on"}), "File not found\r\n");
    EXPECT_EQ(shown({"echo x >", "echo y | "}), "Syntax error\r\nSyntax error\r\n");
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder())) files += entry.is_regular_file();
    EXPECT_EQ(files, 2u) << "temporary files are gone";
}

TEST_P(Shell, PipesEndInWhatSaysNothing) {
    for (const char* const end : {"@", "rem nobody reads this", ":label", "@rem"})
        EXPECT_EQ(shown({std::string("echo lost | ") + end, "echo done"}), "done\r\n") << end;
    EXPECT_EQ(shown({"echo lost | for %a in (x y) do echo %a", "echo done"}), "x\r\ny\r\ndone\r\n");
    EXPECT_EQ(shown({"echo lost | more >", "echo done"}), "done\r\nSyntax error\r\n");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder()), {}), 0);  // no pipe's file is left
}

TEST_P(Shell, ProgramsGetTheirTailFcbsAndRedirectedHandles) {
    install("exits.com");
    install("tail.com");
    EXPECT_EQ(shown({"tail  a /b>out.txt", "type out.txt"}), "[  a /b]A       ");
    EXPECT_EQ(shown({"tail/x"}), "[/x]        ");
    write_file("run.bat", "exits %1\r\n");
    EXPECT_EQ(commands({"run 7"}).errorlevel, 7);
    EXPECT_EQ(commands({"tail " + std::string(126, 'x')}).err, "Command line too long\r\n");
}

TEST_P(Shell, ScriptsAtThePromptEndAtTheEndOfInput) {
    install("exits.com");
    const Ran ran = run({.shell = true, .input = "echo hi\nexits 4\n"});
    EXPECT_TRUE(ran.ended);
    EXPECT_EQ(ran.errorlevel, 4);
    EXPECT_EQ(ran.out, "\r\nC:\\>echo hi\r\nhi\r\n\r\nC:\\>exits 4\r\n\r\nC:\\>");
    EXPECT_EQ(run({.shell = true, .input = "exit\r\necho no\r\n"}).input_left, "echo no\r\n");
}

TEST_P(Shell, KeysAtThePromptWork) {
    const Ran ran = run({.shell = true,
                         .keys = {0x1265, 0x2E63, 0x2368, 0x186F, 0x3920, 0x2D78, 0x0E08, 0x1579, 0x1C0D,  // echo xBSy
                                  0x3D00, 0x1C0D,                                                          // F3
                                  0x1265, 0x2D78, 0x1769, 0x1474, 0x1C0D},                                 // exit
                         .console = true});
    EXPECT_TRUE(ran.ended) << ran.screen;
    EXPECT_EQ(ran.screen, "\r\nC:\\>echo x\b \by\r\ny\r\n\r\nC:\\>echo y\r\ny\r\n\r\nC:\\>exit\r\n");
}

// --- files and folders

TEST_P(Shell, FoldersAreMadeEnteredAndRemoved) {
    EXPECT_EQ(shown({"md sub", "cd sub", "cd", "cd..", "cd", "md sub", "rd sub", "rd sub", "cd nowhere"}),
              "C:\\SUB\r\nC:\\\r\nDirectory already exists\r\n"
              "Invalid path, not directory,\r\nor directory not empty\r\nInvalid directory\r\n");
    EXPECT_FALSE(exists("sub"));
    EXPECT_EQ(shown({"mkdir a", "mkdir a\\b", "chdir a\\b", "cd \\", "cd", "rmdir a\\b"}), "C:\\\r\n");
    EXPECT_EQ(shown({"md"}), "Required parameter missing\r\n");
}

TEST_P(Shell, CopyCopiesJoinsAndKeepsDates) {
    write_file("a.txt", "first");
    write_file("b.txt", "second\x1Ajunk");
    EXPECT_EQ(shown({"copy a.txt c.txt"}), "        1 file(s) copied\r\n");
    EXPECT_EQ(read_file("c.txt"), "first");
    using std::filesystem::last_write_time;
    EXPECT_LE(last_write_time(folder() / "c.txt"), last_write_time(folder() / "a.txt"));
    EXPECT_EQ(shown({"copy a.txt+b.txt d.txt"}), "a.txt\r\nb.txt\r\n        1 file(s) copied\r\n");
    EXPECT_EQ(read_file("d.txt"), "firstsecond\x1A");
    EXPECT_EQ(shown({"copy /b a.txt+b.txt d.txt"}), "a.txt\r\nb.txt\r\n        1 file(s) copied\r\n");
    EXPECT_EQ(read_file("d.txt"), "firstsecond\x1Ajunk");
    EXPECT_EQ(shown({"copy a.txt+c.txt"}), "c.txt\r\n        1 file(s) copied\r\n");
    EXPECT_EQ(read_file("a.txt"), "firstfirst\x1A");
    EXPECT_EQ(shown({"md sub", "copy *.txt sub"}), "A.TXT\r\nB.TXT\r\nC.TXT\r\nD.TXT\r\n        4 file(s) copied\r\n");
    EXPECT_EQ(read_file("sub/c.txt"), "first");
    EXPECT_EQ(shown({"copy c.txt *.bak", "copy c.txt c.txt"}),
              "        1 file(s) copied\r\n        0 file(s) copied\r\nFile cannot be copied onto itself\r\n");
    EXPECT_TRUE(exists("c.bak"));
    EXPECT_EQ(shown({"copy none.txt x"}), "        0 file(s) copied\r\nFile not found - NONE.TXT\r\n");
    EXPECT_FALSE(exists("x"));
    EXPECT_EQ(commands({"copy c.txt con"}).screen, "first        1 file(s) copied\r\n");
}

TEST_P(Shell, CopyWithTwoCommasSetsTheDate) {
    write_file("a.txt", "unchanged");
    const Ran ran = run({.commands = {"COPY A.TXT+,,", "DIR A.TXT"}});  // on 1993-01-01
    EXPECT_NE(ran.out.find("1 file(s) copied"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("1-01-93"), std::string::npos) << ran.out;
    EXPECT_EQ(read_file("a.txt"), "unchanged");
    EXPECT_NE(run({.commands = {"COPY NONE.TXT+,,"}}).err.find("NONE.TXT"), std::string::npos);
}

TEST_P(Shell, CopyMovesLargeFilesWhole) {
    std::string content;
    for (int i = 0; content.size() < 200'000; ++i) content += std::to_string(i) + "\r\n";
    write_file("big.dat", content);
    EXPECT_EQ(shown({"copy big.dat copy.dat"}), "        1 file(s) copied\r\n");
    EXPECT_EQ(read_file("copy.dat"), content);
}

TEST_P(Shell, DelAsksBeforeItDeletesAll) {
    write_file("a.txt", "");
    write_file("b.txt", "");
    write_file("c.doc", "");
    EXPECT_EQ(shown({"del none.*"}), "File not found\r\n");
    EXPECT_EQ(shown({"del *.txt"}), "");
    EXPECT_FALSE(exists("a.txt") || exists("b.txt"));
    EXPECT_EQ(shown({"erase *.*"}, "n"), "All files in directory will be deleted!\r\nAre you sure (Y/N)?n\r\n");
    EXPECT_TRUE(exists("c.doc"));
    EXPECT_EQ(shown({"del c.doc /p"}, "y"), "C.DOC,    Delete (Y/N)?y\r\n");
    EXPECT_FALSE(exists("c.doc"));
}

TEST_P(Shell, RenRenamesByWildcards) {
    write_file("a.txt", "1");
    write_file("b.txt", "2");
    EXPECT_EQ(shown({"ren *.txt *.doc", "rename a.doc z.*"}), "");
    EXPECT_EQ(read_file("z.doc") + read_file("b.doc"), "12");
    EXPECT_EQ(shown({"ren z.doc b.doc"}), "Duplicate file name or file not found\r\n");
    EXPECT_EQ(shown({"ren z.doc c:\\x"}), "Invalid path or file name\r\n");
}

TEST_P(Shell, TypeStopsAtTheEndOfText) {
    write_file("a.txt", "text\x1Ajunk");
    EXPECT_EQ(shown({"type a.txt", "type none.txt"}), "textFile not found - NONE.TXT\r\n");
}

TEST_P(Shell, DirListsAndCounts) {
    write_file("one.txt", "1234");
    write_file("two.c", "12");
    std::filesystem::create_directory(folder() / "sub");
    write_file("sub/three.txt", "123");
    const std::string listing = shown({"dir"});
    EXPECT_TRUE(listing.starts_with("\r\n Volume in drive C is TESTDISK\r\n")) << listing;
    EXPECT_NE(listing.find("\r\n Directory of C:\\\r\n\r\n"), std::string::npos) << listing;
    EXPECT_NE(listing.find("\r\nONE      TXT         4 "), std::string::npos) << listing;
    EXPECT_NE(listing.find("\r\nSUB          <DIR>     "), std::string::npos) << listing;
    EXPECT_NE(listing.find("\r\n        3 file(s)          6 bytes\r\n"), std::string::npos) << listing;
    EXPECT_TRUE(listing.ends_with(" bytes free\r\n")) << listing;
    EXPECT_EQ(shown({"dir /b/o:n"}), "ONE.TXT\r\nSUB\r\nTWO.C\r\n");
    EXPECT_EQ(shown({"dir /b/a:d", "dir/b/a-d/o-s/l"}), "SUB\r\none.txt\r\ntwo.c\r\n");
    EXPECT_EQ(shown({"dir /s/b *.txt"}), "C:\\ONE.TXT\r\nC:\\SUB\\THREE.TXT\r\n");
    EXPECT_EQ(shown({"dir /b sub"}), "THREE.TXT\r\n");
    EXPECT_NE(shown({"dir /w"}).find("ONE.TXT         "), std::string::npos);
    EXPECT_NE(shown({"dir none"}).find("File not found\r\n"), std::string::npos);
    EXPECT_EQ(shown({"set dircmd=/b/on", "dir"}), "ONE.TXT\r\nSUB\r\nTWO.C\r\n");
    EXPECT_EQ(shown({"dir /x"}), "Invalid switch - /X\r\n");
}

// --- settings

TEST_P(Shell, TheEnvironmentIsSetAndInherited) {
    EXPECT_EQ(shown({"set Name=a b", "set name", "echo %NAME%"}), "a b\r\nSyntax error\r\n");
    EXPECT_NE(shown({"set X=1", "set"}).find("\r\nX=1\r\n"), std::string::npos);
    EXPECT_EQ(shown({"path c:\\a;c:\\b", "path", "path ;", "path"}), "PATH=C:\\A;C:\\B\r\nNo Path\r\n");
    EXPECT_EQ(shown({"set X=1", "command /c set"}).find("X=1\r\n") == std::string::npos, false);
    EXPECT_EQ(shown({"set BIG=" + std::string(600, 'x')}), "Out of environment space\r\n");
}

TEST_P(Shell, SwitchesShowWhatTheyAre) {
    EXPECT_EQ(shown({"verify on", "verify", "verify off", "verify", "break", "break on", "break", "verify x"}),
              "VERIFY is on\r\nVERIFY is off\r\nBREAK is off\r\nBREAK is on\r\nMust specify ON or OFF\r\n");
    EXPECT_EQ(shown({"echo", "echo.", "echo off", "echo"}), "ECHO is on\r\n\r\nECHO is off\r\n");
    EXPECT_EQ(shown({"ver"}), "\r\ndyn86 DOS Version 5.00\r\n\r\n");
    EXPECT_EQ(shown({"ctty nothing"}), "Invalid device\r\n");
    EXPECT_TRUE(shown({"vol"}).starts_with("\r\n Volume in drive C is TESTDISK\r\n"));
}

TEST_P(Shell, DateAndTimeAreShownAndSet) {
    EXPECT_EQ(shown({"date 2-29-1996", "date"}, "\r\n"),
              "Current date is Thu 02-29-1996\r\nEnter new date (mm-dd-yy): \r\n");
    EXPECT_EQ(shown({"date 2-30-96"}), "\r\nInvalid date\r\n");
    EXPECT_TRUE(shown({"time 3:04p", "time"}, "\r\n").starts_with("Current time is  3:04:00.0")) << "a fresh minute";
    EXPECT_EQ(shown({"time 25:00"}), "\r\nInvalid time\r\n");
}

TEST_P(Shell, ThePromptShowsWhatItIsTold) {
    const Ran ran = run({.shell = true, .input = "prompt $n$_$l$p$g$$$q$b\nexit\n"});
    EXPECT_TRUE(ran.out.ends_with("\r\nC\r\n<C:\\>$=|exit\r\n")) << ran.out;
}

// --- batch files

TEST_P(Shell, BatchFilesTakeArgumentsAndBranch) {
    EXPECT_EQ(batch("echo %0 %1 %2 %3\r\nshift\r\necho %0 %1\r\n", "a b"), "C:\\TEST.BAT a b \r\na b\r\n");
    EXPECT_EQ(batch("goto there\r\necho no\r\n:there stays\r\necho yes\r\n:end\n"), "yes\r\n");
    EXPECT_EQ(batch("goto nowhere\r\necho no\r\n"), "Label not found\r\n");
    EXPECT_EQ(batch("if \"%1\"==\"a\" echo eq\r\nif not \"%1\"==\"b\" echo ne\r\nif a == b echo no\r\n", "a"),
              "eq\r\nne\r\n");
    EXPECT_EQ(batch("if exist test.bat if not exist none echo both\r\nif exist none echo no>made.txt\r\n"), "both\r\n");
    EXPECT_FALSE(exists("made.txt"));
    EXPECT_EQ(batch("rem echo no\r\n\r\n:label\r\necho end"), "end\r\n");
    EXPECT_EQ(batch("if x echo no\r\n"), "Syntax error\r\n");
}

TEST_P(Shell, BatchFilesTestErrorlevels) {
    install("exits.com");
    EXPECT_EQ(
        batch("exits 4\r\nif errorlevel 5 echo five\r\nif errorlevel 4 echo four\r\nif not errorlevel 5 echo less\r\n"),
        "four\r\nless\r\n");
}

TEST_P(Shell, BatchFilesCallAndReplaceEachOther) {
    write_file("inner.bat", "@echo inner %1\r\n");
    write_file("quiet.bat", "echo quiet\r\n");
    EXPECT_EQ(batch("call inner x\r\necho back\r\n"), "inner x\r\nback\r\n");
    EXPECT_EQ(batch("quiet\r\necho never\r\n"), "quiet\r\n");
    EXPECT_EQ(shown({"quiet", "echo back"}), "\r\nC:\\>echo quiet\r\nquiet\r\nback\r\n");
}

TEST_P(Shell, ForRunsItsCommandForEach) {
    write_file("a.c", "");
    write_file("b.c", "");
    write_file("inner.bat", "@echo [%1]\r\n");
    EXPECT_EQ(batch("for %%f in (x *.c y) do echo %%f\r\necho end\r\n"), "x\r\nA.C\r\nB.C\r\ny\r\nend\r\n");
    EXPECT_EQ(shown({"for %f in (1 2) do call inner %f", "echo end"}), "[1]\r\n[2]\r\nend\r\n");
    EXPECT_EQ(batch("for %%f in (1 2) do for %%g in (3) do echo x\r\n"), "FOR cannot be nested\r\n");
    EXPECT_EQ(batch("for %%f in 1 do echo\r\n"), "Syntax error\r\n");
    EXPECT_EQ(batch("for %%f in (1 2) do echo %%f>>out.txt\r\ntype out.txt\r\n"), "1\r\n2\r\n");
}

TEST_P(Shell, EchoShowsLinesAsTheyAreExecuted) {
    write_file("shows.bat", "echo a\r\n@echo b\r\necho off\r\necho c\r\n");
    EXPECT_EQ(run({.program = "SHOWS.BAT"}).out, "\r\nC:\\>echo a\r\na\r\nb\r\n\r\nC:\\>echo off\r\nc\r\n");
}

TEST_P(Shell, PauseWaitsForAKey) {
    const Ran ran = commands({"pause", "more"}, "x rest");
    EXPECT_EQ(ran.out, "Press any key to continue . . .\r\n rest");
}

TEST_P(Shell, ABatchFileThatIsGoneIsMissed) {
    EXPECT_EQ(batch("del test.bat\r\necho no\r\n"), "Batch file missing\r\n");
}

// --- processes

TEST_P(Shell, ProgramsFindItByComspec) {
    install("shells.com");
    EXPECT_EQ(run({.program = "SHELLS.COM", .tail = "/c echo hello"}).out, "hello\r\n");
    install("exits.com");
    EXPECT_EQ(run({.program = "SHELLS.COM", .tail = "/C exits 9"}).errorlevel, 9);
    EXPECT_EQ(shown({"if exist %comspec% echo there", "dir /b z:"}), "there\r\nCOMMAND.COM\r\n");
    EXPECT_EQ(shown({"copy nul z:\\x"}), "        0 file(s) copied\r\nAccess denied\r\n");
}

TEST_P(Shell, Int2eRunsCommands) {
    EXPECT_EQ(check_guest("int2e").out, "two e\r\n");
}

TEST_P(Shell, ShellsNest) {
    const Ran ran = commands({"set X=1", "command", "echo outer %X%"}, "set X=2\ncd nowhere\nexit\n");
    EXPECT_TRUE(ran.out.ends_with("exit\r\nouter 1\r\n")) << ran.out;
}

TEST_P(Shell, ShellsInShellsEndWhenMemoryDoes) {
    write_file("nest.bat", "@command /c nest\r\n");
    const Ran ran = run({.program = "NEST.BAT"});
    EXPECT_TRUE(ran.ended);
    const std::string no_room = "Program too big to fit in memory\r\n", no_memory = "Out of memory\r\n";
    EXPECT_TRUE(ran.err == no_room || ran.err == no_memory) << ran.err;
    EXPECT_EQ(ran.errorlevel, 1);
}

TEST_P(Shell, ResidentProgramsStay) {
    install("stays.com");
    EXPECT_EQ(commands({"stays", "echo next"}).out, "next\r\n");
    EXPECT_EQ(commands({"stays"}).errorlevel, 3);
}

TEST_P(Shell, ControlCEndsAProgramAndAsksInBatchFiles) {
    install("breaks.com");
    write_file("test.bat", "@echo off\r\nbreaks\r\necho not reached\r\n");
    const Ran ran =
        run({.program = "TEST.BAT", .keys = {0x2E03, 'x', 0x2E03, 'y', 0x2E03, 0x2E03, 'y'}, .console = true});
    EXPECT_TRUE(ran.ended);
    EXPECT_TRUE(ran.screen.ends_with("Terminate batch job (Y/N)?y\r\n")) << ran.screen;
    const Ran prompt = run({.shell = true, .keys = {'x', 0x2E03, 'e', 'x', 'i', 't', 0x1C0D}, .console = true});
    EXPECT_EQ(prompt.screen, "\r\nC:\\>x^C\r\n\r\nC:\\>exit\r\n");
}

}  // namespace
}  // namespace dyn86::test
