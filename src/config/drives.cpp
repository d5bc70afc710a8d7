#include "src/config/drives.h"

#include <fmt/format.h>

#include <filesystem>

namespace dyn86::config {
namespace {

using Type = DriveSetting::Type;

std::unexpected<Error> refuse(const DriveSetting& setting, std::string_view why) {
    return fail(fmt::format("drive {}: {}: {}", setting.letter, setting.path, why), ErrorKind::Usage);
}

u8 number_of(char letter) {
    return letter < 'C' ? u8(letter - 'A') : u8(0x80 + letter - 'C');
}

/// What a setting asks for that its kind of drive does not have.
Result<> check(const DriveSetting& setting, bool is_folder, bool is_disk, FolderUse use) {
    if (is_folder && is_disk && (setting.has_overlay || setting.shape))
        return refuse(setting, "a disk made of a folder has no overlay= and no chs=");
    if (is_folder && !is_disk && (setting.has_overlay || setting.shape))
        return refuse(setting, "overlay= and chs= are for disk images");
    if (!is_folder && !setting.label.empty()) return refuse(setting, "label= is for folders");
    if (!is_folder && setting.type == Type::Folder) return refuse(setting, "not a folder");
    if (setting.read_only && setting.has_overlay) return refuse(setting, "either ro or overlay");
    if (!is_disk) return {};
    if (use == FolderUse::Disk && setting.letter > 'D') return refuse(setting, "disks go into the drives A to D");
    const Type here = setting.letter < 'C' ? Type::Floppy : Type::HardDisk;
    if (setting.type != Type::Guess && setting.type != here)
        return refuse(setting, here == Type::Floppy ? "A and B are floppy drives" : "C and up are hard disks");
    return {};
}

ImageDrive disk_of(const DriveSetting& setting, bool is_folder) {
    ImageDrive image{.number = number_of(setting.letter),
                     .path = setting.path,
                     .read_only = setting.read_only,
                     .is_folder = is_folder,
                     .label = setting.label,
                     .shape = setting.shape};
    if (setting.has_overlay) image.overlay = setting.overlay.empty() ? setting.path + ".overlay" : setting.overlay;
    return image;
}

}  // namespace

Result<Drives> sort_drives(const std::vector<DriveSetting>& settings, FolderUse use) {
    Drives drives;
    for (const DriveSetting& setting : settings) {
        std::error_code error;
        const auto status = std::filesystem::status(setting.path, error);
        // A path that is not there is looked for by whoever it is most likely meant for.
        const bool is_missing = status.type() == std::filesystem::file_type::not_found;
        const bool is_asked_disk = setting.type == Type::Floppy || setting.type == Type::HardDisk;
        const bool is_meant_disk = is_asked_disk || setting.has_overlay || setting.shape;
        const bool is_folder = is_directory(status) || (is_missing && use == FolderUse::Drive && !is_meant_disk);
        const bool is_disk = !is_folder || is_asked_disk || (setting.type == Type::Guess && use == FolderUse::Disk);
        if (auto checked = check(setting, is_folder, is_disk, use); !checked) return std::unexpected(checked.error());
        if (is_disk) {
            drives.images.push_back(disk_of(setting, is_folder));
        } else {
            drives.folders.push_back(setting);
        }
    }
    return drives;
}

Result<ImageDrive> parse_swap(std::string_view text) {
    const auto refuse_swap = [&](std::string_view why) {
        return fail(fmt::format("--swap {}: {}", text, why), ErrorKind::Usage);
    };
    const bool takes_out = text.size() == 2 && text[1] == '=';
    const auto setting = parse_drive(takes_out ? fmt::format("{}none", text) : std::string(text));
    if (!setting) return refuse_swap(setting.error());
    if (setting->letter > 'B') return refuse_swap("only disks in A and B can be changed");
    if (takes_out) return ImageDrive{.number = number_of(setting->letter), .path = {}};
    auto sorted = sort_drives({*setting}, FolderUse::Disk);
    if (!sorted) return std::unexpected(sorted.error());
    if (sorted->images.empty()) return refuse_swap("a folder has to become a disk");
    return sorted->images.front();
}

}  // namespace dyn86::config
