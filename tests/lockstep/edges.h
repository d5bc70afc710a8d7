// Episodes that take every kind of memory access to every edge: the ends of the segment, the end of memory, ROM,
// devices, repeated pages, the program's own code.
#pragma once

#include "src/verify/episode.h"

#include <functional>

namespace dyn86::verify {

/// Of all combinations of instruction, segment, offset, way of addressing and flags, each `stride`-th (an odd number
/// reaches all values of each of them soon), as episodes for configuration `config`.
void for_edge_episodes(u32 config, unsigned stride, const std::function<void(const Episode&)>& run);

}  // namespace dyn86::verify
