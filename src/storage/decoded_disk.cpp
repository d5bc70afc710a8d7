#include "src/storage/decoded_disk.h"

#include <algorithm>

namespace dyn86 {

DecodedDisk::DecodedDisk(std::string path, const Geometry& geometry)
    : path_(std::move(path)),
      geometry_(geometry),
      bytes_(geometry.total_sectors() * sector_size),
      flaws_(geometry.total_sectors(), Flaw::Missing) {}

Result<std::unique_ptr<DecodedDisk>> DecodedDisk::assemble(const std::string& path,
                                                           std::span<const DecodedSector> sectors) {
    const auto fits = [](const DecodedSector& s) { return s.bytes.size() == sector_size && s.number != 0; };
    Geometry geometry;
    for (const DecodedSector& s : sectors) {
        if (!fits(s) || s.number > 63) continue;
        geometry.cylinders = std::max(geometry.cylinders, u16(s.cylinder + 1));
        geometry.heads = std::max(geometry.heads, u16(s.head + 1));
        geometry.sectors_per_track = std::max(geometry.sectors_per_track, u16(s.number));
    }
    if (geometry.total_sectors() == 0)
        return fail(path + ": holds no sectors of 512 bytes, so no PC disk", ErrorKind::NotAProgram);
    std::unique_ptr<DecodedDisk> disk(new DecodedDisk(path, geometry));
    for (const DecodedSector& s : sectors) {
        const auto at = geometry.linear(s.cylinder, s.head, s.number);
        if (!fits(s) || !at || disk->flaws_[*at] == Flaw::None) continue;  // of two the first good one counts
        std::ranges::copy(s.bytes, disk->bytes_.begin() + std::ptrdiff_t(*at * sector_size));
        disk->flaws_[*at] = s.flaw;
    }
    return disk;
}

Result<> DecodedDisk::read(u64 first, std::span<u8> to) {
    std::ranges::copy(std::span(bytes_).subspan(first * sector_size, to.size()), to.begin());
    return {};
}

Result<> DecodedDisk::write(u64 /*first*/, std::span<const u8> /*from*/) {
    return fail(path_ + ": read-only");
}

}  // namespace dyn86
