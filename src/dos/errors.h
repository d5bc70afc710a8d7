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
    WriteFault = 0x1D,
    ReadFault = 0x1E,
    GeneralFailure = 0x1F,
    DiskFull = 0x27,
    FileExists = 0x50,
    CannotMakeEntry = 0x52,
};

template <typename T = void>
using DosResult = std::expected<T, DosError>;

inline std::unexpected<DosError> refuse(DosError error) {
    return std::unexpected(error);
}

/// What a failed system call means to a DOS program.
[[nodiscard]] DosError from_errno(int error);

/// Class, suggested action and locus of an error. [RBIL 21/AH=59h]
struct ErrorDetails {
    u8 error_class = 0, action = 0, locus = 0;
};
[[nodiscard]] ErrorDetails details_of(DosError error);

}  // namespace dyn86::dos
