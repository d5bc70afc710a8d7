// An open file of the host's.
#pragma once

#include "src/dos/volume.h"

#include <utility>

#include <sys/stat.h>

namespace dyn86::dos {

/// A host's descriptor; closes itself.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor();
    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }

private:
    int fd_ = -1;
};

/// What DOS sees of a host file. Names that begin with a dot are hidden, as the host's tools have it.
[[nodiscard]] FileStatus status_of(const struct stat& status, std::string_view host_name);

/// Bytes go straight between the host's file and the caller's memory, and nothing is held back. Record locks and share
/// modes are locks on the host's file.
class HostFile final : public OpenFile {
public:
    HostFile(Descriptor file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}

    DosResult<std::size_t> read(u64 at, std::span<u8> to) override;
    DosResult<std::size_t> write(u64 at, std::span<const u8> from) override;
    DosResult<> resize(u64 size) override;
    [[nodiscard]] DosResult<FileStatus> status() const override;
    DosResult<> set_stamp(FileStamp stamp) override;
    [[nodiscard]] DosResult<> claim_share(OpenMode mode) override { return dos::claim_share(file_.fd(), mode); }
    [[nodiscard]] bool is_denied_by_others() const override { return dos::is_denied_by_others(file_.fd()); }
    [[nodiscard]] DosResult<> lock(Region region) override { return lock_region(file_.fd(), region); }
    [[nodiscard]] DosResult<> unlock(Region region) override { return unlock_region(file_.fd(), region); }
    [[nodiscard]] bool is_locked_by_others(Region region, Purpose purpose) const override {
        return dos::is_locked_by_others(file_.fd(), region, purpose);
    }

private:
    Descriptor file_;
    std::string name_;
};

}  // namespace dyn86::dos
