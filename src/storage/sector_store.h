// What a disk's sectors are kept in: a raw file, a decoded archive, an overlay on one of these.
#pragma once

#include "src/base/result.h"
#include "src/storage/geometry.h"

#include <span>

namespace dyn86 {

/// What an archive of a worn disk says of a sector.
enum class Flaw : u8 {
    None,
    Damaged,  // read with a CRC error; its bytes are what was read
    Missing,  // not on the disk, or never read
};

/// Numbered sectors of 512 bytes. Ranges lie within sectors(): DiskImage sees to it.
class SectorStore {
public:
    virtual ~SectorStore() = default;
    [[nodiscard]] virtual u64 sectors() const = 0;
    [[nodiscard]] virtual bool is_read_only() const = 0;
    [[nodiscard]] virtual Flaw flaw(u64 /*sector*/) const { return Flaw::None; }
    /// Whole sectors from `first` on.
    virtual Result<> read(u64 first, std::span<u8> to) = 0;
    virtual Result<> write(u64 first, std::span<const u8> from) = 0;
};

}  // namespace dyn86
