// A host folder as a drive: looking up names, links, and changes from outside.
#include "src/dos/host_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace dyn86::dos {
namespace {

namespace fs = std::filesystem;

class HostFolderTest : public testing::Test {
protected:
    HostFolderTest() {
        std::string name = (fs::temp_directory_path() / "dyn86-folder-XXXXXX").string();
        EXPECT_NE(mkdtemp(name.data()), nullptr);
        root_ = name;
        outside_ = name + "-outside";
        fs::create_directory(outside_);
        fs::create_directory(root_ / "Sub Folder");
    }
    ~HostFolderTest() override {
        fs::remove_all(root_);
        fs::remove_all(outside_);
    }
    void touch(const std::string& name) const { std::ofstream(root_ / name) << name; }
    [[nodiscard]] HostFolder open() const { return std::move(*HostFolder::open(root_)); }

    fs::path root_, outside_;
};

TEST_F(HostFolderTest, NamesAreFoundInAnyCaseTheLowerOneFirst) {
    touch("README");
    EXPECT_EQ(open().find({"README"})->name, "README");
    touch("ReadMe");
    touch("readme");
    EXPECT_EQ(open().find({"README"})->name, "readme");
    EXPECT_EQ(open().find({"NEW.TXT"})->name, "new.txt");
    EXPECT_FALSE(open().find({"NEW.TXT"})->exists());
}

TEST_F(HostFolderTest, AliasesLeadToLongNamesWhoeverElseCameSince) {
    touch("Sub Folder/a long name.text");
    const auto path = open().dos_path("Sub Folder/a long name.text");
    ASSERT_TRUE(path.has_value());
    touch("Sub Folder/a long name indeed.text");
    touch("Sub Folder/aaa");
    EXPECT_EQ(open().find(*path)->path(), "Sub Folder/a long name.text");
    EXPECT_EQ(open().dos_path("Sub Folder/nothing"), std::nullopt);
}

TEST_F(HostFolderTest, OnlyTheLastComponentMayBeMissing) {
    touch("file");
    EXPECT_EQ(open().find({"NO", "FILE"}).error(), DosError::PathNotFound);
    EXPECT_EQ(open().find({"FILE", "X"}).error(), DosError::PathNotFound);
}

TEST_F(HostFolderTest, AFolderSwappedForALinkOutsideIsNotFollowed) {
    fs::create_directory(root_ / "dir");
    touch("dir/x");
    const HostFolder folder = open();
    const auto place = folder.find({"DIR", "X"});
    ASSERT_TRUE(place.has_value());
    fs::remove_all(root_ / "dir");
    std::ofstream(outside_ / "x") << "secret";
    fs::create_symlink(outside_, root_ / "dir");
    EXPECT_FALSE(folder.open_regular(*place, O_RDONLY).has_value());
    EXPECT_FALSE(folder.remove_file(*place).has_value());
    EXPECT_FALSE(folder.make_folder({.folder = "dir", .name = "made", .status = {}}).has_value());
    EXPECT_FALSE(folder.rename(*place, {.folder = "", .name = "mine", .status = {}}).has_value());
    EXPECT_FALSE(folder.list("dir").has_value());
    EXPECT_EQ(std::distance(fs::directory_iterator(outside_), {}), 1);
}

TEST_F(HostFolderTest, ARaceWithLinksIsNeverLost) {
    fs::create_directory(root_ / "dir");
    touch("dir/x");
    std::ofstream(outside_ / "x") << "secret";
    fs::create_symlink(outside_, root_ / "link");
    const HostFolder folder = open();
    const std::string dir = root_ / "dir", link = root_ / "link";
    std::jthread swapper([&](const std::stop_token& stop) {
        constexpr unsigned exchange = 2;  // RENAME_EXCHANGE
        while (!stop.stop_requested()) syscall(SYS_renameat2, AT_FDCWD, dir.c_str(), AT_FDCWD, link.c_str(), exchange);
    });
    int opened = 0;
    for (int i = 0; i < 3000; ++i) {
        const auto place = folder.find({"DIR", "X"});
        if (!place) continue;
        const auto file = folder.open_regular(*place, O_RDWR);
        if (!file) continue;
        ++opened;
        char text[8] = {};
        ASSERT_GT(pread(file->fd(), text, sizeof text, 0), 0);
        ASSERT_STREQ(text, "dir/x");
        (void)folder.remove_file({.folder = "dir", .name = "y", .status = {}});
    }
    EXPECT_GT(opened, 0);
}

TEST_F(HostFolderTest, AFifoInAFilesPlaceIsRefusedWithoutWaiting) {
    touch("x");
    const HostFolder folder = open();
    const auto place = folder.find({"X"});
    fs::remove(root_ / "x");
    ASSERT_EQ(mkfifo((root_ / "x").c_str(), 0600), 0);
    EXPECT_FALSE(folder.open_regular(*place, O_RDONLY).has_value());
    EXPECT_FALSE(folder.open_regular(*place, O_RDWR).has_value());
    const auto names = folder.list("");
    ASSERT_TRUE(names.has_value());
    for (const NamePair& pair : *names) EXPECT_NE(pair.host, "x");
}

TEST_F(HostFolderTest, NoFolderIsAnErrorForTheUser) {
    const auto none = HostFolder::open((root_ / "none").string());
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error().kind, ErrorKind::NotFound);
}

}  // namespace
}  // namespace dyn86::dos
