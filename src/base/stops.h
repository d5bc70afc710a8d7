// Where a debugger wants a machine to stop, and where it did; the CPU's state as a debugger reads and writes it.
#pragma once

#include "src/base/types.h"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dyn86 {

/// All that an 8086 holds, in the order of its encodings: AX CX DX BX SP BP SI DI, ES CS SS DS.
struct CpuState {
    std::array<u16, 8> words{};
    std::array<u16, 4> segments{};
    u16 ip = 0, flags = 0;

    enum Word : u8 { Ax, Cx, Dx, Bx, Sp, Bp, Si, Di };
    enum Segment : u8 { Es, Cs, Ss, Ds };
    [[nodiscard]] SegOff cs_ip() const { return {segments[Cs], ip}; }
    [[nodiscard]] SegOff ss_sp() const { return {segments[Ss], words[Sp]}; }
    friend bool operator==(const CpuState&, const CpuState&) = default;
};

/// An IN or OUT that is about to be executed.
struct PortAccess {
    Port port = 0;
    bool is_write = false;
    Width width = Width::Byte;
    u16 value = 0;  // of a write
};

/// Bytes whose accesses stop the machine, by whomever: at the end of the instruction.
struct Watch {
    enum class Kind : u8 { Write, Read, Access } kind = Kind::Write;
    Linear start = 0;
    u32 length = 0;
    friend bool operator==(const Watch&, const Watch&) = default;
};

/// Code without stops in it runs as fast as without a debugger. While reads are watched, translated loads are tested.
struct Stops {
    /// Before the instruction that begins there.
    std::vector<Linear> breakpoints;
    std::vector<Watch> watches;
    /// Asked before each INT n and INT 3; and before each IN and OUT. Empty: it does not matter.
    std::function<bool(u8 number)> on_interrupt;
    std::function<bool(const PortAccess&)> on_port;
};

/// Why a machine stopped.
struct StopEvent {
    enum class Kind : u8 { Breakpoint, Watchpoint, Interrupt, PortUse } kind = Kind::Breakpoint;
    Linear address = 0;  // of the breakpoint, of the byte watched
    Watch::Kind watch = Watch::Kind::Write;
    u8 interrupt = 0;
    PortAccess port = {};
};

/// A stretch of the address space.
struct MemoryRegion {
    enum class Kind : u8 { Ram, Rom, Device } kind = Kind::Ram;  // Rom: or nothing
    Linear start = 0;
    u32 length = 0;
};

/// An instruction as text, and how long it is; 0: more prefixes than anybody writes.
struct InstructionText {
    std::string text;
    u16 length = 0;
};

}  // namespace dyn86
