#include "src/storage/raw_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace dyn86 {

ErrorKind kind_of_open_error() {
    return errno == ENOENT || errno == ENOTDIR ? ErrorKind::NotFound : ErrorKind::Failed;
}

Result<> write_all(int fd, const std::string& path, u64 at, std::span<const u8> from) {
    while (!from.empty()) {
        const ssize_t put = pwrite(fd, from.data(), from.size(), off_t(at));
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return fail_errno(path);
        from = from.subspan(std::size_t(put));
        at += u64(put);
    }
    return {};
}

RawFile::RawFile(std::string path, int fd, DiskAccess access) : path_(std::move(path)), fd_(fd), access_(access) {}

RawFile::~RawFile() {
    close(fd_);
}

Result<std::unique_ptr<RawFile>> RawFile::open(const std::string& path, DiskAccess access) {
    int fd = -1;
    if (access == DiskAccess::ReadWrite) fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    // A file that may not be written is a disk with its write protection on (and a folder gets its message below).
    if (fd < 0 && (access == DiskAccess::ReadOnly || errno == EACCES || errno == EROFS || errno == EISDIR)) {
        access = DiskAccess::ReadOnly;
        fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0) return fail_errno(path, kind_of_open_error());
    std::unique_ptr<RawFile> file(new RawFile(path, fd, access));
    if (auto done = file->measure(); !done) return std::unexpected(done.error());
    if (auto done = file->lock(file->is_read_only() ? LOCK_SH : LOCK_EX); !done) return std::unexpected(done.error());
    return file;
}

Result<std::unique_ptr<RawFile>> RawFile::make_scratch(const std::string& name, u64 sectors) {
    const int fd = memfd_create("dyn86-disk", MFD_CLOEXEC);
    if (fd < 0) return fail_errno(name);
    std::unique_ptr<RawFile> file(new RawFile(name, fd, DiskAccess::ReadWrite));
    if (ftruncate(fd, off_t(sectors * sector_size)) != 0) return fail_errno(name);
    file->bytes_ = sectors * sector_size;
    return file;
}

Result<> RawFile::measure() {
    struct stat status {};
    if (fstat(fd_, &status) != 0) return fail_errno(path_);
    if (S_ISDIR(status.st_mode)) return fail(path_ + ": is a folder, not a disk image", ErrorKind::NotAProgram);
    const off_t end = lseek(fd_, 0, SEEK_END);  // of a block device, too
    if (end < 0) return fail_errno(path_);
    bytes_ = u64(end);
    return {};
}

Result<> RawFile::check_size() const {
    if (bytes_ == 0) return fail(path_ + ": empty, not a disk image", ErrorKind::NotAProgram);
    if (bytes_ % sector_size != 0)
        return fail(
            fmt::format("{}: {} bytes are not whole sectors of 512; not a disk image, or truncated", path_, bytes_),
            ErrorKind::NotAProgram);
    return {};
}

Result<> RawFile::lock(int operation) {
    if (flock(fd_, operation | LOCK_NB) == 0) return {};
    // A file system without locks (some network mounts) is no reason not to run.
    if (errno != EWOULDBLOCK) return {};
    return fail(path_ + ": in use by another dyn86");
}

Result<> RawFile::lock_alone() {
    return lock(LOCK_EX);
}

Result<> RawFile::read(u64 first, std::span<u8> to) {
    return read_bytes(first * sector_size, to);
}

Result<> RawFile::read_bytes(u64 at, std::span<u8> to) {
    while (!to.empty()) {
        const ssize_t got = pread(fd_, to.data(), to.size(), off_t(at));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(path_);
        if (got == 0) return fail(path_ + ": has become shorter while in use");
        to = to.subspan(std::size_t(got));
        at += u64(got);
    }
    return {};
}

Result<> RawFile::write(u64 first, std::span<const u8> from) {
    if (is_read_only()) return fail(path_ + ": read-only");
    return write_all(fd_, path_, first * sector_size, from);
}

}  // namespace dyn86
