// The tables of Conformance's results, as tests and test-cpu print them.
#include "src/verify/conformance.h"

#include <fmt/format.h>

namespace dyn86::verify {
namespace {

FormResult sum_of(std::span<const FormResult> results) {
    FormResult sum;
    sum.form = "all";
    for (const FormResult& result : results) {
        sum.tests += result.tests;
        sum.exact += result.exact;
        sum.masked += result.masked;
        sum.emitted_live += result.emitted_live;
        sum.emitted_dead += result.emitted_dead;
    }
    return sum;
}

std::string row(const FormResult& result, EngineKind engine) {
    std::string text = fmt::format("{:<6} {:>7} {:>7} {:>7}", result.form, result.tests, result.exact, result.masked);
    if (engine == EngineKind::Jit)
        text += fmt::format(" {:>8} {:>8} {:>8} {:>8}", result.emitted_live, result.tests - result.emitted_live,
                            result.emitted_dead, result.tests - result.emitted_dead);
    return text + '\n';
}

}  // namespace

std::string format_table(std::span<const FormResult> results, EngineKind engine) {
    std::string text = fmt::format("{:<6} {:>7} {:>7} {:>7}", "form", "tests", "exact", "masked");
    if (engine == EngineKind::Jit)
        text += fmt::format(" {:>8} {:>8} {:>8} {:>8}", "emitted", "handed", "em.dead", "hnd.dead");
    text += '\n';
    for (const FormResult& result : results) text += row(result, engine);
    return text + row(sum_of(results), engine);
}

std::string format_total(std::span<const FormResult> results, EngineKind engine) {
    const FormResult sum = sum_of(results);
    std::string text = fmt::format("{}: {} of {} with undefined flags masked, {} of {} with every flag",
                                   name_of(engine), sum.masked, sum.tests, sum.exact, sum.tests);
    if (engine == EngineKind::Jit)
        text += fmt::format("; as emitted code {} (all flags live) and {} (flags dead)", sum.emitted_live,
                            sum.emitted_dead);
    return text;
}

}  // namespace dyn86::verify
