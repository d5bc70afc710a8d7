// A host folder as a FAT disk: what it holds at this moment, copied.
#pragma once

#include "src/storage/disk_image.h"

namespace dyn86 {

/// The smallest standard disk that holds the folder. What the guest writes stays in the copy, and is gone with it.
Result<std::unique_ptr<DiskImage>> make_folder_disk(const std::string& folder, DiskKind kind,
                                                    const std::string& label = {});

}  // namespace dyn86
