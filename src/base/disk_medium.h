// What lies in a drive, as a disk controller sees it: the seam between the controllers in devices/ and whoever keeps
// the bytes (an image file, a test's array).
#pragma once

#include "src/base/types.h"

#include <span>
#include <vector>

namespace dyn86 {

/// The ID field before a sector on a diskette: C, H, R and N of the NEC 765's commands. [765, "Format"]
struct SectorId {
    u8 cylinder = 0, head = 0, record = 0;
    u8 size_code = 2;  // 128 << N bytes: 2 is 512

    [[nodiscard]] constexpr std::size_t size() const { return std::size_t{128} << (size_code & 7); }
    friend constexpr bool operator==(SectorId, SectorId) = default;
};

enum class DataMark : u8 { Normal, Deleted };

/// A diskette: formatted tracks with sectors on them. `cylinder` and `head` say where the drive's heads stand, the
/// SectorIds what is written there; the two differ on purpose on protected disks. A medium in a drive does not change
/// its geometry except by `format_track`; another disk is another object.
class FloppyMedium {
public:
    struct Sector {
        SectorId id;
        DataMark mark = DataMark::Normal;
        bool has_data_error = false;  // the data's CRC does not fit: it is delivered all the same
    };
    enum class Status : u8 {
        Ok,
        Unreadable,  // the host could not deliver it (a file that shrank): a CRC error to the guest
        WriteProtected,
        Unformattable,  // the image cannot hold such a track
    };

    virtual ~FloppyMedium() = default;
    [[nodiscard]] virtual bool is_write_protected() const = 0;
    /// The sectors in the order in which they pass the head from the index hole on. Empty: nothing is formatted there.
    [[nodiscard]] virtual std::vector<Sector> track(u8 cylinder, u8 head) const = 0;
    /// The data of the `index`-th sector of that track; `to` has its size.
    virtual Status read(u8 cylinder, u8 head, std::size_t index, std::span<u8> to) = 0;
    /// It is on the medium when this returns.
    virtual Status write(u8 cylinder, u8 head, std::size_t index, std::span<const u8> from, DataMark mark) = 0;
    /// Lays the track out anew with these sectors, every byte `fill`.
    virtual Status format_track(u8 cylinder, u8 head, std::span<const SectorId> sectors, u8 fill) = 0;
};

/// A hard disk: sectors of 512 bytes, numbered from 0, and the geometry that its image implies.
class HardDiskMedium {
public:
    struct Geometry {
        u16 cylinders = 0;
        u8 heads = 0;
        u8 sectors_per_track = 0;
    };

    virtual ~HardDiskMedium() = default;
    [[nodiscard]] virtual bool is_write_protected() const = 0;
    [[nodiscard]] virtual u64 sectors() const = 0;
    [[nodiscard]] virtual Geometry geometry() const = 0;
    /// Whole sectors from `first` on. False: it could not be done (past the end, an error of the host's).
    [[nodiscard]] virtual bool read(u64 first, std::span<u8> to) = 0;
    /// It is on the medium when this returns true.
    [[nodiscard]] virtual bool write(u64 first, std::span<const u8> from) = 0;
};

}  // namespace dyn86
