// The socket through which other processes type into a shared machine and end it: `dyn86 send`, `dyn86 stop`.
#pragma once

#include "src/frontend/sequence.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dyn86::frontend {

/// One line of text is one request: a step in the words of a script (type, press, wait, quit). The answer is "ok" when
/// it has been carried out, its keys read, or "error WHY". Requests of all connections are carried out one after the
/// other. Never waits for anybody: who does not read his answers loses the connection.
class ControlServer {
public:
    /// A wait, or typed keys to be read, fail after `limit` of guest time.
    static Result<ControlServer> open(const std::string& path, u16 code_page, Ticks limit);
    ControlServer(ControlServer&& other) noexcept;
    ControlServer& operator=(ControlServer&&) = delete;
    /// Who still waits for an answer gets "ok": the machine has ended.
    ~ControlServer();

    /// Takes what has come. To be called once per frame.
    void listen();
    /// Goes on as far as the guest lets it now; true when somebody asked to quit.
    [[nodiscard]] bool advance(Guest& guest);
    [[nodiscard]] bool is_idle() const;
    /// When advance() can go on at the earliest; never() when nothing was asked.
    [[nodiscard]] Ticks next(Ticks now) const;

private:
    struct Connection {
        int fd = -1;
        std::string received;
        std::optional<Player> player;            // of the request that is being carried out
        std::optional<Ticks> reading_ends = {};  // its keys have been typed; the guest has until then to read them
    };
    ControlServer(int socket, u16 code_page, Ticks limit) : socket_(socket), code_page_(code_page), limit_(limit) {}
    void accept_all();
    void receive(Connection& connection);
    void begin(Connection& connection);
    [[nodiscard]] bool go_on(Connection& connection, Guest& guest);
    void answer(Connection& connection, const std::string& text);
    void forget_closed();

    int socket_;
    u16 code_page_;
    Ticks limit_;
    std::vector<Connection> connections_;
};

}  // namespace dyn86::frontend
