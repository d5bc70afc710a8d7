#include "src/dos/errors.h"

#include <cerrno>

namespace dyn86::dos {

DosError from_errno(int error) {
    switch (error) {
        case ENOENT: return DosError::FileNotFound;
        case EXDEV:  // openat2: the path leads out of the drive
        case ELOOP:
        case ENOTDIR:
        case ENAMETOOLONG: return DosError::PathNotFound;
        case EMFILE:
        case ENFILE: return DosError::TooManyOpenFiles;
        case ENOMEM: return DosError::NotEnoughMemory;
        case EEXIST: return DosError::FileExists;
        case EBADF: return DosError::InvalidHandle;
        case ENOSPC:
        case EDQUOT: return DosError::DiskFull;
        case EIO: return DosError::GeneralFailure;
        case EPIPE: return DosError::WriteFault;
        default: return DosError::AccessDenied;  // EACCES, EPERM, EROFS, EISDIR, ENOTEMPTY, EBUSY, ETXTBSY
    }
}

ErrorDetails details_of(DosError error) {
    // Classes: 1 out of resource, 3 authorization, 4 internal, 5 hardware, 7 application, 8 not found, 9 bad format,
    // 0Bh media, 0Ch already exists, 0Dh unknown. Actions: 3 ask the user, 4 abort, 5 abort at once, 6 ignore, 7 retry
    // after the user acts. Loci: 1 unknown, 2 block device, 4 serial device, 5 memory.
    switch (error) {
        case DosError::None: return {0, 0, 0};
        case DosError::InvalidFunction: return {7, 4, 1};
        case DosError::FileNotFound:
        case DosError::PathNotFound:
        case DosError::InvalidDrive: return {8, 3, 2};
        case DosError::TooManyOpenFiles: return {1, 4, 1};
        case DosError::AccessDenied: return {3, 3, 2};
        case DosError::InvalidHandle: return {7, 4, 1};
        case DosError::ArenaTrashed: return {7, 5, 5};
        case DosError::NotEnoughMemory: return {1, 4, 5};
        case DosError::InvalidBlock: return {7, 4, 5};
        case DosError::BadEnvironment: return {7, 4, 5};
        case DosError::BadFormat: return {9, 3, 1};
        case DosError::InvalidAccess:
        case DosError::InvalidData: return {7, 4, 1};
        case DosError::CurrentDirectory: return {3, 3, 2};
        case DosError::NotSameDevice: return {0x0D, 3, 2};
        case DosError::NoMoreFiles: return {8, 6, 2};
        case DosError::WriteProtected: return {0x0B, 7, 2};
        case DosError::WriteFault:
        case DosError::ReadFault: return {5, 4, 4};
        case DosError::GeneralFailure: return {0x0D, 4, 1};
        case DosError::DiskFull: return {1, 4, 2};
        case DosError::FileExists: return {0x0C, 3, 2};
        case DosError::CannotMakeEntry: return {3, 3, 2};
    }
    return {0x0D, 4, 1};
}

}  // namespace dyn86::dos
