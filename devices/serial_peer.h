// The other end of a serial cable.
#pragma once

#include "src/base/types.h"

#include <optional>

namespace dyn86 {

/// What a UART talks to. The UART pulls: bytes wait on the far side until the line is free and the guest has taken the
/// one before, so nothing is lost that a real line would lose.
class SerialPeer {
public:
    virtual ~SerialPeer() = default;
    /// A character has arrived there.
    virtual void receive(u8 character) = 0;
    /// The next character for the guest, if there is one.
    virtual std::optional<u8> send() = 0;
    /// DTR and RTS, when either changes.
    virtual void set_lines(bool /*data_terminal_ready*/, bool /*request_to_send*/) {}
};

}  // namespace dyn86
