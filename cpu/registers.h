// Guest register state, all of it. Both engines and everything above them share this one copy.
#pragma once

#include "cpu/flags.h"
#include "src/base/types.h"

#include <array>

namespace dyn86 {

/// Numbers as instructions encode them.
enum class Reg16 : u8 { Ax, Cx, Dx, Bx, Sp, Bp, Si, Di };
enum class Reg8 : u8 { Al, Cl, Dl, Bl, Ah, Ch, Dh, Bh };
enum class Sreg : u8 { Es, Cs, Ss, Ds };

struct Registers {
    /// The eight word registers, zero-extended: the upper halves are 0 at every instruction boundary.
    std::array<u32, 8> gpr{};
    /// ES CS SS DS.
    std::array<u16, 4> sreg{};
    u16 ip = 0;
    /// The whole FLAGS image, constant bits included.
    u16 flags = flag::always_one;

    [[nodiscard]] u16 get(Reg16 r) const { return u16(gpr[std::size_t(r)]); }
    void set(Reg16 r, u16 value) { gpr[std::size_t(r)] = value; }
    [[nodiscard]] u8 get(Reg8 r) const { return u8(gpr[std::size_t(r) & 3] >> (std::size_t(r) & 4) * 2); }
    void set(Reg8 r, u8 value) {
        const unsigned shift = (unsigned(r) & 4) * 2;
        u32& word = gpr[std::size_t(r) & 3];
        word = (word & ~(0xFFu << shift)) | u32{value} << shift;
    }
    [[nodiscard]] u16 get(Sreg r) const { return sreg[std::size_t(r)]; }
    void set(Sreg r, u16 value) { sreg[std::size_t(r)] = value; }

    [[nodiscard]] SegOff cs_ip() const { return {get(Sreg::Cs), ip}; }
    friend bool operator==(const Registers&, const Registers&) = default;
};

}  // namespace dyn86
