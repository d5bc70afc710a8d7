// A disk in a file: raw sectors of 512 bytes.
#pragma once

#include "src/base/result.h"
#include "src/storage/geometry.h"

#include <memory>
#include <span>
#include <string>

namespace dyn86 {

enum class DiskAccess : u8 { ReadWrite, ReadOnly };

/// A raw image: sector after sector, no header. Bytes move by pread and pwrite, so that a file that shrinks or a disk
/// that is full is an error and never a signal, and a write is in the image when write() returns.
class DiskImage {
public:
    /// Opens `path` and finds its geometry. A file that may not be written is read-only. Fails with one line that names
    /// the file: not there, a folder, empty, not whole sectors, shorter than its own boot sector says, larger than INT
    /// 13h can address.
    static Result<std::unique_ptr<DiskImage>> open(const std::string& path, DiskKind kind, DiskAccess access);
    /// What a file of this size is when nobody says it: floppies end at 2.88 MB. Not found: 127, a folder: 126.
    static Result<DiskKind> guess_kind(const std::string& path);
    ~DiskImage();
    DiskImage(const DiskImage&) = delete;
    DiskImage& operator=(const DiskImage&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] DiskKind kind() const { return kind_; }
    [[nodiscard]] const Geometry& geometry() const { return geometry_; }
    /// Sectors in the file; the geometry may promise more (a lone boot sector) or fewer (a part of a cylinder).
    [[nodiscard]] u64 sectors() const { return sectors_; }
    [[nodiscard]] bool is_read_only() const { return access_ == DiskAccess::ReadOnly; }

    /// Whole sectors from `first` on; `to` is a multiple of 512 bytes. Past the end of the file is an error.
    Result<> read(u64 first, std::span<u8> to);
    Result<> write(u64 first, std::span<const u8> from);

    /// An error (NotAProgram) unless the first sector ends in 55 AA.
    Result<> check_bootable();

private:
    DiskImage(std::string path, int fd, DiskKind kind, DiskAccess access);
    Result<> find_geometry();
    Result<> find_floppy_geometry(std::span<const u8, sector_size> boot_sector);
    Result<> find_hard_disk_geometry(std::span<const u8, sector_size> boot_sector);
    Result<> check_range(u64 first, std::size_t bytes) const;

    std::string path_;
    int fd_;
    DiskKind kind_;
    DiskAccess access_;
    u64 sectors_ = 0;
    Geometry geometry_;
};

}  // namespace dyn86
