// Disk images as the controllers' media.
#pragma once

#include "src/base/disk_medium.h"
#include "src/storage/disk_image.h"

namespace dyn86 {

/// A floppy image in a drive: each track holds the sectors 1 to n of 512 bytes in order. Formatting a track with these
/// fills it; other formats an image cannot hold. Both ends must outlive it.
class ImageFloppy final : public FloppyMedium {
public:
    explicit ImageFloppy(DiskImage& image) : image_(image) {}

    [[nodiscard]] bool is_write_protected() const override { return image_.is_read_only(); }
    [[nodiscard]] std::vector<Sector> track(u8 cylinder, u8 head) const override;
    Status read(u8 cylinder, u8 head, std::size_t index, std::span<u8> to) override;
    Status write(u8 cylinder, u8 head, std::size_t index, std::span<const u8> from, DataMark mark) override;
    Status format_track(u8 cylinder, u8 head, std::span<const SectorId> sectors, u8 fill) override;

private:
    /// Places in the image of the sectors that a track has: beyond its end, and where an archive has none, there are
    /// none.
    [[nodiscard]] std::vector<u64> places(u8 cylinder, u8 head) const;

    DiskImage& image_;
};

class ImageHardDisk final : public HardDiskMedium {
public:
    explicit ImageHardDisk(DiskImage& image) : image_(image) {}

    [[nodiscard]] bool is_write_protected() const override { return image_.is_read_only(); }
    [[nodiscard]] u64 sectors() const override { return image_.sectors(); }
    [[nodiscard]] Geometry geometry() const override;
    [[nodiscard]] bool read(u64 first, std::span<u8> to) override { return image_.read(first, to).has_value(); }
    [[nodiscard]] bool write(u64 first, std::span<const u8> from) override {
        return image_.write(first, from).has_value();
    }

private:
    DiskImage& image_;
};

}  // namespace dyn86
