#include "src/frontend/state_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <span>

namespace dyn86::frontend {
namespace {

/// Nobody's machine has more to say.
constexpr off_t largest_state = off_t{64} << 20;

bool read_all(int fd, std::span<u8> to) {
    while (!to.empty()) {
        const ssize_t count = ::read(fd, to.data(), to.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        to = to.subspan(std::size_t(count));
    }
    return true;
}

Result<std::vector<u8>> read_open(int fd, const std::string& path) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return fail_errno(path);
    if (!S_ISREG(status.st_mode) || status.st_size > largest_state) return fail(path + ": not a state of dyn86");
    std::vector<u8> state(std::size_t(status.st_size));
    if (!read_all(fd, state)) return fail_errno(path);
    return state;
}

}  // namespace

Result<std::vector<u8>> read_state(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return fail_errno(path, ErrorKind::NotFound);
    auto state = read_open(fd, path);
    ::close(fd);
    return state;
}

}  // namespace dyn86::frontend
