#include "src/dos/sharing.h"

#include <array>
#include <cerrno>

#include <fcntl.h>

namespace dyn86::dos {
namespace {

struct flock lock_of(short type, Region region) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = off_t(region.start);
    lock.l_len = off_t(region.length);
    return lock;
}

/// 0, or errno.
int set_lock(int fd, short type, Region region) {
    struct flock lock = lock_of(type, region);
    while (fcntl(fd, F_OFD_SETLK, &lock) != 0)
        if (errno != EINTR) return errno;
    return 0;
}

/// Would a lock of this type be refused?
bool is_contested(int fd, short type, Region region) {
    struct flock lock = lock_of(type, region);
    return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

struct Mark {
    bool applies;
    u64 byte;
    u64 contradicted_by;
};

std::array<Mark, 4> marks_of(OpenMode mode) {
    using namespace share_byte;
    return {{{mode.reads(), reads, denies_reading},
             {mode.writes(), writes, denies_writing},
             {mode.denies_reading(), denies_reading, reads},
             {mode.denies_writing(), denies_writing, writes}}};
}

}  // namespace

DosResult<> claim_share(int fd, OpenMode mode) {
    // First all marks, then the look at others': of two who come at the same time at least one sees the other.
    const auto marks = marks_of(mode);
    for (const Mark& mark : marks)
        if (mark.applies && set_lock(fd, F_RDLCK, {mark.byte, 1}) != 0) return {};  // no such locks here
    for (const Mark& mark : marks)
        if (mark.applies && is_contested(fd, F_WRLCK, {mark.contradicted_by, 1}))
            return refuse(DosError::SharingViolation);
    return {};
}

bool is_denied_by_others(int fd) {
    return is_contested(fd, F_WRLCK, {share_byte::denies_reading, 2});
}

DosResult<> lock_region(int fd, Region region) {
    int error = set_lock(fd, F_WRLCK, region);
    if (error == EBADF) error = set_lock(fd, F_RDLCK, region);  // the host lets us only read
    if (error == 0) return {};
    if (error == EAGAIN || error == EACCES) return refuse(DosError::LockViolation);
    return refuse(error == ENOLCK ? DosError::SharingBufferFull : DosError::InvalidFunction);
}

DosResult<> unlock_region(int fd, Region region) {
    if (set_lock(fd, F_UNLCK, region) != 0) return refuse(DosError::LockViolation);
    return {};
}

bool is_locked_by_others(int fd, Region region, Purpose purpose) {
    return is_contested(fd, purpose == Purpose::Read ? F_RDLCK : F_WRLCK, region);
}

}  // namespace dyn86::dos
