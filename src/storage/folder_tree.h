// What a host folder holds: names, sizes and times, read once.
#pragma once

#include "src/base/result.h"
#include "src/base/types.h"

#include <string>
#include <vector>

namespace dyn86 {

struct FolderNode {
    std::string name;
    std::string path;  // relative to the folder at the top
    bool is_folder = false;
    bool is_read_only = false;
    u64 size = 0;
    i64 modified = 0;                  // seconds since 1970, UTC
    std::vector<FolderNode> children;  // by name
};

/// A folder of the host, held open: whatever happens to its name, this is where files are read.
class FolderTree {
public:
    /// Ordinary files and folders; links to files count when what they point to lies inside, everything else is left
    /// out.
    static Result<FolderTree> read(const std::string& path);
    ~FolderTree();
    FolderTree(FolderTree&& other) noexcept;
    FolderTree& operator=(FolderTree&&) = delete;

    [[nodiscard]] const FolderNode& root() const { return root_; }
    /// A descriptor of a file in it. Never leads outside.
    [[nodiscard]] Result<int> open_file(const FolderNode& node) const;

private:
    FolderTree(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
    Result<> read_children(FolderNode& folder, unsigned depth) const;
    [[nodiscard]] int open_beneath(const std::string& path, int flags) const;

    std::string path_;
    int fd_;
    FolderNode root_;
};

}  // namespace dyn86
