// Share modes and record locks of open files, kept as locks on the host's files: they hold between handles, between
// machines, and, as far as records go, against other Linux programs that lock.
#pragma once

#include "src/dos/errors.h"

namespace dyn86::dos {

/// AH=3Dh's access and share mode. [RBIL 21/AH=3Dh]
struct OpenMode {
    static constexpr u8 access_bits = 0x07, share_bits = 0x70;
    enum Share : u8 { Compatible = 0x00, DenyAll = 0x10, DenyWrite = 0x20, DenyRead = 0x30, DenyNone = 0x40 };

    u8 value = 0;
    [[nodiscard]] bool is_valid() const { return (value & access_bits) <= 2 && (value & share_bits) <= DenyNone; }
    [[nodiscard]] bool reads() const { return (value & access_bits) != 1; }
    [[nodiscard]] bool writes() const { return (value & access_bits) != 0; }
    [[nodiscard]] bool denies_reading() const { return share() == DenyAll || share() == DenyRead; }
    [[nodiscard]] bool denies_writing() const { return share() == DenyAll || share() == DenyWrite; }

private:
    [[nodiscard]] u8 share() const { return u8(value & share_bits); }
};

/// A range of a file's bytes.
struct Region {
    u64 start = 0, length = 0;

    [[nodiscard]] bool overlaps(const Region& other) const {
        return start < other.start + other.length && other.start < start + length;
    }
    friend bool operator==(const Region&, const Region&) = default;
};

/// Four bytes far behind what DOS can address stand for what those who have the file open do and do not let others
/// do. Each opener holds read locks on the bytes that apply to him (open-file-description locks: a descriptor's own
/// never hinder it, and they go when it is closed) and looks for those of others that contradict him. Compatibility
/// mode denies nothing but respects what others deny. Where the file system has no such locks, nobody is refused.
namespace share_byte {
inline constexpr u64 base = u64{1} << 62;
inline constexpr u64 reads = base, writes = base + 1, denies_reading = base + 2, denies_writing = base + 3;
}  // namespace share_byte

/// Takes the marks for an opened file, or SharingViolation, after which the file has to be closed.
[[nodiscard]] DosResult<> claim_share(int fd, OpenMode mode);
/// Has somebody else the file open in a mode that denies others something?
[[nodiscard]] bool is_denied_by_others(int fd);

/// AH=5Ch. The descriptor has to allow writing for a lock that excludes other locks; without, it excludes writers.
[[nodiscard]] DosResult<> lock_region(int fd, Region region);
[[nodiscard]] DosResult<> unlock_region(int fd, Region region);
enum class Purpose : u8 { Read, Write };
/// Is a byte of the region locked by others so that it cannot be used?
[[nodiscard]] bool is_locked_by_others(int fd, Region region, Purpose purpose);

}  // namespace dyn86::dos
