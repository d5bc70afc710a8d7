#include "src/machine/host_serial.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace dyn86 {
namespace {

constexpr std::size_t flush_at = 4096;
constexpr std::size_t most_unread = 65'536;  // what an end that nobody reads may be behind

bool is_ready(int fd, short events) {
    pollfd asked{fd, events, 0};
    return ::poll(&asked, 1, 0) > 0;
}

struct AddressList {
    addrinfo* first = nullptr;
    ~AddressList() {
        if (first != nullptr) freeaddrinfo(first);
    }
};

int connect_to(const addrinfo& address) {
    const int fd = ::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC, address.ai_protocol);
    if (fd < 0) return -1;
    if (::connect(fd, address.ai_addr, address.ai_addrlen) == 0) return fd;
    const int error = errno;
    ::close(fd);
    errno = error;
    return -1;
}

}  // namespace

Result<std::unique_ptr<HostSerial>> HostSerial::open(const SerialSetting& setting) {
    std::unique_ptr<HostSerial> host(new HostSerial(setting));
    Result<> done;
    switch (setting.kind) {
        case SerialSetting::Kind::Pty: done = host->open_pty(); break;
        case SerialSetting::Kind::Tcp: done = host->open_tcp(); break;
        case SerialSetting::Kind::File: done = host->open_file(); break;
        case SerialSetting::Kind::Stdio:
            host->in_ = STDIN_FILENO;
            host->out_ = STDOUT_FILENO;
            break;
        case SerialSetting::Kind::None:
        case SerialSetting::Kind::Mouse: break;
    }
    if (!done) return std::unexpected(done.error());
    return host;
}

HostSerial::~HostSerial() {
    (void)flush();  // whoever cares has asked before
    if (setting_.kind == SerialSetting::Kind::Stdio) return;
    if (out_ >= 0) ::close(out_);
    if (held_ >= 0) ::close(held_);
}

Result<> HostSerial::open_pty() {
    in_ = out_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (out_ < 0 || ::grantpt(out_) != 0 || ::unlockpt(out_) != 0) return fail_errno("no pseudoterminal");
    std::array<char, 128> name{};
    if (::ptsname_r(out_, name.data(), name.size()) != 0) return fail_errno("no pseudoterminal");
    terminal_ = name.data();
    held_ = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios settings{};
    if (held_ < 0 || ::tcgetattr(held_, &settings) != 0) return fail_errno(terminal_);
    ::cfmakeraw(&settings);
    if (::tcsetattr(held_, TCSANOW, &settings) != 0) return fail_errno(terminal_);
    return {};
}

Result<> HostSerial::open_tcp() {
    const std::string& target = setting_.target;
    const auto colon = target.rfind(':');
    const std::string host = target.substr(0, colon), port = target.substr(colon + 1);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    AddressList addresses;
    const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &addresses.first);
    if (error != 0) return fail(fmt::format("tcp:{}: {}", target, ::gai_strerror(error)));
    for (const addrinfo* address = addresses.first; address != nullptr && out_ < 0; address = address->ai_next)
        in_ = out_ = connect_to(*address);
    if (out_ < 0) return fail_errno("tcp:" + target);
    return {};
}

/// A regular file is written anew; a device or FIFO is a cable in both directions.
Result<> HostSerial::open_file() {
    struct stat status {};
    const bool is_other = ::stat(setting_.target.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
    const int flags = is_other ? O_RDWR | O_NOCTTY | O_NONBLOCK : O_WRONLY | O_CREAT | O_TRUNC;
    out_ = ::open(setting_.target.c_str(), flags | O_CLOEXEC, 0666);
    if (out_ < 0) return fail_errno(setting_.target);
    if (is_other) in_ = out_;
    return {};
}

bool HostSerial::must_write() const {
    return setting_.kind == SerialSetting::Kind::Stdio || (setting_.kind == SerialSetting::Kind::File && in_ < 0);
}

void HostSerial::receive(u8 character) {
    if (to_write_.size() < most_unread) to_write_.push_back(character);
    if (to_write_.size() >= flush_at && !must_write()) (void)flush();  // which cannot fail then
}

std::optional<u8> HostSerial::send() {
    if (arrived_.empty()) return std::nullopt;
    const u8 first = arrived_.front();
    arrived_.pop_front();
    return first;
}

bool HostSerial::poll() {
    std::array<u8, 4096> bytes;
    if (in_ >= 0 && arrived_.size() < most_unread && is_ready(in_, POLLIN)) {
        const ssize_t got = ::read(in_, bytes.data(), bytes.size());
        if (got > 0) arrived_.insert(arrived_.end(), bytes.begin(), bytes.begin() + got);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) hang_up();
    }
    return !arrived_.empty();
}

/// Nothing comes any more; what can still be written is.
void HostSerial::hang_up() {
    in_ = -1;
    if (setting_.kind == SerialSetting::Kind::Tcp) to_write_.clear();
}

Result<> HostSerial::flush() {
    if (failure_) to_write_.clear();
    std::size_t done = 0;
    while (done < to_write_.size() && (must_write() || is_ready(out_, POLLOUT))) {
        const u8* from = to_write_.data() + done;
        const std::size_t count = to_write_.size() - done;
        const bool is_socket = setting_.kind == SerialSetting::Kind::Tcp;
        const ssize_t written =
            is_socket ? ::send(out_, from, count, MSG_NOSIGNAL | MSG_DONTWAIT) : ::write(out_, from, count);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && must_write()) {
            failure_ = fail_errno(setting_.target.empty() ? "standard output" : setting_.target).error();
            done = to_write_.size();
            break;
        }
        if (written < 0) break;
        done += std::size_t(written);
    }
    to_write_.erase(to_write_.begin(), to_write_.begin() + std::ptrdiff_t(done));
    if (failure_) return std::unexpected(*failure_);
    return {};
}

}  // namespace dyn86
