// What a recompiler tells of a block it has made, for --list-blocks. Filled only where it was asked for beforehand.
#pragma once

#include "src/base/types.h"

#include <string>
#include <vector>

namespace dyn86 {

struct TranslatedBlock {
    enum class State : u8 {
        Valid,
        Invalidated,  // its bytes changed, or it was made anew
        Flushed,      // with everything else; what it was made into is gone
    };
    /// A guest instruction, in the order in which the block takes them.
    struct Line {
        u16 ip = 0;
        std::string text;
        u32 host_offset = 0;       // where its host code begins in `code`
        bool interpreted = false;  // the interpreter has it, and the block ends
    };
    /// A place, out of line as a rule, that leaves the block.
    struct WayOut {
        u64 address = 0;
        std::string text;
    };

    SegOff head;
    State state = State::Valid;
    u64 hits = 0;  // times that it was entered and had clocks enough
    std::vector<Line> lines;
    u64 address = 0, cold_address = 0;  // where host code runs: straight, and out of line
    std::vector<u8> code, cold;
    std::vector<WayOut> ways_out;  // by address
};

}  // namespace dyn86
