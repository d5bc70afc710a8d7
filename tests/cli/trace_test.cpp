// --trace=int21.
#include "tests/cli/process.h"

namespace dyn86::cli {
namespace {

TEST(CliTrace, CallsAreToldWithResultsAndHostFiles) {
    const Folder folder;
    folder.write("IN.TXT", "some text");
    folder.write("GO.BAT", "@type in.txt\r\n@type none.txt\r\n");
    const auto run = dyn86({"--trace=int21", folder / "GO.BAT"});
    EXPECT_TRUE(run.output.starts_with("some text")) << run.output;
    for (const char* part : {"21/3D open \"in.txt\", 00 = 0005 (", "/IN.TXT)\n", "21/3F read 0005, ", "\"some text\"",
                             "error 02 (file not found)", "21/4C exit 0", "dyn86: not implemented: nothing"})
        EXPECT_NE(run.errors.find(part), std::string::npos) << part << "\n" << run.errors;
}

TEST(CliTrace, AFileTakesIt) {
    const Folder folder;
    const std::string file = folder / "trace.txt";
    const auto run = dyn86({"--trace=int21", "--trace-file=" + file, guest("HELLO")});
    EXPECT_EQ(run.errors, "");
    std::ifstream stream(file);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    EXPECT_NE(text.find("21/09 write_string"), std::string::npos) << text;
    EXPECT_EQ(dyn86({"--trace=cpu", guest("HELLO")}).status, 2);
    EXPECT_EQ(dyn86({"--trace-file=" + file, guest("HELLO")}).status, 2);
    EXPECT_EQ(dyn86({"--trace=int21", "--trace-file=/nonexistent/x", guest("HELLO")}).status, 125);
}

}  // namespace
}  // namespace dyn86::cli
