// A disk image as a drive.
#pragma once

#include "src/dos/disk_in_drive.h"
#include "src/dos/volume.h"

#include <functional>

namespace dyn86::dos {

/// The FAT file system of the disk that lies in a drive when it is used: disks may be changed. Every write is in the
/// image when the call returns. Share modes and record locks hold within this machine: the image is its alone.
class ImageVolume final : public Volume {
public:
    ImageVolume(std::function<DiskInDrive()> drive, std::function<FileStamp()> now);
    ~ImageVolume() override;

    [[nodiscard]] DosResult<Place> find(const std::vector<std::string>& parts) const override;
    [[nodiscard]] std::optional<FileStatus> examine(const std::string& path) const override;
    [[nodiscard]] DosResult<std::vector<NamePair>> list(const std::string& folder) const override;
    [[nodiscard]] DosResult<std::unique_ptr<OpenFile>> open(const Place& place, OpenMode mode) const override;
    [[nodiscard]] DosResult<std::unique_ptr<OpenFile>> create(const Place& place, Existing existing) const override;
    [[nodiscard]] DosResult<> make_folder(const Place& place) const override;
    [[nodiscard]] DosResult<> remove_folder(const Place& place) const override;
    /// Not while it is open.
    [[nodiscard]] DosResult<> remove_file(const Place& place) const override;
    /// Folders stay in the folder in which they are.
    [[nodiscard]] DosResult<> rename(const Place& from, const Place& to) const override;
    [[nodiscard]] DosResult<> set_attributes(const Place& place, u8 attributes) const override;
    [[nodiscard]] Clusters clusters() const override;
    [[nodiscard]] u32 serial() const override;
    [[nodiscard]] std::string label() const override;
    [[nodiscard]] DosResult<> set_label(const std::string& label) const override;
    [[nodiscard]] bool is_read_only() const override;
    [[nodiscard]] bool is_removable() const override;
    [[nodiscard]] std::string host_path(const Place& place) const override;
    [[nodiscard]] bool is_on_disk() const override { return true; }
    [[nodiscard]] std::optional<FatShape> shape() const override;
    [[nodiscard]] DosResult<> read_sectors(u32 first, std::span<u8> to) const override;
    [[nodiscard]] DosResult<> write_sectors(u32 first, std::span<const u8> from) const override;

private:
    struct Disk;
    struct Node;
    class File;
    [[nodiscard]] DosResult<std::unique_ptr<OpenFile>> open_entry(const FatEntry& entry, OpenMode mode) const;
    [[nodiscard]] DosResult<FatEntry> new_entry(const Place& place, u8 attributes) const;

    std::shared_ptr<Disk> disk_;
};

}  // namespace dyn86::dos
