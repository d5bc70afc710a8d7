#include "src/storage/folder_disk.h"

#include "src/storage/fat_layout.h"
#include "src/storage/fat_name.h"
#include "src/storage/folder_tree.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <set>
#include <vector>

namespace dyn86 {

namespace {

constexpr std::size_t entry_size = FatLayout::entry_size;
/// Attributes of a directory entry. [DOS TR, "Disk directory"]
constexpr u8 read_only = 0x01, volume_label = 0x08, directory = 0x10, archive = 0x20;

u64 round_up(u64 value, u64 unit) {
    return (value + unit - 1) / unit;
}

/// Clusters that everything in a folder takes; a folder holds entries for itself and its parent, too.
u64 clusters_needed(const FolderNode& folder, u64 cluster_bytes) {
    u64 clusters = 0;
    for (const FolderNode& child : folder.children) {
        const u64 bytes = child.is_folder ? (child.children.size() + 2) * entry_size : child.size;
        clusters += round_up(bytes, cluster_bytes) + clusters_needed(child, cluster_bytes);
    }
    return clusters;
}

bool fits(const FatLayout& layout, const FolderNode& root, std::size_t labels) {
    return root.children.size() + labels <= layout.root_entries &&
           clusters_needed(root, layout.cluster_bytes()) <= layout.clusters();
}

void put(std::span<u8> to, std::size_t at, u32 value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) to[at + i] = u8(value >> i * 8);
}

/// Date in the upper word, time in the lower. [DOS TR, "Disk directory"]
u32 dos_time(i64 seconds) {
    const std::time_t time = seconds;
    std::tm local{};
    localtime_r(&time, &local);
    const int year = std::clamp(local.tm_year - 80, 0, 127);
    const u32 date = u32(year << 9 | (local.tm_mon + 1) << 5 | local.tm_mday);
    return date << 16 | u32(local.tm_hour << 11 | local.tm_min << 5 | local.tm_sec / 2);
}

/// Fills a disk from a tree, cluster after cluster.
class Maker {
public:
    Maker(RawFile& disk, const FatLayout& layout, const FolderTree& tree)
        : disk_(disk), layout_(layout), tree_(tree), fat_(layout.clusters() + 2) {}

    Result<> make(const std::string& label);

private:
    Result<> write_at(u32 sector, std::span<const u8> bytes) {
        return write_all(disk_.descriptor(), disk_.path(), u64{sector} * sector_size, bytes);
    }
    /// A chain of clusters for so many bytes; 0 for none.
    u32 allocate(u64 bytes);
    Result<std::vector<u8>> entries_of(const FolderNode& folder, u32 itself, u32 parent, const std::string& label);
    Result<u32> store(const FolderNode& node, u32 parent);
    Result<> copy_file(const FolderNode& node, u32 cluster);
    Result<> write_fats();

    RawFile& disk_;
    const FatLayout& layout_;
    const FolderTree& tree_;
    std::vector<u16> fat_;
    u32 next_ = 2;
};

std::array<u8, entry_size> entry(std::span<const char> name, u8 attributes, u32 cluster, u64 size, i64 modified) {
    std::array<u8, entry_size> entry{};
    std::ranges::copy(name, entry.begin());
    entry[11] = attributes;
    put(entry, 22, dos_time(modified), 4);
    put(entry, 26, cluster, 2);
    put(entry, 28, u32(size), 4);
    return entry;
}

u32 Maker::allocate(u64 bytes) {
    const u32 count = u32(round_up(bytes, layout_.cluster_bytes()));
    if (count == 0) return 0;
    const u32 first = next_;
    for (u32 i = 0; i < count; ++i, ++next_) fat_[next_] = i + 1 == count ? u16{0xFFFF} : u16(next_ + 1);
    return first;
}

/// The root has neither `itself` nor entries for it.
Result<std::vector<u8>> Maker::entries_of(const FolderNode& folder, u32 itself, u32 parent, const std::string& label) {
    std::vector<u8> bytes;
    const auto add = [&](std::span<const u8> one) { bytes.insert(bytes.end(), one.begin(), one.end()); };
    const auto name_of = [](std::string_view text) {
        FatName name;
        name.fill(' ');
        std::ranges::copy(text.substr(0, name.size()), name.begin());
        return name;
    };
    if (!label.empty()) add(entry(name_of(label), volume_label, 0, 0, folder.modified));
    if (itself != 0) {
        add(entry(name_of("."), directory, itself, 0, folder.modified));
        add(entry(name_of(".."), directory, parent, 0, folder.modified));
    }
    std::set<FatName> taken;
    for (const FolderNode& child : folder.children) {
        const FatName name = fat_name(child.name, taken);
        taken.insert(name);
        const auto cluster = store(child, itself);
        if (!cluster) return std::unexpected(cluster.error());
        const u8 kind = child.is_folder ? directory : archive;
        add(entry(name, u8(kind | (child.is_read_only ? read_only : 0)), *cluster, child.size, child.modified));
    }
    return bytes;
}

Result<u32> Maker::store(const FolderNode& node, u32 parent) {
    const u32 cluster = allocate(node.is_folder ? (node.children.size() + 2) * entry_size : node.size);
    if (!node.is_folder) {
        if (auto done = copy_file(node, cluster); !done) return std::unexpected(done.error());
        return cluster;
    }
    const auto entries = entries_of(node, cluster, parent, {});
    if (!entries) return std::unexpected(entries.error());
    if (auto done = write_at(layout_.sector_of(cluster), *entries); !done) return std::unexpected(done.error());
    return cluster;
}

Result<> Maker::copy_file(const FolderNode& node, u32 cluster) {
    if (node.size == 0) return {};
    const auto fd = tree_.open_file(node);
    if (!fd) return std::unexpected(fd.error());
    std::vector<u8> block(std::min<u64>(node.size, 1 << 20));
    Result<> done;
    u64 at = u64{layout_.sector_of(cluster)} * sector_size;
    for (u64 left = node.size; left != 0 && done;) {
        const ssize_t got = ::read(*fd, block.data(), std::min<u64>(left, block.size()));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            done =
                got < 0 ? Result<>(fail_errno(node.path)) : fail(node.path + ": has become shorter while it was read");
            break;
        }
        done = write_all(disk_.descriptor(), disk_.path(), at, std::span(block).first(std::size_t(got)));
        at += u64(got);
        left -= u64(got);
    }
    close(*fd);
    return done;
}

Result<> Maker::write_fats() {
    fat_[0] = u16(0xFF00 | layout_.media);
    fat_[1] = 0xFFFF;
    std::vector<u8> bytes(std::size_t{layout_.sectors_per_fat} * sector_size);
    for (std::size_t i = 0; i < fat_.size(); ++i) {
        if (!layout_.is_fat12()) {
            put(bytes, i * 2, fat_[i], 2);
            continue;
        }
        const std::size_t at = i * 3 / 2;  // two entries in three bytes
        const u32 value = fat_[i] & 0xFFFu;
        bytes[at] = u8(i % 2 == 0 ? value : bytes[at] | value << 4);
        bytes[at + 1] = u8(i % 2 == 0 ? value >> 8 : value >> 4);
    }
    if (auto done = write_at(layout_.first_fat(), bytes); !done) return done;
    return write_at(layout_.first_fat() + layout_.sectors_per_fat, bytes);
}

Result<> Maker::make(const std::string& label) {
    if (layout_.partition_type != 0)
        if (auto done = write_at(0, partition_sector_of(layout_)); !done) return done;
    if (auto done = write_at(layout_.start, boot_sector_of(layout_)); !done) return done;
    const auto root = entries_of(tree_.root(), 0, 0, label);
    if (!root) return std::unexpected(root.error());
    if (auto done = write_at(layout_.root(), *root); !done) return done;
    return write_fats();
}

}  // namespace

Result<std::unique_ptr<DiskImage>> make_folder_disk(const std::string& folder, DiskKind kind,
                                                    const std::string& label) {
    const auto tree = FolderTree::read(folder);
    if (!tree) return std::unexpected(tree.error());
    const auto layouts = kind == DiskKind::Floppy ? floppy_layouts() : hard_disk_layouts();
    const auto layout = std::ranges::find_if(
        layouts, [&](const FatLayout& one) { return fits(one, tree->root(), label.empty() ? 0 : 1); });
    if (layout == layouts.end())
        return fail(fmt::format("{}: holds more than a {} takes ({} MB)", folder,
                                kind == DiskKind::Floppy ? "floppy disk" : "disk made of a folder",
                                layouts.back().geometry.total_sectors() * sector_size / 1'000'000));
    auto disk = RawFile::make_scratch(folder, layout->geometry.total_sectors());
    if (!disk) return std::unexpected(disk.error());
    if (auto done = Maker(**disk, *layout, *tree).make(label); !done) return std::unexpected(done.error());
    return DiskImage::made(std::move(*disk), kind, layout->geometry);
}

}  // namespace dyn86
