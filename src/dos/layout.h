// Where DOS's own data lies in the guest, as far as programs know it: list of lists, swappable data area, file and
// directory tables. Offsets of version 4-6 throughout. [RBIL 21/AH=52h, 21/AX=5D06h]
#pragma once

#include "src/base/types.h"

namespace dyn86::dos {

inline constexpr u16 dos_segment = 0x0060;
constexpr SegOff in_dos_segment(u32 offset) {
    return {dos_segment, u16(offset)};
}

/// List of lists; the first memory block's segment lies in the word before it.
namespace lists {
inline constexpr u16 base = 0x0026;
inline constexpr u16 first_block = base - 2;
inline constexpr u16 first_dpb = base + 0x00;
inline constexpr u16 first_sft = base + 0x04;
inline constexpr u16 clock = base + 0x08;
inline constexpr u16 con = base + 0x0C;
inline constexpr u16 sector_size = base + 0x10;
inline constexpr u16 buffers = base + 0x12;
inline constexpr u16 cds = base + 0x16;
inline constexpr u16 fcb_sft = base + 0x1A;
inline constexpr u16 block_devices = base + 0x20;
inline constexpr u16 last_drive = base + 0x21;
inline constexpr u16 nul_header = base + 0x22;
inline constexpr u16 buffer_count = base + 0x3F;
inline constexpr u16 boot_drive = base + 0x43;
}  // namespace lists

/// Device driver headers, 18 bytes each, NUL's being in the list of lists.
inline constexpr u16 device_headers = 0x00A0;
inline constexpr u16 device_header_size = 18;

/// DOS's variables that no program knows the place of.
namespace own {
inline constexpr u16 pending_scan = 0x0180;   // byte: second half of an extended key; pending_flag says if it is there
inline constexpr u16 pending_flag = 0x0181;   // byte
inline constexpr u16 break_seen = 0x0182;     // byte: Ctrl-Break since the last look
inline constexpr u16 column = 0x0183;         // byte: cursor column as the tab expansion counts it
inline constexpr u16 after_cr = 0x0184;       // byte: the last line of redirected input ended in CR, a LF may follow
inline constexpr u16 ends_of_input = 0x0185;  // byte: how often a line was asked for behind the end of input
inline constexpr u16 verify = 0x0186;         // byte
inline constexpr u16 switch_char = 0x0187;    // byte
inline constexpr u16 strategy = 0x0188;       // word: memory allocation strategy
inline constexpr u16 break_sp = 0x018A;       // word: SP that INT 23h has to come back with
inline constexpr u16 time_shift = 0x018C;     // qword: centiseconds by which a program moved the clock
inline constexpr u16 line_start = 0x0194;     // byte: column in which the line being edited began
inline constexpr u16 line_length = 0x0195;    // byte: characters in line_buffer
inline constexpr u16 line_taken = 0x0196;     // byte: how many of them a reader of CON has got
inline constexpr u16 template_length = 0x0197;  // byte
inline constexpr u16 template_taken = 0x0198;   // byte
inline constexpr u16 temporary_names = 0x019A;  // word: counts AH=5Ah
inline constexpr u16 device_request = 0x019C;   // dword: the request header a device's strategy entry was given
inline constexpr u16 media_byte = 0x01A0;       // byte: what AH=1Bh points at
inline constexpr u16 error_drive = 0x01A1;      // byte: the drive that was used last, 0 = A:
inline constexpr u16 failed_at_once = 0x01A3;   // byte: error of a call that goes the long way to INT 24h
inline constexpr u16 critical_code = 0x01A2;    // byte: the error that INT 24h was asked about
inline constexpr u16 mouse_handler = 0x01A4;    // dword: the program's, for INT 33h AX=000Ch; roms/dos.asm has it too
inline constexpr u16 printer_echo = 0x01A8;     // byte: ^P is on; roms/dos.asm has it too
inline constexpr u16 template_stop = 0x01A9;    // byte: where copying the template (F2, F3) ends
inline constexpr u16 echo = 0x01B0;             // 32 bytes: text on its way to the screen
inline constexpr u16 no_dbcs = 0x01D0;          // dword: the empty double-byte table
inline constexpr u16 line_buffer = 0x0200;      // 256 bytes
inline constexpr u16 template_buffer = 0x0600;  // 256 bytes
// Requests to device drivers; roms/dos.asm knows these three.
inline constexpr u16 request = 0x0700, request_size = 0x20;
inline constexpr u16 driver_strategy = 0x0720, driver_interrupt = 0x0724;  // dwords
inline constexpr u16 driver_line = 0x0730, driver_line_size = 0x80;
}  // namespace own

/// Swappable data area.
namespace sda {
inline constexpr u16 base = 0x0320;
inline constexpr u16 error_mode = base + 0x00;
inline constexpr u16 in_dos = base + 0x01;
inline constexpr u16 error_locus = base + 0x03;
inline constexpr u16 error_code = base + 0x04;
inline constexpr u16 error_action = base + 0x06;
inline constexpr u16 error_class = base + 0x07;
inline constexpr u16 dta = base + 0x0C;
inline constexpr u16 psp = base + 0x10;
inline constexpr u16 return_code = base + 0x14;
inline constexpr u16 drive = base + 0x16;
inline constexpr u16 break_check = base + 0x17;
inline constexpr u16 size = 0x80, always_size = 0x18;
}  // namespace sda

/// Tables of AH=65h, each behind its length.
namespace nls {
inline constexpr u16 upper_case = 0x03A0;       // 2 + 128
inline constexpr u16 name_characters = 0x0430;  // 2 + 22
inline constexpr u16 collating = 0x0450;        // 2 + 256
}  // namespace nls

/// System file table: one block. [RBIL 21/AH=52h "DOS 4.0-6.0 system file tables"]
namespace sft {
inline constexpr u16 base = 0x0800;
inline constexpr u16 count = 64;
inline constexpr u16 entry_size = 0x3B;
inline constexpr u16 references = 0x00, mode = 0x02, attribute = 0x04, info = 0x05, device = 0x07, time = 0x0D,
                     date = 0x0F, file_size = 0x11, position = 0x15, name = 0x20, owner = 0x31;
}  // namespace sft

/// Current directory structures, one per drive. [RBIL 21/AH=52h "current directory structure"]
namespace cds {
inline constexpr u16 base = 0x1700;
inline constexpr u16 count = 26;
inline constexpr u16 entry_size = 0x58;
inline constexpr u16 attributes = 0x43, parameters = 0x45, root_offset = 0x4F;
}  // namespace cds

/// Drive parameter blocks, one for each drive with a disk, by letter. [RBIL 21/AH=32h]
namespace dpb {
inline constexpr u16 base = 0x2000;
inline constexpr u16 size = 0x21;
inline constexpr u16 next = 0x19;
}  // namespace dpb

inline constexpr u16 dos_data_size = 0x2400;
inline constexpr u16 first_block_segment = dos_segment + dos_data_size / 16;

static_assert(sft::base + 6 + sft::count * sft::entry_size <= cds::base);
static_assert(cds::base + cds::count * cds::entry_size <= dpb::base);
static_assert(dpb::base + cds::count * dpb::size <= dos_data_size);
static_assert(nls::collating + 2 + 256 <= own::template_buffer);

/// Program segment prefix. [RBIL 21/AH=26h]
namespace psp {
inline constexpr u16 top = 0x02, call5 = 0x05, int22 = 0x0A, int23 = 0x0E, int24 = 0x12, parent = 0x16, jft = 0x18,
                     environment = 0x2C, stack = 0x2E, jft_size = 0x32, jft_pointer = 0x34, previous = 0x38,
                     version = 0x40, int21 = 0x50, fcb1 = 0x5C, fcb2 = 0x6C, tail = 0x80;
inline constexpr u16 default_handles = 20;
inline constexpr u16 paragraphs = 0x10;
}  // namespace psp

/// Device information words (IOCTL 4400h). [RBIL 21/AX=4400h]
namespace device_info {
inline constexpr u16 device = 0x80, raw = 0x20, not_written = 0x40;
inline constexpr u16 con = 0x80D3, nul = 0x8084, clock = 0x8088, aux = 0x80C0, prn = 0xA8C0;
}  // namespace device_info

}  // namespace dyn86::dos
