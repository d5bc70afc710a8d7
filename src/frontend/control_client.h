// The other end of the control socket.
#pragma once

#include "src/dyn86.h"
#include "src/frontend/share_folder.h"

#include <string>

namespace dyn86::frontend {

/// Sends one request and waits for its answer, however long the guest takes. An error that the machine answers with is
/// a usage error.
[[nodiscard]] Result<> ask_machine(const ShareFiles& files, const std::string& request);

}  // namespace dyn86::frontend
