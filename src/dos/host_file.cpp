#include "src/dos/host_file.h"

#include <cerrno>

#include <unistd.h>

namespace dyn86::dos {
namespace {

template <typename Call>
ssize_t uninterrupted(Call call) {
    ssize_t result = -1;
    do result = call();
    while (result < 0 && errno == EINTR);
    return result;
}

bool is_disk_full(int error) {
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

}  // namespace

Descriptor::~Descriptor() {
    if (fd_ >= 0) close(fd_);
}

FileStatus status_of(const struct stat& status, std::string_view host_name) {
    const bool is_folder = S_ISDIR(status.st_mode);
    const bool is_read_only = !is_folder && (status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0;
    u8 attributes = is_folder ? attribute::folder : attribute::archive;
    if (is_read_only) attributes |= attribute::read_only;
    if (host_name.starts_with('.')) attributes |= attribute::hidden;
    return {.attributes = attributes,
            .stamp = Calendar::from_host(status.st_mtime),
            .size = is_folder ? 0 : u64(status.st_size),
            .cluster = 0};
}

DosResult<std::size_t> HostFile::read(u64 at, std::span<u8> to) {
    std::size_t done = 0;
    while (done < to.size()) {
        const ssize_t got =
            uninterrupted([&] { return pread(file_.fd(), to.data() + done, to.size() - done, off_t(at + done)); });
        if (got < 0) return refuse(errno == EIO ? DosError::ReadFault : from_errno(errno));
        if (got == 0) break;
        done += std::size_t(got);
    }
    return done;
}

DosResult<std::size_t> HostFile::write(u64 at, std::span<const u8> from) {
    std::size_t done = 0;
    while (done < from.size()) {
        const ssize_t now =
            uninterrupted([&] { return pwrite(file_.fd(), from.data() + done, from.size() - done, off_t(at + done)); });
        if (now < 0 && !is_disk_full(errno)) return refuse(from_errno(errno));
        if (now <= 0) break;
        done += std::size_t(now);
    }
    return done;
}

DosResult<> HostFile::resize(u64 size) {
    if (ftruncate(file_.fd(), off_t(size)) != 0) return refuse(from_errno(errno));
    return {};
}

DosResult<FileStatus> HostFile::status() const {
    struct stat status {};
    if (fstat(file_.fd(), &status) != 0) return refuse(from_errno(errno));
    return status_of(status, name_);
}

DosResult<> HostFile::set_stamp(FileStamp stamp) {
    const timespec time{.tv_sec = Calendar::to_host(stamp), .tv_nsec = 0};
    const timespec times[] = {time, time};
    if (futimens(file_.fd(), static_cast<const timespec*>(times)) != 0) return refuse(from_errno(errno));
    return {};
}

}  // namespace dyn86::dos
