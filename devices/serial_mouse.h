// Microsoft serial mouse, two buttons.
#pragma once

#include "devices/serial_peer.h"
#include "src/base/archive.h"
#include "src/base/types.h"

#include <vector>

namespace dyn86 {

class Uart;

/// Sends what a mouse on COM1 sends: three bytes of seven bits a report at 1200 baud, and an M when the driver powers
/// it up through RTS [MS Mouse]. Movement that comes faster than the line is added up.
///
/// Wiring: `connect`ed to a Uart, which it wakes.
class SerialMouse final : public SerialPeer {
public:
    explicit SerialMouse(Uart& uart) : uart_(uart) {}

    /// Movement in mickeys (right and down are positive), and which buttons are down now.
    void move(int right, int down, bool is_left_down, bool is_right_down);

    void receive(u8 /*character*/) override {}
    std::optional<u8> send() override;
    void set_lines(bool data_terminal_ready, bool request_to_send) override;
    void serialize(Archive& ar);

private:
    void report();

    Uart& uart_;
    bool powered_ = false;
    int right_ = 0, down_ = 0;
    u8 buttons_ = 0;  // bit 5 left, bit 4 right, as the report has them
    bool has_news_ = false;
    std::vector<u8> waiting_;  // bytes of the report that is being sent
};

}  // namespace dyn86
