#include "src/storage/fat_volume.h"

#include <algorithm>

namespace dyn86 {
namespace {

using Sector = std::array<u8, sector_size>;

constexpr u32 first_cluster = 2;

u16 word(std::span<const u8> bytes, std::size_t at) {
    return u16(bytes[at] | bytes[at + 1] << 8);
}

}  // namespace

// --- sectors

FatResult<> FatVolume::read_sectors(u32 first, std::span<u8> to) const {
    if (first + u64{to.size()} / sector_size > shape_.total) return std::unexpected(FatError::Read);
    if (!image_->read(u64{shape_.start} + first, to)) return std::unexpected(FatError::Read);
    return {};
}

FatResult<> FatVolume::write_sectors(u32 first, std::span<const u8> from) const {
    if (image_->is_read_only()) return std::unexpected(FatError::WriteProtected);
    if (first + u64{from.size()} / sector_size > shape_.total) return std::unexpected(FatError::Write);
    if (!image_->write(u64{shape_.start} + first, from)) return std::unexpected(FatError::Write);
    return {};
}

// --- the table: FAT12 has two entries in three bytes. [DOS TR, "File allocation table"]

FatResult<std::vector<u8>> FatVolume::table() const {
    std::vector<u8> bytes(std::size_t{shape_.sectors_per_fat} * sector_size);
    if (auto done = read_sectors(shape_.reserved, bytes); !done) return std::unexpected(done.error());
    return bytes;
}

u32 FatVolume::value_in(std::span<const u8> table, u32 cluster) const {
    if (!shape_.is_fat12()) return word(table, std::size_t{cluster} * 2);
    const u16 both = word(table, std::size_t{cluster} * 3 / 2);
    return cluster % 2 == 0 ? both & 0xFFFu : both >> 4u;
}

FatResult<u32> FatVolume::value(u32 cluster) const {
    const u32 at = shape_.is_fat12() ? cluster * 3 / 2 : cluster * 2;
    const u32 sector = at / sector_size, offset = at % sector_size;
    std::array<u8, 2 * sector_size> bytes{};
    const std::size_t length = offset == sector_size - 1 ? 2 * sector_size : sector_size;  // an entry across two
    if (auto done = read_sectors(shape_.reserved + sector, std::span(bytes).first(length)); !done)
        return std::unexpected(done.error());
    const u16 both = word(bytes, offset);
    if (!shape_.is_fat12()) return both;
    return cluster % 2 == 0 ? both & 0xFFFu : both >> 4u;
}

FatResult<> FatVolume::set_value(u32 cluster, u32 value) const {
    const u32 at = shape_.is_fat12() ? cluster * 3 / 2 : cluster * 2;
    const u32 sector = at / sector_size, offset = at % sector_size;
    std::array<u8, 2 * sector_size> buffer{};
    const auto bytes = std::span(buffer).first(offset == sector_size - 1 ? 2 * sector_size : sector_size);
    for (u32 copy = 0; copy < shape_.fats; ++copy) {
        const u32 first = shape_.reserved + copy * shape_.sectors_per_fat + sector;
        if (auto done = read_sectors(first, bytes); !done) return done;
        u16 both = u16(value);
        if (shape_.is_fat12()) {
            const u16 old = word(bytes, offset);
            both = cluster % 2 == 0 ? u16((old & 0xF000) | value) : u16((old & 0x000F) | value << 4);
        }
        bytes[offset] = u8(both);
        bytes[offset + 1] = u8(both >> 8);
        if (auto done = write_sectors(first, bytes); !done) return done;
    }
    return {};
}

FatResult<u32> FatVolume::next(u32 cluster) const {
    const auto behind = value(cluster);
    if (!behind) return behind;
    if (is_end(*behind)) return u32{0};
    if (!shape_.has_cluster(*behind)) return std::unexpected(FatError::Corrupt);
    return behind;
}

FatResult<u32> FatVolume::extend(u32 last) {
    const auto all = table();
    if (!all) return std::unexpected(all.error());
    const u32 count = shape_.clusters();
    for (u32 i = 1; i <= count; ++i) {
        const u32 cluster = first_cluster + (last_allocated_ - first_cluster + i) % count;
        if (value_in(*all, cluster) != 0) continue;
        if (auto done = set_value(cluster, end_mark()); !done) return std::unexpected(done.error());
        if (last != 0)
            if (auto done = set_value(last, cluster); !done) return std::unexpected(done.error());
        last_allocated_ = cluster;
        return cluster;
    }
    return std::unexpected(FatError::Full);
}

FatResult<> FatVolume::release(u32 first) {
    u32 cluster = first;
    for (u32 steps = 0; cluster != 0; ++steps) {
        if (!shape_.has_cluster(cluster) || steps > shape_.clusters()) return std::unexpected(FatError::Corrupt);
        const auto behind = next(cluster);
        if (auto done = set_value(cluster, 0); !done) return done;
        if (!behind) return std::unexpected(behind.error());
        cluster = *behind;
    }
    return {};
}

FatResult<u32> FatVolume::free_clusters() const {
    const auto all = table();
    if (!all) return std::unexpected(all.error());
    u32 count = 0;
    for (u32 cluster = first_cluster; cluster < first_cluster + shape_.clusters(); ++cluster)
        if (value_in(*all, cluster) == 0) ++count;
    return count;
}

// --- files

/// To the index-th cluster of a file.
FatResult<> FatVolume::move_to(const FatEntry& file, u32 index, Cursor& cursor) const {
    if (cursor.cluster == 0 || cursor.index > index) cursor = {.index = 0, .cluster = file.cluster};
    if (!shape_.has_cluster(cursor.cluster)) return std::unexpected(FatError::Corrupt);
    while (cursor.index < index) {
        const auto behind = next(cursor.cluster);
        if (!behind) return std::unexpected(behind.error());
        if (*behind == 0) return std::unexpected(FatError::Corrupt);
        cursor = {.index = cursor.index + 1, .cluster = *behind};
    }
    return {};
}

FatResult<std::size_t> FatVolume::read(const FatEntry& file, u64 at, std::span<u8> to, Cursor& cursor) const {
    if (at >= file.size) return std::size_t{0};
    to = to.first(std::size_t(std::min<u64>(to.size(), file.size - at)));
    std::size_t done = 0;
    while (done < to.size()) {
        const u64 from = at + done;
        if (auto moved = move_to(file, u32(from / shape_.cluster_bytes()), cursor); !moved)
            return std::unexpected(moved.error());
        const u32 within = u32(from % shape_.cluster_bytes()), offset = within % sector_size;
        const u32 sector = shape_.sector_of(cursor.cluster) + within / sector_size;
        const std::size_t room = std::min<std::size_t>(to.size() - done, shape_.cluster_bytes() - within);
        if (offset == 0 && room >= sector_size) {
            const std::size_t whole = room - room % sector_size;
            if (auto got = read_sectors(sector, to.subspan(done, whole)); !got) return std::unexpected(got.error());
            done += whole;
            continue;
        }
        Sector bytes{};
        if (auto got = read_sectors(sector, bytes); !got) return std::unexpected(got.error());
        const std::size_t part = std::min<std::size_t>(room, sector_size - offset);
        std::copy_n(bytes.begin() + offset, part, to.begin() + std::ptrdiff_t(done));
        done += part;
    }
    return done;
}

/// Into clusters that the file has.
FatResult<> FatVolume::write_within(const FatEntry& file, u64 at, std::span<const u8> from, Cursor& cursor) {
    while (!from.empty()) {
        if (auto moved = move_to(file, u32(at / shape_.cluster_bytes()), cursor); !moved) return moved;
        const u32 within = u32(at % shape_.cluster_bytes()), offset = within % sector_size;
        const u32 sector = shape_.sector_of(cursor.cluster) + within / sector_size;
        std::size_t part = std::min<std::size_t>(from.size(), shape_.cluster_bytes() - within);
        if (offset == 0 && part >= sector_size) {
            part -= part % sector_size;
            if (auto done = write_sectors(sector, from.first(part)); !done) return done;
        } else {
            part = std::min<std::size_t>(part, sector_size - offset);
            Sector bytes{};
            if (auto done = read_sectors(sector, bytes); !done) return done;
            std::copy_n(from.begin(), part, bytes.begin() + offset);
            if (auto done = write_sectors(sector, bytes); !done) return done;
        }
        at += part;
        from = from.subspan(part);
    }
    return {};
}

/// Until the file has that many clusters, or the disk is full.
FatResult<> FatVolume::grow(FatEntry& file, u32 clusters) {
    u32 have = 0, last = 0;
    for (u32 cluster = file.cluster; cluster != 0; ++have) {
        if (!shape_.has_cluster(cluster) || have > shape_.clusters()) return std::unexpected(FatError::Corrupt);
        last = cluster;
        const auto behind = next(cluster);
        if (!behind) return std::unexpected(behind.error());
        cluster = *behind;
    }
    for (; have < clusters; ++have) {
        const auto added = extend(last);
        if (!added) return std::unexpected(added.error());
        if (file.cluster == 0) file.cluster = u16(*added);
        last = *added;
    }
    return {};
}

FatResult<> FatVolume::fill(FatEntry& file, u64 from, u64 to, Cursor& cursor) {
    const std::vector<u8> zeros(std::size_t(std::min<u64>(to - from, 0x10000)));
    while (from < to) {
        const auto part = std::size_t(std::min<u64>(to - from, zeros.size()));
        if (auto done = write_within(file, from, std::span(zeros).first(part), cursor); !done) return done;
        from += part;
    }
    return {};
}

FatResult<std::size_t> FatVolume::write(FatEntry& file, u64 at, std::span<const u8> from, Cursor& cursor) {
    constexpr u64 largest_file = 0xFFFF'FFFF;
    const u64 end = std::min(at + from.size(), largest_file);
    if (from.empty() || at >= end) return std::size_t{0};
    const u64 needed = (end + shape_.cluster_bytes() - 1) / shape_.cluster_bytes();
    const u64 had = (u64{file.size} + shape_.cluster_bytes() - 1) / shape_.cluster_bytes();
    u64 room = std::max(needed, had) * shape_.cluster_bytes();
    if (needed > had) {
        const auto free = free_clusters();
        if (!free) return std::unexpected(free.error());
        const u64 have = std::min(needed, had + *free);
        if (auto done = grow(file, u32(have)); !done) return std::unexpected(done.error());
        room = have * shape_.cluster_bytes();
    }
    if (at >= room) return std::size_t{0};
    if (at > file.size)
        if (auto done = fill(file, file.size, at, cursor); !done) return std::unexpected(done.error());
    from = from.first(std::size_t(std::min(end, room) - at));
    if (auto done = write_within(file, at, from, cursor); !done) return std::unexpected(done.error());
    file.size = u32(std::max<u64>(file.size, at + from.size()));
    return from.size();
}

FatResult<> FatVolume::resize(FatEntry& file, u32 size, Cursor& cursor) {
    const u32 bytes = shape_.cluster_bytes();
    const u32 keep = u32((u64{size} + bytes - 1) / bytes), had = u32((u64{file.size} + bytes - 1) / bytes);
    if (keep > had) {
        const auto free = free_clusters();
        if (!free) return std::unexpected(free.error());
        if (*free < keep - had) return std::unexpected(FatError::Full);
        if (auto done = grow(file, keep); !done) return done;
    }
    if (size > file.size) {
        if (auto done = fill(file, file.size, size, cursor); !done) return done;
    } else if (keep == 0 && file.cluster != 0) {
        if (auto done = release(file.cluster); !done) return done;
        file.cluster = 0;
        cursor = {};
    } else if (keep < had) {
        if (auto done = move_to(file, keep - 1, cursor); !done) return done;
        const auto behind = next(cursor.cluster);
        if (!behind) return std::unexpected(behind.error());
        if (auto done = set_value(cursor.cluster, end_mark()); !done) return done;
        if (auto done = release(*behind); !done) return done;
    }
    file.size = size;
    return {};
}

}  // namespace dyn86
