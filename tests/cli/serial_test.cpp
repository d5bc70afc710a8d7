// Serial lines as a user sees them: standard streams, targets that refuse, and time while a line is silent.
#include "tests/cli/process.h"

#include <algorithm>
#include <cstdlib>

namespace dyn86::cli {
namespace {

class CliSerial : public testing::Test {
protected:
    void SetUp() override { std::filesystem::copy_file(std::string(DYN86_GUESTS) + "/BOOT_SERIAL.BIN", image); }
    [[nodiscard]] Arguments command(const Arguments& more) const {
        Arguments arguments{"--serial1=stdio", "--status-file", folder / "status", "--boot", image};
        arguments.insert(arguments.begin(), more.begin(), more.end());
        return dyn86_command(arguments);
    }
    [[nodiscard]] double guest_seconds() const {
        const std::string status = folder.read("status"), name = "\"virtual_seconds\": ";
        return std::strtod(status.c_str() + status.find(name) + name.size(), nullptr);
    }
    Folder folder;
    std::string image = folder / "boot.img";  // locked while it is in use
};

TEST_F(CliSerial, StandardStreamsAreALine) {
    Process run(command({"--until-text=Q"}));
    ASSERT_TRUE(run.read_until("?"));
    run.write("abc");
    ASSERT_TRUE(run.read_until("?abc"));
    run.write("hxq");
    run.read_all();
    EXPECT_EQ(run.output, "?abchxq");
    EXPECT_EQ(run.wait(), 0) << run.errors;
}

TEST_F(CliSerial, AGuestThatWaitsDoesNotRunAheadOfTheOtherEnd) {
    for (const char* first : {"", "h"}) {  // looking in vain, halted
        Process run(command({"--timeout=0.2s"}));
        ASSERT_TRUE(run.read_until("?"));
        run.write(first);
        run.read_all();
        EXPECT_EQ(run.wait(), 124) << run.errors;
        EXPECT_LT(guest_seconds(), 2.0) << first;
    }
}

TEST_F(CliSerial, AfterTheLastByteTimeRunsFreely) {
    Process run(command({"--wait=never", "--wait-limit=30s"}));
    ASSERT_TRUE(run.read_until("?"));
    run.close_input();
    run.read_all();
    EXPECT_EQ(run.wait(), 124) << run.errors;
    EXPECT_GE(guest_seconds(), 30.0);
}

TEST_F(CliSerial, RefusedTargetsAreNamedInOneLine) {
    const auto refuses = [&](const std::string& target, const std::string& what, int status) {
        const auto run = dyn86({"--serial1", target, "--boot", image});
        EXPECT_EQ(run.status, status) << target;
        EXPECT_EQ(run.errors.find("dyn86: "), 0u) << run.errors;
        EXPECT_NE(run.errors.find(what), std::string::npos) << run.errors;
        EXPECT_EQ(std::count(run.errors.begin(), run.errors.end(), '\n'), 1) << run.errors;
    };
    refuses("tcp:127.0.0.1:1", "tcp:127.0.0.1:1: Connection refused", 125);
    refuses("file:" + (folder / "none/line"), "none/line: No such file", 125);
    refuses("file:" + (folder / ""), "Is a directory", 125);
    refuses("tcp:nowhere", "tcp:nowhere", 2);
    refuses("modem", "modem", 2);
}

}  // namespace
}  // namespace dyn86::cli
