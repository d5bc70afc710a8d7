#include "devices/ppi.h"

#include "devices/keyboard.h"
#include "devices/pit.h"
#include "devices/speaker.h"

namespace dyn86 {

u8 SystemSwitches::sw1() const {
    const bool has_floppy = floppy_drives != 0 || board == Board::Xt;  // XT: the switch that loops POST, open
    const int last_drive = floppy_drives == 0 ? 0 : floppy_drives - 1;
    return u8(int{has_floppy} | int{coprocessor} << 1 | ((memory_banks - 1) & 3) << 2 | int(display) << 4 |
              (last_drive & 3) << 6);
}

Ppi::Ppi(Keyboard& keyboard, Pit& pit, Speaker& speaker, const SystemSwitches& switches)
    : keyboard_(keyboard), pit_(pit), speaker_(speaker), switches_(switches) {
    drive_port_b();
}

u8 Ppi::pins_a() const {
    if ((mode_ & 0x10) == 0) return a_;
    const bool shows_switches = switches_.board == SystemSwitches::Board::Pc && (pins_b() & 0x80) != 0;
    return shows_switches ? switches_.sw1() : keyboard_.data();
}

u8 Ppi::switch_nibble() const {
    if (switches_.board == SystemSwitches::Board::Pc)
        return (pins_b() & 0x04) != 0 ? switches_.sw2() & 0x0F : switches_.sw2() >> 4;
    return (pins_b() & 0x08) != 0 ? switches_.sw1() >> 4 : switches_.sw1() & 0x0F;
}

u8 Ppi::outputs_of_c() const {
    return u8(((mode_ & 0x08) == 0 ? 0xF0 : 0) | ((mode_ & 0x01) == 0 ? 0x0F : 0));
}

u8 Ppi::pins_c() const {
    const bool out2 = pit_.out_level(2);
    // The PC's cassette input hears the timer while the motor relay is off. [IBM PC, "Cassette Interface"; its POST
    // has a wrap test]
    const bool cassette = switches_.board == SystemSwitches::Board::Pc && (pins_b() & 0x08) != 0 && out2;
    const int inputs = switch_nibble() | int{cassette} << 4 | int{out2} << 5;
    return u8((inputs & ~outputs_of_c()) | (c_ & outputs_of_c()));
}

u8 Ppi::in(Port port) {
    switch (port & 3) {
        case 0: return pins_a();
        case 1: return pins_b();
        case 2: return pins_c();
        default: return 0xFF;  // reading the control register is illegal [8255A, "Basic operation"]
    }
}

void Ppi::out(Port port, u8 value) {
    switch (port & 3) {
        case 0: a_ = value; break;
        case 1:
            b_ = value;
            drive_port_b();
            break;
        case 2: c_ = value; break;
        default: write_control(value);
    }
}

void Ppi::write_control(u8 value) {
    if ((value & 0x80) == 0) {
        const u8 bit = u8(1u << (value >> 1 & 7));
        c_ = (value & 1) != 0 ? u8(c_ | bit) : u8(c_ & ~bit);
        return;
    }
    mode_ = value;
    a_ = b_ = c_ = 0;  // every mode byte resets the output registers [8255A, "Mode Selection"]
    drive_port_b();
}

void Ppi::drive_port_b() {
    const u8 b = pins_b();
    pit_.gate(2).set_level((b & 0x01) != 0);
    speaker_.data().set_level((b & 0x02) != 0);
    keyboard_.set_clock((b & 0x40) != 0);
    keyboard_.set_clear((b & 0x80) != 0);
}

void Ppi::serialize(Archive& ar) {
    ar("mode", mode_);
    ar("a", a_);
    ar("b", b_);
    ar("c", c_);
}

}  // namespace dyn86
