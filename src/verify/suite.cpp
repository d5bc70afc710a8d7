#include "src/verify/suite.h"

#include "src/verify/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace dyn86::verify {
namespace {

namespace fs = std::filesystem;

struct Plan {
    std::vector<std::string> files;
    Metadata metadata;
};

Result<std::vector<std::string>> files_of(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) return fail(fmt::format("{}: no such file or folder", path), ErrorKind::NotFound);
    if (!fs::is_directory(status)) return std::vector{path};
    auto files = list_moo(path);
    if (files && files->empty())
        return fail(fmt::format("{}: no .MOO or .MOO.gz file in it", path), ErrorKind::NotFound);
    return files;
}

Result<Plan> plan_of(const std::string& path, Conformance::Strict strict) {
    auto files = files_of(path);
    if (!files) return std::unexpected(files.error());
    const std::string beside = (fs::path(files->front()).parent_path() / "metadata.json").string();
    if (strict == Conformance::Strict::Masked && !fs::exists(beside))
        return fail(fmt::format("{}: not there, and --masked needs it", beside), ErrorKind::NotFound);
    auto metadata = Metadata::read(beside);
    if (metadata) return Plan{std::move(*files), std::move(*metadata)};
    if (strict == Conformance::Strict::Masked) return std::unexpected(metadata.error());
    return Plan{std::move(*files), {}};  // nothing is masked
}

/// Other members of the family have been recorded in the same format.
Result<MooFile> read_recording(const std::string& path) {
    auto file = read_moo(path);
    if (file && !file->cpu.starts_with("808"))
        return fail(fmt::format("{}: offset 16: recorded from another CPU than 8086 and 8088", path));
    return file;
}

/// One machine for each way to count clocks, made when first needed.
class Runners {
public:
    explicit Runners(EngineKind engine) : engine_(engine) {}
    Result<Conformance*> of(ClockModel clocks) {
        auto& runner = runners_[std::size_t(clocks.cpu)][std::size_t(clocks.timing)];
        if (runner) return runner.get();
        auto made = Conformance::create(engine_, clocks);
        if (!made) return std::unexpected(made.error());
        runner = std::move(*made);
        return runner.get();
    }

private:
    EngineKind engine_;
    std::array<std::array<std::unique_ptr<Conformance>, 2>, 2> runners_;
};

Result<FormResult> run_file(const MooFile& file, const Plan& plan, const SuiteOptions& options, Runners& runners) {
    const CpuModel recorded = file.cpu == "8088" ? CpuModel::I8088 : CpuModel::I8086;
    const ClockModel clocks{options.cpu.value_or(recorded), options.timing.value_or(Timing::Table)};
    const auto runner = runners.of(clocks);
    if (!runner) return std::unexpected(runner.error());
    FormResult result = (*runner)->run(file, plan.metadata.defined_flags(file.form), options.strict);
    if (options.timing) return result;
    const auto exact = runners.of({clocks.cpu, Timing::Exact});
    if (!exact) return std::unexpected(exact.error());
    result.clock_errors[std::size_t(Timing::Exact)] = (*exact)->clock_errors(file);
    return result;
}

}  // namespace

u32 passed(const FormResult& result, Conformance::Strict strict) {
    return strict == Conformance::Strict::Exact ? result.exact : result.masked;
}

bool SuiteResult::passed() const {
    return problems.empty() && std::ranges::all_of(forms, [this](const FormResult& form) {
               return verify::passed(form, strict) == form.tests;
           });
}

Result<SuiteResult> run_suite(const std::string& path, const SuiteOptions& options, const SuiteWatcher& watcher) {
    const auto plan = plan_of(path, options.strict);
    if (!plan) return std::unexpected(plan.error());
    Runners runners(options.engine);
    if (auto first = runners.of({}); !first) return std::unexpected(first.error());
    SuiteResult result{.engine = options.engine, .strict = options.strict, .forms = {}, .problems = {}};
    for (const std::string& name : plan->files) {
        const auto file = read_recording(name);
        auto form = file ? run_file(*file, *plan, options, runners) : std::unexpected(file.error());
        if (!form) {
            result.problems.push_back(form.error().message);
            watcher.problem(result.problems.back());
            continue;
        }
        result.forms.push_back(std::move(*form));
        watcher.form(result.forms.back());
    }
    return result;
}

}  // namespace dyn86::verify
