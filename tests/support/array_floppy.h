// A diskette in memory, for tests of controllers.
#pragma once

#include "src/base/disk_medium.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace dyn86::test {

/// Two sides, any number of cylinders, whatever sectors the test puts there.
class ArrayFloppy final : public FloppyMedium {
public:
    struct Stored {
        Sector sector;
        std::vector<u8> data;
    };
    std::map<std::pair<u8, u8>, std::vector<Stored>> tracks;
    bool write_protected = false;

    /// Sectors 1..count of 512 bytes on every track; byte i of a sector is cylinder * 16 + head * 8 + record + i.
    static ArrayFloppy standard(u8 cylinders, u8 heads, u8 sectors) {
        ArrayFloppy disk;
        for (u8 cylinder = 0; cylinder < cylinders; ++cylinder)
            for (u8 head = 0; head < heads; ++head)
                for (u8 record = 1; record <= sectors; ++record) disk.add(cylinder, head, {cylinder, head, record, 2});
        return disk;
    }
    Stored& add(u8 cylinder, u8 head, SectorId id) {
        std::vector<u8> data(id.size());
        for (std::size_t i = 0; i < data.size(); ++i) data[i] = u8(cylinder * 16u + head * 8u + id.record + i);
        return tracks[{cylinder, head}].emplace_back(Stored{{.id = id}, std::move(data)});
    }

    [[nodiscard]] bool is_write_protected() const override { return write_protected; }
    [[nodiscard]] std::vector<Sector> track(u8 cylinder, u8 head) const override {
        std::vector<Sector> sectors;
        const auto found = tracks.find({cylinder, head});
        if (found != tracks.end())
            for (const Stored& stored : found->second) sectors.push_back(stored.sector);
        return sectors;
    }
    Status read(u8 cylinder, u8 head, std::size_t index, std::span<u8> to) override {
        std::ranges::copy(tracks.at({cylinder, head}).at(index).data, to.begin());
        return Status::Ok;
    }
    Status write(u8 cylinder, u8 head, std::size_t index, std::span<const u8> from, DataMark mark) override {
        Stored& stored = tracks.at({cylinder, head}).at(index);
        stored.data.assign(from.begin(), from.end());
        stored.sector.mark = mark;
        return Status::Ok;
    }
    Status format_track(u8 cylinder, u8 head, std::span<const SectorId> sectors, u8 fill) override {
        auto& track = tracks[{cylinder, head}];
        track.clear();
        for (const SectorId& id : sectors) track.push_back({{.id = id}, std::vector<u8>(id.size(), fill)});
        return Status::Ok;
    }
};

}  // namespace dyn86::test
