#include "src/storage/disk_media.h"

#include <algorithm>

namespace dyn86 {

std::vector<u64> ImageFloppy::places(u8 cylinder, u8 head) const {
    const dyn86::Geometry& geometry = image_.geometry();
    std::vector<u64> places;
    for (u16 number = 1; number <= geometry.sectors_per_track; ++number) {
        const auto place = geometry.linear(cylinder, head, number);
        if (place && *place < image_.sectors() && image_.flaw(*place) != Flaw::Missing) places.push_back(*place);
    }
    return places;
}

std::vector<FloppyMedium::Sector> ImageFloppy::track(u8 cylinder, u8 head) const {
    std::vector<Sector> sectors;
    for (const u64 place : places(cylinder, head)) {
        const u8 number = u8(place % image_.geometry().sectors_per_track + 1);
        sectors.push_back({.id = {.cylinder = cylinder, .head = head, .record = number},
                           .has_data_error = image_.flaw(place) == Flaw::Damaged});
    }
    return sectors;
}

FloppyMedium::Status ImageFloppy::read(u8 cylinder, u8 head, std::size_t index, std::span<u8> to) {
    return image_.read(places(cylinder, head).at(index), to) ? Status::Ok : Status::Unreadable;
}

FloppyMedium::Status ImageFloppy::write(u8 cylinder, u8 head, std::size_t index, std::span<const u8> from,
                                        DataMark /*an image has no place for it*/) {
    if (image_.is_read_only()) return Status::WriteProtected;
    return image_.write(places(cylinder, head).at(index), from) ? Status::Ok : Status::Unreadable;
}

FloppyMedium::Status ImageFloppy::format_track(u8 cylinder, u8 head, std::span<const SectorId> sectors, u8 fill) {
    if (image_.is_read_only()) return Status::WriteProtected;
    const std::vector<u64> there = places(cylinder, head);
    const auto fits = [&](const SectorId& id) {
        return id.size() == sector_size && id.cylinder == cylinder && id.head == head && id.record != 0 &&
               id.record <= image_.geometry().sectors_per_track;
    };
    if (sectors.size() != there.size() || !std::ranges::all_of(sectors, fits)) return Status::Unformattable;
    const std::vector<u8> bytes(there.size() * sector_size, fill);
    return there.empty() || image_.write(there.front(), bytes) ? Status::Ok : Status::Unreadable;
}

HardDiskMedium::Geometry ImageHardDisk::geometry() const {
    const dyn86::Geometry& g = image_.geometry();
    return {.cylinders = g.cylinders, .heads = u8(g.heads), .sectors_per_track = u8(g.sectors_per_track)};
}

}  // namespace dyn86
