// A TOML file: a layer of settings.
#pragma once

#include "src/config/option.h"

#include <string>
#include <vector>

namespace dyn86::config {

/// Keys are the options' names. What counts more than once is an array or, when it is NAME=..., a table of its names:
///   speed = "max"
///   drive = ["C=src", "D=lib,ro"]
///   [env]
///   INCLUDE = 'C:\INC'
/// Every mistake names the file and the line.
[[nodiscard]] Result<std::vector<Given>> read_toml(const std::string& path, Origin::Layer layer);

}  // namespace dyn86::config
