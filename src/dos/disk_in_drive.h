// What the machine's drives have to say about the disks in them.
#pragma once

#include "src/base/types.h"

namespace dyn86 {
class DiskImage;
}

namespace dyn86::dos {

/// What lies in a drive at this moment; null: nothing. `change` counts how often something has been put in.
struct DiskInDrive {
    DiskImage* image = nullptr;
    u64 change = 0;
};

}  // namespace dyn86::dos
