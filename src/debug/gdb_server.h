// The place where a gdb connects: a port of the loopback interface or a socket in the file system.
#pragma once

#include "src/debug/gdb_stub.h"
#include "src/dyn86.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace dyn86::debug {

/// A file descriptor of its own.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor();
    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    void close() { *this = Descriptor(); }

private:
    int fd_ = -1;
};

/// One gdb at a time; when it goes, the next may come.
class GdbServer {
public:
    /// "PORT" or "unix:PATH". Listens at once. With `waits` the machine does not run before a gdb has come.
    static Result<std::unique_ptr<GdbServer>> open(const std::string& address, bool waits);
    ~GdbServer();
    GdbServer(const GdbServer&) = delete;
    GdbServer& operator=(const GdbServer&) = delete;

    /// Once, before attend().
    void serve(Machine& machine) { stub_.emplace(machine); }
    /// What a note tells the user: "gdb: target remote :1234".
    [[nodiscard]] std::string note() const;

    enum class Order : u8 { Run, Hold, Quit };
    /// Told why the machine has paused, looks at what gdb wants, waiting for it for at most that long while the machine
    /// is held.
    Order attend(Pause pause, std::chrono::nanoseconds wait);

private:
    GdbServer(Descriptor listener, std::string path, u16 port, bool waits)
        : listener_(std::move(listener)), path_(std::move(path)), port_(port), waits_(waits) {}
    [[nodiscard]] bool holds() const { return waits_ || stub_->holds(); }
    void accept();
    void hear();
    void send(const std::string& bytes);
    void drop();

    Descriptor listener_, connection_;
    std::string path_;  // of a socket in the file system
    u16 port_;
    bool waits_;
    std::optional<GdbStub> stub_;
};

}  // namespace dyn86::debug
