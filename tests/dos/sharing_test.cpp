// Share modes, record locks and critical errors.
#include "tests/dos/support/dos_machine.h"

#include <array>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

namespace dyn86::test {
namespace {

class Sharing : public DosTest {};
INSTANTIATE_TEST_SUITE_P(Engines, Sharing, testing::ValuesIn(engines()), name_of);

TEST_P(Sharing, ModesAndRecordLocksExclude) {
    write_file("data.txt", "0123456789AB");
    check_guest("locks");
    EXPECT_EQ(read_file("data.txt"), "0123456789AB");
}

TEST_P(Sharing, TwoMachinesCountTogetherAndLoseNothing) {
    install("counts.com");
    write_file("count.dat", std::string(4, '\0'));
    std::array<Ran, 2> ran;
    std::array<std::thread, 2> machines;
    for (std::size_t i = 0; i < 2; ++i)
        machines.at(i) = std::thread([&, i] { ran.at(i) = run({.program = "COUNTS.COM"}); });
    for (std::thread& machine : machines) machine.join();
    for (const Ran& one : ran) EXPECT_EQ(one.errorlevel, 0) << one.err;
    EXPECT_EQ(read_file("count.dat"), std::string("\x20\x4E\0\0", 4));  // 20,000
}

TEST_P(Sharing, OtherProgramsLocksCount) {
    // mov ax,3D00h / mov dx,name / int 21h / xchg ax,bx / mov ah,3Fh / mov cx,4 / mov dx,200h / int 21h / mov ah,4Ch /
    // int 21h; name: IN.TXT
    write_file("reads.com", std::string("\xB8\x00\x3D\xBA\x17\x01\xCD\x21\x93\xB4\x3F\xB9\x04\x00\xBA\x00\x02\xCD\x21"
                                        "\xB4\x4C\xCD\x21"
                                        "IN.TXT",
                                        30));
    write_file("in.txt", "text");
    EXPECT_EQ(run({.program = "READS.COM"}).errorlevel, 4);
    const int fd = open((folder() / "in.txt").c_str(), O_RDWR | O_CLOEXEC);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    ASSERT_EQ(fcntl(fd, F_OFD_SETLK, &lock), 0);
    EXPECT_EQ(run({.program = "READS.COM"}).errorlevel, 0x21);
    close(fd);
}

TEST_P(Sharing, CriticalErrorsAreTheGuestsToDecide) {
    std::filesystem::create_directory(folder() / "d");
    install("critical.com");
    const Ran ran = run({.program = "CRITICAL.COM",
                         .more_drives = {{.letter = 'D', .path = folder() / "d", .read_only = true, .label = {}}}});
    EXPECT_TRUE(ran.ended);
    EXPECT_EQ(ran.end, dos::End::Abort) << ran.err;
    EXPECT_TRUE(std::filesystem::is_empty(folder() / "d"));
}

}  // namespace
}  // namespace dyn86::test
