#include "src/storage/folder_tree.h"

#include "src/storage/raw_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace dyn86 {

namespace {

/// DOS's longest path has 64 characters.
constexpr unsigned deepest = 32;

struct Close {
    void operator()(DIR* folder) const { closedir(folder); }
};

}  // namespace

FolderTree::FolderTree(FolderTree&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), root_(std::move(other.root_)) {}

FolderTree::~FolderTree() {
    if (fd_ >= 0) close(fd_);
}

Result<FolderTree> FolderTree::read(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return fail_errno(path, kind_of_open_error());
    FolderTree tree(path, fd);
    tree.root_.is_folder = true;
    if (auto done = tree.read_children(tree.root_, 0); !done) return std::unexpected(done.error());
    return tree;
}

int FolderTree::open_beneath(const std::string& path, int flags) const {
    open_how how{};
    how.flags = u64(unsigned(flags | O_CLOEXEC));
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    return int(syscall(SYS_openat2, fd_, path.c_str(), &how, sizeof how));
}

Result<int> FolderTree::open_file(const FolderNode& node) const {
    const int fd = open_beneath(node.path, O_RDONLY | O_NONBLOCK);
    if (fd < 0) return fail_errno(path_ + "/" + node.path);
    return fd;
}

Result<> FolderTree::read_children(FolderNode& folder, unsigned depth) const {
    const std::string shown = folder.path.empty() ? path_ : path_ + "/" + folder.path;
    if (depth > deepest) return fail(shown + ": folders lie too deep in each other for a DOS disk");
    const int fd = open_beneath(folder.path.empty() ? "." : folder.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    const std::unique_ptr<DIR, Close> entries(fd < 0 ? nullptr : fdopendir(fd));
    if (!entries) return fail_errno(shown);
    while (const dirent* entry = readdir(entries.get())) {
        const std::string name = entry->d_name;
        if (name == "." || name == "..") continue;
        FolderNode node{.name = name, .path = folder.path.empty() ? name : folder.path + "/" + name, .children = {}};
        const int found = open_beneath(node.path, O_PATH);
        struct stat status {};
        const bool known = found >= 0 && fstat(found, &status) == 0;
        if (found >= 0) close(found);
        struct stat itself {};
        const bool is_link = fstatat(fd, name.c_str(), &itself, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(itself.st_mode);
        node.is_folder = S_ISDIR(status.st_mode);
        if (!known || !(S_ISREG(status.st_mode) || (node.is_folder && !is_link))) continue;
        node.is_read_only = (status.st_mode & S_IWUSR) == 0;
        node.size = node.is_folder ? 0 : u64(status.st_size);
        node.modified = status.st_mtime;
        folder.children.push_back(std::move(node));
    }
    std::ranges::sort(folder.children, {}, &FolderNode::name);
    for (FolderNode& child : folder.children)
        if (child.is_folder)
            if (auto done = read_children(child, depth + 1); !done) return done;
    return {};
}

}  // namespace dyn86
