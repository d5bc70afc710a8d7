// A folder becomes a FAT disk: what it holds is found again through directories and FAT.
#include "src/storage/folder_disk.h"
#include "src/storage/fat_layout.h"
#include "src/storage/fat_name.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace dyn86 {
namespace {

namespace fs = std::filesystem;

class FolderDisk : public ::testing::Test {
protected:
    void SetUp() override {
        path = testing::TempDir() + "dyn86-folder-XXXXXX";
        ASSERT_NE(mkdtemp(path.data()), nullptr);
    }
    void TearDown() override { fs::remove_all(path); }
    void put(const std::string& name, const std::string& text) { std::ofstream(path + "/" + name) << text; }
    std::unique_ptr<DiskImage> make(DiskKind kind = DiskKind::Floppy, const std::string& label = {}) {
        auto disk = make_folder_disk(path, kind, label);
        EXPECT_TRUE(disk) << disk.error().message;
        return disk ? std::move(*disk) : nullptr;
    }

    std::string path;
};

/// The other end: finds a file by its path of padded names and reads it through the FAT.
class FatReader {
public:
    explicit FatReader(DiskImage& disk, const FatLayout& layout) : disk_(disk), layout_(layout) {}

    std::string text(std::initializer_list<const char*> names) {
        std::vector<u8> bytes(std::size_t{layout_.root_entries} * 32);
        EXPECT_TRUE(disk_.read(layout_.root(), bytes));
        for (const char* name : names) {
            std::size_t at = 0;
            while (at < bytes.size() &&
                   std::string(bytes.begin() + std::ptrdiff_t(at), bytes.begin() + std::ptrdiff_t(at) + 11) != name)
                at += 32;
            if (at >= bytes.size()) return "no " + std::string(name);
            const u32 cluster = u32(bytes[at + 26] | bytes[at + 27] << 8);
            const u32 size = u32(bytes[at + 28] | bytes[at + 29] << 8 | bytes[at + 30] << 16);
            const bool is_folder = (bytes[at + 11] & 0x10) != 0;
            bytes = chain(cluster);
            if (!is_folder) bytes.resize(size);
        }
        return {bytes.begin(), bytes.end()};
    }
    u16 fat(u32 cluster) {
        std::vector<u8> bytes(std::size_t{layout_.sectors_per_fat} * sector_size);
        EXPECT_TRUE(disk_.read(layout_.first_fat(), bytes));
        if (!layout_.is_fat12()) return u16(bytes[cluster * 2] | bytes[cluster * 2 + 1] << 8);
        const u16 pair = u16(bytes[cluster * 3 / 2] | bytes[cluster * 3 / 2 + 1] << 8);
        return u16(cluster % 2 == 0 ? pair & 0xFFF : pair >> 4);
    }

private:
    std::vector<u8> chain(u32 cluster) {
        std::vector<u8> bytes;
        const u32 last = layout_.is_fat12() ? 0xFF8 : 0xFFF8;
        while (cluster >= 2 && cluster < last) {
            std::vector<u8> one(layout_.cluster_bytes());
            EXPECT_TRUE(disk_.read(layout_.sector_of(cluster), one));
            bytes.insert(bytes.end(), one.begin(), one.end());
            cluster = fat(cluster);
        }
        return bytes;
    }

    DiskImage& disk_;
    const FatLayout& layout_;
};

TEST_F(FolderDisk, FilesAndFoldersAreFoundThroughTheFat) {
    put("readme.txt", "hello");
    std::string large(5000, 'x');
    large += "end";
    fs::create_directories(path + "/sub/deeper");
    put("sub/big.dat", large);
    put("sub/deeper/a", "a");
    const auto disk = make();
    EXPECT_EQ(disk->geometry(), (Geometry{40, 2, 9}));
    FatReader reader(*disk, floppy_layouts()[0]);
    EXPECT_EQ(reader.text({"README  TXT"}), "hello");
    EXPECT_EQ(reader.text({"SUB        ", "BIG     DAT"}), large);
    EXPECT_EQ(reader.text({"SUB        ", "DEEPER     ", "A          "}), "a");
    EXPECT_EQ(reader.text({"SUB        ", "DEEPER     ", "..         ", "BIG     DAT"}), large);
    EXPECT_EQ(reader.fat(0), 0xFFD);
}

TEST_F(FolderDisk, TakesTheSmallestDiskThatIsLargeEnough) {
    put("a", std::string(400'000, 'a'));
    EXPECT_EQ(make()->geometry().cylinders, 80);
    put("b", std::string(800'000, 'b'));
    EXPECT_EQ(make()->geometry(), (Geometry{80, 2, 15}));
    put("c", std::string(2'900'000, 'c'));
    const auto none = make_folder_disk(path, DiskKind::Floppy);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().message.find(path), 0u);
}

TEST_F(FolderDisk, HardDisksHaveAPartitionThatTheirGeometryIsFoundBy) {
    put("a.txt", "on a hard disk");
    const auto disk = make(DiskKind::HardDisk, "TOOLS");
    std::array<u8, sector_size> sector{};
    ASSERT_TRUE(disk->read(0, sector));
    EXPECT_TRUE(has_boot_signature(sector));
    const auto shape = partition_geometry(sector);
    ASSERT_TRUE(shape);
    EXPECT_EQ(shape->heads, 4);
    EXPECT_EQ(shape->sectors_per_track, 17);
    EXPECT_EQ(*first_partition(sector), 17u);
    FatReader reader(*disk, hard_disk_layouts()[0]);
    EXPECT_EQ(reader.text({"A       TXT"}), "on a hard disk");
    EXPECT_EQ(reader.text({"TOOLS      "}), "");
}

TEST_F(FolderDisk, LargeOnesAreFat16) {
    put("a.bin", std::string(12'000'000, 'z'));
    const auto disk = make(DiskKind::HardDisk);
    const FatLayout& layout = hard_disk_layouts()[1];
    EXPECT_EQ(disk->geometry(), layout.geometry);
    EXPECT_EQ(FatReader(*disk, layout).text({"A       BIN"}).size(), 12'000'000u);
}

TEST_F(FolderDisk, LinksThatLeadOutsideAreNotThere) {
    put("inside", "in");
    fs::create_symlink("inside", path + "/link");
    fs::create_symlink("/etc/passwd", path + "/outside");
    fs::create_directory_symlink(".", path + "/loop");
    const auto disk = make();
    FatReader fresh(*disk, floppy_layouts()[0]);
    EXPECT_EQ(fresh.text({"LINK       "}), "in");
    EXPECT_EQ(fresh.text({"OUTSIDE    "}), "no OUTSIDE    ");
    EXPECT_EQ(fresh.text({"LOOP       "}), "no LOOP       ");
}

TEST_F(FolderDisk, MissingFoldersAre127) {
    EXPECT_EQ(make_folder_disk("/nonexistent", DiskKind::Floppy).error().kind, ErrorKind::NotFound);
}

TEST(FatNames, ShortFormsAreUnique) {
    const auto name = [](std::string_view host, std::set<FatName> taken = {}) {
        const FatName result = fat_name(host, taken);
        return std::string(result.begin(), result.end());
    };
    EXPECT_EQ(name("readme.txt"), "README  TXT");
    EXPECT_EQ(name("a.tar.gz"), "ATAR~1  GZ ");
    EXPECT_EQ(name("longer name.html"), "LONGER~1HTM");
    EXPECT_EQ(name(".profile"), "PROFIL~1   ");
    EXPECT_EQ(name("caf\xC3\xA9.txt"), "CAF_~1  TXT");
    EXPECT_EQ(name("x.", {}), "X          ");
    const FatName first = fat_name("longer name.html", {});
    EXPECT_EQ(name("longer name.html", {first}), "LONGER~2HTM");
}

}  // namespace
}  // namespace dyn86
