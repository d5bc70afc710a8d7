// Repeatable random numbers: the same on every host and with every standard library, unlike <random>'s distributions.
#pragma once

#include "src/base/types.h"

#include <array>
#include <initializer_list>
#include <span>

namespace dyn86::verify {

/// SplitMix64. [SplitMix]
class Random {
public:
    explicit Random(u64 seed) : state_(seed) {}

    u64 next() {
        state_ += 0x9E37'79B9'7F4A'7C15;
        return mix(state_);
    }
    /// The generator's output function: a good hash of 64 bits.
    [[nodiscard]] static u64 mix(u64 z) {
        z = (z ^ z >> 30) * 0xBF58'476D'1CE4'E5B9;
        z = (z ^ z >> 27) * 0x94D0'49BB'1331'11EB;
        return z ^ z >> 31;
    }
    /// 0 .. limit-1.
    u32 below(u32 limit) { return u32((next() >> 32) * limit >> 32); }
    /// low .. high, both included.
    u32 between(u32 low, u32 high) { return low + below(high - low + 1); }
    bool chance(u32 percent) { return below(100) < percent; }
    u8 byte() { return u8(next() >> 56); }
    u16 word() { return u16(next() >> 48); }
    template <typename T>
    T one_of(std::initializer_list<T> values) {
        return values.begin()[below(u32(values.size()))];
    }
    template <typename T>
    const T& one_of(std::span<const T> values) {
        return values[below(u32(values.size()))];
    }

private:
    u64 state_;
};

}  // namespace dyn86::verify
