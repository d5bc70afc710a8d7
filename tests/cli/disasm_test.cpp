// dyn86 disasm from the command line.
#include "tests/cli/process.h"

namespace dyn86::cli {
namespace {

TEST(CliDisasm, WritesSourceOrJson) {
    const Folder folder;
    folder.write("X.COM", "\xEB\xFE");
    const auto source = run_command({DYN86_BINARY, "disasm", folder / "X.COM"});
    EXPECT_EQ(source.status, 0);
    EXPECT_NE(source.output.find("start:\n        jmp short start"), std::string::npos) << source.output;
    const auto json = run_command({DYN86_BINARY, "disasm", "--json", "--org", "0x200", folder / "X.COM"});
    EXPECT_EQ(json.status, 0);
    EXPECT_NE(json.output.find("\"address\":512"), std::string::npos) << json.output;
    const auto part = run_command({DYN86_BINARY, "disasm", "--start=101", "--end=102", folder / "X.COM"});
    EXPECT_NE(part.output.find("org     0x101\n        db 0xfe"), std::string::npos) << part.output;
}

TEST(CliDisasm, MistakesAre2AndWhatIsNotThereIs127) {
    EXPECT_EQ(run_command({DYN86_BINARY, "disasm"}).status, 2);
    EXPECT_EQ(run_command({DYN86_BINARY, "disasm", "--org=10000", "x"}).status, 2);
    const auto missing = run_command({DYN86_BINARY, "disasm", "nowhere.com"});
    EXPECT_EQ(missing.status, 127);
    EXPECT_EQ(missing.errors, "dyn86: nowhere.com: No such file or directory\n");
    EXPECT_EQ(run_command({DYN86_BINARY, "disasm", "/"}).status, 126);
}

}  // namespace
}  // namespace dyn86::cli
