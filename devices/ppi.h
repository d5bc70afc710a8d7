// Intel 8255A Programmable Peripheral Interface as the PC's and XT's system boards wire it.
#pragma once

#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/types.h"

namespace dyn86 {

class Keyboard;
class Pit;
class Speaker;

/// What the DIP switches tell the BIOS. An open (OFF) switch reads 1. [IBM PC, "Switch Settings"; IBM XT, "Switch
/// Settings"]
struct SystemSwitches {
    enum class Board : u8 { Pc, Xt };
    enum class Display : u8 { None = 0, Color40 = 1, Color80 = 2, Monochrome = 3 };

    Board board = Board::Xt;
    Display display = Display::Color80;
    u8 floppy_drives = 1;  // 0..4; the XT's switches cannot say 0
    bool coprocessor = false;
    u8 memory_banks = 4;     // 1..4 banks of memory on the system board: of 16 KiB on the PC, of 64 on the XT
    u16 expansion_kb = 384;  // PC only (SW2): memory beyond the system board, in steps of 32

    /// SW1 as the PC shows it on port A and as the equipment word stores it.
    [[nodiscard]] u8 sw1() const;
    /// SW2 of the PC, five switches.
    [[nodiscard]] u8 sw2() const { return u8(expansion_kb / 32 & 0x1F); }
};

/// 8255A in mode 0 with per-port direction, bit set/reset, and the system board around it. [8255A; IBM PC and IBM XT
/// TR, "8255A I/O Bit Map"] assumed: modes 1 and 2 behave as mode 0, since the board wires none of their handshake
/// lines.
///
/// After reset all ports are inputs, so port B floats high until someone writes the mode byte: a BIOS does OUT 63h,99h
/// first.
///
///     60h A  keyboard data; PC with 61h bit 7 set: SW1
///     61h B  0 timer 2 gate, 1 speaker data, 2 PC: which half of SW2, 3 XT: which half of SW1 (PC: cassette motor
///     off),
///            4, 5 parity and I/O check off, 6 low holds the keyboard clock, 7 clears the keyboard
///     62h C  3-0 switches, 4 PC: cassette in, 5 timer 2 OUT, 6 I/O channel check, 7 parity check (neither ever happens
///     here) 63h    mode byte, bit set/reset; write only
///
/// Wiring: ports 60h-7Fh (A0, A1 decoded inside); constructed last of the four.
class Ppi final : public PortDevice {
public:
    static constexpr Port first_port = 0x60;
    static constexpr u32 port_count = 0x20;

    Ppi(Keyboard& keyboard, Pit& pit, Speaker& speaker, const SystemSwitches& switches);

    u8 in(Port port) override;
    void out(Port port, u8 value) override;
    /// Switches are the machine's configuration, not state.
    void serialize(Archive& ar);

private:
    [[nodiscard]] u8 pins_a() const;
    [[nodiscard]] u8 pins_b() const { return (mode_ & 0x02) != 0 ? u8{0xFF} : b_; }
    [[nodiscard]] u8 pins_c() const;
    [[nodiscard]] u8 switch_nibble() const;
    [[nodiscard]] u8 outputs_of_c() const;
    void write_control(u8 value);
    void drive_port_b();

    Keyboard& keyboard_;
    Pit& pit_;
    Speaker& speaker_;
    SystemSwitches switches_;
    u8 mode_ = 0x9B;            // all inputs [8255A, "Reset"]
    u8 a_ = 0, b_ = 0, c_ = 0;  // output latches
};

}  // namespace dyn86
