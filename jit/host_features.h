// Finds out what this host's processor has: by CPUID where it says, by trying where nobody promises anything.
#pragma once

#include "src/base/host_features.h"

namespace dyn86::jit {

[[nodiscard]] HostFeatures detect_host_features();

}  // namespace dyn86::jit
