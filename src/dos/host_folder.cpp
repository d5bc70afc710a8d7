#include "src/dos/host_folder.h"

#include <algorithm>
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

DosResult<> make_writable(int fd, bool writable) {
    struct stat status {};
    if (fstat(fd, &status) != 0 || !is_visible(status)) return refuse(DosError::AccessDenied);
    constexpr mode_t all_writers = S_IWUSR | S_IWGRP | S_IWOTH, permissions = 07777;
    // Writable again: for whom the file is readable, as far as the umask for new files goes: its owner.
    const mode_t mode = (writable ? status.st_mode | S_IWUSR : status.st_mode & ~all_writers) & permissions;
    if (fchmod(fd, mode) != 0) return refuse_errno();
    return {};
}

/// Clusters of 16 KiB, and so few that sector and byte counts fit into signed 32 bits, on which old programs rely.
constexpr u16 sectors_per_cluster = 32;
constexpr u64 cluster_bytes = u64{sectors_per_cluster} * 512, most_clusters = 65'520;

u16 cluster_count(u64 size) {
    return u16(std::min(size / cluster_bytes, most_clusters));
}

}  // namespace

Result<HostFolder> HostFolder::open(const std::string& path, HostFolderOptions options) {
    const int fd = ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return fail_errno(path, errno == ENOENT ? ErrorKind::NotFound : ErrorKind::Failed);
    HostFolder folder(Descriptor(fd), std::move(options));
    folder.path_ = path;
    return folder;
}

Result<HostFolder> HostFolder::built_in(std::string name, std::string_view content) {
    HostFolder folder{Descriptor(memfd_create(name.c_str(), MFD_CLOEXEC)), {.read_only = true, .label = "DYN86"}};
    const int fd = folder.root_.fd();
    if (fd < 0 || ::write(fd, content.data(), content.size()) != ssize_t(content.size())) return fail_errno(name);
    folder.built_in_name_ = std::move(name);
    return folder;
}

std::optional<FileStatus> HostFolder::examine_built_in(const std::string& relative) const {
    struct stat status {};
    if (fstat(root_.fd(), &status) != 0 || !(relative.empty() || relative == built_in_name_)) return std::nullopt;
    constexpr mode_t readable = 0444;
    status.st_mode = relative.empty() ? S_IFDIR | readable : S_IFREG | readable;
    return status_of(status, relative);
}

DosResult<Descriptor> HostFolder::open_beneath(const std::string& relative, int flags) const {
    if (is_built_in()) {
        if (relative != built_in_name_) return refuse(DosError::AccessDenied);
        const int copy = fcntl(root_.fd(), F_DUPFD_CLOEXEC, 0);
        if (copy < 0) return refuse_errno();
        return Descriptor(copy);
    }
    const int fd = open_at(root_.fd(), relative.empty() ? "." : relative.c_str(), flags);
    if (fd < 0) return refuse_errno();
    return Descriptor(fd);
}

std::optional<FileStatus> HostFolder::examine(const std::string& path) const {
    if (is_built_in()) return examine_built_in(path);
    const auto file = open_beneath(path, O_PATH);
    struct stat status {};
    if (!file || fstat(file->fd(), &status) != 0 || !is_visible(status)) return std::nullopt;
    return status_of(status, std::string_view(path).substr(path.rfind('/') + 1));
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
    return assign_names(std::move(*names), options_.page);
}

DosResult<std::optional<std::string>> HostFolder::look_up(const std::string& folder, const std::string& part) const {
    auto names = read_names(folder);
    if (!names) return std::unexpected(names.error());
    return choose(std::move(*names), part, options_.page);
}

DosResult<Place> HostFolder::find(const std::vector<std::string>& parts) const {
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
        place.name = options_.page.to_utf8(options_.page.lower(parts[i]));
        place.status = examine(place.path());
        if (place.exists()) continue;
        // All capitals come first in byte order, so that this is what a look at the whole folder would choose.
        place.name = options_.page.to_utf8(parts[i]);
        place.status = examine(place.path());
        if (place.exists() && plain_name(place.name, options_.page) == parts[i]) continue;
        place.name = options_.page.to_utf8(options_.page.lower(parts[i]));
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

DosResult<Descriptor> HostFolder::open_regular(const Place& place, int flags) const {
    if (place.name.empty() || place.is_folder()) return refuse(DosError::AccessDenied);
    if (!place.exists() && (flags & O_CREAT) == 0) return refuse(DosError::FileNotFound);
    // O_NONBLOCK: should a FIFO take the file's place just now, this does not wait for its other end.
    auto file = open_beneath(place.path(), flags | O_NONBLOCK);
    if (!file) return file;
    struct stat status {};
    if (fstat(file->fd(), &status) != 0 || !S_ISREG(status.st_mode)) return refuse(DosError::AccessDenied);
    return file;
}

DosResult<std::unique_ptr<OpenFile>> HostFolder::open(const Place& place, OpenMode mode) const {
    if (!place.exists()) return refuse(DosError::FileNotFound);
    const bool may_write = !options_.read_only && !place.status->is_read_only();
    if (mode.writes() && !may_write) return refuse(DosError::AccessDenied);
    DosResult<Descriptor> file = refuse(DosError::AccessDenied);
    if (may_write) file = open_regular(place, O_RDWR);
    if (!file && !mode.writes()) file = open_regular(place, O_RDONLY);
    if (!file && !mode.reads()) file = open_regular(place, O_WRONLY);
    if (!file) return std::unexpected(file.error());
    return std::make_unique<HostFile>(std::move(*file), place.name);
}

DosResult<std::unique_ptr<OpenFile>> HostFolder::create(const Place& place, Existing existing) const {
    const int exclusive = existing == Existing::Refuse ? O_EXCL : 0;
    auto file = open_regular(place, O_RDWR | O_CREAT | exclusive);
    if (!file) return std::unexpected(file.error());
    return std::make_unique<HostFile>(std::move(*file), place.name);
}

DosResult<Descriptor> HostFolder::parent_of(const Place& place) const {
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
    return make_writable(file->fd(), writable);
}

DosResult<> HostFolder::set_attributes(const Place& place, u8 attributes) const {
    if (!place.exists()) return refuse(DosError::FileNotFound);
    const u8 fixed = u8(place.status->attributes & (attribute::folder | attribute::hidden));
    if ((attributes & ~(attribute::read_only | attribute::archive | fixed)) != 0) return refuse(DosError::AccessDenied);
    if (place.is_folder()) return {};
    return set_writable(place, (attributes & attribute::read_only) == 0);
}

u32 HostFolder::serial() const {
    struct stat status {};
    if (fstat(root_.fd(), &status) != 0) return 0;
    const u64 both = (u64{status.st_dev} * 0x9E37'79B9'7F4A'7C15) ^ status.st_ino;
    return u32(both ^ both >> 32);
}

std::string HostFolder::label() const {
    const CodePage page = options_.page;
    return page.upper(page.from_utf8(options_.label).value_or(options_.label)).substr(0, 11);
}

Clusters HostFolder::clusters() const {
    Clusters clusters{.sectors = sectors_per_cluster, .free = 0, .total = 0};
    if (is_built_in()) return clusters;
    const auto root = open_beneath("", O_RDONLY | O_DIRECTORY);
    struct statvfs status {};
    if (!root || fstatvfs(root->fd(), &status) != 0) return clusters;
    clusters.free = cluster_count(u64{status.f_bavail} * status.f_frsize);
    clusters.total = cluster_count(u64{status.f_blocks} * status.f_frsize);
    return clusters;
}

}  // namespace dyn86::dos
