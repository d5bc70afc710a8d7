// What test-cpu prints.
#pragma once

#include "src/verify/suite.h"

#include <optional>
#include <string>
#include <string_view>

namespace dyn86::verify {

/// The failures of a form, each with what differs; empty when all passed.
[[nodiscard]] std::string format_failures(const FormResult& result, Conformance::Strict strict);
/// A row for each form, with reasons why tests of it did not run as emitted code.
[[nodiscard]] std::string format_forms(const SuiteResult& result);
/// Forms that failed, totals, and how far the clocks are from the recorded ones.
[[nodiscard]] std::string format_summary(const SuiteResult& result);
/// All of it as one JSON object, on one line.
[[nodiscard]] std::string format_json(const SuiteResult& result);

/// Of |clocks - recorded| / recorded, in percent.
struct ClockError {
    double median = 0, percentile_95 = 0;
};
/// None where clocks were not counted so.
[[nodiscard]] std::optional<ClockError> clock_error(const SuiteResult& result, Timing timing);
[[nodiscard]] constexpr std::string_view name_of(Timing timing) {
    return timing == Timing::Table ? "table" : "exact";
}

/// Tests that did not run as emitted code though SP was even and there was room: hand_over_reason() says why.
[[nodiscard]] u32 handed_over(const FormResult& form);
/// Why the recompiler hands over what it does not emit of this operation.
[[nodiscard]] std::string_view hand_over_reason(Op op);

}  // namespace dyn86::verify
