#include "src/dos/host_folder.h"

#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace dyn86::dos {
namespace {

constexpr mode_t new_file_mode = 0666, new_folder_mode = 0777;  // less the umask

/// The one open of this layer. EAGAIN: a rename elsewhere raced with the check for "beneath"; ask again.
int open_at(int root, const char* path, int flags) {
    open_how how{};
    how.flags = u64(flags | O_CLOEXEC | ((flags & O_PATH) != 0 ? 0 : O_NOCTTY));
    how.mode = (flags & O_CREAT) != 0 ? new_file_mode : 0;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    for (int attempt = 0;; ++attempt) {
        const long fd = syscall(SYS_openat2, root, path, &how, sizeof how);
        if (fd >= 0) return int(fd);
        if (errno != EINTR && (errno != EAGAIN || attempt == 1000)) return -1;
    }
}

std::unexpected<DosError> refuse_errno() {
    return refuse(from_errno(errno));
}

std::string join(const std::string& folder, const std::string& name) {
    return folder.empty() ? name : folder + '/' + name;
}

bool is_visible(const struct stat& status) {
    return S_ISREG(status.st_mode) || S_ISDIR(status.st_mode);
}

/// The name in `names` that DOS calls `part`.
std::optional<std::string> choose(std::vector<std::string> names, const std::string& part, CodePage page) {
    if (may_be_hashed(part)) {
        for (NamePair& pair : assign_names(std::move(names), page))
            if (pair.dos == part) return std::move(pair.host);
        return std::nullopt;
    }
    std::optional<std::string> best;  // the lower-case one was looked for before: the first in byte order
    for (std::string& name : names)
        if ((!best || name < *best) && plain_name(name, page) == part) best = std::move(name);
    return best;
}

}  // namespace

HostFile::~HostFile() {
    if (fd_ >= 0) close(fd_);
}

Result<HostFolder> HostFolder::open(const std::string& path, CodePage page) {
    const int fd = ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return fail_errno(path, errno == ENOENT ? ErrorKind::NotFound : ErrorKind::Failed);
    return HostFolder(HostFile(fd), page);
}

Result<HostFolder> HostFolder::built_in(std::string name, std::string_view content) {
    HostFolder folder{HostFile(memfd_create(name.c_str(), MFD_CLOEXEC)), CodePage{}};
    const int fd = folder.root_.fd();
    if (fd < 0 || ::write(fd, content.data(), content.size()) != ssize_t(content.size())) return fail_errno(name);
    folder.built_in_name_ = std::move(name);
    return folder;
}

std::optional<struct stat> HostFolder::examine_built_in(const std::string& relative) const {
    struct stat status {};
    if (fstat(root_.fd(), &status) != 0) return std::nullopt;
    constexpr mode_t readable = 0444;
    status.st_mode = relative.empty() ? S_IFDIR | readable : S_IFREG | readable;
    return relative.empty() || relative == built_in_name_ ? std::optional(status) : std::nullopt;
}

DosResult<HostFile> HostFolder::open_beneath(const std::string& relative, int flags) const {
    if (is_built_in()) {
        if (relative != built_in_name_) return refuse(DosError::AccessDenied);
        const int copy = fcntl(root_.fd(), F_DUPFD_CLOEXEC, 0);
        if (copy < 0) return refuse_errno();
        return HostFile(copy);
    }
    const int fd = open_at(root_.fd(), relative.empty() ? "." : relative.c_str(), flags);
    if (fd < 0) return refuse_errno();
    return HostFile(fd);
}

std::optional<struct stat> HostFolder::examine(const std::string& relative) const {
    if (is_built_in()) return examine_built_in(relative);
    const auto file = open_beneath(relative, O_PATH);
    struct stat status {};
    if (!file || fstat(file->fd(), &status) != 0 || !is_visible(status)) return std::nullopt;
    return status;
}

DosResult<std::vector<std::string>> HostFolder::read_names(const std::string& folder) const {
    if (is_built_in()) return std::vector<std::string>{built_in_name_};
    const int fd = open_at(root_.fd(), folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY);
    if (fd < 0) return refuse_errno();
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(fdopendir(fd), closedir);
    if (!directory) {
        close(fd);
        return refuse(DosError::AccessDenied);
    }
    std::vector<std::string> names;
    while (const dirent* const entry = readdir(directory.get())) {
        const std::string_view name = entry->d_name;
        const bool special =
            entry->d_type == DT_FIFO || entry->d_type == DT_SOCK || entry->d_type == DT_CHR || entry->d_type == DT_BLK;
        if (name != "." && name != ".." && !special) names.emplace_back(name);
    }
    return names;
}

DosResult<std::vector<NamePair>> HostFolder::list(const std::string& folder) const {
    auto names = read_names(folder);
    if (!names) return std::unexpected(names.error());
    return assign_names(std::move(*names), page_);
}

DosResult<std::optional<std::string>> HostFolder::look_up(const std::string& folder, const std::string& part) const {
    auto names = read_names(folder);
    if (!names) return std::unexpected(names.error());
    return choose(std::move(*names), part, page_);
}

DosResult<HostFolder::Place> HostFolder::find(const std::vector<std::string>& parts) const {
    Place place;
    if (parts.empty()) {
        place.status = examine("");
        return place;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) {
            if (!place.is_folder()) return refuse(DosError::PathNotFound);
            place.folder = place.path();
        }
        place.name = page_.to_utf8(page_.lower(parts[i]));
        place.status = examine(place.path());
        if (place.exists()) continue;
        // All capitals come first in byte order, so that this is what a look at the whole folder would choose.
        place.name = page_.to_utf8(parts[i]);
        place.status = examine(place.path());
        if (place.exists() && plain_name(place.name, page_) == parts[i]) continue;
        place.name = page_.to_utf8(page_.lower(parts[i]));
        place.status.reset();
        auto found = look_up(place.folder, parts[i]);
        if (!found) return refuse(DosError::PathNotFound);
        if (!*found) continue;
        place.name = std::move(**found);
        place.status = examine(place.path());
    }
    return place;
}

std::optional<std::vector<std::string>> HostFolder::dos_path(const std::string& relative) const {
    std::vector<std::string> parts;
    std::string folder;
    for (std::size_t start = 0; start < relative.size();) {
        const std::size_t end = std::min(relative.find('/', start), relative.size());
        const std::string name = relative.substr(start, end - start);
        start = end + 1;
        if (name.empty() || name == ".") continue;
        const auto names = list(folder);
        if (!names) return std::nullopt;
        const auto* const found = [&]() -> const NamePair* {
            for (const NamePair& pair : *names)
                if (pair.host == name) return &pair;
            return nullptr;
        }();
        if (found == nullptr) return std::nullopt;
        parts.push_back(found->dos);
        folder = join(folder, name);
    }
    return parts;
}

DosResult<HostFile> HostFolder::open_file(const Place& place, int flags) const {
    if (place.name.empty() || place.is_folder()) return refuse(DosError::AccessDenied);
    if (!place.exists() && (flags & O_CREAT) == 0) return refuse(DosError::FileNotFound);
    // O_NONBLOCK: should a FIFO take the file's place just now, this does not wait for its other end.
    auto file = open_beneath(place.path(), flags | O_NONBLOCK);
    if (!file) return file;
    struct stat status {};
    if (fstat(file->fd(), &status) != 0 || !S_ISREG(status.st_mode)) return refuse(DosError::AccessDenied);
    return file;
}

DosResult<HostFile> HostFolder::parent_of(const Place& place) const {
    if (place.name.empty()) return refuse(DosError::AccessDenied);
    return open_beneath(place.folder, O_PATH | O_DIRECTORY);
}

DosResult<> HostFolder::make_folder(const Place& place) const {
    const auto parent = parent_of(place);
    if (!parent) return std::unexpected(parent.error());
    if (mkdirat(parent->fd(), place.name.c_str(), new_folder_mode) != 0) return refuse_errno();
    return {};
}

DosResult<> HostFolder::remove_folder(const Place& place) const {
    const auto parent = parent_of(place);
    if (!parent) return std::unexpected(parent.error());
    if (unlinkat(parent->fd(), place.name.c_str(), AT_REMOVEDIR) != 0) return refuse_errno();
    return {};
}

DosResult<> HostFolder::remove_file(const Place& place) const {
    const auto parent = parent_of(place);
    if (!parent) return std::unexpected(parent.error());
    if (unlinkat(parent->fd(), place.name.c_str(), 0) != 0) return refuse_errno();
    return {};
}

DosResult<> HostFolder::rename(const Place& from, const Place& to) const {
    const auto from_parent = parent_of(from);
    if (!from_parent) return std::unexpected(from_parent.error());
    const auto to_parent = parent_of(to);
    if (!to_parent) return std::unexpected(to_parent.error());
    constexpr unsigned no_replace = 1;  // RENAME_NOREPLACE
    const long done =
        syscall(SYS_renameat2, from_parent->fd(), from.name.c_str(), to_parent->fd(), to.name.c_str(), no_replace);
    if (done != 0) return refuse_errno();
    return {};
}

DosResult<> HostFolder::set_writable(const Place& place, bool writable) const {
    if (!place.exists()) return refuse(DosError::FileNotFound);
    const auto file = open_beneath(place.path(), O_RDONLY | O_NONBLOCK);
    if (!file) return std::unexpected(file.error());
    struct stat status {};
    if (fstat(file->fd(), &status) != 0 || !is_visible(status)) return refuse(DosError::AccessDenied);
    constexpr mode_t all_writers = S_IWUSR | S_IWGRP | S_IWOTH, permissions = 07777;
    // Writable again: for whom the file is readable, as far as the umask for new files goes: its owner.
    const mode_t mode = (writable ? status.st_mode | S_IWUSR : status.st_mode & ~all_writers) & permissions;
    if (fchmod(file->fd(), mode) != 0) return refuse_errno();
    return {};
}

u32 HostFolder::serial() const {
    struct stat status {};
    if (fstat(root_.fd(), &status) != 0) return 0;
    const u64 both = (u64{status.st_dev} * 0x9E37'79B9'7F4A'7C15) ^ status.st_ino;
    return u32(both ^ both >> 32);
}

HostFolder::Space HostFolder::space() const {
    const auto root = open_beneath("", O_RDONLY | O_DIRECTORY);
    struct statvfs status {};
    if (!root || fstatvfs(root->fd(), &status) != 0) return {};
    return {.free_bytes = u64{status.f_bavail} * status.f_frsize,
            .total_bytes = u64{status.f_blocks} * status.f_frsize};
}

}  // namespace dyn86::dos
