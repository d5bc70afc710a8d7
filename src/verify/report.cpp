#include "src/verify/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace dyn86::verify {
namespace {

using Strict = Conformance::Strict;

std::string hexadecimal(std::span<const u8> bytes) {
    std::string text;
    for (const u8 byte : bytes) text += fmt::format("{}{:02X}", text.empty() ? "" : " ", byte);
    return text;
}

std::string row_of(const Difference& one) {
    switch (one.kind) {
        case Difference::Kind::Register:
            return fmt::format("    {:<9}{:04X}       want {:04X}       was {:04X}\n", one.name, one.got, one.want,
                               one.was);
        case Difference::Kind::Flags:
            return fmt::format("    {:<9}{}  want {}  was {}  differ {}\n", one.name, format_flags(u16(one.got)),
                               format_flags(u16(one.want)), format_flags(u16(one.was)),
                               format_flags(u16(one.got ^ one.want)));
        case Difference::Kind::Byte:
            return fmt::format("    {:<9}{:02X}         want {:02X}\n", fmt::format("[{:05X}]", one.address), one.got,
                               one.want);
        case Difference::Kind::Number: return fmt::format("    {:<9}{} want {}\n", one.name, one.got, one.want);
    }
    return {};
}

std::string block_of(const FormResult& result, const Failure& failure) {
    constexpr std::size_t longest_list = 24;
    std::string text = fmt::format("{} #{} {} ({}){}\n", result.form, failure.index, failure.name,
                                   hexadecimal(failure.bytes), failure.flags_dead ? ", flags dead behind it" : "");
    for (std::size_t i = 0; i < std::min(failure.differences.size(), longest_list); ++i)
        text += row_of(failure.differences[i]);
    if (failure.differences.size() > longest_list)
        text += fmt::format("    and {} more\n", failure.differences.size() - longest_list);
    if (!failure.note.empty()) text += fmt::format("    {}\n", failure.note);
    return text + fmt::format("    {:<9}{} recorded {} ({:+})\n", "clocks", failure.clocks, failure.recorded_clocks,
                              failure.clocks - Cycles{failure.recorded_clocks});
}

struct Totals {
    u64 tests = 0, passed = 0, exact = 0, emitted_live = 0, emitted_dead = 0;
};
Totals totals_of(const SuiteResult& result) {
    Totals sum;
    for (const FormResult& form : result.forms) {
        sum.tests += form.tests;
        sum.passed += passed(form, result.strict);
        sum.exact += form.exact;
        sum.emitted_live += form.emitted_live;
        sum.emitted_dead += form.emitted_dead;
    }
    return sum;
}

std::string reasons_of(const FormResult& form) {
    std::string text;
    const auto add = [&](u32 count, std::string_view reason) {
        if (count != 0) text += fmt::format("{}{} {}", text.empty() ? "" : "; ", count, reason);
    };
    add(form.no_room, "no room behind it");
    add(handed_over(form), hand_over_reason(form.op));
    return text;
}

}  // namespace

std::string_view hand_over_reason(Op op) {
    if (op >= Op::Daa && op <= Op::Aad) return "decimal: no host instruction with these flags";
    if (op >= Op::Rol && op <= Op::Sar)
        return op == Op::Setmo ? "undocumented" : "CL counts bits of memory or of CX itself";
    switch (op) {
        case Op::Mul:
        case Op::Imul:
        case Op::Div:
        case Op::Idiv: return "REP before it, flags or an operand in the way of the host's, or a divide error";
        case Op::Movs:
        case Op::Cmps:
        case Op::Stos:
        case Op::Lods:
        case Op::Scas: return "DF set, a wrap, or a repetition that is not a short loop";
        case Op::JmpFar:
        case Op::CallFar:
        case Op::RetFar: return "changes CS: the dispatcher goes on";
        case Op::Int:
        case Op::Int3:
        case Op::Into:
        case Op::Iret:
        case Op::Popf:
        case Op::Sti: return "interrupts or their flags: the dispatcher looks";
        case Op::In:
        case Op::Out:
        case Op::Hlt:
        case Op::Wait: return "devices and pins see an exact machine";
        case Op::Pushf: return "needs the whole of FLAGS";
        case Op::Salc:
        case Op::Esc: return "too rare for code of its own";
        default: return "a wrap, or an operand that no code is made for";
    }
}

u32 handed_over(const FormResult& form) {
    return form.tests - form.emitted_live - form.no_room;
}

std::optional<ClockError> clock_error(const SuiteResult& result, Timing timing) {
    std::vector<float> errors;
    for (const FormResult& form : result.forms) {
        const std::vector<float>& more = form.clock_errors[std::size_t(timing)];
        errors.insert(errors.end(), more.begin(), more.end());
    }
    if (errors.empty()) return std::nullopt;
    std::ranges::sort(errors);
    const auto at = [&](double share) { return 100.0 * errors[std::size_t(share * double(errors.size() - 1))]; };
    return ClockError{.median = at(0.5), .percentile_95 = at(0.95)};
}

std::string format_failures(const FormResult& result, Strict strict) {
    std::string text;
    for (const Failure& failure : result.details) text += block_of(result, failure);
    const u32 failed = result.tests - passed(result, strict);
    if (failed != 0) text += fmt::format("{}: {} of {} failed\n\n", result.form, failed, result.tests);
    return text;
}

std::string format_forms(const SuiteResult& result) {
    const bool is_jit = result.engine == EngineKind::Jit;
    std::string text = fmt::format("{:<6} {:>7} {:>7}", "form", "tests", "passed");
    if (is_jit) text += fmt::format(" {:>8} {:>8}  {}", "emitted", "em.dead", "not emitted");
    text += '\n';
    for (const FormResult& form : result.forms) {
        text += fmt::format("{:<6} {:>7} {:>7}", form.form, form.tests, passed(form, result.strict));
        if (is_jit) text += fmt::format(" {:>8} {:>8}  {}", form.emitted_live, form.emitted_dead, reasons_of(form));
        text += '\n';
    }
    return text;
}

std::string format_summary(const SuiteResult& result) {
    const Totals sum = totals_of(result);
    std::string text = fmt::format(
        "{}: {} of {} tests passed {}, in {} form{}{}\n", name_of(result.engine), sum.passed, sum.tests,
        result.strict == Strict::Exact ? "with every flag" : "with undefined flags masked", result.forms.size(),
        result.forms.size() == 1 ? "" : "s",
        result.problems.empty() ? "" : fmt::format("; {} file(s) could not be read", result.problems.size()));
    if (result.engine == EngineKind::Jit)
        text += fmt::format("emitted code: {} with all flags live, {} with dead flags\n", sum.emitted_live,
                            sum.emitted_dead);
    for (const Timing timing : {Timing::Table, Timing::Exact})
        if (const auto clocks = clock_error(result, timing))
            text += fmt::format("clock error ({}): median {:.1f}%, 95th percentile {:.1f}%\n", name_of(timing),
                                clocks->median, clocks->percentile_95);
    return text;
}

}  // namespace dyn86::verify
