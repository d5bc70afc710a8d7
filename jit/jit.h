// The recompiler's façade: an Engine that translates basic blocks into host code and leaves the rest to the interpreter.
#pragma once

#include "cpu/engine.h"
#include "cpu/interpreter.h"
#include "cpu/memory.h"
#include "src/base/result.h"

#include <memory>

namespace dyn86::jit {

struct Options {
    /// A block is translated when its head has been interpreted this often. 0: at first execution (tests).
    u32 threshold = 16;
    /// Bytes of host code kept before everything is flushed.
    std::size_t code_bytes = std::size_t{32} << 20;
    /// Make EngineStats::instructions count translated instructions too, exactly (a memory add per block): for
    /// --status-file, --stats and --max-instructions. Off: it counts what the interpreter executed.
    bool count_instructions = false;
};

class Jit;
Result<std::unique_ptr<Engine>> create(Memory& memory, Interpreter& interpreter, const Options& options);

}  // namespace dyn86::jit
