// What hangs on the machine's serial, parallel and game ports.
#pragma once

#include "devices/game_port.h"
#include "devices/parallel.h"
#include "devices/pic.h"
#include "devices/serial_mouse.h"
#include "devices/uart.h"
#include "src/base/bus.h"
#include "src/base/scheduler.h"
#include "src/dyn86.h"
#include "src/machine/host_printer.h"
#include "src/machine/host_serial.h"
#include "src/machine/state_part.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dyn86 {

/// The ports that the configuration asks for, and their host ends. A game adapter is always there.
class Peripherals {
public:
    Peripherals(PortBus& ports, Scheduler& scheduler, Pic& pic);

    /// Once, before the machine runs.
    Result<> open(const MachineConfig& config);
    /// Brings what the guest sent and printed to the host.
    Result<> flush();
    /// True while something may come on a serial line.
    [[nodiscard]] bool has_live_line() const;
    /// When all that the guest did for so long was to wait for a line - halted, or looking in vain -, the host waits as
    /// long, or until something comes.
    void wait_for_line(Ticks spent, bool halted);
    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

    /// Moves a serial mouse by as much as the pointer has moved since the last call.
    void mouse(const MouseInput& input);
    void add_parts(std::vector<StatePart>& parts);
    [[nodiscard]] GamePort& game_port() { return game_port_; }

private:
    struct SerialPort {
        std::optional<Uart> uart;
        std::unique_ptr<HostSerial> host;
        std::unique_ptr<SerialMouse> mouse;
    };

    Result<> open_serial(std::size_t index, const SerialSetting& setting);
    Result<> open_printer(const std::string& path, Adapter adapter);
    void poll();

    PortBus& ports_;
    Scheduler& scheduler_;
    Pic& pic_;
    GamePort game_port_;
    std::array<SerialPort, 2> serial_;
    std::unique_ptr<HostPrinter> printer_;
    std::optional<Parallel> parallel_;
    Scheduler::Event poll_event_ = 0;
    u64 looks_in_vain_ = 0;
    std::optional<MouseInput> pointer_;
    std::vector<std::string> notes_;
};

}  // namespace dyn86
