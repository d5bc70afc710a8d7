// What DOS prints on the screen, seen from outside.
#include "tests/cli/process.h"

namespace dyn86::cli {
namespace {

/// mov dx, text / mov ah, 9 / int 21h / mov ax, 4C00h / int 21h / text: "one", BEL, "two$"
const std::string bell_program("\xBA\x0C\x01\xB4\x09\xCD\x21\xB8\x00\x4C\xCD\x21one\atwo$", 20);

TEST(Console, TheBellOnTheScreenTakesItsTime) {
    const Folder folder;
    folder.write("bell.com", bell_program);
    const auto seconds = [&](const Arguments& display) {
        Arguments arguments{"--status-file", folder / "status", "--dump-screen", folder / "screen.txt"};
        arguments.insert(arguments.end(), display.begin(), display.end());
        arguments.push_back(folder / "bell.com");
        const auto run = dyn86(arguments);
        EXPECT_EQ(run.output, "one\atwo");
        EXPECT_EQ(folder.read("screen.txt").substr(0, 7), "onetwo\n");
        const std::string status = folder.read("status");
        return std::stod(status.substr(status.find("virtual_seconds") + 18));
    };
    EXPECT_LT(seconds({"--display=none"}), 0.05);             // a file rings no bell
    EXPECT_GT(seconds({"--display=none", "--type= "}), 0.1);  // the console does
}

}  // namespace
}  // namespace dyn86::cli
