// What is worth telling of each INT 21h function.
#pragma once

#include "src/base/types.h"

#include <array>
#include <string_view>

namespace dyn86::dos {

/// A piece of a call: in registers, or what they point at.
enum class Part : u8 {
    None,
    Al,
    Ax,
    Bx,
    Cx,
    Dx,
    Dl,
    Character,  // DL
    CxDx,       // a 32-bit number
    SiDi,
    DxAx,
    Es,
    DsDx,  // a pointer
    EsBx,
    Path,     // DS:DX
    PathSi,   // DS:SI
    NewPath,  // ES:DI
    Text,     // DS:DX, CX bytes
    Dollar,   // DS:DX up to '$'
    Got,      // DS:DX, AX bytes
    Line,     // DS:DX, AH=0Ah's buffer
    Folder,   // DS:SI, what AH=47h wrote
    Found,    // the name in the DTA
    Fcb,      // DS:DX
    Child,    // DS:DX the program, ES:BX its parameters
    AlFlag,   // 00h: done; else not
    Date,     // CX, DX
    Time,     // CX, DX
};

struct CallRow {
    u8 number = 0;
    std::string_view name;
    std::array<Part, 3> arguments{};
    Part result = Part::None;
};

/// Null for a function that does not exist.
[[nodiscard]] const CallRow* call_row(u8 number);
/// Does this function never come back, or only in another program's good time?
[[nodiscard]] constexpr bool changes_programs(u8 number) {
    return number == 0x00 || number == 0x31 || number == 0x4B || number == 0x4C;
}

}  // namespace dyn86::dos
