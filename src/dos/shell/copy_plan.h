// What a COPY command line says: sources, joined by '+', target, and which of them are text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::dos::shell {

struct CopyFile {
    enum class Mode { Default, Text, Binary } mode = Mode::Default;  // /A, /B
    std::string path;
};

struct CopyPlan {
    std::vector<CopyFile> sources;
    std::optional<CopyFile> target;
    bool touches = false;  // "FILE+,,": nothing but the date changes
    std::string wrong;  // a message, if the line is no good
};

/// /A and /B hold for the name before them and those behind. [DOS UG, COPY]
[[nodiscard]] CopyPlan parse_copy(std::string_view tail);

}  // namespace dyn86::dos::shell
