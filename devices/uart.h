// National INS8250 and 16450 asynchronous communications elements.
#pragma once

#include "devices/serial_peer.h"
#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/scheduler.h"
#include "src/base/types.h"

#include <string_view>

namespace dyn86 {

/// A UART with IBM's asynchronous adapter around it: 1.8432 MHz, OUT 2 lets the interrupt out [16450; IBM O&A,
/// "Asynchronous Communications Adapter"]. Characters take their time on the line, by divisor and line control.
///
/// The peer waits instead of overrunning the receiver; parity and framing never fail. Overruns are there in loop mode.
///
/// Wiring: COM1 3F8h-3FFh with IRQ4, COM2 2F8h-2FFh with IRQ3. `peer` null: nothing is plugged in.
class Uart final : public PortDevice {
public:
    static constexpr u32 port_count = 8;
    enum class Model : u8 { I8250, I16450 };  // the 8250 has no scratch register

    Uart(std::string_view name, Scheduler& scheduler, Pin& irq, Model model = Model::I16450);

    /// A cable with these inputs high: CTS, DSR and DCD of a ready peer.
    void connect(SerialPeer& peer);
    /// The peer has something to send again.
    void wake();

    u8 in(Port port) override;
    void out(Port port, u8 value) override;
    /// How often the guest has looked for a character, with nothing else to do, and found none. Not part of the state.
    [[nodiscard]] u64 looks_in_vain() const { return looks_in_vain_; }
    /// The peer is configuration.
    void serialize(Archive& ar);

private:
    [[nodiscard]] Ticks character_time() const;
    [[nodiscard]] u8 character_mask() const { return u8(0xFF >> (3 - (lcr_ & 3))); }
    [[nodiscard]] bool has_divisor_access() const { return (lcr_ & 0x80) != 0; }
    [[nodiscard]] bool loops() const { return (mcr_ & 0x10) != 0; }
    [[nodiscard]] u8 modem_inputs() const;
    [[nodiscard]] u8 interrupt_id() const;

    u8 read_received();
    u8 read_line_status();
    u8 read_modem_status();
    u8 read_interrupt_id();
    void write_modem_control(u8 value);
    void write_interrupt_enable(u8 value);
    void transmit(u8 value);
    void begin_sending();
    void sent();
    void begin_receiving();
    void received();
    void put_received(u8 value);
    void inputs_changed(u8 before);
    void update_irq();

    Scheduler& scheduler_;
    Pin& irq_;
    Model model_;
    SerialPeer* peer_ = nullptr;
    Scheduler::Event send_event_, receive_event_;

    u8 ier_ = 0, lcr_ = 0, mcr_ = 0, lsr_ = 0x60, scratch_ = 0;
    u8 modem_changes_ = 0;  // MSR bits 3-0
    u16 divisor_ = 12;      // 9600
    u8 received_ = 0, holding_ = 0, shifting_ = 0, arriving_ = 0;
    bool holding_empty_tells_ = false;  // the THRE interrupt is pending
    Ticks sent_at_ = Ticks::never(), received_at_ = Ticks::never();
    u64 looks_in_vain_ = 0;
};

}  // namespace dyn86
