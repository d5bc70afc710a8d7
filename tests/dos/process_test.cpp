// Processes: EXEC, ends of all kinds, and program files good and bad.
#include "tests/dos/support/dos_machine.h"

#include <filesystem>

namespace dyn86::test {
namespace {

class Process : public DosTest {
protected:
    /// What dyn86 says when this is all there is in BAD.EXE.
    Error error_of(const std::string& content) {
        write_file("bad.exe", content);
        const Ran ran = run({.program = "BAD.EXE"});
        EXPECT_FALSE(ran.started);
        return ran.error;
    }
};
INSTANTIATE_TEST_SUITE_P(Engines, Process, testing::ValuesIn(engines()), name_of);

std::string header(std::initializer_list<u16> words) {
    std::string text = "MZ";
    for (const u16 word : words) {
        text += char(word);
        text += char(word >> 8);
    }
    text.resize(32);
    return text;
}

TEST_P(Process, ExecRunsLoadsAndOverlays) {
    install("child.com");
    install("relocs.exe");
    write_file("empty.com", "");
    const Ran ran = check_guest("parent");
    const std::string first = " helloCOMSPEC=Z:\\COMMAND.COMSECOND\r\n", own = " helloOWN=1SECOND\r\n";
    EXPECT_EQ(ran.out, first + own + own);
}

TEST_P(Process, DebuggersRunProgramsAsTheirParents) {
    write_file("ends.com", "\xCD\x20");  // int 20h
    check_guest("debugs");
}

TEST_P(Process, AnExeIsRelocatedAndGetsTheMemoryItAsksFor) {
    install("relocs.exe");
    const Ran ran = run({.program = "relocs.exe"});
    EXPECT_EQ(ran.out, "relocated");
    EXPECT_EQ(ran.errorlevel, 0);
}

TEST_P(Process, StayingResidentIsReported) {
    install("stays.com");
    const Ran ran = run({.program = "STAYS.COM"});
    EXPECT_EQ(ran.end, dos::End::Tsr);
    EXPECT_EQ(ran.errorlevel, 3);
}

TEST_P(Process, ControlCRestartsTheCallOrEndsTheProgram) {
    install("breaks.com");
    const Ran ran = run({.program = "BREAKS.COM", .keys = {0x2E03, 'x', 0x2E03, 'y', 0x2E03, 0x2E03}, .console = true});
    EXPECT_TRUE(ran.ended);
    EXPECT_EQ(ran.end, dos::End::Abort) << ran.screen;
    EXPECT_EQ(ran.errorlevel, 0);
    EXPECT_EQ(ran.screen, "^C\r\n^C\r\ny^C\r\n");
}

TEST_P(Process, ProgramsThatAreNoneAreRefusedInOneLine) {
    const Ran missing = run({.program = "NONE.COM"});
    EXPECT_FALSE(missing.started);
    EXPECT_EQ(missing.error.kind, ErrorKind::NotFound);
    EXPECT_EQ(missing.error.message, "C:\\NONE.COM: no such program");

    write_file("large.com", std::string(65281, '\x90'));
    const Ran large = run({.program = "LARGE.COM"});
    EXPECT_EQ(large.error.kind, ErrorKind::NotAProgram);
    EXPECT_EQ(large.error.message,
              "C:\\LARGE.COM: not a DOS program: has 65281 bytes; a .COM program has at most 65280");

    write_file("empty.com", "");
    EXPECT_EQ(run({.program = "EMPTY.COM"}).error.kind, ErrorKind::NotAProgram);
    std::filesystem::create_directory(folder() / "dir.com");
    EXPECT_EQ(run({.program = "DIR.COM"}).error.kind, ErrorKind::NotAProgram);
    EXPECT_EQ(run({.program = "NONE.COM", .tail = std::string(126, 'x')}).error.kind, ErrorKind::Usage);
}

TEST_P(Process, TheLargestComRuns) {
    write_file("full.com", "\xB8\x05\x4C\xCD\x21" + std::string(65275, '\0'));  // mov ax, 4C05h / int 21h
    EXPECT_EQ(run({.program = "FULL.COM"}).errorlevel, 5);
}

TEST_P(Process, LyingHeadersAreRefusedInOneLine) {
    EXPECT_EQ(error_of("MZ").message, "C:\\BAD.EXE: not a DOS program: the .EXE header is cut short at 2 bytes");
    // last page, pages, relocations, header, min, max, ss, sp, checksum, ip, cs, table
    EXPECT_EQ(error_of(header({0, 100, 0, 2, 0, 0xFFFF})).message,
              "C:\\BAD.EXE: not a DOS program: the header says 51200 bytes, the file has 32");
    EXPECT_EQ(error_of(header({0, 1, 0, 0xFFFF, 0, 0xFFFF})).message,
              "C:\\BAD.EXE: not a DOS program: the header has 1048560 bytes, the file 32");
    EXPECT_EQ(error_of(header({33, 1, 0x4000, 2, 0, 0xFFFF, 0, 0, 0, 0, 0, 28}) + "x").message,
              "C:\\BAD.EXE: not a DOS program: the relocation table ends at 65564, the file at 33");
    EXPECT_EQ(error_of(header({33, 1, 0, 2, 0, 0xFFFF, 0, 0, 0, 0x1234, 0, 28}) + "x").message,
              "C:\\BAD.EXE: not a DOS program: the entry point 0000:1234 lies outside the program");
    // a relocation far outside: found while loading
    EXPECT_EQ(error_of(header({33, 1, 1, 2, 0, 0xFFFF, 0, 0, 0, 0, 0, 0}) + "x").kind, ErrorKind::NotAProgram);
    EXPECT_EQ(error_of(header({33, 1, 0, 2, 0xFFFF, 0xFFFF, 0, 0, 0, 0, 0, 28}) + "x").message,
              "C:\\BAD.EXE: needs more memory than DOS has free");
}

#ifdef DYN86_HAVE_BCC
TEST_P(Process, ACProgramRuns) {
    install("words.com");
    write_file("text.txt", "one two\nthree four five\n");
    const Ran ran = run({.program = "WORDS.COM", .tail = "text.txt out.txt"});
    EXPECT_EQ(ran.errorlevel, 5) << ran.error.message << ran.err;
    EXPECT_EQ(ran.out, "text.txt: 5 words\r\n");
    EXPECT_EQ(read_file("out.txt"), "2 5 24\n");
    EXPECT_EQ(run({.program = "WORDS.COM", .tail = "nothere.txt out.txt"}).errorlevel, 1);
    EXPECT_EQ(run({.program = "WORDS.COM"}).err, "usage: words IN OUT\r\n");
}
#endif

TEST_P(Process, FunctionsThatAreNotThereAreCounted) {
    // mov ah, 73h / int 21h, twice; errorlevel: AX
    write_file("missing.com", "\xB4\x73\xCD\x21\xB4\x73\xCD\x21\xB4\x4C\xCD\x21");
    const Ran ran = run({.program = "MISSING.COM"});
    EXPECT_EQ(ran.errorlevel, 1);
    EXPECT_EQ(ran.missing, (std::map<std::string, u64>{{"21/73", 2}}));
}

}  // namespace
}  // namespace dyn86::test
