// Where --trace goes: standard error, or a file.
#pragma once

#include "src/dyn86.h"

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace dyn86::frontend {

class TraceOutput {
public:
    /// An empty `path` is standard error, where each line begins as all of dyn86's do.
    static Result<TraceOutput> open(const std::string& path);
    void line(std::string_view text);
    /// The last lines: what was called and is not there. An error if the file did not take everything.
    [[nodiscard]] Result<> finish(const MachineStats& stats);

private:
    struct Close {
        void operator()(std::FILE* file) const { (void)std::fclose(file); }
    };
    std::string path_;
    std::unique_ptr<std::FILE, Close> file_;  // null: standard error
};

}  // namespace dyn86::frontend
