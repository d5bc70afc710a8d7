#include "tests/layering/layering.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace dyn86::layering {
namespace {

using Complaints = std::vector<std::string>;

TEST(Layering, AllowedIncludesPass) {
    EXPECT_EQ(check_file("cpu/alu.h", "#include \"src/base/types.h\"\n#include \"cpu/flags.h\"\n#include <array>\n"),
              Complaints{});
    EXPECT_EQ(check_file("jit/jit.cpp", "#include \"cpu/memory.h\"\n#include <xbyak/xbyak.h>\n"), Complaints{});
    EXPECT_EQ(check_file("src/frontend/sdl/window.cpp", "#include \"src/dyn86.h\"\n#include <SDL.h>\n"), Complaints{});
    EXPECT_EQ(check_file("tests/jit/x_test.cpp", "#include \"jit/emitter.h\"\n#include \"tests/jit/helper.h\"\n"),
              Complaints{});
}

TEST(Layering, ForbiddenIncludesAreNamedWithTheirLine) {
    EXPECT_EQ(check_file("src/base/bus.h", "// a\n#include \"cpu/core.h\"\n"),
              Complaints{"src/base/bus.h:2: src/base must not include cpu"});
    EXPECT_EQ(check_file("cpu/core.h", "#include \"jit/jit.h\"\n"),
              Complaints{"cpu/core.h:1: cpu must not include jit"});
    EXPECT_EQ(check_file("devices/pic.cpp", "  #  include \"cpu/core.h\"\n"),
              Complaints{"devices/pic.cpp:1: devices must not include cpu"});
    EXPECT_EQ(check_file("src/frontend/headless.cpp", "#include \"src/machine/machine.h\"\n"),
              Complaints{"src/frontend/headless.cpp:1: src/frontend must not include src/machine"});
    EXPECT_EQ(check_file("src/dos/exec.cpp", "#include \"src/bios/video.h\"\n"),
              Complaints{"src/dos/exec.cpp:1: src/dos must not include src/bios"});
}

TEST(Layering, FilesOutsideTheLayersAreNoLoophole) {
    EXPECT_EQ(check_file("src/utils/x.h", "#include \"cpu/core.h\"\n").size(), 1u);
    EXPECT_EQ(check_file("cpu/core.h", "#include \"registers.h\"\n").size(), 1u);
    EXPECT_EQ(check_file("cpu/core.h", "#include \"tests/cpu/x.h\"\n").size(), 1u);
    EXPECT_EQ(check_file("src/basement/x.cpp", "#include \"src/base/types.h\"\n").size(), 1u);
}

TEST(Layering, LibrariesStayInTheirFolder) {
    EXPECT_EQ(check_file("src/frontend/terminal.cpp", "#include <SDL2/SDL.h>\n"),
              Complaints{"src/frontend/terminal.cpp:1: SDL belongs to src/frontend/sdl"});
    EXPECT_EQ(check_file("cpu/memory.cpp", "\n\n#include <xbyak/xbyak.h>\n"),
              Complaints{"cpu/memory.cpp:3: xbyak belongs to jit"});
    EXPECT_EQ(check_file("src/machine/machine.cpp", "void f() { install(SIGSEGV); }\n"),
              Complaints{"src/machine/machine.cpp:1: a handler for SIGSEGV belongs to jit"});
}

TEST(Layering, WritableAndExecutableMemoryIsFound) {
    const std::string write = "PROT_WRITE",
                      execute = "PROT_EXEC";  // apart, so that a search of the tree finds nothing here
    EXPECT_EQ(check_file("jit/code_buffer.cpp", "int a;\nint p = " + execute + "\n  | PROT_READ|" + write + ";\n"),
              Complaints{"jit/code_buffer.cpp:2: no memory is writable and executable at once"});
    EXPECT_EQ(check_file("bench/x.c", "f(" + write + " | " + execute + ");\n").size(), 1u);
    EXPECT_EQ(check_file("bench/native/native16.cpp", "f(" + write + " | " + execute + ");\n"), Complaints{});
    EXPECT_EQ(check_file("jit/code_buffer.cpp", "f(PROT_READ | " + write + "); g(PROT_READ | " + execute + ");\n"),
              Complaints{});
    EXPECT_EQ(check_file("jit/a.cpp",
                         "// " + write + " | " + execute + "\n/* \" */ s = \"" + write + "|" + execute + "\";\n"),
              Complaints{});
}

TEST(Layering, LongFilesAreFoundButTablesMayBeLong) {
    std::string text;
    for (int line = 0; line < 500; ++line) text += '\n';
    EXPECT_EQ(check_file("cpu/decode.cpp", text), Complaints{});
    text += '\n';
    EXPECT_EQ(check_file("cpu/decode.cpp", text), Complaints{"cpu/decode.cpp:501: longer than 500 lines"});
    EXPECT_EQ(check_file("roms/bios.asm", text).size(), 1u);
    EXPECT_EQ(check_file("cpu/opcodes.h", text), Complaints{});
    EXPECT_EQ(check_file("roms/fonts/font8x8.asm", text), Complaints{});
}

TEST(Layering, ABreachInATreeIsFound) {
    const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / fmt::format("layering.{}", getpid());
    remove_all(root);
    for (const char* folder : {"src/base", "cpu", "devices", "build/x"}) create_directories(root / folder);
    std::ofstream(root / "cpu/core.h") << "#include \"src/base/types.h\"\n";
    std::ofstream(root / "build/x/generated.h") << "#include \"anything.h\"\n";
    EXPECT_EQ(check_tree(root), Complaints{});
    std::ofstream(root / "devices/pit.cpp") << "#include \"cpu/core.h\"\n";
    EXPECT_EQ(check_tree(root), Complaints{"devices/pit.cpp:1: devices must not include cpu"});
    remove_all(root / "cpu");
    EXPECT_EQ(check_tree(root).front(), "cpu: no such folder");
    remove_all(root);
}

}  // namespace
}  // namespace dyn86::layering
