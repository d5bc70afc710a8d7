#include "src/frontend/trace_output.h"

#include "src/frontend/report.h"

#include <fmt/format.h>

namespace dyn86::frontend {

Result<TraceOutput> TraceOutput::open(const std::string& path) {
    TraceOutput output;
    output.path_ = path;
    if (path.empty()) return output;
    output.file_.reset(std::fopen(path.c_str(), "we"));
    if (!output.file_) return fail_errno(path);
    return output;
}

void TraceOutput::line(std::string_view text) {
    if (!file_) return print_message(text);
    (void)std::fwrite(text.data(), 1, text.size(), file_.get());  // an error stays with the file: finish() tells it
    (void)std::fputc('\n', file_.get());
}

Result<> TraceOutput::finish(const MachineStats& stats) {
    for (const auto& [call, count] : stats.missing_calls)
        line(fmt::format("not implemented: {}, {} {}", call, count, count == 1 ? "time" : "times"));
    if (stats.missing_calls.empty()) line("not implemented: nothing that was called");
    if (!file_) return {};
    const bool is_written = std::fflush(file_.get()) == 0 && std::ferror(file_.get()) == 0;
    return is_written ? Result<>() : fail_errno(path_);
}

}  // namespace dyn86::frontend
