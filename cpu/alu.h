// Arithmetic and its flags as pure functions: what an operation gives and which flags it leaves, Intel's undefined ones
// with the silicon's values. [SST: all recordings compared without a mask; microcode: 8086MC]
#pragma once

#include "cpu/flags.h"
#include "src/base/types.h"

#include <concepts>
#include <type_traits>

namespace dyn86::alu {

template <typename T>
concept Word = std::same_as<T, u8> || std::same_as<T, u16>;

template <Word T>
inline constexpr unsigned bits = sizeof(T) * 8;
template <Word T>
inline constexpr T sign_bit = T(1u << (bits<T> - 1));

constexpr bool has_even_parity(u8 value) {
    return __builtin_parity(value) == 0;
}

/// The six arithmetic flags, not worked out yet: an instruction notes its result and its carries, and whoever wants a
/// flag computes that one. `result` is sign-extended: it says Z, S and P. In `carries` bit 4 is A, bit 16 is C and bit
/// 15 differs from it when O is set; bits 17 and 24-31 turn S and P over, for images that no result has (Z with S).
struct Status {
    u32 result = 0;
    u32 carries = 0;

    [[nodiscard]] constexpr bool c() const { return (carries & 0x1'0000) != 0; }
    [[nodiscard]] constexpr bool o() const { return ((carries >> 1 ^ carries) & 0x8000) != 0; }
    [[nodiscard]] constexpr bool a() const { return (carries & 0x10) != 0; }
    [[nodiscard]] constexpr bool z() const { return result == 0; }
    [[nodiscard]] constexpr bool s() const { return ((result >> 31 ^ carries >> 17) & 1) != 0; }
    [[nodiscard]] constexpr bool p() const { return has_even_parity(u8(result ^ carries >> 24)); }

    /// The flags as they lie in FLAGS; all other bits 0.
    [[nodiscard]] constexpr u16 image() const {
        return u16((c() ? flag::c : 0) | (p() ? flag::p : 0) | (carries & flag::a) | (z() ? flag::z : 0) |
                   (s() ? flag::s : 0) | (o() ? flag::o : 0));
    }
    static constexpr Status of(u16 flags) {
        const bool c = (flags & flag::c) != 0, o = (flags & flag::o) != 0;
        return {(flags & flag::z) != 0 ? 0u : 0x100u, u32{c} << 16 | u32{c != o} << 15 | (flags & flag::a) |
                                                          u32{(flags & flag::s) != 0} << 17 |
                                                          u32{(flags & flag::p) == 0} << 24};
    }
    /// The same with C and O replaced.
    [[nodiscard]] constexpr Status with(bool c, bool o) const {
        return {result, (carries & ~0x1'8000u) | u32{c} << 16 | u32{c != o} << 15};
    }
    [[nodiscard]] constexpr Status with_c(bool c) const { return with(c, o()); }
};
static_assert(Status::of(flag::z | flag::s).image() == (flag::z | flag::s));
static_assert(Status::of(flag::oszapc).image() == flag::oszapc && Status::of(0).image() == 0);
static_assert(Status::of(flag::c).with(false, true).image() == flag::o);

template <Word T>
struct Outcome {
    T value = 0;
    Status status = {};
};

/// `carries` has a 1 in every bit into which a carry or borrow came; bit `bits<T>` is the one that came out.
template <Word T>
constexpr Outcome<T> outcome(u32 value, u32 carries) {
    if constexpr (sizeof(T) == 1)
        return {u8(value), {u32(i8(value)), (carries & 0x180) << 8 | (carries & 0x10)}};
    else
        return {u16(value), {u32(i16(value)), carries & 0x1'8010}};
}

template <Word T>
constexpr Outcome<T> add(T a, T b, bool carry = false) {
    const u32 sum = u32{a} + b + u32{carry};
    return outcome<T>(sum, a ^ b ^ sum);
}
template <Word T>
constexpr Outcome<T> sub(T a, T b, bool borrow = false) {
    const u32 difference = u32{a} - b - u32{borrow};
    return outcome<T>(difference, a ^ b ^ difference);
}
/// AND, OR, XOR, TEST clear C, O and A.
template <Word T>
constexpr Outcome<T> logic(T value) {
    return outcome<T>(value, 0);
}
/// INC and DEC leave C alone.
template <Word T>
constexpr Outcome<T> inc(T a, Status before) {
    const Outcome<T> done = add<T>(a, 1);
    return {done.value, done.status.with_c(before.c())};
}
template <Word T>
constexpr Outcome<T> dec(T a, Status before) {
    const Outcome<T> done = sub<T>(a, 1);
    return {done.value, done.status.with_c(before.c())};
}
template <Word T>
constexpr Outcome<T> neg(T a) {
    return sub<T>(0, a);
}

static_assert(add<u8>(0x7F, 1).status.image() == (flag::o | flag::s | flag::a));
static_assert(add<u16>(0xFFFF, 0, true).status.image() == (flag::z | flag::a | flag::p | flag::c));
static_assert(sub<u8>(0x80, 1).status.image() == (flag::o | flag::a));
static_assert(sub<u16>(0, 1).status.image() == (flag::s | flag::a | flag::p | flag::c));
static_assert(inc<u16>(0x7FFF, Status::of(flag::c)).status.image() ==
              (flag::o | flag::s | flag::a | flag::p | flag::c));
static_assert(dec<u8>(1, Status::of(0)).status.image() == (flag::z | flag::p));

// --- shifts and rotates. The microcode moves one bit per turn, so the flags are those of the last turn; the whole of
// CL counts. Callers take care of a count of 0, which changes nothing. [UM86 table 2-21 "SAL/SHL"; SST D2, D3]

template <Word T>
constexpr Outcome<T> rotated(T value, bool c, bool o, Status before) {
    return {value, before.with(c, o)};
}
template <Word T>
constexpr bool top(T value) {
    return (value & sign_bit<T>) != 0;
}
template <Word T>
constexpr bool second(T value) {
    return (value & sign_bit<T> >> 1) != 0;
}

template <Word T>
constexpr Outcome<T> rol(T a, u8 count, Status before) {
    const unsigned n = count % bits<T>;
    const T value = T(u32{a} << n | u32{a} >> (bits<T> - n));
    const bool c = (value & 1) != 0;
    return rotated<T>(value, c, c != top(value), before);
}
template <Word T>
constexpr Outcome<T> ror(T a, u8 count, Status before) {
    const unsigned n = count % bits<T>;
    const T value = T(u32{a} >> n | u32{a} << (bits<T> - n));
    return rotated<T>(value, top(value), top(value) != second(value), before);
}
/// Through carry the ring is one bit longer than the operand.
template <Word T>
constexpr Outcome<T> rcl(T a, u8 count, Status before) {
    constexpr unsigned ring_bits = bits<T> + 1;
    const unsigned n = count % ring_bits;
    const u64 ring = u64{before.c()} << bits<T> | a;
    const u64 turned = ring << n | ring >> (ring_bits - n);
    const T value = T(turned);
    const bool c = (turned >> bits<T> & 1) != 0;
    return rotated<T>(value, c, c != top(value), before);
}
template <Word T>
constexpr Outcome<T> rcr(T a, u8 count, Status before) {
    constexpr unsigned ring_bits = bits<T> + 1;
    const unsigned n = count % ring_bits;
    const u64 ring = u64{before.c()} << bits<T> | a;
    const u64 turned = ring >> n | ring << (ring_bits - n);
    const T value = T(turned);
    return rotated<T>(value, (turned >> bits<T> & 1) != 0, top(value) != second(value), before);
}
/// Each turn is an addition of the value to itself, A included.
template <Word T>
constexpr Outcome<T> shl(T a, u8 count) {
    const unsigned turns = count > bits<T> + 1 ? bits<T> + 1 : count;
    const T before_last = T(u64{a} << (turns - 1));
    return add<T>(before_last, before_last);
}
/// A is 0. O says that the last turn changed the sign.
template <Word T>
constexpr Outcome<T> shifted_right(T value, T before_last) {
    const Outcome<T> done = logic<T>(value);
    return {value, done.status.with((before_last & 1) != 0, top(value) != top(before_last))};
}
template <Word T>
constexpr Outcome<T> shr(T a, u8 count) {
    const unsigned turns = count > bits<T> + 1 ? bits<T> + 1 : count;
    const T before_last = T(u64{a} >> (turns - 1));
    return shifted_right<T>(before_last >> 1, before_last);
}
template <Word T>
constexpr Outcome<T> sar(T a, u8 count) {
    using Signed = std::make_signed_t<T>;
    const unsigned turns = count > bits<T> ? bits<T> : count;
    const T before_last = T(Signed(a) >> (turns - 1));
    return shifted_right<T>(T(Signed(before_last) >> 1), before_last);
}
/// D0-D3 /6: "set minus one". Undocumented. [SST D0.6]
template <Word T>
constexpr Outcome<T> setmo() {
    return logic<T>(T(-1));
}

static_assert(rol<u8>(0x80, 1, {}).value == 1 && rol<u8>(0x80, 1, {}).status.c() && rol<u8>(0x80, 1, {}).status.o());
static_assert(rol<u8>(0x81, 8, {}).value == 0x81 && rol<u8>(0x81, 8, {}).status.c());
static_assert(ror<u16>(1, 1, {}).value == 0x8000 && ror<u16>(1, 1, {}).status.o());
static_assert(rcl<u8>(0x80, 1, Status::of(flag::c)).value == 1 && rcl<u8>(0x80, 9, Status::of(flag::c)).status.c());
static_assert(rcr<u16>(0, 17, Status::of(flag::c)).value == 0 && rcr<u16>(0, 1, Status::of(flag::c)).value == 0x8000);
static_assert(shl<u8>(1, 7).value == 0x80 && shl<u8>(1, 8).status.c() && shl<u8>(1, 9).status.image() == 0x44);
static_assert(shr<u16>(0x8000, 1).status.o() && shr<u16>(0x8000, 16).status.c() && !shr<u16>(0x8000, 255).status.c());
static_assert(sar<u8>(0x80, 200).value == 0xFF && sar<u8>(0x80, 200).status.c() && !sar<u8>(0x40, 9).status.c());

// --- decimal adjustments of AL and AX

/// The correction is chosen by AL, A and C as they were; the upper half's limit is 9Fh instead of 99h when A is set,
/// and all flags but A and C are those of the addition or subtraction. [SST 27, 2F]
constexpr u8 decimal_correction(u8 al, Status before, bool& half, bool& full) {
    half = before.a() || (al & 0x0F) > 9;
    full = before.c() || al > (before.a() ? 0x9F : 0x99);
    return u8((half ? 0x06 : 0) | (full ? 0x60 : 0));
}
constexpr Status with_a(Status status, bool a) {
    return {status.result, (status.carries & ~0x10u) | u32{a} << 4};
}

constexpr Outcome<u8> daa(u8 al, Status before) {
    bool half = false, full = false;
    const u8 correction = decimal_correction(al, before, half, full);
    const Outcome<u8> done = add<u8>(al, correction);
    return {done.value, with_a(done.status.with(full, done.status.o()), half)};
}
constexpr Outcome<u8> das(u8 al, Status before) {
    bool half = false, full = false;
    const u8 correction = decimal_correction(al, before, half, full);
    const Outcome<u8> done = sub<u8>(al, correction);
    return {done.value, with_a(done.status.with(full, done.status.o()), half)};
}
/// The carry goes to AH by itself, not through AL; S, Z, P, O are those of the byte addition before AL is cut to a
/// digit. [SST 37, 3F]
constexpr Outcome<u16> aaa(u16 ax, Status before) {
    const bool adjust = before.a() || (ax & 0x0F) > 9;
    const Outcome<u8> done = add<u8>(u8(ax), adjust ? 6 : 0);
    const u8 ah = u8((ax >> 8) + (adjust ? 1 : 0));
    return {u16(ah << 8 | (done.value & 0x0F)), with_a(done.status.with(adjust, done.status.o()), adjust)};
}
constexpr Outcome<u16> aas(u16 ax, Status before) {
    const bool adjust = before.a() || (ax & 0x0F) > 9;
    const Outcome<u8> done = sub<u8>(u8(ax), adjust ? 6 : 0);
    const u8 ah = u8((ax >> 8) - (adjust ? 1 : 0));
    return {u16(ah << 8 | (done.value & 0x0F)), with_a(done.status.with(adjust, done.status.o()), adjust)};
}

static_assert(daa(0x9A, Status::of(0)).value == 0x00 && daa(0x9A, Status::of(0)).status.c());
static_assert(daa(0x9C, Status::of(flag::a)).value == 0xA2 && !daa(0x9C, Status::of(flag::a)).status.c());
static_assert(das(0x00, Status::of(flag::a)).value == 0xFA);
static_assert(aaa(0x00FF, Status::of(0)).value == 0x0105);
static_assert(aas(0x0000, Status::of(flag::a)).value == 0xFF0A);

}  // namespace dyn86::alu
