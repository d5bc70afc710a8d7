// A host folder as a drive: every way in which DOS touches the host's file system, each confined to that folder.
#pragma once

#include "src/base/result.h"
#include "src/dos/host_file.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::dos {

struct HostFolderOptions {
    CodePage page = {};  // that names are mapped by
    bool read_only = false;
    std::string label = {};  // UTF-8
};

/// Confinement: all opens go through openat2(RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS) from the drive's root, so `..`,
/// symbolic links and races end in an error. Calls that are not opens take a folder opened so and one final name,
/// which they do not follow. Anything but regular files and folders is refused before it is opened.
class HostFolder final : public Volume {
public:
    static Result<HostFolder> open(const std::string& path, HostFolderOptions options = {});
    /// A folder that is on no disk: one file, for reading.
    static Result<HostFolder> built_in(std::string name, std::string_view content);

    // --- Volume. Paths are the host's, links inside the drive followed; names to create are in lower case.
    [[nodiscard]] DosResult<Place> find(const std::vector<std::string>& parts) const override;
    [[nodiscard]] std::optional<FileStatus> examine(const std::string& path) const override;
    /// Sorted.
    [[nodiscard]] DosResult<std::vector<NamePair>> list(const std::string& folder) const override;
    /// Open for reading and writing where the host allows it, whatever the program wants: record locks need it.
    [[nodiscard]] DosResult<std::unique_ptr<OpenFile>> open(const Place& place, OpenMode mode) const override;
    [[nodiscard]] DosResult<std::unique_ptr<OpenFile>> create(const Place& place, Existing existing) const override;
    [[nodiscard]] DosResult<> make_folder(const Place& place) const override;
    [[nodiscard]] DosResult<> remove_folder(const Place& place) const override;
    [[nodiscard]] DosResult<> remove_file(const Place& place) const override;
    [[nodiscard]] DosResult<> rename(const Place& from, const Place& to) const override;
    /// The host keeps no more than "read only"; a folder may be told that it is one.
    [[nodiscard]] DosResult<> set_attributes(const Place& place, u8 attributes) const override;
    [[nodiscard]] Clusters clusters() const override;
    [[nodiscard]] u32 serial() const override;
    [[nodiscard]] std::string label() const override;
    [[nodiscard]] bool is_read_only() const override { return options_.read_only; }
    [[nodiscard]] std::string host_path(const Place& place) const override { return path_ + '/' + place.path(); }

    /// The DOS path (components) of a host path relative to the root; nullopt when there is no such file.
    [[nodiscard]] std::optional<std::vector<std::string>> dos_path(const std::string& relative) const;
    /// `flags` as open(2) has them; a regular file or an error.
    [[nodiscard]] DosResult<Descriptor> open_regular(const Place& place, int flags) const;

private:
    HostFolder(Descriptor root, HostFolderOptions options) : root_(std::move(root)), options_(std::move(options)) {}
    [[nodiscard]] DosResult<Descriptor> open_beneath(const std::string& relative, int flags) const;
    [[nodiscard]] DosResult<Descriptor> parent_of(const Place& place) const;
    [[nodiscard]] DosResult<std::vector<std::string>> read_names(const std::string& folder) const;
    [[nodiscard]] DosResult<std::optional<std::string>> look_up(const std::string& folder,
                                                                const std::string& part) const;

    [[nodiscard]] bool is_built_in() const { return !built_in_name_.empty(); }
    [[nodiscard]] std::optional<FileStatus> examine_built_in(const std::string& relative) const;
    [[nodiscard]] DosResult<> set_writable(const Place& place, bool writable) const;

    Descriptor root_;  // of a built-in folder: its file
    HostFolderOptions options_;
    std::string path_;  // of the root
    std::string built_in_name_;
};

}  // namespace dyn86::dos
