#include "src/debug/gdb_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

namespace dyn86::debug {
namespace {

constexpr std::string_view unix_prefix = "unix:";

std::optional<u16> port_of(const std::string& text) {
    u16 port = 0;
    const char* const end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, port);
    if (error != std::errc() || last != end || port == 0) return std::nullopt;
    return port;
}

std::unexpected<Error> cannot_listen(const std::string& address) {
    return fail(fmt::format("--gdb={}: {}", address, std::strerror(errno)));
}

Descriptor stream_socket(int family) {
    return Descriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

Result<Descriptor> listen_at(u16 port, const std::string& address) {
    Descriptor socket = stream_socket(AF_INET);
    const int yes = 1;
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool listens = socket.is_open() &&
                         ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                         ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0 &&
                         ::listen(socket.get(), 1) == 0;
    if (!listens) return cannot_listen(address);
    return socket;
}

/// Nobody listens at a socket that was left behind; then its name is free.
bool is_left_behind(const sockaddr_un& where) {
    struct stat status {};
    if (::lstat(where.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
    const Descriptor probe = stream_socket(AF_UNIX);
    return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 &&
           errno == ECONNREFUSED;
}

Result<Descriptor> listen_at(const std::string& path, const std::string& address) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof where.sun_path)
        return fail(fmt::format("--gdb={}: not a path for a socket", address), ErrorKind::Usage);
    std::memcpy(where.sun_path, path.data(), path.size());
    if (is_left_behind(where)) ::unlink(where.sun_path);
    Descriptor socket = stream_socket(AF_UNIX);
    const bool listens = socket.is_open() && ::fchmod(socket.get(), S_IRUSR | S_IWUSR) == 0 &&
                         ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0 &&
                         ::listen(socket.get(), 1) == 0;
    if (!listens) return cannot_listen(address);
    return socket;
}

}  // namespace

Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

Result<std::unique_ptr<GdbServer>> GdbServer::open(const std::string& address, bool waits) {
    const bool is_unix = address.starts_with(unix_prefix);
    const std::string path = is_unix ? address.substr(unix_prefix.size()) : "";
    const auto port = is_unix ? std::optional<u16>(0) : port_of(address);
    if (!port) return fail(fmt::format("--gdb={}: neither a port nor unix:PATH", address), ErrorKind::Usage);
    auto listener = is_unix ? listen_at(path, address) : listen_at(*port, address);
    if (!listener) return std::unexpected(listener.error());
    return std::unique_ptr<GdbServer>(new GdbServer(std::move(*listener), path, *port, waits));
}

GdbServer::~GdbServer() {
    if (!path_.empty()) ::unlink(path_.c_str());
}

std::string GdbServer::note() const {
    return path_.empty() ? fmt::format("gdb: target remote 127.0.0.1:{}", port_)
                         : fmt::format("gdb: target remote {}", path_);
}

GdbServer::Order GdbServer::attend(Pause pause, std::chrono::nanoseconds wait) {
    if (connection_.is_open()) send(stub_->paused(pause));
    const auto left = [&] { return std::chrono::ceil<std::chrono::milliseconds>(wait); };
    const auto until = std::chrono::steady_clock::now() + wait;
    for (;;) {
        pollfd who{connection_.is_open() ? connection_.get() : listener_.get(), POLLIN, 0};
        if (::poll(&who, 1, holds() ? int(left().count()) : 0) <= 0) break;
        connection_.is_open() ? hear() : accept();
        if (stub_->is_killed()) return Order::Quit;
        wait = std::max(until - std::chrono::steady_clock::now(), std::chrono::nanoseconds::zero());
    }
    return holds() ? Order::Hold : Order::Run;
}

void GdbServer::accept() {
    connection_ = Descriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection_.is_open()) return;
    const int yes = 1;
    if (path_.empty()) ::setsockopt(connection_.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    waits_ = false;
    stub_->connect();
}

void GdbServer::hear() {
    std::array<char, 4096> bytes;
    const ssize_t count = ::read(connection_.get(), bytes.data(), bytes.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (count <= 0) return drop();
    send(stub_->receive({bytes.data(), std::size_t(count)}));
    if (stub_->is_detached()) drop();
}

void GdbServer::send(const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size() && connection_.is_open();) {
        const ssize_t count = ::send(connection_.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return drop();
        sent += std::size_t(count);
    }
}

void GdbServer::drop() {
    connection_.close();
    stub_->disconnect();
}

}  // namespace dyn86::debug
