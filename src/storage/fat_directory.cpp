// Directories of a FAT file system. [DOS TR, "Disk directory"]
#include "src/storage/fat_volume.h"

#include <algorithm>

namespace dyn86 {
namespace {

using Sector = std::array<u8, sector_size>;

constexpr u8 never_used = 0x00, deleted = 0xE5, stands_for_e5 = 0x05;
constexpr u8 long_name = 0x0F;  // attributes of later systems' entries

u16 word(std::span<const u8> bytes, std::size_t at) {
    return u16(bytes[at] | bytes[at + 1] << 8);
}
void set_word(std::span<u8> bytes, std::size_t at, u16 value) {
    bytes[at] = u8(value);
    bytes[at + 1] = u8(value >> 8);
}

FatEntry decode(std::span<const u8> bytes) {
    FatEntry entry;
    std::copy_n(bytes.begin(), entry.name.size(), entry.name.begin());
    if (entry.name[0] == stands_for_e5) entry.name[0] = deleted;
    entry.attributes = bytes[0x0B];
    entry.time = word(bytes, 0x16);
    entry.date = word(bytes, 0x18);
    entry.cluster = word(bytes, 0x1A);
    entry.size = word(bytes, 0x1C) | u32{word(bytes, 0x1E)} << 16;
    return entry;
}

/// The reserved bytes stay what they are.
void encode(const FatEntry& entry, std::span<u8> bytes) {
    std::ranges::copy(entry.name, bytes.begin());
    if (entry.name[0] == deleted) bytes[0] = stands_for_e5;
    bytes[0x0B] = entry.attributes;
    set_word(bytes, 0x16, entry.time);
    set_word(bytes, 0x18, entry.date);
    set_word(bytes, 0x1A, entry.cluster);
    set_word(bytes, 0x1C, u16(entry.size));
    set_word(bytes, 0x1E, u16(entry.size >> 16));
}

}  // namespace

FatResult<std::vector<u32>> FatVolume::sectors_of(u32 folder) const {
    std::vector<u32> sectors;
    if (folder == 0) {
        for (u32 i = 0; i < shape_.root_sectors(); ++i) sectors.push_back(shape_.root() + i);
        return sectors;
    }
    for (u32 cluster = folder; cluster != 0;) {
        const bool is_circle = sectors.size() > std::size_t{shape_.clusters()} * shape_.sectors_per_cluster;
        if (!shape_.has_cluster(cluster) || is_circle) return std::unexpected(FatError::Corrupt);
        for (u32 i = 0; i < shape_.sectors_per_cluster; ++i) sectors.push_back(shape_.sector_of(cluster) + i);
        const auto behind = next(cluster);
        if (!behind) return std::unexpected(behind.error());
        cluster = *behind;
    }
    return sectors;
}

FatResult<std::vector<FatEntry>> FatVolume::list(u32 folder) const {
    const auto sectors = sectors_of(folder);
    if (!sectors) return std::unexpected(sectors.error());
    std::vector<FatEntry> entries;
    for (const u32 sector : *sectors) {
        Sector bytes{};
        if (auto done = read_sectors(sector, bytes); !done) return std::unexpected(done.error());
        for (u32 at = 0; at < sector_size; at += FatShape::entry_size) {
            if (bytes[at] == never_used) return entries;
            if (bytes[at] == deleted || bytes[at + 0x0B] == long_name) continue;
            FatEntry entry = decode(std::span(bytes).subspan(at, FatShape::entry_size));
            entry.sector = sector;
            entry.offset = u16(at);
            entries.push_back(entry);
        }
    }
    return entries;
}

FatResult<> FatVolume::update(const FatEntry& entry) const {
    Sector bytes{};
    if (auto done = read_sectors(entry.sector, bytes); !done) return done;
    encode(entry, std::span(bytes).subspan(entry.offset, FatShape::entry_size));
    return write_sectors(entry.sector, bytes);
}

FatResult<> FatVolume::erase(const FatEntry& entry) const {
    Sector bytes{};
    if (auto done = read_sectors(entry.sector, bytes); !done) return done;
    bytes[entry.offset] = deleted;
    return write_sectors(entry.sector, bytes);
}

/// A cluster of unused entries at the end of a folder: its first sector.
FatResult<u32> FatVolume::add_sector(u32 folder) {
    if (folder == 0) return std::unexpected(FatError::Full);  // the root has the size that it has
    u32 last = folder;
    for (auto behind = next(last); !behind || *behind != 0; behind = next(last)) {
        if (!behind) return behind;
        last = *behind;
    }
    const auto added = extend(0);  // linked when it is empty: no entry of old is ever seen
    if (!added) return added;
    const std::vector<u8> empty(shape_.cluster_bytes());
    if (auto done = write_sectors(shape_.sector_of(*added), empty); !done) return std::unexpected(done.error());
    if (auto done = set_value(last, *added); !done) return std::unexpected(done.error());
    return shape_.sector_of(*added);
}

FatResult<FatEntry> FatVolume::add(u32 folder, FatEntry entry) {
    const auto sectors = sectors_of(folder);
    if (!sectors) return std::unexpected(sectors.error());
    const auto put = [&](u32 sector, Sector& bytes, u32 at) -> FatResult<FatEntry> {
        entry.sector = sector;
        entry.offset = u16(at);
        const auto place = std::span(bytes).subspan(at, FatShape::entry_size);
        std::ranges::fill(place, u8{0});
        encode(entry, place);
        if (auto done = write_sectors(sector, bytes); !done) return std::unexpected(done.error());
        return entry;
    };
    Sector bytes{};
    for (const u32 sector : *sectors) {
        if (auto done = read_sectors(sector, bytes); !done) return std::unexpected(done.error());
        for (u32 at = 0; at < sector_size; at += FatShape::entry_size)
            if (bytes[at] == never_used || bytes[at] == deleted) return put(sector, bytes, at);
    }
    const auto sector = add_sector(folder);
    if (!sector) return std::unexpected(sector.error());
    bytes.fill(0);
    return put(*sector, bytes, 0);
}

FatResult<u16> FatVolume::make_folder(u32 parent, const FatEntry& like) {
    const auto cluster = extend(0);
    if (!cluster) return std::unexpected(cluster.error());
    std::vector<u8> bytes(shape_.cluster_bytes());
    FatEntry dot = like;
    dot.attributes = FatEntry::folder;
    dot.size = 0;
    for (u32 i = 0; i < 2; ++i) {
        dot.name.fill(' ');
        std::fill_n(dot.name.begin(), i + 1, u8{'.'});
        dot.cluster = u16(i == 0 ? *cluster : parent);
        encode(dot, std::span(bytes).subspan(i * FatShape::entry_size, FatShape::entry_size));
    }
    if (auto done = write_sectors(shape_.sector_of(*cluster), bytes); !done) return std::unexpected(done.error());
    return u16(*cluster);
}

}  // namespace dyn86
