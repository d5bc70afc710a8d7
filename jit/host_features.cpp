#include "jit/host_features.h"

#include "cpu/flags.h"

#include <span>

namespace dyn86::jit {
namespace {

/// One instruction with A set before it, or not; the host's flags after it, as LAHF has them.
#define DYN86_FLAGS_AFTER(instruction)                                                                           \
    [](unsigned half, unsigned x, unsigned y) {                                                                  \
        unsigned flags = 0;                                                                                      \
        asm volatile("addb $1, %b1; " instruction "; lahf" : "=&a"(flags), "+q"(half), "+r"(x) : "r"(y) : "cc"); \
        return flags >> 8;                                                                                       \
    }

using Probe = unsigned (*)(unsigned, unsigned, unsigned);
constexpr Probe logic[] = {DYN86_FLAGS_AFTER("andw %w3, %w2"), DYN86_FLAGS_AFTER("orw %w3, %w2"),
                           DYN86_FLAGS_AFTER("xorw %w3, %w2"), DYN86_FLAGS_AFTER("testw %w3, %w2"),
                           DYN86_FLAGS_AFTER("andb %b3, %b2"), DYN86_FLAGS_AFTER("testb %b3, %b2")};
constexpr Probe shifts[] = {DYN86_FLAGS_AFTER("shrw $1, %w2"), DYN86_FLAGS_AFTER("sarw $1, %w2"),
                            DYN86_FLAGS_AFTER("shrb $1, %b2"), DYN86_FLAGS_AFTER("sarb $1, %b2")};

#undef DYN86_FLAGS_AFTER

/// Does A come out 0 of all of these, whatever it was?
bool clear_a(std::span<const Probe> probes) {
    constexpr unsigned values[] = {0, 1, 8, 0x10, 0x18, 0xFF, 0x8000, 0xFFFF};
    unsigned seen = 0;
    for (const Probe probe : probes)
        for (const unsigned half : {0x00u, 0x0Fu})
            for (const unsigned x : values)
                for (const unsigned y : values) seen |= probe(half, x, y);
    return (seen & flag::a) == 0;
}

}  // namespace

HostFeatures detect_host_features() {
    HostFeatures features;
    if (__builtin_cpu_supports("bmi2")) features.add(HostFeature::Bmi2);
    if (__builtin_cpu_supports("popcnt")) features.add(HostFeature::Popcnt);
    if (clear_a(logic)) features.add(HostFeature::LogicClearsA);
    if (clear_a(shifts)) features.add(HostFeature::ShiftClearsA);
    return features;
}

}  // namespace dyn86::jit
