#include "src/machine/peripherals.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <utility>

namespace dyn86 {
namespace {

constexpr std::array<Port, 2> serial_ports{0x3F8, 0x2F8};
constexpr std::array<std::size_t, 2> serial_irqs{4, 3};
constexpr Port color_printer = 0x378, monochrome_printer = 0x3BC;
constexpr std::size_t printer_irq = 7;

/// What moves a driver's cursor over the whole screen: 8 mickeys for 8 points to the right, 16 for 8 down, on 640 by
/// 200 points. [MS Mouse, function 15]
constexpr int mickeys_across = 640, mickeys_down = 400;

/// How often the host is asked whether something has come, in guest time.
constexpr Ticks poll_interval = Ticks::from_ms(1);

/// A guest that looks for characters as often as this in each interval has nothing better to do.
constexpr i64 looks_of_a_loop = 4;

}  // namespace

Peripherals::Peripherals(PortBus& ports, Scheduler& scheduler, Pic& pic)
    : ports_(ports), scheduler_(scheduler), pic_(pic), game_port_(scheduler.clock()) {
    ports.map(GamePort::first_port, GamePort::port_count, game_port_);
}

Result<> Peripherals::open(const MachineConfig& config) {
    for (std::size_t index = 0; index < serial_.size(); ++index) {
        if (config.serial[index].kind == SerialSetting::Kind::None) continue;
        if (auto done = open_serial(index, config.serial[index]); !done) return done;
    }
    if (!config.printer_file.empty())
        if (auto done = open_printer(config.printer_file, config.adapter); !done) return done;
    if (has_live_line()) {
        poll_event_ = scheduler_.add("serial host", [this] { poll(); });
        scheduler_.schedule(poll_event_, scheduler_.clock().now() + poll_interval);
    }
    return {};
}

Result<> Peripherals::open_serial(std::size_t index, const SerialSetting& setting) {
    SerialPort& port = serial_.at(index);
    Uart& uart = port.uart.emplace(fmt::format("com{}", index + 1), scheduler_, pic_.line(serial_irqs.at(index)));
    ports_.map(serial_ports.at(index), Uart::port_count, uart);
    if (setting.kind == SerialSetting::Kind::Mouse) {
        port.mouse = std::make_unique<SerialMouse>(uart);
        uart.connect(*port.mouse);
        return {};
    }
    auto host = HostSerial::open(setting);
    if (!host) return std::unexpected(host.error());
    port.host = std::move(*host);
    uart.connect(*port.host);
    if (!port.host->terminal().empty())
        notes_.push_back(fmt::format("serial port {} is {}", index + 1, port.host->terminal()));
    return {};
}

Result<> Peripherals::open_printer(const std::string& path, Adapter adapter) {
    auto printer = HostPrinter::open(path);
    if (!printer) return std::unexpected(printer.error());
    printer_ = std::move(*printer);
    parallel_.emplace(scheduler_, pic_.line(printer_irq), *printer_);
    const Port first = adapter == Adapter::Cga ? color_printer : monochrome_printer;
    ports_.map(first, Parallel::port_count - 1, *parallel_);
    return {};
}

void Peripherals::add_parts(std::vector<StatePart>& parts) {
    add_part(parts, "game port", game_port_);
    for (std::size_t index = 0; index < serial_.size(); ++index) {
        SerialPort& port = serial_.at(index);
        if (port.uart) add_part(parts, fmt::format("com{}", index + 1), *port.uart);
        if (port.mouse) add_part(parts, fmt::format("com{} mouse", index + 1), *port.mouse);
    }
    if (parallel_) add_part(parts, "printer", *parallel_);
    // What is plugged in is the host's of now: it is asked from now on.
    parts.push_back({"pointer", 1, [this](Archive& ar) {
                         MouseInput pointer = pointer_.value_or(MouseInput{});
                         bool is_known = pointer_.has_value();
                         ar("known", is_known);
                         ar("x", pointer.x);
                         ar("y", pointer.y);
                         ar("buttons", pointer.buttons);
                         pointer_ = is_known ? std::optional(pointer) : std::nullopt;
                         const auto is_live = [](const SerialPort& port) {
                             return port.host && port.host->is_readable();
                         };
                         if (std::ranges::any_of(serial_, is_live))
                             scheduler_.schedule(poll_event_, scheduler_.clock().now() + poll_interval);
                     }});
}

void Peripherals::poll() {
    bool live = false;
    for (SerialPort& port : serial_) {
        if (!port.host) continue;
        if (port.host->poll()) port.uart->wake();
        (void)port.host->flush();  // a failure is told again when the run pauses
        live = live || port.host->is_readable();
    }
    if (live) scheduler_.schedule(poll_event_, scheduler_.clock().now() + poll_interval);
}

bool Peripherals::has_live_line() const {
    return std::ranges::any_of(serial_, [](const SerialPort& port) { return port.host && port.host->is_readable(); });
}

void Peripherals::wait_for_line(Ticks spent, bool halted) {
    u64 looks = 0;
    for (const SerialPort& port : serial_)
        if (port.uart) looks += port.uart->looks_in_vain();
    const i64 since = i64(looks - std::exchange(looks_in_vain_, looks));
    if (!halted && since < spent.count / poll_interval.count * looks_of_a_loop) return;
    std::array<pollfd, 2> lines{};
    for (std::size_t index = 0; index < serial_.size(); ++index) {
        const HostSerial* host = serial_[index].host.get();
        lines[index] = {host != nullptr ? host->readable_descriptor() : -1, POLLIN, 0};
    }
    if (has_live_line()) ::poll(lines.data(), lines.size(), int(spent.seconds() * 1000));
}

Result<> Peripherals::flush() {
    for (const SerialPort& port : serial_)
        if (port.host)
            if (auto done = port.host->flush(); !done) return done;
    return printer_ ? printer_->flush() : Result<>{};
}

void Peripherals::mouse(const MouseInput& input) {
    const MouseInput before = pointer_.value_or(input);
    pointer_ = input;
    const auto mickeys = [](u16 fraction, int across) { return fraction * across / 0x1'0000; };
    const int right = mickeys(input.x, mickeys_across) - mickeys(before.x, mickeys_across);
    const int down = mickeys(input.y, mickeys_down) - mickeys(before.y, mickeys_down);
    for (const SerialPort& port : serial_)
        if (port.mouse) port.mouse->move(right, down, (input.buttons & 1) != 0, (input.buttons & 2) != 0);
}

}  // namespace dyn86
