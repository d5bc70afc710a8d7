// The rules of STYLE 1 and 2 that a machine can check: who may include whom, what belongs to one folder only, file
// lengths.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::layering {

/// Complaints about one file, each "PATH:LINE: what is wrong". `path` is relative to the root, with slashes.
std::vector<std::string> check_file(std::string_view path, std::string_view text);

/// Complaints about every source file under `root`, in the order of their paths. Reads no build folder and no hidden
/// one. An empty tree, or one that lacks a layer's folder that others use, is a complaint as well: then the wrong
/// folder was named.
std::vector<std::string> check_tree(const std::filesystem::path& root);

}  // namespace dyn86::layering
