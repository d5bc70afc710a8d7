#include "jit/decimal.h"

#include "cpu/flags.h"

#include <bit>

namespace dyn86::jit {
namespace {

/// `by` is added, or subtracted if negative; the flags but for A and C are those of that addition, S Z P of its result.
constexpr Adjusted adjusted(unsigned al, int by, unsigned keep, bool a, bool c) {
    const auto sum = unsigned(int(al) + by) & 0xFF;
    const int wide = int(i8(u8(al))) + by;  // -66h to 66h
    unsigned flags = sum & flag::s;
    if (sum == 0) flags |= flag::z;
    if (std::popcount(sum) % 2 == 0) flags |= flag::p;
    if (a) flags |= flag::a;
    if (c) flags |= flag::c;
    if (wide < -128 || wide > 127) flags |= adjusted_o;
    return Adjusted(flags << 8 | (sum & keep));
}

/// The upper digit's limit is higher when A is set. [SST 27, 2F]
constexpr Adjusted packed(unsigned al, bool a, bool c, int sign) {
    const bool half = a || al % 16 > 9, full = c || al > (a ? 0x9Fu : 0x99u);
    return adjusted(al, sign * ((half ? 6 : 0) + (full ? 0x60 : 0)), 0xFF, half, full);
}

/// [SST 37, 3F]
constexpr Adjusted unpacked(unsigned al, bool a, int sign) {
    const bool moves = a || al % 16 > 9;
    return adjusted(al, moves ? sign * 6 : 0, 0x0F, moves, moves);
}

constexpr DecimalTables make_tables() {
    DecimalTables tables{};
    for (unsigned al = 0; al < 256; ++al) {
        for (const bool a : {false, true}) {
            const unsigned at = (a ? unsigned{flag::a} << 8 : 0) + al;
            for (const bool c : {false, true}) {
                const unsigned index = (c ? unsigned{flag::c} << 8 : 0) + at;
                tables.words[DecimalTables::daa + index] = packed(al, a, c, 1);
                tables.words[DecimalTables::das + index] = packed(al, a, c, -1);
            }
            tables.words[DecimalTables::aaa + at] = unpacked(al, a, 1);
            tables.words[DecimalTables::aas + at] = unpacked(al, a, -1);
        }
    }
    return tables;
}

}  // namespace

constexpr DecimalTables decimal_tables = make_tables();

}  // namespace dyn86::jit
