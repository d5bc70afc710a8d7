// How the outside world's failures travel: as values, one printable line each.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace dyn86 {

/// Which exit status of COMMAND_LINE.md an error maps to when nothing recovers from it.
enum class ErrorKind {
    Usage,        // 2
    Failed,       // 125: the emulator, or the host under it, could not do it
    NotAProgram,  // 126
    NotFound,     // 127
};

/// A failure of files, arguments or system calls. `message` is one line without "dyn86: " and without a final stop.
struct Error {
    std::string message;
    ErrorKind kind = ErrorKind::Failed;
};

template <typename T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(std::string message, ErrorKind kind = ErrorKind::Failed) {
    return std::unexpected(Error{std::move(message), kind});
}

/// "NAME: No such file or directory" for the current errno.
std::unexpected<Error> fail_errno(const std::string& what, ErrorKind kind = ErrorKind::Failed);

}  // namespace dyn86
