#include "devices/pic.h"

#include <bit>

namespace dyn86 {
namespace {
constexpr u8 bit_of(int level) {
    return u8(1u << level);
}
}  // namespace

Pic::Pic(Pin& intr, Role role) : intr_(intr), role_(role) {
    for (std::size_t level = 0; level < inputs_.size(); ++level) inputs_[level].connect(*this, u8(1u << level));
}

void Pic::set_line(u8 bit, bool high) {
    if (high) {
        lines_ |= bit;
    } else {
        lines_ &= u8(~bit);
        armed_ |= bit;  // the next rise is an edge
    }
    update();
}

// [8259A, "Buffered Mode"]: M/S counts only while BUF is set, else the SP pin tells.
bool Pic::is_master() const {
    if ((icw4_ & 0x08) != 0) return (icw4_ & 0x04) != 0;
    return role_ == Role::Master;
}

int Pic::best_of(u8 bits) const {
    if (bits == 0) return none;
    const int highest = (lowest_ + 1) & 7;
    return (std::countr_zero(std::rotr(bits, highest)) + highest) & 7;
}

int Pic::request() const {
    if (!initialised_ || expect_ != Expect::Command) return none;  // assumed: silent between ICW1 and the last ICW
    const int wanted = best_of(u8(irr() & ~imr_));
    if (wanted == none) return none;
    // Special mask mode: a level in service that is masked blocks nobody. [8259A, "Special Mask Mode"]
    const int serving = best_of(special_mask_ ? u8(isr_ & ~imr_) : isr_);
    if (serving == none) return wanted;
    const auto rank = [this](int level) { return (level - lowest_ - 1) & 7; };
    if (rank(wanted) < rank(serving)) return wanted;
    // Special fully nested mode: a slave in service may interrupt again. [8259A, "Special Fully Nested Mode"]
    const bool slave_again =
        wanted == serving && special_fully_nested() && !single() && is_master() && (icw3_ & bit_of(wanted)) != 0;
    return slave_again ? wanted : none;
}

void Pic::update() {
    intr_.set_level(request() != none);
}

void Pic::enter_service(int level) {
    armed_ &= u8(~bit_of(level));  // one edge, one service
    if (!automatic_eoi()) {
        isr_ |= bit_of(level);
    } else if (rotate_on_aeoi_) {
        lowest_ = u8(level);
    }
    if (const auto& served = sources_[std::size_t(level)].served) served();
}

void Pic::ask_sources() {
    for (const Source& source : sources_)
        if (source.needed) source.needed();
}

u8 Pic::vector_of(int level) const {
    if (is_8086_mode()) return u8((icw2_ & 0xF8) | level);
    // CALL's low address byte: interval 4 keeps A7-A5, interval 8 A7-A6. [8259A, "MCS-80/85 mode", table]
    return (icw1_ & 0x04) != 0 ? u8((icw1_ & 0xE0) | level << 2) : u8((icw1_ & 0xC0) | level << 3);
}

u8 Pic::acknowledge() {
    const int level = request();
    if (level == none)
        return vector_of(7);  // the request is gone: default IR7, and no ISR bit [8259A, "Edge and Level"]
    enter_service(level);
    const bool by_slave = !single() && is_master() && (icw3_ & bit_of(level)) != 0;
    u8 vector = vector_of(level);
    if (by_slave) {
        Pic* slave = slaves_[std::size_t(level)];
        vector = slave != nullptr && (slave->icw3_ & 7) == level ? slave->acknowledge() : u8{0xFF};
    }
    update();
    return vector;
}

/// A read in poll mode is the INTA: bit 7 says whether there was a request, bits 2-0 which. [8259A, "Poll Command"]
u8 Pic::poll() {
    poll_ = false;
    const int level = request();
    if (level == none) return 0;  // assumed: W2-W0 low; the data sheet says nothing
    enter_service(level);
    update();
    return u8(0x80 | level);
}

u8 Pic::in(Port port) {
    if (poll_) return poll();
    if ((port & 1) != 0) return imr_;
    return read_isr_ ? isr_ : irr();
}

void Pic::out(Port port, u8 value) {
    if ((port & 1) != 0) {
        if (expect_ == Expect::Command) {
            imr_ = value;  // OCW1
        } else {
            write_icw(value);
        }
    } else if ((value & 0x10) != 0) {
        ask_sources();
        write_icw1(value);
        ask_sources();
    } else if ((value & 0x08) != 0) {
        write_ocw3(value);
    } else {
        write_ocw2(value);
    }
    update();
}

// [8259A, "Initialization Command Words 1 and 2", a to f]. assumed: ISR is cleared too, as software expects that
// restarts a chip inside a handler; a test on silicon that reads ISR after ICW1 would settle it.
void Pic::write_icw1(u8 value) {
    icw1_ = value;
    if ((value & 0x01) == 0) icw4_ = 0;
    armed_ = u8(~lines_);
    imr_ = 0;
    isr_ = 0;
    lowest_ = 7;
    icw3_ = is_master() ? 0 : 7;
    special_mask_ = false;
    read_isr_ = false;
    poll_ = false;
    rotate_on_aeoi_ = false;
    initialised_ = true;
    expect_ = Expect::Icw2;
}

void Pic::write_icw(u8 value) {
    const bool needs_icw4 = (icw1_ & 0x01) != 0;
    const Expect after_icw3 = needs_icw4 ? Expect::Icw4 : Expect::Command;
    switch (expect_) {
        case Expect::Icw2:
            icw2_ = value;
            expect_ = single() ? after_icw3 : Expect::Icw3;
            break;
        case Expect::Icw3:
            icw3_ = value;
            expect_ = after_icw3;
            break;
        case Expect::Icw4:
            icw4_ = value;
            expect_ = Expect::Command;
            break;
        case Expect::Command: break;
    }
}

u8 Pic::in_service_for_eoi() const {
    return special_mask_ ? u8(isr_ & ~imr_) : isr_;  // [8259A, "End of Interrupt"]: a masked bit stays set
}

void Pic::end_of_interrupt(u8 bit, bool rotate) {
    if (bit == 0) return;
    isr_ &= u8(~bit);
    if (rotate) lowest_ = u8(std::countr_zero(bit));
}

void Pic::write_ocw2(u8 value) {
    const int level = value & 7;
    const bool rotate = (value & 0x80) != 0;
    switch (value >> 5) {
        case 0b000:
        case 0b100: rotate_on_aeoi_ = rotate; break;
        case 0b001:
        case 0b101: {
            const int serving = best_of(in_service_for_eoi());
            end_of_interrupt(serving == none ? u8{0} : bit_of(serving), rotate);
            break;
        }
        case 0b011:
        case 0b111: end_of_interrupt(bit_of(level), rotate); break;
        case 0b110: lowest_ = u8(level); break;
        default: break;  // 010: no operation
    }
}

void Pic::write_ocw3(u8 value) {
    if ((value & 0x40) != 0) special_mask_ = (value & 0x20) != 0;
    poll_ = (value & 0x04) != 0;
    if ((value & 0x02) != 0) read_isr_ = (value & 0x01) != 0;
}

void Pic::serialize(Archive& ar) {
    ar("lines", lines_);
    ar("armed", armed_);
    ar("isr", isr_);
    ar("imr", imr_);
    ar("icw1", icw1_);
    ar("icw2", icw2_);
    ar("icw3", icw3_);
    ar("icw4", icw4_);
    ar("lowest", lowest_);
    ar("expect", expect_);
    ar("initialised", initialised_);
    ar("special_mask", special_mask_);
    ar("rotate_on_aeoi", rotate_on_aeoi_);
    ar("read_isr", read_isr_);
    ar("poll", poll_);
    for (const Source& source : sources_)
        if (source.served) source.served();
}

}  // namespace dyn86
