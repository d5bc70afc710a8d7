// Questions to the oracle and its answers, as JSON lines in the shape of the public suites. [SST README]
#pragma once

#include "cpu/registers.h"
#include "src/base/result.h"
#include "src/base/types.h"
#include "src/verify/moo.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::verify {

/// What the CPU is to start from. Registers that the line does not name are 0, as is all other memory.
struct Question {
    Registers regs;
    std::vector<RamByte> ram;       // as named; of an address named twice the last value counts
    std::optional<u8> queued = {};  // bytes in the prefetch queue; none: not named, full
};

struct Answer {
    Registers regs;
    std::vector<RamByte> ram;  // bytes that changed, by address
    Cycles cycles = 0;
};

/// Reads one line into `question`. Keys beside "initial", and in it beside "regs", "ram" and "queue", may hold
/// anything. What is wrong is an Error that names the column, counted from 1.
Result<> parse_question(std::string_view line, Question& question);

/// Appends a line, line feed included.
void format_answer(const Answer& answer, std::string& to);
void format_error(std::string_view message, std::string& to);

}  // namespace dyn86::verify
