// Which CPU's clocks are counted, and how exactly. Results never depend on it.
#pragma once

#include "src/base/types.h"

namespace dyn86 {

enum class CpuModel : u8 { I8086, I8088 };

/// Table: what Intel's tables say, whatever the data and the prefetch queue. Exact: with both.
enum class Timing : u8 { Table, Exact };

struct ClockModel {
    CpuModel cpu = CpuModel::I8086;
    Timing timing = Timing::Table;
    /// The costs of cpu/cost.h as they stand: nothing to do besides.
    [[nodiscard]] constexpr bool is_plain() const { return cpu == CpuModel::I8086 && timing == Timing::Table; }
    [[nodiscard]] constexpr bool is_exact() const { return timing == Timing::Exact; }
    friend constexpr bool operator==(const ClockModel&, const ClockModel&) = default;
};

}  // namespace dyn86
