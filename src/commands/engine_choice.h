// Which engine a subcommand works with.
#pragma once

#include "src/dyn86.h"
#include "src/verify/test_bed.h"

#include <optional>

namespace dyn86::commands {

/// The recompiler where there is one, unless another is asked for.
inline verify::EngineKind engine_choice(std::optional<EngineKind> asked) {
    if (!asked)
        return verify::is_available(verify::EngineKind::Jit) ? verify::EngineKind::Jit
                                                             : verify::EngineKind::Interpreter;
    return *asked == EngineKind::Jit ? verify::EngineKind::Jit : verify::EngineKind::Interpreter;
}

}  // namespace dyn86::commands
