// Which of the --drive settings are DOS's folders, and which are disks of the machine (COMMAND_LINE.md).
#pragma once

#include "src/config/values.h"

#include <vector>

namespace dyn86::config {

struct Drives {
    std::vector<FolderDrive> folders;
    std::vector<ImageDrive> images;
};

/// Who will use a folder that nobody said the type of: our DOS, as a drive of its own kind, or a booted system, which
/// gets it as a disk.
enum class FolderUse : u8 { Drive, Disk };

/// A and B are floppy drives, C and D hard disks; a folder for DOS may have any letter. What does not go together is a
/// usage error.
[[nodiscard]] Result<Drives> sort_drives(const std::vector<DriveSetting>& settings, FolderUse use);
/// The disk that `--swap A=IMG` puts in; no path: it takes the disk out.
[[nodiscard]] Result<ImageDrive> parse_swap(std::string_view text);

}  // namespace dyn86::config
