#include "devices/xtide.h"

namespace dyn86 {
namespace {

constexpr Port data_low = 0, data_high = 8, control = 0x0E;
constexpr u8 undriven = 0xFF;

}  // namespace

AtaDrive* XtIde::selected() {
    for (AtaDrive& drive : drives_)
        if (drive.is_attached() && drive.is_selected()) return &drive;
    return nullptr;
}

/// A lone drive answers for the one that is not there, with a status of 0. [ATA-1, "Drive 1 not present"]
u8 XtIde::read_register(AtaDrive::Register reg) {
    if (const AtaDrive* drive = selected()) return drive->read(reg);
    for (const AtaDrive& other : drives_)
        if (other.is_attached()) return reg == AtaDrive::Register::Status ? u8{0} : other.read(reg);
    return undriven;
}

u8 XtIde::in(Port port) {
    const Port offset = port & 0x0F;
    if (offset == data_high) return high_read_;
    if (offset == control) return read_register(AtaDrive::Register::Status);
    if (offset > 7) return undriven;
    if (offset != data_low) return read_register(AtaDrive::Register(offset));
    AtaDrive* drive = selected();
    const u16 word = drive != nullptr ? drive->read_data() : u16{0xFFFF};
    high_read_ = u8(word >> 8);
    return u8(word);
}

void XtIde::out(Port port, u8 value) {
    const Port offset = port & 0x0F;
    if (offset == data_high) {
        high_to_write_ = value;
    } else if (offset == data_low) {
        if (AtaDrive* drive = selected()) drive->write_data(u16(high_to_write_ << 8 | value));
    } else if (offset == control) {
        for (AtaDrive& drive : drives_) drive.set_control(value);
    } else if (offset < 8) {
        for (AtaDrive& drive : drives_) drive.write(AtaDrive::Register(offset), value);
    }
}

void XtIde::serialize(Archive& ar) {
    ar("drives", drives_);
    ar("high_read", high_read_);
    ar("high_to_write", high_to_write_);
}

}  // namespace dyn86
