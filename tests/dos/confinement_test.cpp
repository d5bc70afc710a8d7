// No way out of a drive: links, dots, special files, device names.
#include "tests/dos/support/dos_machine.h"

#include <filesystem>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace dyn86::test {
namespace {

namespace fs = std::filesystem;

/// C: is a folder beside another one that holds what must not be reached. Nothing else is ever aimed at: were a wall to
/// break, the attempts would destroy what they reach.
class Confinement : public DosTest {
protected:
    Confinement() {
        outside_ = folder().string() + "-outside";
        fs::create_directory(outside_);
        fs::create_directory(outside_ / "dir");
        write_outside("secret.txt");
        write_outside("dir/secret.txt");
        install("opens.com");
    }
    ~Confinement() override { fs::remove_all(outside_); }

    void write_outside(const std::string& name) const {
        write_file("../" + outside_.filename().string() + "/" + name, "secret");
    }
    /// Which of opens.asm's attempts on this path succeeded.
    int attempt(const std::string& path) const {
        const Ran ran = run({.program = "OPENS.COM", .tail = path});
        EXPECT_TRUE(ran.ended) << path << " " << ran.error.message;
        EXPECT_TRUE(fs::is_regular_file(outside_ / "secret.txt")) << path;
        EXPECT_TRUE(fs::is_regular_file(outside_ / "dir" / "secret.txt")) << path;
        EXPECT_EQ(std::distance(fs::directory_iterator(outside_), {}), 2) << path;
        EXPECT_EQ(std::distance(fs::directory_iterator(outside_ / "dir"), {}), 1) << path;
        return ran.errorlevel;
    }

    fs::path outside_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Confinement, testing::ValuesIn(engines()), name_of);

constexpr int open_bit = 1, create_bit = 2, delete_bit = 4, folder_bit = 8;

TEST_P(Confinement, DotsEndAtTheRoot) {
    const std::string name = outside_.filename().string().substr(0, 8);
    for (const std::string& path :
         {"..\\" + name + "\\SECRET.TXT", "..\\..\\TMP\\" + name + "\\SECRET.TXT", std::string("C:..\\X.TXT"),
          "\\..\\" + name + "\\SECRET.TXT", "../../../../../../tmp/" + name + "/secret.txt",
          std::string("SUB\\..\\..\\X"), std::string("...\\X"), std::string("....\\....\\X")})
        EXPECT_EQ(attempt(path), 0) << path;
}

TEST_P(Confinement, AbsoluteHostPathsAreNamesOnTheDrive) {
    const std::string secret = (outside_ / "secret.txt").string();
    for (const std::string& path : {secret, '/' + secret, "/proc/self/root" + secret,
                                    std::string("\\\\server\\share\\x"), std::string("D:\\X"), std::string("?:\\X")})
        EXPECT_EQ(attempt(path), 0) << path;
}

TEST_P(Confinement, LinksOutOfTheDriveAreNotThere) {
    fs::create_symlink(outside_ / "secret.txt", folder() / "abs.txt");
    fs::create_symlink("../" + outside_.filename().string() + "/secret.txt", folder() / "rel.txt");
    fs::create_symlink(outside_, folder() / "out");
    fs::create_symlink("/proc/self/root" + outside_.string(), folder() / "magic");
    fs::create_symlink("loop", folder() / "loop");
    for (const char* path :
         {"OUT\\SECRET.TXT", "OUT\\NEW.TXT", "OUT\\DIR\\SECRET.TXT", "OUT\\DIR", "MAGIC\\SECRET.TXT", "LOOP\\X"})
        EXPECT_EQ(attempt(path), 0) << path;
    // The link itself lies on the drive, so it may be removed; nothing behind it may be touched.
    for (const char* path : {"ABS.TXT", "REL.TXT", "OUT", "LOOP"})
        EXPECT_EQ(attempt(path) & (open_bit | create_bit), 0) << path;
}

TEST_P(Confinement, LinksInsideTheDriveWork) {
    fs::create_directory(folder() / "sub");
    write_file("sub/real.txt", "inside");
    fs::create_symlink("sub/real.txt", folder() / "link.txt");
    EXPECT_NE(attempt("LINK.TXT") & open_bit, 0);
}

TEST_P(Confinement, SpecialFilesAreRefusedWithoutWaiting) {
    ASSERT_EQ(mkfifo((folder() / "fifo").c_str(), 0666), 0);
    const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    const std::string path = folder() / "sock";
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    fs::create_symlink("/dev/zero", folder() / "zero");
    for (const char* name : {"FIFO", "SOCK", "ZERO"})
        EXPECT_EQ(attempt(name) & (open_bit | create_bit | folder_bit), 0) << name;
    close(listener);
}

TEST_P(Confinement, DeviceNamesAreDevicesWhereverTheyAre) {
    for (const char* name : {"NUL", "nul.txt", "SUB\\CON.TXT", "AUX", "PRN.DOC", "CLOCK$"}) (void)attempt(name);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder()), {}), 1);  // the guest alone: no file came to be
    write_file("con.txt", "a file of the host");
    EXPECT_EQ(attempt("CON.TXT") & delete_bit, 0);
    EXPECT_EQ(read_file("con.txt"), "a file of the host");
}

TEST_P(Confinement, OverlongAndStrangeNamesAreErrors) {
    for (const std::string& path :
         {std::string(120, 'A') + "\\X", std::string("A\\B\\C\\D\\E\\F\\G\\H\\I\\J\\K\\L\\M\\N\\O\\P\\X"),
          std::string("A*B\\X.TXT"), std::string("\x01\x02.TXT"), std::string("A|B"), std::string("\"X\"")})
        EXPECT_EQ(attempt(path), 0) << path;
}

}  // namespace
}  // namespace dyn86::test
