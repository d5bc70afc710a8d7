// DOS error codes, and what INT 21h AH=59h says about them.
#pragma once

#include "src/base/types.h"

#include <expected>

namespace dyn86::dos {

/// [RBIL 21/AH=59h]
enum class DosError : u16 {
    None = 0x00,
    InvalidFunction = 0x01,
    FileNotFound = 0x02,
    PathNotFound = 0x03,
    TooManyOpenFiles = 0x04,
    AccessDenied = 0x05,
    InvalidHandle = 0x06,
    ArenaTrashed = 0x07,
    NotEnoughMemory = 0x08,
    InvalidBlock = 0x09,
    BadEnvironment = 0x0A,
    BadFormat = 0x0B,
    InvalidAccess = 0x0C,
    InvalidData = 0x0D,
    InvalidDrive = 0x0F,
    CurrentDirectory = 0x10,
    NotSameDevice = 0x11,
    NoMoreFiles = 0x12,
    WriteProtected = 0x13,
    BadUnit = 0x14,
    NotReady = 0x15,
    OutOfPaper = 0x1C,
    WriteFault = 0x1D,
    ReadFault = 0x1E,
    GeneralFailure = 0x1F,
    SharingViolation = 0x20,
    LockViolation = 0x21,
    WrongDisk = 0x22,
    SharingBufferFull = 0x24,
    DiskFull = 0x27,
    NotSupported = 0x32,
    FileExists = 0x50,
    CannotMakeEntry = 0x52,
    FailedCritical = 0x53,  // a critical-error handler said "fail"
};

template <typename T = void>
using DosResult = std::expected<T, DosError>;

inline std::unexpected<DosError> refuse(DosError error) {
    return std::unexpected(error);
}

/// What a failed system call means to a DOS program.
[[nodiscard]] DosError from_errno(int error);

/// What a function returns in AX for an error: programs of version 2 know no codes beyond 12h, so each function has its
/// own few (the true code is AH=59h's). [DOS TR, "Extended error codes"; DOS TR, function 59h]
[[nodiscard]] DosError reported(u8 function, DosError error);

/// Class, suggested action and locus of an error. [RBIL 21/AH=59h]
struct ErrorDetails {
    u8 error_class = 0, action = 0, locus = 0;
};
[[nodiscard]] ErrorDetails details_of(DosError error);

}  // namespace dyn86::dos
