#include "src/machine/disk_drives.h"

#include "src/storage/folder_disk.h"

#include <algorithm>

namespace dyn86 {

namespace {

constexpr u8 first_hard_disk = 0x80, hard_disks = 2;  // that the BIOS and the controller know

DiskKind kind_of(u8 number) {
    return number >= first_hard_disk ? DiskKind::HardDisk : DiskKind::Floppy;
}

Result<std::unique_ptr<DiskImage>> open(const ImageDrive& drive) {
    if (drive.is_folder) return make_folder_disk(drive.path, kind_of(drive.number), drive.label);
    DiskOptions options{.kind = kind_of(drive.number),
                        .access = drive.read_only ? DiskAccess::ReadOnly : DiskAccess::ReadWrite,
                        .overlay = drive.overlay,
                        .geometry = {}};
    if (const auto& shape = drive.shape) options.geometry = {shape->cylinders, shape->heads, shape->sectors};
    return DiskImage::open(drive.path, options);
}

}  // namespace

DiskDrives::~DiskDrives() {
    while (!disks_.empty()) remove(disks_.begin()->first);
}

void DiskDrives::remove(u8 number) {
    const bool is_known = number < first_hard_disk + hard_disks;
    if (bios_ != nullptr && is_known) bios_->mount(number, nullptr);
    if (number < first_hard_disk) board_.fdc().insert(number, nullptr);
    disks_.erase(number);
}

Result<> DiskDrives::insert(const ImageDrive& drive) {
    remove(drive.number);  // first, because the same image may come again
    if (drive.path.empty()) return {};
    auto image = open(drive);
    if (!image) return std::unexpected(image.error());
    const auto same = [&](const ImageDrive& other) { return other.overlay == drive.overlay; };
    if (drive.overlay && std::ranges::none_of(overlaid_, same)) overlaid_.push_back(drive);
    Disk& disk = *(disks_[drive.number] = std::make_unique<Disk>(std::move(*image)));
    ++changes_[drive.number];
    if (drive.number >= first_hard_disk + hard_disks) return {};  // DOS's alone
    if (bios_ != nullptr) bios_->mount(drive.number, disk.image.get());
    if (drive.number < first_hard_disk) {
        board_.fdc().insert(drive.number, &disk.floppy);
    } else {
        board_.attach_hard_disk(drive.number - first_hard_disk, disk.hard_disk);
    }
    return {};
}

dos::DiskInDrive DiskDrives::at(u8 number) const {
    const auto disk = disks_.find(number);
    const auto changes = changes_.find(number);
    return {.image = disk == disks_.end() ? nullptr : disk->second->image.get(),
            .change = changes == changes_.end() ? 0 : changes->second};
}

Result<> DiskDrives::check_bootable(u8 number) {
    return disks_.at(number)->image->check_bootable();
}

Result<> DiskDrives::close(OverlayEnd end) {
    while (!disks_.empty()) remove(disks_.begin()->first);
    if (end == OverlayEnd::Keep) return {};
    Result<> all;
    for (const ImageDrive& drive : overlaid_) {
        const auto image = open(drive);
        auto done = image ? Result<>() : Result<>(std::unexpected(image.error()));
        if (image) done = end == OverlayEnd::Commit ? (*image)->commit_overlay() : (*image)->discard_overlay();
        if (!done && all) all = done;
    }
    overlaid_.clear();
    return all;
}

}  // namespace dyn86
