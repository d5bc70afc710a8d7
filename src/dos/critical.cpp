#include "src/dos/critical.h"

#include "src/dos/layout.h"

namespace dyn86::dos {
namespace {

constexpr u16 rom_segment = 0xF000;
constexpr u16 first_code = u16(DosError::WriteProtected);  // 00h of INT 24h

// AH of INT 24h. [RBIL INT 24]
constexpr u8 writing = 0x01, data_area = 0x06, directory_area = 0x04, may_fail = 0x08, may_retry = 0x10,
             may_ignore = 0x20, character_device = 0x80;

bool is_critical(DosError error) {
    switch (error) {
        case DosError::WriteProtected:
        case DosError::BadUnit:
        case DosError::NotReady:
        case DosError::OutOfPaper:
        case DosError::WriteFault:
        case DosError::ReadFault:
        case DosError::GeneralFailure: return true;
        default: return false;
    }
}

/// Functions that move a file's or a device's bytes: only their failure can be ignored.
bool moves_bytes(u8 function) {
    switch (function) {
        case 0x03:
        case 0x04:
        case 0x05:
        case 0x14:
        case 0x15:
        case 0x21:
        case 0x22:
        case 0x27:
        case 0x28:
        case 0x3F:
        case 0x40: return true;
        default: return false;
    }
}

bool is_reading(u8 function) {
    return function == 0x03 || function == 0x14 || function == 0x21 || function == 0x27 || function == 0x3F;
}

bool is_version_1(u8 function) {
    return function <= 0x2E;
}

u8 description(u8 function, DosError error) {
    const bool on_device = error == DosError::OutOfPaper || function <= 0x05;
    u8 bits = u8(may_fail | may_retry);
    if (moves_bytes(function)) bits |= may_ignore;
    if (!is_reading(function)) bits |= writing;
    if (on_device) return u8(bits | character_device);
    return u8(bits | (moves_bytes(function) ? data_area : directory_area));
}

}  // namespace

bool CriticalErrors::is_asked_about(DosError error) const {
    const bool busy = guest_.byte(in_dos_segment(sda::error_mode)) != 0;
    return is_critical(error) && !busy && guest_.vector(0x24).segment != rom_segment;
}

void CriticalErrors::ask(const Caller& caller, DosError error, Registers& regs) {
    const u8 code = u8(u16(error) - first_code);
    guest_.set_byte(in_dos_segment(own::critical_code), code);
    guest_.set_byte(in_dos_segment(sda::error_mode), 1);
    guest_.set_byte(in_dos_segment(sda::in_dos), 0);
    const u8 bits = description(caller.ah(), error);
    regs.set(Reg16::Ax, u16(bits << 8 | guest_.byte(in_dos_segment(own::error_drive))));
    regs.set(Reg16::Di, code);
    // The driver: a character device's header, or for a folder, which has none, NUL's.
    regs.set(Reg16::Bp, dos_segment);
    const u16 prn_header = device_headers + 2 * device_header_size;
    regs.set(Reg16::Si, (bits & character_device) != 0 ? prn_header : lists::nul_header);
}

DosError CriticalErrors::asked_about() const {
    return DosError(first_code + guest_.byte(in_dos_segment(own::critical_code)));
}

CriticalErrors::Answer CriticalErrors::take_answer(const Frame& frame) {
    guest_.set_byte(in_dos_segment(sda::error_mode), 0);
    guest_.set_byte(in_dos_segment(sda::in_dos), 1);
    const u8 allowed = description(frame.caller.ah(), asked_about());
    switch (u8(frame.key)) {
        case 0: return (allowed & may_ignore) != 0 ? Answer::Ignore : Answer::Fail;
        case 1: return Answer::Retry;
        case 3: return Answer::Fail;
        default: return Answer::Abort;
    }
}

void CriticalErrors::ignore(Caller& caller) {
    if (is_version_1(caller.ah())) return caller.set_al(0);
    caller.succeed(caller.cx);
}

void CriticalErrors::fail(Caller& caller) const {
    constexpr u8 no_record = 1, failed = 0xFF;
    const u8 function = caller.ah();
    if (is_version_1(function)) {
        caller.set_al(moves_bytes(function) ? no_record : failed);
        caller.error = DosError::FailedCritical;
        return;
    }
    caller.fail(DosError::FailedCritical);
}

}  // namespace dyn86::dos
