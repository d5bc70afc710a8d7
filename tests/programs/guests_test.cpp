// Programs that compute, on both engines: their checksums are those of the same bytes run natively (tools/bench).
#include "tests/cli/process.h"

namespace dyn86::cli {
namespace {

class Guests : public testing::TestWithParam<const char*> {
protected:
    [[nodiscard]] static Finished run(const std::string& name) {
        return dyn86({std::string("--engine=") + GetParam(), std::string(DYN86_GUESTS) + "/" + name + ".com"});
    }
};

TEST_P(Guests, PrintTheirChecksums) {
    constexpr std::array<std::array<const char*, 2>, 10> expected = {{
        {"crc", "crc 2A4ED626"},
        {"fib", "fib E476329D"},
        {"mandel", "mandel 2080F940"},
        {"matmul", "matmul 07139548"},
        {"qsort", "qsort A4767AEB"},
        {"sieve", "sieve C8271F5F"},
        {"smc", "smc 03172933"},
        {"strops", "strops 306C41F7"},
        {"textout", "textout D63169BB"},
        {"vm", "vm 03EBBE25"},
    }};
    for (const auto& [name, line] : expected) EXPECT_EQ(run(name).output, std::string(line) + "\r\n");
}

TEST_P(Guests, ALongHostNameIsNoHindrance) {
    const Folder folder;
    std::filesystem::copy_file(std::string(DYN86_GUESTS) + "/fib.com", folder / "a name no DOS knows.com");
    EXPECT_EQ(dyn86({std::string("--engine=") + GetParam(), folder / "a name no DOS knows.com"}).output,
              "fib E476329D\r\n");
}

#ifdef DYN86_HAVE_BCC
TEST_P(Guests, CompiledCRuns) {
    EXPECT_EQ(run("records").output, "records 034D1C6B\r\n");
}
#endif

/// The boot sector that dosfstools writes: nobody here wrote it.
TEST_P(Guests, AFloppyByMkfsShowsItsMessage) {
    const Folder folder;
    const auto made = run_command({"/sbin/mkfs.fat", "-C", folder / "floppy.img", "1440"});
    if (made.status == 127) GTEST_SKIP() << "mkfs.fat (dosfstools) is not installed";
    ASSERT_EQ(made.status, 0) << made.errors;
    const auto booted = dyn86({std::string("--engine=") + GetParam(), "--boot", folder / "floppy.img",
                               "--until-text=press any key to try again", "--dump-screen=-"});
    EXPECT_EQ(booted.status, 0);
    EXPECT_TRUE(
        booted.output.starts_with("This is not a bootable disk.  Please insert a bootable floppy and\n"
                                  "press any key to try again ...\n"))
        << booted.output << booted.errors;
}

INSTANTIATE_TEST_SUITE_P(Engines, Guests, testing::Values("jit", "interpreter"));

}  // namespace
}  // namespace dyn86::cli
