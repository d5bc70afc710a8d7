// Serial cables that end in the host: a pseudoterminal, a TCP connection, a file, standard input and output.
#pragma once

#include "devices/serial_peer.h"
#include "src/base/result.h"
#include "src/dyn86.h"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dyn86 {

/// Bytes that the guest sends are collected until flush(), those for it since the last poll(). A far end that takes
/// nothing any more loses what is sent, as an unplugged cable does; a file or standard output that cannot be written is
/// an error.
class HostSerial final : public SerialPeer {
public:
    /// Not for a mouse. What is refused is told in one line that names the target.
    static Result<std::unique_ptr<HostSerial>> open(const SerialSetting& setting);
    ~HostSerial() override;
    HostSerial(const HostSerial&) = delete;
    HostSerial& operator=(const HostSerial&) = delete;

    void receive(u8 character) override;
    std::optional<u8> send() override;

    /// True while bytes may still come, so that poll() is worth its while.
    [[nodiscard]] bool is_readable() const { return in_ >= 0; }
    /// What poll(2) may wait for; -1: nothing comes any more.
    [[nodiscard]] int readable_descriptor() const { return in_; }
    /// Fetches what has come; true when send() has something.
    bool poll();
    /// Once it has failed it goes on to say so.
    Result<> flush();
    /// The pseudoterminal's name; empty for all others.
    [[nodiscard]] const std::string& terminal() const { return terminal_; }

private:
    explicit HostSerial(const SerialSetting& setting) : setting_(setting) {}
    Result<> open_pty();
    Result<> open_tcp();
    Result<> open_file();
    [[nodiscard]] bool must_write() const;
    void hang_up();

    SerialSetting setting_;
    int in_ = -1, out_ = -1;
    int held_ = -1;  // the slave side, kept open so that the master never reads an error
    std::string terminal_;
    std::deque<u8> arrived_;
    std::vector<u8> to_write_;
    std::optional<Error> failure_;
};

}  // namespace dyn86
