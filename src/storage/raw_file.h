// A raw image file: sector after sector, no header.
#pragma once

#include "src/storage/sector_store.h"

#include <memory>
#include <string>

namespace dyn86 {

enum class DiskAccess : u8 { ReadWrite, ReadOnly };

/// Bytes move by pread and pwrite, so that a file that shrinks or a host disk that is full is an error and never a
/// signal, and a write is in the file when write() returns. The file is locked (flock) while it is open: alone when it
/// is written, shared with other readers when it is not.
class RawFile final : public SectorStore {
public:
    /// A file that may not be written is opened read-only.
    static Result<std::unique_ptr<RawFile>> open(const std::string& path, DiskAccess access);
    /// A file without a name, all zero: for disks that are made here.
    static Result<std::unique_ptr<RawFile>> make_scratch(const std::string& name, u64 sectors);
    ~RawFile() override;
    RawFile(const RawFile&) = delete;
    RawFile& operator=(const RawFile&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] int descriptor() const { return fd_; }
    [[nodiscard]] u64 bytes() const { return bytes_; }
    [[nodiscard]] u64 sectors() const override { return bytes_ / sector_size; }
    [[nodiscard]] bool is_read_only() const override { return access_ == DiskAccess::ReadOnly; }
    /// An error unless the file is whole sectors, and some.
    [[nodiscard]] Result<> check_size() const;
    Result<> read(u64 first, std::span<u8> to) override;
    Result<> write(u64 first, std::span<const u8> from) override;
    /// At any byte; the end of the file is an error.
    Result<> read_bytes(u64 at, std::span<u8> to);
    /// Replaces a shared lock by one that nobody shares.
    Result<> lock_alone();

private:
    RawFile(std::string path, int fd, DiskAccess access);
    Result<> measure();
    Result<> lock(int operation);

    std::string path_;
    int fd_;
    DiskAccess access_;
    u64 bytes_ = 0;
};

/// How errors of opening a file end the run: 127 when there is none, else 125.
[[nodiscard]] ErrorKind kind_of_open_error();
/// pwrite until all is written; the file is named in the error.
Result<> write_all(int fd, const std::string& path, u64 at, std::span<const u8> from);

}  // namespace dyn86
