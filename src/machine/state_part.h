// A part of the machine that is a chunk of a save state.
#pragma once

#include "src/base/archive.h"

#include <functional>
#include <string>
#include <vector>

namespace dyn86 {

struct StatePart {
    std::string tag;
    /// Goes up when older programs must not read the chunk; more fields alone are no reason.
    u32 version = 1;
    std::function<void(Archive&)> serialize;
};

template <typename Part>
void add_part(std::vector<StatePart>& parts, std::string tag, Part& part) {
    parts.push_back({std::move(tag), 1, [&part](Archive& ar) { part.serialize(ar); }});
}

}  // namespace dyn86
