// A FAT12 or FAT16 file system in a disk image, read and written: its table, directories and files. Names are directory
// entries' eleven bytes; who may see or change what is decided above.
#pragma once

#include "src/storage/disk_image.h"

#include <array>
#include <expected>
#include <span>
#include <vector>

namespace dyn86 {

enum class FatError : u8 {
    Read,            // the image did not give a sector
    Write,           // ... or did not take one
    WriteProtected,  // the image is read-only
    Full,            // no free cluster, or no room in the root directory
    Corrupt,         // a chain leads nowhere or in a circle
};
template <typename T = void>
using FatResult = std::expected<T, FatError>;

/// Where the parts lie: what the boot sector says. Sector numbers count from the boot sector.
/// [DOS TR, "Disk allocation"]
struct FatShape {
    u32 start = 0;   // the boot sector, on the disk
    u32 total = 0;   // sectors
    u32 hidden = 0;  // before it, as it says itself
    u16 reserved = 1;
    u8 fats = 2;
    u16 sectors_per_fat = 0, root_entries = 0;
    u16 sectors_per_cluster = 1;
    u8 media = 0xF8;
    u16 sectors_per_track = 0, heads = 0;
    u32 serial = 0;

    static constexpr u32 entry_size = 32;

    [[nodiscard]] constexpr u32 root() const { return reserved + u32{fats} * sectors_per_fat; }
    [[nodiscard]] constexpr u32 root_sectors() const {
        return (root_entries * entry_size + sector_size - 1) / sector_size;
    }
    [[nodiscard]] constexpr u32 data() const { return root() + root_sectors(); }
    [[nodiscard]] constexpr u32 clusters() const { return (total - data()) / sectors_per_cluster; }
    [[nodiscard]] constexpr u32 cluster_bytes() const { return sectors_per_cluster * sector_size; }
    /// DOS tells them by the number of clusters alone.
    [[nodiscard]] constexpr bool is_fat12() const { return clusters() < 4085; }
    [[nodiscard]] constexpr bool has_cluster(u32 number) const { return number >= 2 && number < clusters() + 2; }
    [[nodiscard]] constexpr u32 sector_of(u32 cluster) const { return data() + (cluster - 2) * sectors_per_cluster; }
};

/// An entry of a directory, and where it stands.
struct FatEntry {
    std::array<u8, 11> name{};
    u8 attributes = 0;
    u16 time = 0, date = 0;
    u16 cluster = 0;  // the first; 0: none
    u32 size = 0;
    u32 sector = 0;  // where it stands
    u16 offset = 0;

    static constexpr u8 label = 0x08, folder = 0x10;
    [[nodiscard]] bool is_folder() const { return (attributes & folder) != 0; }
    [[nodiscard]] bool is_at_same_place(const FatEntry& other) const {
        return sector == other.sector && offset == other.offset;
    }
};

/// Nothing is held back and nothing remembered: what INT 13h or 26h changes under it is seen at once.
class FatVolume {
public:
    /// The file system of a floppy, or of a hard disk's first DOS partition. One line for the user when there is none.
    static Result<FatVolume> open(DiskImage& image);

    [[nodiscard]] const FatShape& shape() const { return shape_; }
    [[nodiscard]] DiskImage& image() const { return *image_; }

    // --- sectors, counted from the boot sector
    [[nodiscard]] FatResult<> read_sectors(u32 first, std::span<u8> to) const;
    [[nodiscard]] FatResult<> write_sectors(u32 first, std::span<const u8> from) const;

    // --- directories; 0 is the root's cluster. Deleted entries and long names are not shown.
    [[nodiscard]] FatResult<std::vector<FatEntry>> list(u32 folder) const;
    /// Puts it into a free place, which it tells; a folder grows if need be.
    [[nodiscard]] FatResult<FatEntry> add(u32 folder, FatEntry entry);
    /// Writes it where it stands.
    [[nodiscard]] FatResult<> update(const FatEntry& entry) const;
    [[nodiscard]] FatResult<> erase(const FatEntry& entry) const;
    /// A cluster with the entries of an empty folder. `like` has its date.
    [[nodiscard]] FatResult<u16> make_folder(u32 parent, const FatEntry& like);

    // --- files. Entries change in memory alone: update() writes them.
    /// Where a reader of a file is in its chain: makes reading on cheap.
    struct Cursor {
        u32 index = 0;
        u32 cluster = 0;  // 0: nowhere yet
    };
    [[nodiscard]] FatResult<std::size_t> read(const FatEntry& file, u64 at, std::span<u8> to, Cursor& cursor) const;
    /// Extends the file, the gap with zeros; how many bytes found room.
    [[nodiscard]] FatResult<std::size_t> write(FatEntry& file, u64 at, std::span<const u8> from, Cursor& cursor);
    /// Full, without having changed anything, when there is no room.
    [[nodiscard]] FatResult<> resize(FatEntry& file, u32 size, Cursor& cursor);
    /// Gives up a chain's clusters.
    [[nodiscard]] FatResult<> release(u32 first);
    [[nodiscard]] FatResult<u32> free_clusters() const;

private:
    FatVolume(DiskImage& image, const FatShape& shape) : image_(&image), shape_(shape) {}
    /// All of the first table.
    [[nodiscard]] FatResult<std::vector<u8>> table() const;
    [[nodiscard]] u32 value_in(std::span<const u8> table, u32 cluster) const;
    [[nodiscard]] FatResult<u32> value(u32 cluster) const;
    [[nodiscard]] FatResult<> set_value(u32 cluster, u32 value) const;
    [[nodiscard]] u32 end_mark() const { return shape_.is_fat12() ? 0xFFF : 0xFFFF; }
    [[nodiscard]] bool is_end(u32 value) const { return value >= end_mark() - 7; }
    /// The cluster behind one; 0: it is the last.
    [[nodiscard]] FatResult<u32> next(u32 cluster) const;
    /// Appends a cluster to the one that ends a chain; 0: begins a chain.
    [[nodiscard]] FatResult<u32> extend(u32 last);
    [[nodiscard]] FatResult<> move_to(const FatEntry& file, u32 index, Cursor& cursor) const;
    [[nodiscard]] FatResult<> grow(FatEntry& file, u32 clusters);
    [[nodiscard]] FatResult<> fill(FatEntry& file, u64 from, u64 to, Cursor& cursor);
    [[nodiscard]] FatResult<> write_within(const FatEntry& file, u64 at, std::span<const u8> from, Cursor& cursor);
    /// The sectors of a directory, in order.
    [[nodiscard]] FatResult<std::vector<u32>> sectors_of(u32 folder) const;
    [[nodiscard]] FatResult<u32> add_sector(u32 folder);

    DiskImage* image_;
    FatShape shape_;
    u32 last_allocated_ = 1;  // where the search for a free cluster goes on
};

}  // namespace dyn86
