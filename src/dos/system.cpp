#include "src/dos/system.h"

#include <array>
#include <string>

namespace dyn86::dos {
namespace {

struct DriverRow {
    const char* name;  // eight characters
    u16 attributes;
};
// Device header attributes. [RBIL 21/AH=52h]
constexpr u16 character_device = 0x8000, standard_input = 0x01, standard_output = 0x02, nul_device = 0x04,
              clock_device = 0x08, fast_console = 0x10;
constexpr std::array<DriverRow, 11> drivers = {
    {{"CON     ", character_device | standard_input | standard_output | fast_console},
     {"AUX     ", character_device},
     {"PRN     ", character_device},
     {"CLOCK$  ", character_device | clock_device},
     {"COM1    ", character_device},
     {"COM2    ", character_device},
     {"COM3    ", character_device},
     {"COM4    ", character_device},
     {"LPT1    ", character_device},
     {"LPT2    ", character_device},
     {"LPT3    ", character_device}}};
static_assert(device_headers + drivers.size() * device_header_size <= own::pending_scan);

constexpr u16 maker = 0xFF;   // BH of AH=30h: Microsoft, as programs expect
constexpr u8 boot_drive = 3;  // C:
constexpr SegOff end_of_chain = {0xFFFF, 0xFFFF};

}  // namespace

void System::write_device(SegOff header, SegOff next, u16 attributes, const char* name, u16 strategy, u16 interrupt) {
    guest_.set_pointer(header, next);
    guest_.set_word(header + 4, attributes);
    guest_.set_word(header + 6, strategy);
    guest_.set_word(header + 8, interrupt);
    guest_.write(header + 10, std::string_view(name, 8));
}

void System::initialise(u16 strategy, u16 interrupt) {
    const auto header = [](std::size_t index) {
        return in_dos_segment(u32(device_headers + index * device_header_size));
    };
    write_device(in_dos_segment(lists::nul_header), header(0), character_device | nul_device, "NUL     ", strategy,
                 interrupt);
    for (std::size_t i = 0; i < drivers.size(); ++i)
        write_device(header(i), i + 1 < drivers.size() ? header(i + 1) : end_of_chain, drivers[i].attributes,
                     drivers[i].name, strategy, interrupt);
    guest_.set_pointer(in_dos_segment(lists::con), header(0));
    guest_.set_pointer(in_dos_segment(lists::clock), header(3));
    guest_.set_pointer(in_dos_segment(lists::first_dpb), end_of_chain);
    guest_.set_pointer(in_dos_segment(lists::fcb_sft), end_of_chain);
    guest_.set_word(in_dos_segment(lists::sector_size), 512);
    guest_.set_word(in_dos_segment(lists::buffer_count), 20);
    guest_.set_byte(in_dos_segment(lists::boot_drive), boot_drive);
    guest_.set_byte(in_dos_segment(own::switch_char), '/');
    guest_.set_word(in_dos_segment(own::no_dbcs), 0);
}

void System::remember_error(DosError error) {
    const ErrorDetails details = details_of(error);
    guest_.set_word(in_dos_segment(sda::error_code), u16(error));
    guest_.set_byte(in_dos_segment(sda::error_class), details.error_class);
    guest_.set_byte(in_dos_segment(sda::error_action), details.action);
    guest_.set_byte(in_dos_segment(sda::error_locus), details.locus);
}

void System::version(Caller& caller) const {
    caller.ax = u16(major_ | minor_ << 8);
    caller.bx = caller.al() == 1 ? u16{0} : u16(maker << 8);
    caller.cx = 0;
}

/// AH=33h: the ^C check, boot drive, true version.
void System::flags(Caller& caller) {
    const SegOff check = in_dos_segment(sda::break_check);
    switch (caller.al()) {
        case 0x00: return caller.set_dl(guest_.byte(check));
        case 0x01: return guest_.set_byte(check, caller.dl() & 1);
        case 0x02: {
            const u8 old = guest_.byte(check);
            guest_.set_byte(check, caller.dl() & 1);
            return caller.set_dl(old);
        }
        case 0x05: return caller.set_dl(boot_drive);
        case 0x06:  // from version 5 on
            if (major_ < 5) return caller.set_al(0xFF);
            caller.bx = u16(major_ | minor_ << 8);
            caller.dx = 0;  // revision 0, low memory
            return;
        default: return caller.set_al(0xFF);
    }
}

void System::switch_character(Caller& caller) {
    const SegOff character = in_dos_segment(own::switch_char);
    const u8 function = caller.al();
    caller.set_al(0);
    if (function == 0)
        caller.set_dl(guest_.byte(character));
    else if (function == 1)
        guest_.set_byte(character, caller.dl());
    else
        caller.set_al(0xFF);
}

void System::extended_error(Caller& caller) const {
    caller.ax = guest_.word(in_dos_segment(sda::error_code));
    caller.bx =
        u16(guest_.byte(in_dos_segment(sda::error_class)) << 8 | guest_.byte(in_dos_segment(sda::error_action)));
    caller.cx = u16(guest_.byte(in_dos_segment(sda::error_locus)) << 8 | caller.cl());
    caller.succeed();
}

/// AH=5Dh: the swappable data area, and setting the extended error.
void System::internals(Caller& caller) {
    if (caller.al() == 0x06) {
        caller.ds = dos_segment;
        caller.si = sda::base;
        caller.cx = sda::size;
        caller.dx = sda::always_size;
        return caller.succeed();
    }
    if (caller.al() != 0x0A) return caller.fail(DosError::InvalidFunction);
    const SegOff list = caller.ds_dx();  // AX, BX, CX, ... as AH=59h returns them
    guest_.set_word(in_dos_segment(sda::error_code), guest_.word(list));
    guest_.set_byte(in_dos_segment(sda::error_action), guest_.byte(list + 2));
    guest_.set_byte(in_dos_segment(sda::error_class), guest_.byte(list + 3));
    guest_.set_byte(in_dos_segment(sda::error_locus), guest_.byte(list + 5));
    caller.succeed();
}

void System::install(Functions& functions) {
    functions.on(0x0D, [](Caller& c) { c.succeed(); });               // disk reset: nothing is held back
    for (const u8 number : {u8{0x18}, u8{0x1D}, u8{0x1E}, u8{0x20}})  // CP/M's, which DOS answers so
        functions.on(number, [](Caller& c) { c.set_al(0); });
    functions.on(0x1A, [this](Caller& c) { guest_.set_pointer(in_dos_segment(sda::dta), c.ds_dx()); });
    functions.on(0x25, [this](Caller& c) { guest_.set_vector(c.al(), c.ds_dx()); });
    functions.on(0x2E, [this](Caller& c) { guest_.set_byte(in_dos_segment(own::verify), c.al() & 1); });
    const auto points_to = [](Caller& c, SegOff at) {
        c.es = at.segment;
        c.bx = at.offset;
    };
    functions.on(0x2F, [=, this](Caller& c) { points_to(c, guest_.pointer(in_dos_segment(sda::dta))); });
    functions.on(0x30, [this](Caller& c) { version(c); });
    functions.on(0x33, [this](Caller& c) { flags(c); });
    functions.on(0x34, [=](Caller& c) { points_to(c, in_dos_segment(sda::in_dos)); });
    functions.on(0x35, [=, this](Caller& c) { points_to(c, guest_.vector(c.al())); });
    functions.on(0x37, [this](Caller& c) { switch_character(c); });
    functions.on(0x52, [=](Caller& c) { points_to(c, in_dos_segment(lists::base)); });
    functions.on(0x54, [this](Caller& c) { c.set_al(guest_.byte(in_dos_segment(own::verify))); });
    functions.on(0x59, [this](Caller& c) { extended_error(c); });
    functions.on(0x5D, [this](Caller& c) { internals(c); });
    functions.on(0x61, [](Caller& c) { c.set_al(0); });
    functions.on(0x71, [](Caller& c) {  // long names: not supported, so that programs go the old way
        c.ax = 0x7100;
        c.set_flag(flag::c, true);
    });
}

}  // namespace dyn86::dos
