#include "src/frontend/control_server.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace dyn86::frontend {
namespace {

constexpr std::size_t most_connections = 32, longest_request = std::size_t{4} << 20;
// Programs that look at the keys alone never read them.
constexpr Ticks reading_limit = Ticks::from_ms(1'000), reading_interval = Ticks::from_ms(1);

Result<StepText> request_step(std::string_view line) {
    const auto gap = std::min(line.find(' '), line.size());
    StepText step{std::string(line.substr(0, gap)), std::string(line.substr(std::min(gap + 1, line.size()))), "send"};
    for (const std::string_view word : {"type", "press", "wait", "quit"})
        if (step.word == word) return step;
    return fail(fmt::format("{}: no such request", step.word));
}

}  // namespace

Result<ControlServer> ControlServer::open(const std::string& path, u16 code_page, Ticks limit) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return fail(fmt::format("--share: {}: too long for a socket", path));
    std::memcpy(address.sun_path, path.data(), path.size());
    ::unlink(path.c_str());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(fd, 8) != 0) {
        const auto failed = fail_errno("--share: " + path);
        if (fd >= 0) ::close(fd);
        return std::unexpected(failed.error());
    }
    return ControlServer(fd, code_page, limit);
}

ControlServer::ControlServer(ControlServer&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      code_page_(other.code_page_),
      limit_(other.limit_),
      connections_(std::move(other.connections_)) {}

ControlServer::~ControlServer() {
    if (socket_ < 0) return;
    for (Connection& connection : connections_) {
        if (connection.player) answer(connection, "ok");
        ::close(connection.fd);
    }
    ::close(socket_);
}

void ControlServer::listen() {
    accept_all();
    for (Connection& connection : connections_) {
        receive(connection);
        begin(connection);
    }
    forget_closed();
}

void ControlServer::accept_all() {
    for (;;) {
        const int fd = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) return;
        if (connections_.size() < most_connections)
            connections_.push_back({.fd = fd, .received = {}, .player = {}});
        else
            ::close(fd);
    }
}

void ControlServer::receive(Connection& connection) {
    std::array<char, 4096> bytes;
    for (;;) {
        const ssize_t count = ::recv(connection.fd, bytes.data(), bytes.size(), 0);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
        connection.received.append(bytes.data(), std::size_t(std::max<ssize_t>(count, 0)));
        if (count > 0 && connection.received.size() <= longest_request) continue;
        // Who has gone asks for nothing more; what he has asked for is still done.
        if (count <= 0 && connection.player) return;
        ::close(std::exchange(connection.fd, -1));
        return;
    }
}

/// The next request of a connection that has none under way.
void ControlServer::begin(Connection& connection) {
    while (connection.fd >= 0 && !connection.player) {
        const auto end = connection.received.find('\n');
        if (end == std::string::npos) return;
        const std::string line = connection.received.substr(0, end);
        connection.received.erase(0, end + 1);
        const auto step = request_step(line);
        const auto sequence = step ? Sequence::parse(std::span(&*step, 1), code_page_) : std::unexpected(step.error());
        if (!sequence) {
            answer(connection, "error " + sequence.error().message);
            continue;
        }
        const auto refuse = [](const std::string&) -> Result<> { return fail("not from here"); };
        connection.player.emplace(*sequence, limit_, Player::Doers{.snap = refuse, .swap = refuse});
        connection.reading_ends.reset();
    }
}

bool ControlServer::is_idle() const {
    return std::ranges::none_of(connections_,
                                [](const Connection& connection) { return connection.player.has_value(); });
}

Ticks ControlServer::next(Ticks now) const {
    const auto busy = std::ranges::find_if(connections_, [](const Connection& c) { return c.player.has_value(); });
    if (busy == connections_.end()) return Ticks::never();
    return busy->reading_ends ? now + reading_interval : busy->player->next(now);
}

bool ControlServer::advance(Guest& guest) {
    const auto busy = std::ranges::find_if(connections_, [](const Connection& c) { return c.player.has_value(); });
    if (busy == connections_.end()) return false;
    const bool quits = go_on(*busy, guest);
    begin(*busy);
    return quits;
}

bool ControlServer::go_on(Connection& connection, Guest& guest) {
    if (!connection.reading_ends) {
        const Player::State state = connection.player->advance(guest);
        if (state == Player::State::Running) return false;
        if (state == Player::State::Failed) answer(connection, "error " + connection.player->error());
        if (state == Player::State::Quit) answer(connection, "ok");
        if (state != Player::State::Done) {
            connection.player.reset();
            return state == Player::State::Quit;
        }
        connection.reading_ends = guest.now() + reading_limit;
    }
    if (!guest.keyboard_drained() && guest.now() < *connection.reading_ends) return false;
    answer(connection, "ok");
    connection.player.reset();
    return false;
}

void ControlServer::answer(Connection& connection, const std::string& text) {
    if (connection.fd < 0) return;
    const std::string line = text + "\n";
    if (::send(connection.fd, line.data(), line.size(), MSG_NOSIGNAL) == ssize_t(line.size())) return;
    ::close(std::exchange(connection.fd, -1));
}

void ControlServer::forget_closed() {
    std::erase_if(connections_, [](const Connection& connection) { return connection.fd < 0 && !connection.player; });
}

}  // namespace dyn86::frontend
