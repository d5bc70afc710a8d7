#include "src/frontend/control_client.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace dyn86::frontend {
namespace {

/// What comes up to the end of a line, or of the connection.
std::string read_line(int fd) {
    std::string line;
    std::array<char, 512> bytes;
    while (!line.contains('\n')) {
        const ssize_t count = ::read(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        line.append(bytes.data(), std::size_t(count));
    }
    return line.substr(0, line.find('\n'));
}

bool send_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        bytes.remove_prefix(std::size_t(count));
    }
    return true;
}

Result<> converse(int fd, const std::string& request) {
    if (!send_all(fd, request + "\n")) return fail("the machine does not listen any more");
    const std::string answer = read_line(fd);
    constexpr std::string_view error = "error ";
    if (answer.starts_with(error)) return fail(answer.substr(error.size()), ErrorKind::Usage);
    return answer == "ok" ? Result<>() : fail("the machine has ended without an answer");
}

}  // namespace

Result<> ask_machine(const ShareFiles& files, const std::string& request) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    const std::string path = files.control();
    std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const auto failed = fail_errno(path);
        if (fd >= 0) ::close(fd);
        return std::unexpected(failed.error());
    }
    auto result = converse(fd, request);
    ::close(fd);
    return result;
}

}  // namespace dyn86::frontend
