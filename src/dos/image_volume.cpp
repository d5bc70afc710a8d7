#include "src/dos/image_volume.h"

#include <algorithm>

namespace dyn86::dos {
namespace {

constexpr u8 kept_attributes = attribute::read_only | attribute::hidden | attribute::system | attribute::archive;

DosError dos_error(FatError error) {
    switch (error) {
        case FatError::Read: return DosError::ReadFault;
        case FatError::Write: return DosError::WriteFault;
        case FatError::WriteProtected: return DosError::WriteProtected;
        case FatError::Full: return DosError::DiskFull;
        case FatError::Corrupt: break;
    }
    return DosError::GeneralFailure;
}

template <typename T>
DosResult<T> translated(FatResult<T> result) {
    if (!result) return refuse(dos_error(result.error()));
    if constexpr (std::is_void_v<T>)
        return {};
    else
        return std::move(*result);
}

FcbName name_of(const FatEntry& entry) {
    FcbName name{};
    std::ranges::transform(entry.name, name.begin(), [](u8 c) { return char(c); });
    return name;
}

bool is_listed(const FatEntry& entry) {
    return (entry.attributes & attribute::label) == 0 && entry.name[0] != u8{'.'};
}

FileStatus status_of(const FatEntry& entry) {
    return {.attributes = entry.attributes,
            .stamp = {.time = entry.time, .date = entry.date},
            .size = entry.is_folder() ? 0 : entry.size,
            .cluster = entry.cluster};
}

}  // namespace

/// A file that is open, however often.
struct ImageVolume::Node {
    FatEntry entry;
    FatVolume::Cursor cursor;
    std::vector<const File*> openers;
};

struct ImageVolume::Disk {
    std::function<DiskInDrive()> drive;
    std::function<FileStamp()> now;
    std::optional<FatVolume> fat;
    u64 change = 0;  // that `fat` is of
    std::vector<std::weak_ptr<Node>> nodes;

    /// The file system of the disk that is in the drive now.
    DosResult<FatVolume*> mount() {
        const DiskInDrive now_there = drive();
        if (now_there.image == nullptr) return refuse(DosError::NotReady);
        if (!fat || change != now_there.change) {
            nodes.clear();
            fat.reset();
            auto opened = FatVolume::open(*now_there.image);
            if (!opened) return refuse(DosError::GeneralFailure);
            fat = std::move(*opened);
            change = now_there.change;
        }
        return &*fat;
    }
    [[nodiscard]] static DosResult<std::optional<FatEntry>> look_up(const FatVolume& fat, u32 folder,
                                                                    const std::string& name);
    /// The cluster of a folder that is there; 0: the root's.
    [[nodiscard]] static DosResult<u32> folder_at(const FatVolume& fat, const std::string& path);
    /// The entry of what is at a place.
    [[nodiscard]] static DosResult<FatEntry> entry_at(const FatVolume& fat, const Place& place);

    std::shared_ptr<Node> open_node(const FatEntry& entry) {
        std::erase_if(nodes, [](const std::weak_ptr<Node>& node) { return node.expired(); });
        for (const std::weak_ptr<Node>& weak : nodes)
            if (auto node = weak.lock(); node && node->entry.is_at_same_place(entry)) return node;
        auto node = std::make_shared<Node>(Node{.entry = entry, .cursor = {}, .openers = {}});
        nodes.push_back(node);
        return node;
    }
    [[nodiscard]] bool is_open(const FatEntry& entry) const {
        return std::ranges::any_of(nodes, [&](const std::weak_ptr<Node>& weak) {
            const auto node = weak.lock();
            return node && node->entry.is_at_same_place(entry);
        });
    }
};

DosResult<std::optional<FatEntry>> ImageVolume::Disk::look_up(const FatVolume& fat, u32 folder,
                                                              const std::string& name) {
    const auto entries = translated(fat.list(folder));
    if (!entries) return std::unexpected(entries.error());
    const FcbName wanted = to_fcb_name(name);
    for (const FatEntry& entry : *entries)
        if (is_listed(entry) && name_of(entry) == wanted) return entry;
    return std::nullopt;
}

DosResult<u32> ImageVolume::Disk::folder_at(const FatVolume& fat, const std::string& path) {
    u32 folder = 0;
    for (std::size_t start = 0; start < path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        const auto entry = look_up(fat, folder, path.substr(start, end - start));
        if (!entry) return std::unexpected(entry.error());
        if (!*entry || !(*entry)->is_folder()) return refuse(DosError::PathNotFound);
        folder = (*entry)->cluster;
        start = end + 1;
    }
    return folder;
}

DosResult<FatEntry> ImageVolume::Disk::entry_at(const FatVolume& fat, const Place& place) {
    if (place.name.empty()) return refuse(DosError::AccessDenied);
    const auto folder = folder_at(fat, place.folder);
    if (!folder) return std::unexpected(folder.error());
    const auto entry = look_up(fat, *folder, place.name);
    if (!entry) return std::unexpected(entry.error());
    if (!*entry) return refuse(DosError::FileNotFound);
    return **entry;
}

// --- open files

class ImageVolume::File final : public OpenFile {
public:
    File(std::shared_ptr<Disk> disk, std::shared_ptr<Node> node, OpenMode mode)
        : disk_(std::move(disk)), node_(std::move(node)), mode_(mode), change_(disk_->change) {
        node_->openers.push_back(this);
    }
    ~File() override { std::erase(node_->openers, this); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    DosResult<std::size_t> read(u64 at, std::span<u8> to) override {
        const auto fat = mount();
        if (!fat) return std::unexpected(fat.error());
        return translated((*fat)->read(node_->entry, at, to, node_->cursor));
    }
    DosResult<std::size_t> write(u64 at, std::span<const u8> from) override {
        const auto fat = mount();
        if (!fat) return std::unexpected(fat.error());
        const auto done = translated((*fat)->write(node_->entry, at, from, node_->cursor));
        const auto noted = note_change(**fat);
        return done && !noted ? DosResult<std::size_t>(std::unexpected(noted.error())) : done;
    }
    DosResult<> resize(u64 size) override {
        const auto fat = mount();
        if (!fat) return std::unexpected(fat.error());
        const auto done = translated((*fat)->resize(node_->entry, u32(size), node_->cursor));
        const auto noted = note_change(**fat);
        return done ? noted : done;
    }
    [[nodiscard]] DosResult<FileStatus> status() const override { return status_of(node_->entry); }
    DosResult<> set_stamp(FileStamp stamp) override {
        const auto fat = mount();
        if (!fat) return std::unexpected(fat.error());
        node_->entry.time = stamp.time;
        node_->entry.date = stamp.date;
        return translated((*fat)->update(node_->entry));
    }

    [[nodiscard]] DosResult<> claim_share(OpenMode mode) override {
        mode_ = mode;
        for (const File* const other : node_->openers) {
            if (other == this) continue;
            const OpenMode theirs = other->mode_;
            if ((theirs.denies_reading() && mode.reads()) || (theirs.denies_writing() && mode.writes()) ||
                (mode.denies_reading() && theirs.reads()) || (mode.denies_writing() && theirs.writes()))
                return refuse(DosError::SharingViolation);
        }
        return {};
    }
    [[nodiscard]] bool is_denied_by_others() const override {
        return std::ranges::any_of(node_->openers, [&](const File* other) {
            return other != this && (other->mode_.denies_reading() || other->mode_.denies_writing());
        });
    }
    [[nodiscard]] DosResult<> lock(Region region) override {
        if (is_locked_by_others(region, Purpose::Write)) return refuse(DosError::LockViolation);
        locks_.push_back(region);
        return {};
    }
    [[nodiscard]] DosResult<> unlock(Region region) override {
        return std::erase(locks_, region) != 0 ? DosResult<>() : refuse(DosError::LockViolation);
    }
    [[nodiscard]] bool is_locked_by_others(Region region, Purpose /*purpose*/) const override {
        return std::ranges::any_of(node_->openers, [&](const File* other) {
            return other != this &&
                   std::ranges::any_of(other->locks_, [&](const Region& held) { return held.overlaps(region); });
        });
    }

private:
    /// The disk that the file is on.
    DosResult<FatVolume*> mount() const {
        const auto fat = disk_->mount();
        return fat && disk_->change != change_ ? refuse(DosError::WrongDisk) : fat;
    }
    DosResult<> note_change(const FatVolume& fat) {
        const FileStamp now = disk_->now();
        node_->entry.time = now.time;
        node_->entry.date = now.date;
        node_->entry.attributes |= attribute::archive;
        return translated(fat.update(node_->entry));
    }

    std::shared_ptr<Disk> disk_;
    std::shared_ptr<Node> node_;
    OpenMode mode_;
    u64 change_;
    std::vector<Region> locks_;
};

// --- the volume

ImageVolume::ImageVolume(std::function<DiskInDrive()> drive, std::function<FileStamp()> now)
    : disk_(std::make_shared<Disk>(
          Disk{.drive = std::move(drive), .now = std::move(now), .fat = {}, .change = 0, .nodes = {}})) {}
ImageVolume::~ImageVolume() = default;

DosResult<Place> ImageVolume::find(const std::vector<std::string>& parts) const {
    const auto fat = disk_->mount();
    if (!fat) return std::unexpected(fat.error());
    Place place{.folder = {},
                .name = {},
                .status = FileStatus{.attributes = attribute::folder, .stamp = {}, .size = 0, .cluster = 0}};
    u32 folder = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) place.folder = place.path();
        place.name = parts[i];
        const auto entry = Disk::look_up(**fat, folder, place.name);
        if (!entry) return std::unexpected(entry.error());
        place.status = *entry ? std::optional(status_of(**entry)) : std::nullopt;
        if (i + 1 == parts.size()) break;
        if (!place.is_folder()) return refuse(DosError::PathNotFound);
        folder = (*entry)->cluster;
    }
    return place;
}

std::optional<FileStatus> ImageVolume::examine(const std::string& path) const {
    const auto fat = disk_->mount();
    if (!fat) return std::nullopt;
    if (path.empty()) return FileStatus{.attributes = attribute::folder, .stamp = {}, .size = 0, .cluster = 0};
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? std::string() : path.substr(0, slash);
    const auto entry = Disk::entry_at(**fat, {.folder = folder, .name = path.substr(slash + 1), .status = {}});
    return entry ? std::optional(status_of(*entry)) : std::nullopt;
}

DosResult<std::vector<NamePair>> ImageVolume::list(const std::string& folder) const {
    const auto fat = disk_->mount();
    if (!fat) return std::unexpected(fat.error());
    const auto cluster = Disk::folder_at(**fat, folder);
    if (!cluster) return std::unexpected(cluster.error());
    const auto entries = translated((*fat)->list(*cluster));
    if (!entries) return std::unexpected(entries.error());
    std::vector<NamePair> names;
    for (const FatEntry& entry : *entries) {
        if (!is_listed(entry)) continue;
        const std::string name = from_fcb_name(name_of(entry));
        names.push_back({.dos = name, .host = name});
    }
    return names;
}

DosResult<std::unique_ptr<OpenFile>> ImageVolume::open_entry(const FatEntry& entry, OpenMode mode) const {
    return std::make_unique<File>(disk_, disk_->open_node(entry), mode);
}

DosResult<std::unique_ptr<OpenFile>> ImageVolume::open(const Place& place, OpenMode mode) const {
    const auto fat = disk_->mount();
    if (!fat) return std::unexpected(fat.error());
    const auto entry = Disk::entry_at(**fat, place);
    if (!entry) return std::unexpected(entry.error());
    if (entry->is_folder()) return refuse(DosError::AccessDenied);
    if (mode.writes() && is_read_only()) return refuse(DosError::WriteProtected);
    if (mode.writes() && (entry->attributes & attribute::read_only) != 0) return refuse(DosError::AccessDenied);
    return open_entry(*entry, mode);
}

DosResult<FatEntry> ImageVolume::new_entry(const Place& place, u8 attributes) const {
    if (place.name.empty()) return refuse(DosError::AccessDenied);
    const FileStamp now = disk_->now();
    FatEntry entry{.attributes = attributes, .time = now.time, .date = now.date};
    const FcbName name = to_fcb_name(place.name);
    std::ranges::transform(name, entry.name.begin(), [](char c) { return u8(c); });
    return entry;
}

DosResult<std::unique_ptr<OpenFile>> ImageVolume::create(const Place& place, Existing existing) const {
    constexpr OpenMode read_write{2};
    if (place.exists()) return existing == Existing::Refuse ? refuse(DosError::FileExists) : open(place, read_write);
    const auto fat = disk_->mount();
    if (!fat) return std::unexpected(fat.error());
    const auto folder = Disk::folder_at(**fat, place.folder);
    if (!folder) return std::unexpected(folder.error());
    const auto entry = new_entry(place, attribute::archive);
    if (!entry) return std::unexpected(entry.error());
    const auto added = (*fat)->add(*folder, *entry);
    if (!added) return refuse(added.error() == FatError::Full ? DosError::CannotMakeEntry : dos_error(added.error()));
    return open_entry(*added, read_write);
}

DosResult<> ImageVolume::make_folder(const Place& place) const {
    const auto fat = disk_->mount();
    if (!fat) return std::unexpected(fat.error());
    const auto parent = Disk::folder_at(**fat, place.folder);
    if (!parent) return std::unexpected(parent.error());
    auto entry = new_entry(place, attribute::folder);
    if (!entry) return std::unexpected(entry.error());
    const auto cluster = translated((*fat)->make_folder(*parent, *entry));
    if (!cluster) return std::unexpected(cluster.error());
    entry->cluster = *cluster;
    if (const auto added = (*fat)->add(*parent, *entry); !added) {
        (void)(*fat)->release(*cluster);
        return refuse(added.error() == FatError::Full ? DosError::CannotMakeEntry : dos_error(added.error()));
    }
    return {};
}

DosResult<> ImageVolume::remove_folder(const Place& place) const {
    const auto fat = disk_->mount();
    if (!fat) return std::unexpected(fat.error());
    const auto entry = Disk::entry_at(**fat, place);
    if (!entry) return std::unexpected(entry.error());
    const auto children = translated((*fat)->list(entry->cluster));
    if (!children) return std::unexpected(children.error());
    const bool is_used = !entry->is_folder() || std::ranges::any_of(*children, is_listed);
    if (is_used) return refuse(DosError::AccessDenied);
    if (auto done = translated((*fat)->erase(*entry)); !done) return done;
    return translated((*fat)->release(entry->cluster));
}

DosResult<> ImageVolume::remove_file(const Place& place) const {
    const auto fat = disk_->mount();
    if (!fat) return std::unexpected(fat.error());
    const auto entry = Disk::entry_at(**fat, place);
    if (!entry) return std::unexpected(entry.error());
    if (entry->is_folder()) return refuse(DosError::AccessDenied);
    if (disk_->is_open(*entry)) return refuse(DosError::SharingViolation);
    if (auto done = translated((*fat)->erase(*entry)); !done) return done;
    return translated((*fat)->release(entry->cluster));
}

DosResult<> ImageVolume::rename(const Place& from, const Place& to) const {
    const auto fat = disk_->mount();
    if (!fat) return std::unexpected(fat.error());
    const auto old = Disk::entry_at(**fat, from);
    if (!old) return std::unexpected(old.error());
    const auto folder = Disk::folder_at(**fat, to.folder);
    if (!folder) return std::unexpected(folder.error());
    if (disk_->is_open(*old)) return refuse(DosError::SharingViolation);
    const auto named = new_entry(to, old->attributes);
    if (!named) return std::unexpected(named.error());
    FatEntry entry = *old;
    entry.name = named->name;
    if (from.folder == to.folder) return translated((*fat)->update(entry));
    if (old->is_folder()) return refuse(DosError::AccessDenied);
    if (auto added = translated((*fat)->add(*folder, entry)); !added) return std::unexpected(added.error());
    return translated((*fat)->erase(*old));
}

DosResult<> ImageVolume::set_attributes(const Place& place, u8 attributes) const {
    const auto fat = disk_->mount();
    if (!fat) return std::unexpected(fat.error());
    auto entry = Disk::entry_at(**fat, place);
    if (!entry) return std::unexpected(entry.error());
    const u8 fixed = u8(entry->attributes & attribute::folder);
    if ((attributes & ~(kept_attributes | fixed)) != 0) return refuse(DosError::AccessDenied);
    const auto node = disk_->open_node(*entry);
    node->entry.attributes = u8((attributes & kept_attributes) | fixed);
    return translated((*fat)->update(node->entry));
}

Clusters ImageVolume::clusters() const {
    const auto fat = disk_->mount();
    if (!fat) return {};
    const FatShape& shape = (*fat)->shape();
    return {.sectors = shape.sectors_per_cluster,
            .free = u16((*fat)->free_clusters().value_or(0)),
            .total = u16(shape.clusters())};
}

u32 ImageVolume::serial() const {
    const auto fat = disk_->mount();
    return fat ? (*fat)->shape().serial : 0;
}

std::string ImageVolume::label() const {
    const auto fat = disk_->mount();
    const auto entries = fat ? (*fat)->list(0) : FatResult<std::vector<FatEntry>>();
    if (!entries) return {};
    for (const FatEntry& entry : *entries) {
        if ((entry.attributes & attribute::label) == 0) continue;
        std::string text(entry.name.begin(), entry.name.end());
        text.erase(text.find_last_not_of(' ') + 1);
        return text;
    }
    return {};
}

DosResult<> ImageVolume::set_label(const std::string& label) const {
    const auto fat = disk_->mount();
    if (!fat) return std::unexpected(fat.error());
    const auto entries = translated((*fat)->list(0));
    if (!entries) return std::unexpected(entries.error());
    const auto old = std::ranges::find_if(
        *entries, [](const FatEntry& entry) { return (entry.attributes & attribute::label) != 0; });
    const bool is_there = old != entries->end();
    if (label.empty()) return is_there ? translated((*fat)->erase(*old)) : refuse(DosError::FileNotFound);
    const FileStamp now = disk_->now();
    FatEntry entry = is_there ? *old : FatEntry{};
    entry.attributes = attribute::label;
    entry.time = now.time;
    entry.date = now.date;
    entry.name.fill(' ');
    std::copy_n(label.begin(), std::min(label.size(), entry.name.size()), entry.name.begin());
    if (is_there) return translated((*fat)->update(entry));
    const auto added = (*fat)->add(0, entry);
    if (!added) return refuse(added.error() == FatError::Full ? DosError::CannotMakeEntry : dos_error(added.error()));
    return {};
}

bool ImageVolume::is_read_only() const {
    const DiskImage* const image = disk_->drive().image;
    return image != nullptr && image->is_read_only();
}

bool ImageVolume::is_removable() const {
    const DiskImage* const image = disk_->drive().image;
    return image == nullptr || image->kind() == DiskKind::Floppy;
}

std::string ImageVolume::host_path(const Place& place) const {
    const DiskImage* const image = disk_->drive().image;
    return (image == nullptr ? std::string() : image->path()) + ':' + place.path();
}

std::optional<FatShape> ImageVolume::shape() const {
    const auto fat = disk_->mount();
    return fat ? std::optional((*fat)->shape()) : std::nullopt;
}

DosResult<> ImageVolume::read_sectors(u32 first, std::span<u8> to) const {
    const auto fat = disk_->mount();
    if (!fat) return std::unexpected(fat.error());
    return translated((*fat)->read_sectors(first, to));
}

DosResult<> ImageVolume::write_sectors(u32 first, std::span<const u8> from) const {
    const auto fat = disk_->mount();
    if (!fat) return std::unexpected(fat.error());
    return translated((*fat)->write_sectors(first, from));
}

}  // namespace dyn86::dos
