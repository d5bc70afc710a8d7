// Runs a folder of recordings, or one file, on an engine: what test-cpu does.
#pragma once

#include "src/base/result.h"
#include "src/verify/conformance.h"
#include "src/verify/test_bed.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dyn86::verify {

struct SuiteOptions {
    EngineKind engine = EngineKind::Interpreter;
    Conformance::Strict strict = Conformance::Strict::Exact;
    std::optional<CpuModel> cpu = {};   // whose clocks are counted; none: the one that was recorded
    std::optional<Timing> timing = {};  // none: the table, and exact clocks beside it
};

struct SuiteResult {
    EngineKind engine = EngineKind::Interpreter;
    Conformance::Strict strict = Conformance::Strict::Exact;
    std::vector<FormResult> forms;
    std::vector<std::string> problems;  // files that could not be run: one line each, with name and offset

    [[nodiscard]] bool passed() const;
};

/// Tests of a form that count as passed.
[[nodiscard]] u32 passed(const FormResult& result, Conformance::Strict strict);

struct SuiteWatcher {
    std::function<void(const FormResult&)> form;
    std::function<void(const std::string&)> problem;
};

/// Tells of each file as it is done. An Error when there is nothing to run: no such path, no recordings in it, no
/// metadata.json beside them though undefined flags are to be masked, no such engine.
Result<SuiteResult> run_suite(const std::string& path, const SuiteOptions& options, const SuiteWatcher& watcher);

}  // namespace dyn86::verify
