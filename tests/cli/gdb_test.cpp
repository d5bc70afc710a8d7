// The distribution's gdb, scripted, against the built binary; and a gdb that misbehaves.
#include "tests/cli/process.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>

namespace dyn86::cli {
namespace {

/// A dyn86 that waits for gdb at a socket of the test's own.
class Debugged {
public:
    explicit Debugged(const Arguments& arguments) : process_(command(arguments)) {
        while (!listens() && !process_.has_ended()) ::usleep(1000);
    }
    [[nodiscard]] std::string socket() const { return folder_ / "gdb"; }
    /// What gdb says to these commands.
    [[nodiscard]] std::string gdb(const std::vector<std::string>& commands) const {
        std::string script = "set confirm off\nset pagination off\nset width 0\ntarget remote " + socket() + "\n";
        for (const std::string& command : commands) script += command + "\n";
        folder_.write("script", script);
        const Finished end = run_command({DYN86_GDB, "-nx", "-q", "--batch", "-x", folder_ / "script"});
        return end.output + end.errors;  // which is where the target's own text goes
    }
    Finished finish() {
        process_.close_input();
        process_.read_all();
        const int status = process_.wait();
        return {status, process_.output, process_.errors};
    }

private:
    /// A socket is in its folder before anybody listens there. [proc_net(5), /proc/net/unix: flags]
    [[nodiscard]] bool listens() const {
        std::ifstream sockets("/proc/net/unix");
        for (std::string line; std::getline(sockets, line);)
            if (line.ends_with(socket()) && line.find(" 00010000 ") != std::string::npos) return true;
        return false;
    }
    Arguments command(const Arguments& arguments) const {
        Arguments all = dyn86_command({"--no-conf", "--gdb=unix:" + socket(), "--gdb-wait"});
        all.insert(all.end(), arguments.begin(), arguments.end());
        return all;
    }
    Folder folder_;
    Process process_;
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

class GdbTest : public testing::TestWithParam<const char*> {
protected:
    [[nodiscard]] static std::string engine() { return std::string("--engine=") + GetParam(); }
};

int connect_to(const std::string& path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    std::memcpy(where.sun_path, path.data(), std::min(path.size(), sizeof where.sun_path - 1));
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where), 0);
    return fd;
}

}  // namespace

TEST_P(GdbTest, KnowsAnI8086) {
    Debugged dyn86({engine(), guest("DEBUG")});
    const std::string text = dyn86.gdb({"show architecture", "p/x $ip", "p/x $pc == $cs * 16 + $ip", "x/3i $pc",
                                        "set $ax = 0x1234", "p/x $ah", "p/x $eax", "kill"});
    EXPECT_TRUE(has(text, "i8086")) << text;
    EXPECT_TRUE(has(text, "$1 = 0x100")) << text;
    EXPECT_TRUE(has(text, "$2 = 0x1")) << text;
    EXPECT_TRUE(has(text, "mov    $0x7d0,%cx")) << text;
    EXPECT_TRUE(has(text, "$3 = 0x12\n")) << text;
    EXPECT_TRUE(has(text, "$4 = 0x1234")) << text;
    EXPECT_EQ(dyn86.finish().status, 0);  // killed: a quit
}

TEST_P(GdbTest, BreakpointsStepsAndTheEnd) {
    Debugged dyn86({engine(), guest("DEBUG")});
    const std::string text =
        dyn86.gdb({"break *($cs * 16 + 0x114) if *(short*)($cs * 16 + 0x119) == 3", "continue", "p $cx", "stepi",
                   "p/x $ip", "stepi", "p/x $ip", "delete", "tbreak *($cs * 16 + 0x10d)", "continue",
                   "p *(short*)($cs * 16 + 0x119)", "continue"});
    EXPECT_TRUE(has(text, "$1 = 1997")) << text;
    EXPECT_TRUE(has(text, "$2 = 0x118")) << text;
    EXPECT_TRUE(has(text, "$3 = 0x106")) << text;
    EXPECT_TRUE(has(text, "$4 = 2000")) << text;
    EXPECT_TRUE(has(text, "exited with code 05")) << text;
    const Finished end = dyn86.finish();
    EXPECT_EQ(end.status, 5) << end.errors;
    EXPECT_EQ(end.output, "counted\r\n");
}

TEST_P(GdbTest, WatchpointsOfAllKinds) {
    Debugged dyn86({engine(), guest("DEBUG")});
    const std::string text =
        dyn86.gdb({"watch -l *(short*)($cs * 16 + 0x119) if *(short*)($cs * 16 + 0x119) == 7", "continue", "p/x $ip",
                   "delete", "rwatch -l *(char*)($cs * 16 + 0x11b)", "continue", "delete",
                   "awatch -l *(char*)($cs * 16 + 0x11c)", "continue", "delete", "continue"});
    EXPECT_TRUE(has(text, "Hardware watchpoint 1")) << text;
    EXPECT_TRUE(has(text, "New value = 7")) << text;
    EXPECT_TRUE(has(text, "$1 = 0x118")) << text;
    EXPECT_TRUE(has(text, "Hardware read watchpoint 2")) << text;
    EXPECT_TRUE(has(text, "exited with code 05")) << text;
    EXPECT_EQ(dyn86.finish().output, "counted\r\n");
}

TEST_P(GdbTest, WhatIsWrittenIsExecuted) {
    Debugged dyn86({engine(), guest("DEBUG")});
    const std::string text = dyn86.gdb({"tbreak *($cs * 16 + 0x106) if $cx == 1990", "continue",
                                        "set *(char*)($cs * 16 + 0x114) = 0xc3",  // RET: count no more
                                        "tbreak *($cs * 16 + 0x10d)", "continue", "p *(short*)($cs * 16 + 0x119)",
                                        "set $ip = 0x112", "set $ax = 0x4c09", "continue"});
    EXPECT_TRUE(has(text, "$1 = 11")) << text;
    EXPECT_TRUE(has(text, "exited with code 011")) << text;
    EXPECT_EQ(dyn86.finish().status, 9);
}

TEST_P(GdbTest, MonitorStopsAtInterrupts) {
    Debugged dyn86({engine(), guest("DEBUG")});
    const std::string text = dyn86.gdb({"monitor stop int 21 ah=4c", "continue", "x/i $pc", "monitor screen",
                                        "monitor regs", "monitor clear all", "continue"});
    EXPECT_TRUE(has(text, "before INT 21 with AX=4C05")) << text;
    EXPECT_TRUE(has(text, "int    $0x21")) << text;
    EXPECT_TRUE(has(text, "\ncounted\n")) << text;
    EXPECT_TRUE(has(text, "AX=4C05")) << text;
    EXPECT_TRUE(has(text, "exited with code 05")) << text;
}

TEST_P(GdbTest, ABootSectorFromItsFirstInstruction) {
    const Folder folder;
    Debugged dyn86({engine(), "--boot", boot_sector(folder)});
    const std::string text = dyn86.gdb({"p/x $pc", "tbreak *0x7c00", "continue", "x/2i $pc", "monitor ivt 19", "kill"});
    EXPECT_TRUE(has(text, "$1 = 0xffff0")) << text;
    EXPECT_TRUE(has(text, "0x00007c00")) << text;
    EXPECT_TRUE(has(text, "mov")) << text;
    EXPECT_TRUE(has(text, "19 F000:")) << text;
    EXPECT_EQ(dyn86.finish().status, 0);
}

TEST_P(GdbTest, AHaltForEverCanBeLookedAt) {
    Debugged dyn86({engine(), guest("HALT")});
    const std::string text = dyn86.gdb({"continue", "p/x $cs != 0", "continue"});
    EXPECT_TRUE(has(text, "halted with interrupts off")) << text;
    EXPECT_TRUE(has(text, "SIGSEGV")) << text;
    EXPECT_TRUE(has(text, "$1 = 0x1")) << text;
    EXPECT_EQ(dyn86.finish().status, 125);
}

INSTANTIATE_TEST_SUITE_P(Engines, GdbTest, testing::Values("jit", "interpreter"));

TEST(Gdb, OneThatVanishesLetsTheMachineRun) {
    Debugged dyn86({guest("DEBUG")});
    const int fd = connect_to(dyn86.socket());
    const std::string half = "$Z0,100,1#";  // in the middle of a packet
    EXPECT_EQ(::send(fd, half.data(), half.size(), 0), ssize_t(half.size()));
    ::close(fd);
    const Finished end = dyn86.finish();
    EXPECT_EQ(end.status, 5);
    EXPECT_EQ(end.output, "counted\r\n");
}

TEST(Gdb, TheNextOneMayCome) {
    Debugged dyn86({guest("SPIN")});
    ::close(connect_to(dyn86.socket()));
    const std::string text = dyn86.gdb({"p/x $cs != 0", "kill"});
    EXPECT_TRUE(has(text, "$1 = 0x1")) << text;
    EXPECT_EQ(dyn86.finish().status, 0);
}

TEST(Gdb, OneThatDetachesLetsTheMachineRun) {
    Debugged dyn86({guest("DEBUG")});
    EXPECT_TRUE(has(dyn86.gdb({"break *($cs * 16 + 0x114)", "continue", "detach"}), "Breakpoint 1, "));
    EXPECT_EQ(dyn86.finish().status, 5);
}

TEST(Gdb, APortInUseIsOneClearLine) {
    const int taken = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    ASSERT_EQ(::bind(taken, reinterpret_cast<const sockaddr*>(&where), size), 0);
    ASSERT_EQ(::listen(taken, 1), 0);
    ASSERT_EQ(::getsockname(taken, reinterpret_cast<sockaddr*>(&where), &size), 0);
    const std::string port = std::to_string(ntohs(where.sin_port));
    const Finished end = dyn86({"--gdb", port, guest("HELLO")});
    EXPECT_EQ(end.status, 125);
    EXPECT_EQ(end.errors, "dyn86: --gdb=" + port + ": Address already in use\n");
    ::close(taken);
}

TEST(Gdb, ASocketOfAnotherIsNotTakenAway) {
    Debugged first({guest("SPIN")});
    const Finished second = dyn86({"--gdb=unix:" + first.socket(), guest("HELLO")});
    EXPECT_EQ(second.status, 125);
    EXPECT_TRUE(has(second.errors, "Address already in use")) << second.errors;
    EXPECT_TRUE(has(first.gdb({"kill"}), "killed"));
}

TEST(Gdb, BadOptionsAreUsageErrors) {
    for (const Arguments& arguments : std::vector<Arguments>{{"--gdb=0", guest("HELLO")},
                                                             {"--gdb=70000", guest("HELLO")},
                                                             {"--gdb=frob", guest("HELLO")},
                                                             {"--gdb=unix:", guest("HELLO")},
                                                             {"--gdb-wait", guest("HELLO")},
                                                             {"--gdb=4711", "--verify", guest("HELLO")}}) {
        const Finished end = dyn86(arguments);
        EXPECT_EQ(end.status, 2) << arguments.front() << end.errors;
        EXPECT_EQ(std::ranges::count(end.errors, '\n'), 1) << end.errors;
    }
}

}  // namespace dyn86::cli
