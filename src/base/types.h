// The words everything else is written in: integer names, guest addresses, operand widths.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dyn86 {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;
using i64 = std::int64_t;

/// A physical address, 0..FFFFFh; up to 10FFEFh before the 8086's twenty address pins wrap it.
using Linear = u32;
/// An I/O port number.
using Port = u16;
/// A count of CPU clocks.
using Cycles = i64;

inline constexpr Linear address_space = 0x10'0000;  // 1 MiB: A0..A19
inline constexpr Linear address_mask = address_space - 1;

enum class Width : u8 { Byte = 1, Word = 2 };

/// A logical address as programs write it, segment:offset.
struct SegOff {
    u16 segment = 0;
    u16 offset = 0;

    [[nodiscard]] constexpr Linear linear() const { return (u32{segment} * 16 + offset) & address_mask; }
    [[nodiscard]] constexpr SegOff operator+(u16 bytes) const { return {segment, u16(offset + bytes)}; }
    friend constexpr bool operator==(SegOff, SegOff) = default;
};

static_assert(SegOff{0xFFFF, 0x0010}.linear() == 0);  // the wrap that A20 gates later kept alive

}  // namespace dyn86
