// The environment variables DYN86_*: a layer of settings.
#pragma once

#include "src/config/option.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dyn86::config {

/// A variable's value. Handed in, so that tests bring their own.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
/// This process's.
[[nodiscard]] std::optional<std::string> host_variable(const std::string& name);

/// DYN86_ and an option's name, in capitals, with _ for -. Of an option that counts more than once each line is a
/// value. Empty variables are no settings.
[[nodiscard]] Result<std::vector<Given>> read_environment(const Environment& environment);

}  // namespace dyn86::config
