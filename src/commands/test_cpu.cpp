// dyn86 test-cpu: recordings of real CPUs against an engine.
#include "src/commands/commands.h"
#include "src/commands/engine_choice.h"
#include "src/config/subcommands.h"
#include "src/frontend/dump.h"
#include "src/frontend/report.h"
#include "src/verify/report.h"

namespace dyn86::commands {
namespace {

using Strict = verify::Conformance::Strict;

constexpr int tests_failed = 1;

/// Failures come as they are found; what cannot be written ends in the summary's error.
Result<verify::SuiteResult> run(const config::TestCpuOptions& options) {
    const Strict strict = options.masked ? Strict::Masked : Strict::Exact;
    const verify::SuiteWatcher watcher{
        .form =
            [&](const verify::FormResult& form) {
                const std::string text = options.json ? "" : verify::format_failures(form, strict);
                if (!text.empty()) (void)frontend::write_file("-", text);
            },
        .problem = [](const std::string& problem) { frontend::print_message(problem); },
    };
    return verify::run_suite(
        options.path,
        {.engine = engine_choice(options.engine), .strict = strict, .cpu = options.cpu, .timing = options.timing},
        watcher);
}

}  // namespace

Result<int> test_cpu(std::span<const char* const> arguments) {
    const auto parsed = config::parse_test_cpu(arguments);
    if (!parsed) return std::unexpected(parsed.error());
    const config::TestCpuOptions& options = parsed->options;
    if (!parsed->help.empty()) return status_after(frontend::write_file("-", parsed->help));
    const auto result = run(options);
    if (!result) return std::unexpected(result.error());
    const std::string text =
        options.json ? verify::format_json(*result)
                     : (options.forms ? verify::format_forms(*result) : "") + verify::format_summary(*result);
    const int status = result->passed() ? 0 : tests_failed;
    return status_after(frontend::write_file("-", text), status);
}

}  // namespace dyn86::commands
