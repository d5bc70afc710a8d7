// A disk in a file, as INT 13h and the controllers see it.
#pragma once

#include "src/base/result.h"
#include "src/storage/geometry.h"
#include "src/storage/raw_file.h"

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace dyn86 {

class DecodedDisk;
class Overlay;

struct DiskOptions {
    /// Not given: what a file of this size is; floppies end at 2.88 MB.
    std::optional<DiskKind> kind;
    DiskAccess access = DiskAccess::ReadWrite;
    /// Writes go to this file instead of the image.
    std::optional<std::string> overlay;
    /// Instead of what size, boot sector or partition table say.
    std::optional<Geometry> geometry;
};

/// A raw image, IMD or TD0 file (both read-only), with its geometry and perhaps an overlay. A write is in the image or
/// the overlay when write() returns.
class DiskImage {
public:
    /// Opens `path` and finds its geometry. A file that may not be written is read-only. Fails with one line that names
    /// the file: not there, a folder, in use by another dyn86, empty, not whole sectors, shorter than its own boot
    /// sector says, larger than INT 13h can address.
    static Result<std::unique_ptr<DiskImage>> open(const std::string& path, const DiskOptions& options);
    /// A disk that was made here.
    static std::unique_ptr<DiskImage> made(std::unique_ptr<RawFile> file, DiskKind kind, const Geometry& geometry);
    ~DiskImage();
    DiskImage(const DiskImage&) = delete;
    DiskImage& operator=(const DiskImage&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] DiskKind kind() const { return kind_; }
    [[nodiscard]] const Geometry& geometry() const { return geometry_; }
    /// Sectors in the file; the geometry may promise more (a lone boot sector) or fewer (a part of a cylinder).
    [[nodiscard]] u64 sectors() const { return store_->sectors(); }
    [[nodiscard]] bool is_read_only() const { return store_->is_read_only(); }
    [[nodiscard]] Flaw flaw(u64 sector) const { return store_->flaw(sector); }

    /// Whole sectors from `first` on; `to` is a multiple of 512 bytes. Past the end of the file is an error.
    Result<> read(u64 first, std::span<u8> to);
    Result<> write(u64 first, std::span<const u8> from);

    /// An error (NotAProgram) unless the first sector ends in 55 AA.
    Result<> check_bootable();
    /// Writes the overlay's sectors into the image, at once or not at all; or forgets them. Nothing to do without one.
    Result<> commit_overlay();
    Result<> discard_overlay();

private:
    DiskImage(std::string path, DiskKind kind);
    Result<> fill(std::unique_ptr<RawFile> file, std::unique_ptr<DecodedDisk> decoded, const DiskOptions& options);
    Result<> find_geometry(const std::optional<Geometry>& known);
    Result<> check_geometry(const Geometry& known);
    Result<> find_floppy_geometry(std::span<const u8, sector_size> boot_sector);
    Result<> find_hard_disk_geometry(std::span<const u8, sector_size> boot_sector);
    Result<> check_range(u64 first, std::size_t bytes) const;

    std::string path_;
    DiskKind kind_;
    Geometry geometry_;
    std::unique_ptr<SectorStore> store_;
    RawFile* raw_ = nullptr;      // the file under `store_`, unless it was decoded
    Overlay* overlay_ = nullptr;  // `store_`, when it is one
};

}  // namespace dyn86
