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
        case EROFS: return DosError::WriteProtected;
        case EIO: return DosError::GeneralFailure;
        case EPIPE: return DosError::WriteFault;
        default: return DosError::AccessDenied;  // EACCES, EPERM, EISDIR, ENOTEMPTY, EBUSY, ETXTBSY
    }
}

DosError reported(u8 function, DosError error) {
    if (error <= DosError::NoMoreFiles) return error;
    switch (error) {
        case DosError::FileExists:  // creating new files, and AH=6Ch
            if (function == 0x5A || function == 0x5B || function == 0x6C) return error;
            break;
        case DosError::LockViolation:  // also for reading and writing, see docs/dos.md
            if (function == 0x3F || function == 0x40 || function == 0x5C) return error;
            break;
        case DosError::SharingBufferFull:
            if (function == 0x5C) return error;
            break;
        case DosError::NotSupported:  // the network's functions
            if (function == 0x5E || function == 0x5F) return error;
            break;
        default: break;
    }
    return DosError::AccessDenied;
}

ErrorDetails details_of(DosError error) {
    enum Class : u8 {
        OutOfResource = 1,
        TemporarySituation,
        Authorization,
        Internal,
        Hardware,
        System,
        Application,
        NotFound,
        BadFormat,
        Locked,
        Media,
        Already,
        Unknown
    };
    enum Action : u8 { Retry = 1, DelayRetry, AskUser, Abort, AbortAtOnce, Ignore, RetryAfterUser };
    enum Locus : u8 { Anywhere = 1, Disk, Network, Serial, Memory };
    switch (error) {  // [DOS TR, function 59h; RBIL 21/AH=59h]
        case DosError::None: return {0, 0, 0};
        case DosError::InvalidFunction:
        case DosError::InvalidHandle:
        case DosError::InvalidAccess: return {Application, Abort, Anywhere};
        case DosError::FileNotFound:
        case DosError::PathNotFound:
        case DosError::InvalidDrive: return {NotFound, AskUser, Disk};
        case DosError::TooManyOpenFiles: return {OutOfResource, Abort, Anywhere};
        case DosError::AccessDenied:
        case DosError::CurrentDirectory: return {Authorization, AskUser, Disk};
        case DosError::ArenaTrashed: return {Application, AbortAtOnce, Memory};
        case DosError::NotEnoughMemory:
        case DosError::SharingBufferFull: return {OutOfResource, Abort, Memory};
        case DosError::InvalidBlock:
        case DosError::BadEnvironment: return {Application, Abort, Memory};
        case DosError::BadFormat: return {BadFormat, AskUser, Anywhere};
        case DosError::InvalidData: return {BadFormat, Abort, Anywhere};
        case DosError::NotSameDevice: return {Unknown, AskUser, Disk};
        case DosError::NoMoreFiles: return {NotFound, AskUser, Disk};
        case DosError::WrongDisk:
        case DosError::WriteProtected: return {Media, RetryAfterUser, Disk};
        case DosError::BadUnit: return {Internal, AbortAtOnce, Anywhere};
        case DosError::NotReady: return {Hardware, RetryAfterUser, Disk};
        case DosError::OutOfPaper: return {TemporarySituation, RetryAfterUser, Serial};
        case DosError::WriteFault:
        case DosError::ReadFault: return {Hardware, Abort, Disk};
        case DosError::GeneralFailure:
        case DosError::FailedCritical: return {Unknown, Abort, Anywhere};
        case DosError::SharingViolation:
        case DosError::LockViolation: return {Locked, DelayRetry, Disk};
        case DosError::DiskFull: return {OutOfResource, Abort, Anywhere};
        case DosError::NotSupported: return {BadFormat, AskUser, Network};
        case DosError::FileExists: return {Already, AskUser, Disk};
        case DosError::CannotMakeEntry: return {OutOfResource, Abort, Disk};
    }
    return {Unknown, Abort, Anywhere};
}

}  // namespace dyn86::dos
