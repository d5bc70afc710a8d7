// Device drivers that DOS loads before the program.
#include "tests/dos/support/dos_machine.h"

namespace dyn86::test {
namespace {

class Drivers : public DosTest {};
INSTANTIATE_TEST_SUITE_P(Engines, Drivers, testing::ValuesIn(engines()), name_of);

TEST_P(Drivers, TheirDevicesAreReadWrittenAndControlled) {
    install("driver.sys");
    const Ran ran = check_guest("devices", {.drivers = {{"driver.sys", "/X=1 two"}}});
    EXPECT_EQ(ran.out, "driver.sys /X=1 two\r\n");
}

TEST_P(Drivers, CopyReachesThem) {
    install("driver.sys");
    const Ran ran = run({.commands = {"ECHO hello>MYDEV", "COPY MYDEV OUT.TXT>NUL"}, .drivers = {{"driver.sys", ""}}});
    EXPECT_TRUE(ran.ended);
    EXPECT_EQ(read_file("out.txt").substr(0, 5), "HELLO");
}

TEST_P(Drivers, CttyMovesTheConsoleThere) {
    install("driver.sys");
    const Ran ran = run(
        {.commands = {"CTTY NONE", "CTTY MYDEV", "ECHO moved", "TYPE MYDEV>OUT.TXT"}, .drivers = {{"driver.sys", ""}}});
    EXPECT_TRUE(ran.ended);
    EXPECT_EQ(ran.out.find("moved"), std::string::npos) << ran.out;
    EXPECT_NE(ran.err.find("nvalid device"), std::string::npos) << ran.err;
    EXPECT_EQ(read_file("out.txt").substr(0, 5), "MOVED");
}

TEST_P(Drivers, WhatIsNoneEndsTheRunWithOneLine) {
    install("hello.com");
    const auto message_of = [&](const std::string& file) {
        const Ran ran = run({.program = "HELLO.COM", .drivers = {{file, ""}}});
        EXPECT_EQ(ran.out, "") << file;
        return ran.error.message;
    };
    EXPECT_NE(message_of("nothing.sys").find("nothing.sys: No such file"), std::string::npos);
    write_file("empty.sys", "");
    EXPECT_NE(message_of("empty.sys").find("not a device driver"), std::string::npos);
    write_file("block.sys", std::string("\xFF\xFF\xFF\xFF\0\0\x12\0\x12\0\x01       \xCB", 19));
    EXPECT_NE(message_of("block.sys").find("no character device's driver"), std::string::npos);
}

}  // namespace
}  // namespace dyn86::test
