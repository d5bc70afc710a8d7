// What the host's processor may have beyond the x86-64 that all have, as far as the recompiler makes use of it. Only
// speed depends on it: what jit/host_features.h finds counts, less what --host-features switches off. (Copying and
// comparing by AVX or ERMS is the C library's business.)
#pragma once

#include "src/base/types.h"

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace dyn86 {

enum class HostFeature : u8 {
    Bmi2,          // shifts that leave the flags alone
    LogicClearsA,  // AND, OR, XOR and TEST leave A = 0, which Intel and AMD leave undefined
    ShiftClearsA,  // so do SHR and SAR
    Popcnt,        // counts bits
};

/// As --host-features and --stats name them (index: HostFeature).
inline constexpr std::array<std::string_view, 4> host_feature_names = {"bmi2", "logic-a", "shift-a", "popcnt"};

class HostFeatures {
public:
    constexpr HostFeatures() = default;
    constexpr HostFeatures(std::initializer_list<HostFeature> features) {
        for (const HostFeature feature : features) add(feature);
    }
    static constexpr HostFeatures all() {
        HostFeatures every;
        for (std::size_t i = 0; i < host_feature_names.size(); ++i) every.add(HostFeature(i));
        return every;
    }

    [[nodiscard]] constexpr bool has(HostFeature feature) const { return (bits_ >> u8(feature) & 1) != 0; }
    constexpr void add(HostFeature feature) { bits_ |= u8(1u << u8(feature)); }
    [[nodiscard]] constexpr HostFeatures without(HostFeatures others) const {
        HostFeatures rest;
        rest.bits_ = u8(bits_ & ~others.bits_);
        return rest;
    }
    friend constexpr bool operator==(HostFeatures, HostFeatures) = default;

private:
    u8 bits_ = 0;
};

static_assert(HostFeatures::all().without({HostFeature::Bmi2}).has(HostFeature::ShiftClearsA));
static_assert(!HostFeatures::all().without({HostFeature::Bmi2}).has(HostFeature::Bmi2));

}  // namespace dyn86
