// test-cpu's results as JSON.
#include "src/verify/report.h"

#include <nlohmann/json.hpp>

namespace dyn86::verify {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Difference& one) {
    switch (one.kind) {
        case Difference::Kind::Byte: return {{"address", one.address}, {"got", one.got}, {"want", one.want}};
        case Difference::Kind::Number: return {{"name", one.name}, {"got", one.got}, {"want", one.want}};
        default: return {{"name", one.name}, {"got", one.got}, {"want", one.want}, {"was", one.was}};
    }
}

Json json_of(const Failure& failure) {
    Json differences = Json::array();
    for (const Difference& one : failure.differences) differences.push_back(json_of(one));
    return {{"index", failure.index},     {"name", failure.name},
            {"bytes", failure.bytes},     {"flags_dead", failure.flags_dead},
            {"differences", differences}, {"note", failure.note},
            {"clocks", failure.clocks},   {"recorded_clocks", failure.recorded_clocks}};
}

Json json_of(const FormResult& form, const SuiteResult& result) {
    Json row = {{"form", form.form}, {"tests", form.tests}, {"passed", passed(form, result.strict)}};
    if (result.engine == EngineKind::Jit) {
        row["emitted"] = form.emitted_live;
        row["emitted_flags_dead"] = form.emitted_dead;
        row["no_room"] = form.no_room;
        row["handed_over"] = handed_over(form);
        if (handed_over(form) != 0) row["reason"] = hand_over_reason(form.op);
    }
    Json failures = Json::array();
    for (const Failure& failure : form.details) failures.push_back(json_of(failure));
    row["failures"] = failures;
    return row;
}

}  // namespace

std::string format_json(const SuiteResult& result) {
    u64 tests = 0, good = 0;
    Json forms = Json::array();
    for (const FormResult& form : result.forms) {
        tests += form.tests;
        good += passed(form, result.strict);
        forms.push_back(json_of(form, result));
    }
    Json clocks = Json::object();
    for (const Timing timing : {Timing::Table, Timing::Exact})
        if (const auto error = clock_error(result, timing))
            clocks[name_of(timing)] = {{"median", error->median}, {"percentile_95", error->percentile_95}};
    const Json root = {{"engine", name_of(result.engine)},
                       {"masked", result.strict == Conformance::Strict::Masked},
                       {"tests", tests},
                       {"passed", good},
                       {"failed", tests - good},
                       {"clock_error_percent", clocks},
                       {"problems", result.problems},
                       {"forms", forms}};
    // Names come out of files: what is not UTF-8 in them is replaced.
    return root.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace dyn86::verify
