#include "devices/uart.h"

#include <string>

namespace dyn86 {
namespace {

constexpr i64 crystal_hz = 1'843'200;

// LSR.
constexpr u8 data_ready = 0x01, overrun = 0x02, line_errors = 0x1E, holding_empty = 0x20, transmitter_empty = 0x40;
// IER.
constexpr u8 enable_received = 0x01, enable_holding_empty = 0x02, enable_line_status = 0x04, enable_modem = 0x08;
// IIR, by falling priority.
constexpr u8 id_line_status = 0x06, id_received = 0x04, id_holding_empty = 0x02, id_modem = 0x00, id_none = 0x01;
// MCR.
constexpr u8 out_dtr = 0x01, out_rts = 0x02, out_1 = 0x04, out_2 = 0x08;
// MSR.
constexpr u8 in_cts = 0x10, in_dsr = 0x20, in_ri = 0x40, in_dcd = 0x80;

}  // namespace

Uart::Uart(std::string_view name, Scheduler& scheduler, Pin& irq, Model model)
    : scheduler_(scheduler),
      irq_(irq),
      model_(model),
      send_event_(scheduler.add(std::string(name) + " send", [this] { sent(); })),
      receive_event_(scheduler.add(std::string(name) + " receive", [this] { received(); })) {}

void Uart::connect(SerialPeer& peer) {
    const u8 before = modem_inputs();
    peer_ = &peer;
    inputs_changed(before);
    wake();
}

void Uart::wake() {
    begin_receiving();
}

/// Start bit, 5-8 data bits, parity, stop bits (one and a half with five). A divisor of 0 counts as 65536.
Ticks Uart::character_time() const {
    const int data = 5 + (lcr_ & 3);
    const bool parity = (lcr_ & 0x08) != 0, long_stop = (lcr_ & 0x04) != 0;
    const int half_bits = 2 * (1 + data + int{parity}) + (long_stop ? (data == 5 ? 3 : 4) : 2);
    const i64 clocks = i64{divisor_ == 0 ? 0x1'0000 : divisor_} * 8 * half_bits;
    return {i64(__int128{clocks} * Ticks::rate_hz / crystal_hz)};
}

u8 Uart::modem_inputs() const {
    if (!loops()) return peer_ != nullptr ? in_cts | in_dsr | in_dcd : 0;
    return u8(((mcr_ & out_rts) != 0 ? in_cts : 0) | ((mcr_ & out_dtr) != 0 ? in_dsr : 0) |
              ((mcr_ & out_1) != 0 ? in_ri : 0) | ((mcr_ & out_2) != 0 ? in_dcd : 0));
}

/// DCTS, DDSR, DDCD at any change, TERI when RI falls. [16450, "Modem Status Register"]
void Uart::inputs_changed(u8 before) {
    const u8 now = modem_inputs();
    const u8 fallen_ring = u8(before & ~now & in_ri);
    modem_changes_ |= u8(((before ^ now) & (in_cts | in_dsr | in_dcd)) >> 4 | fallen_ring >> 4);
    update_irq();
}

u8 Uart::interrupt_id() const {
    if ((ier_ & enable_line_status) != 0 && (lsr_ & line_errors) != 0) return id_line_status;
    if ((ier_ & enable_received) != 0 && (lsr_ & data_ready) != 0) return id_received;
    if ((ier_ & enable_holding_empty) != 0 && holding_empty_tells_) return id_holding_empty;
    if ((ier_ & enable_modem) != 0 && modem_changes_ != 0) return id_modem;
    return id_none;
}

/// In loop mode the OUT 2 pin is inactive, so nothing gets out. [16450, "Modem Control Register"]
void Uart::update_irq() {
    irq_.set_level(interrupt_id() != id_none && (mcr_ & out_2) != 0 && !loops());
}

u8 Uart::in(Port port) {
    switch (port & 7) {
        case 0: return has_divisor_access() ? u8(divisor_) : read_received();
        case 1: return has_divisor_access() ? u8(divisor_ >> 8) : ier_;
        case 2: return read_interrupt_id();
        case 3: return lcr_;
        case 4: return mcr_;
        case 5: return read_line_status();
        case 6: return read_modem_status();
        default: return model_ == Model::I16450 ? scratch_ : u8{0xFF};
    }
}

void Uart::out(Port port, u8 value) {
    switch (port & 7) {
        case 0:
            if (has_divisor_access()) {
                divisor_ = u16((divisor_ & 0xFF00) | value);
            } else {
                transmit(value);
            }
            break;
        case 1:
            if (has_divisor_access()) {
                divisor_ = u16((divisor_ & 0x00FF) | value << 8);
            } else {
                write_interrupt_enable(value);
            }
            break;
        case 3: lcr_ = value; break;
        case 4: write_modem_control(value); break;
        case 7: scratch_ = value; break;
        default: break;  // IIR, and LSR and MSR, which only factories write
    }
}

u8 Uart::read_received() {
    lsr_ &= u8(~data_ready);
    update_irq();
    begin_receiving();
    return received_;
}

u8 Uart::read_line_status() {
    const u8 value = lsr_;
    if ((value & (data_ready | transmitter_empty)) == transmitter_empty) ++looks_in_vain_;
    lsr_ &= u8(~line_errors);
    update_irq();
    return value;
}

u8 Uart::read_modem_status() {
    const u8 value = u8(modem_inputs() | modem_changes_);
    modem_changes_ = 0;
    update_irq();
    return value;
}

/// Reading takes the THRE interrupt back, if it is the one that is told.
u8 Uart::read_interrupt_id() {
    const u8 id = interrupt_id();
    if (id == id_holding_empty) holding_empty_tells_ = false;
    update_irq();
    return id;
}

/// Enabling THRE while the register is empty interrupts at once. [16450; IBM's diagnostics rely on it]
void Uart::write_interrupt_enable(u8 value) {
    const bool enables = (value & ~ier_ & enable_holding_empty) != 0;
    ier_ = value & 0x0F;
    if (enables && (lsr_ & holding_empty) != 0) holding_empty_tells_ = true;
    update_irq();
}

void Uart::write_modem_control(u8 value) {
    const u8 before = modem_inputs(), old = mcr_;
    mcr_ = value & 0x1F;
    inputs_changed(before);
    const u8 pins = loops() ? 0 : mcr_, old_pins = (old & 0x10) != 0 ? 0 : old;
    if (peer_ != nullptr && ((pins ^ old_pins) & (out_dtr | out_rts)) != 0)
        peer_->set_lines((pins & out_dtr) != 0, (pins & out_rts) != 0);
    begin_receiving();
}

void Uart::transmit(u8 value) {
    holding_ = value;
    lsr_ &= u8(~(holding_empty | transmitter_empty));
    holding_empty_tells_ = false;
    if (sent_at_ == Ticks::never()) begin_sending();
    update_irq();
}

void Uart::begin_sending() {
    shifting_ = holding_ & character_mask();
    lsr_ |= holding_empty;
    holding_empty_tells_ = true;
    sent_at_ = scheduler_.clock().now() + character_time();
    scheduler_.schedule(send_event_, sent_at_);
}

void Uart::sent() {
    sent_at_ = Ticks::never();
    const u8 character = shifting_;
    if ((lsr_ & holding_empty) != 0) {
        lsr_ |= transmitter_empty;
    } else {
        begin_sending();
    }
    if (loops()) {
        put_received(character);
    } else if (peer_ != nullptr) {
        peer_->receive(character);
    }
    update_irq();
}

/// The next character starts when the one before has been taken.
void Uart::begin_receiving() {
    if (peer_ == nullptr || loops() || received_at_ != Ticks::never() || (lsr_ & data_ready) != 0) return;
    const auto character = peer_->send();
    if (!character) return;
    arriving_ = *character;
    received_at_ = scheduler_.clock().now() + character_time();
    scheduler_.schedule(receive_event_, received_at_);
}

void Uart::received() {
    received_at_ = Ticks::never();
    put_received(arriving_);
}

void Uart::put_received(u8 value) {
    if ((lsr_ & data_ready) != 0) lsr_ |= overrun;
    received_ = value & character_mask();
    lsr_ |= data_ready;
    update_irq();
}

void Uart::serialize(Archive& ar) {
    ar("ier", ier_);
    ar("lcr", lcr_);
    ar("mcr", mcr_);
    ar("lsr", lsr_);
    ar("scratch", scratch_);
    ar("modem_changes", modem_changes_);
    ar("divisor", divisor_);
    ar("received", received_);
    ar("holding", holding_);
    ar("shifting", shifting_);
    ar("arriving", arriving_);
    ar("holding_empty_tells", holding_empty_tells_);
    ar("sent_at", sent_at_);
    ar("received_at", received_at_);
    scheduler_.schedule(send_event_, sent_at_);
    scheduler_.schedule(receive_event_, received_at_);
}

}  // namespace dyn86
