// What lies behind a drive letter: folders and files with DOS names, on the host's file system or in a disk image.
#pragma once

#include "src/dos/aliases.h"
#include "src/dos/calendar.h"
#include "src/dos/errors.h"
#include "src/dos/sharing.h"
#include "src/storage/fat_volume.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dyn86::dos {

/// DOS attribute bits. [RBIL 21/AX=4300h]
namespace attribute {
inline constexpr u8 read_only = 0x01, hidden = 0x02, system = 0x04, label = 0x08, folder = 0x10, archive = 0x20;
}  // namespace attribute

/// What a directory says of a file or folder.
struct FileStatus {
    u8 attributes = 0;
    FileStamp stamp;
    u64 size = 0;
    u16 cluster = 0;  // the first, on a disk

    [[nodiscard]] bool is_folder() const { return (attributes & attribute::folder) != 0; }
    [[nodiscard]] bool is_read_only() const { return (attributes & attribute::read_only) != 0; }
};

/// An open file. It closes itself.
class OpenFile {
public:
    virtual ~OpenFile() = default;

    /// How many bytes came: fewer than asked for only at the end of the file.
    virtual DosResult<std::size_t> read(u64 at, std::span<u8> to) = 0;
    /// How many bytes found room: fewer only when the disk is full.
    virtual DosResult<std::size_t> write(u64 at, std::span<const u8> from) = 0;
    virtual DosResult<> resize(u64 size) = 0;
    [[nodiscard]] virtual DosResult<FileStatus> status() const = 0;
    virtual DosResult<> set_stamp(FileStamp stamp) = 0;

    // --- who else may use it (sharing.h)
    /// Takes the marks for a file just opened, or SharingViolation, after which it has to be closed.
    [[nodiscard]] virtual DosResult<> claim_share(OpenMode mode) = 0;
    /// Has somebody else the file open in a mode that denies others something?
    [[nodiscard]] virtual bool is_denied_by_others() const = 0;
    [[nodiscard]] virtual DosResult<> lock(Region region) = 0;
    [[nodiscard]] virtual DosResult<> unlock(Region region) = 0;
    /// Is a byte of the region locked by others so that it cannot be used?
    [[nodiscard]] virtual bool is_locked_by_others(Region region, Purpose purpose) const = 0;
};

/// Where a DOS path leads: an existing folder, a name in it, and what is there (if anything).
struct Place {
    std::string folder;  // as the volume spells it, relative to the root; empty: the root itself
    std::string name;    // likewise; empty: the root itself. Not there yet: the name to create
    std::optional<FileStatus> status;

    [[nodiscard]] std::string path() const { return folder.empty() ? name : folder + '/' + name; }
    [[nodiscard]] bool exists() const { return status.has_value(); }
    [[nodiscard]] bool is_folder() const { return status && status->is_folder(); }
    [[nodiscard]] bool is_file() const { return status && !status->is_folder(); }
};

/// Sizes as AH=36h gives them.
struct Clusters {
    u16 sectors = 0, sector_size = 512;  // of one cluster
    u16 free = 0, total = 0;
};

class Volume {
public:
    virtual ~Volume() = default;

    /// PathNotFound when anything but the last component is not an existing folder.
    [[nodiscard]] virtual DosResult<Place> find(const std::vector<std::string>& parts) const = 0;
    /// What is there; nullopt when it is nothing that a DOS program may see.
    [[nodiscard]] virtual std::optional<FileStatus> examine(const std::string& path) const = 0;
    /// The names in a folder that a DOS program may see, with their DOS names (the other is what Place has).
    [[nodiscard]] virtual DosResult<std::vector<NamePair>> list(const std::string& folder) const = 0;

    /// An existing file, or an error.
    [[nodiscard]] virtual DosResult<std::unique_ptr<OpenFile>> open(const Place& place, OpenMode mode) const = 0;
    /// Opens for reading and writing a file that is made if it is not there; Refuse: only one that is made. What is in
    /// it stays.
    enum class Existing : u8 { Open, Refuse };
    [[nodiscard]] virtual DosResult<std::unique_ptr<OpenFile>> create(const Place& place, Existing existing) const = 0;
    [[nodiscard]] virtual DosResult<> make_folder(const Place& place) const = 0;
    [[nodiscard]] virtual DosResult<> remove_folder(const Place& place) const = 0;
    [[nodiscard]] virtual DosResult<> remove_file(const Place& place) const = 0;
    /// On this volume; nothing may be at `to`.
    [[nodiscard]] virtual DosResult<> rename(const Place& from, const Place& to) const = 0;
    /// AccessDenied for attributes that the volume cannot keep.
    [[nodiscard]] virtual DosResult<> set_attributes(const Place& place, u8 attributes) const = 0;

    [[nodiscard]] virtual Clusters clusters() const = 0;
    /// The same in every run.
    [[nodiscard]] virtual u32 serial() const = 0;
    /// At most eleven guest bytes.
    [[nodiscard]] virtual std::string label() const = 0;
    /// An empty one: there is none from now on. AccessDenied where labels are not the program's.
    [[nodiscard]] virtual DosResult<> set_label(const std::string& /*label*/) const {
        return refuse(DosError::AccessDenied);
    }
    [[nodiscard]] virtual bool is_read_only() const = 0;
    /// Where that is on the host, for people to read.
    [[nodiscard]] virtual std::string host_path(const Place& place) const = 0;
    [[nodiscard]] virtual bool is_removable() const { return false; }

    // --- absolute sectors, for INT 25h and 26h; a folder has none
    [[nodiscard]] virtual bool is_on_disk() const { return false; }
    /// How the file system lies on its disk; nullopt: on none.
    [[nodiscard]] virtual std::optional<FatShape> shape() const { return std::nullopt; }
    [[nodiscard]] virtual DosResult<> read_sectors(u32 /*first*/, std::span<u8> /*to*/) const {
        return refuse(DosError::NotReady);
    }
    [[nodiscard]] virtual DosResult<> write_sectors(u32 /*first*/, std::span<const u8> /*from*/) const {
        return refuse(DosError::NotReady);
    }
};

}  // namespace dyn86::dos
