// A host folder as a drive: every way in which DOS touches the host's file system, each confined to that folder.
#pragma once

#include "src/base/result.h"
#include "src/dos/aliases.h"
#include "src/dos/errors.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace dyn86::dos {

/// An open host file; closes itself.
class HostFile {
public:
    HostFile() = default;
    explicit HostFile(int fd) : fd_(fd) {}
    HostFile(HostFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    HostFile& operator=(HostFile&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~HostFile();
    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }

private:
    int fd_ = -1;
};

/// Confinement: all opens go through openat2(RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS) from the drive's root, so `..`,
/// symbolic links and races end in an error. Calls that are not opens take a folder opened so and one final name,
/// which they do not follow. Anything but regular files and folders is refused before it is opened.
class HostFolder {
public:
    static Result<HostFolder> open(const std::string& path, CodePage page = {});
    /// A folder that is on no disk: one file, for reading.
    static Result<HostFolder> built_in(std::string name, std::string_view content);

    /// Where a DOS path leads: an existing folder, a name in it, and what is there (if anything).
    struct Place {
        std::string folder;  // relative to the root; empty: the root itself
        std::string name;    // host name; empty: the root itself. Not there yet: the lower-case name to create
        std::optional<struct stat> status;

        [[nodiscard]] std::string path() const { return folder.empty() ? name : folder + '/' + name; }
        [[nodiscard]] bool exists() const { return status.has_value(); }
        [[nodiscard]] bool is_folder() const { return status && S_ISDIR(status->st_mode); }
        [[nodiscard]] bool is_file() const { return status && S_ISREG(status->st_mode); }
    };
    /// PathNotFound when anything but the last component is not an existing folder.
    [[nodiscard]] DosResult<Place> find(const std::vector<std::string>& parts) const;
    /// The DOS path (components) of a host path relative to the root; nullopt when there is no such file.
    [[nodiscard]] std::optional<std::vector<std::string>> dos_path(const std::string& relative) const;

    /// What a relative host path is, links inside the drive followed; nullopt when it is nothing a DOS program may see.
    [[nodiscard]] std::optional<struct stat> examine(const std::string& relative) const;
    /// The names in a folder that a DOS program may see, with their DOS names, sorted.
    [[nodiscard]] DosResult<std::vector<NamePair>> list(const std::string& folder) const;

    /// `flags` as open(2) has them; a regular file or an error.
    [[nodiscard]] DosResult<HostFile> open_file(const Place& place, int flags) const;
    [[nodiscard]] DosResult<> make_folder(const Place& place) const;
    [[nodiscard]] DosResult<> remove_folder(const Place& place) const;
    [[nodiscard]] DosResult<> remove_file(const Place& place) const;
    [[nodiscard]] DosResult<> rename(const Place& from, const Place& to) const;
    [[nodiscard]] DosResult<> set_writable(const Place& place, bool writable) const;

    struct Space {
        u64 free_bytes = 0, total_bytes = 0;
    };
    [[nodiscard]] Space space() const;
    /// A serial number of this folder, the same in every run.
    [[nodiscard]] u32 serial() const;

private:
    HostFolder(HostFile root, CodePage page) : root_(std::move(root)), page_(page) {}
    [[nodiscard]] DosResult<HostFile> open_beneath(const std::string& relative, int flags) const;
    [[nodiscard]] DosResult<HostFile> parent_of(const Place& place) const;
    [[nodiscard]] DosResult<std::vector<std::string>> read_names(const std::string& folder) const;
    [[nodiscard]] DosResult<std::optional<std::string>> look_up(const std::string& folder,
                                                                const std::string& part) const;

    [[nodiscard]] bool is_built_in() const { return !built_in_name_.empty(); }
    [[nodiscard]] std::optional<struct stat> examine_built_in(const std::string& relative) const;

    HostFile root_;  // of a built-in folder: its file
    CodePage page_;  // that names are mapped by
    std::string built_in_name_;
};

}  // namespace dyn86::dos
