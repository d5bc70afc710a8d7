// A floppy that an archive format describes track by track, unpacked in memory.
#pragma once

#include "src/storage/sector_store.h"

#include <memory>
#include <string>
#include <vector>

namespace dyn86 {

/// One sector as IMD and TD0 keep it. Only those of 512 bytes have bytes here: a PC reads no others.
struct DecodedSector {
    u8 cylinder = 0, head = 0;  // where it physically is
    u8 number = 0;              // as its address mark says
    Flaw flaw = Flaw::None;
    std::vector<u8> bytes;  // empty: missing
};
/// An archive that describes more is damaged: 256 cylinders of two tracks with 64 sectors.
inline constexpr std::size_t most_decoded_sectors = 256 * 2 * 64;

/// Read-only, like the archives it comes from.
class DecodedDisk final : public SectorStore {
public:
    /// Sorts sectors of 512 bytes into a disk as large as the largest numbers say. Places that no sector fills are
    /// missing; sectors of other sizes (of a copy protection) are too. A disk without any of 512 bytes is an error.
    static Result<std::unique_ptr<DecodedDisk>> assemble(const std::string& path,
                                                         std::span<const DecodedSector> sectors);

    [[nodiscard]] const Geometry& geometry() const { return geometry_; }
    [[nodiscard]] u64 sectors() const override { return flaws_.size(); }
    [[nodiscard]] bool is_read_only() const override { return true; }
    [[nodiscard]] Flaw flaw(u64 sector) const override { return flaws_[sector]; }
    Result<> read(u64 first, std::span<u8> to) override;
    Result<> write(u64 first, std::span<const u8> from) override;

private:
    DecodedDisk(std::string path, const Geometry& geometry);

    std::string path_;
    Geometry geometry_;
    std::vector<u8> bytes_;
    std::vector<Flaw> flaws_;
};

/// Takes bytes off the front of an archive; a short one gives zeros and remembers it.
class ArchiveReader {
public:
    explicit ArchiveReader(std::span<const u8> bytes) : rest_(bytes) {}

    [[nodiscard]] bool is_at_end() const { return rest_.empty(); }
    [[nodiscard]] bool is_short() const { return short_; }
    u8 byte() { return take(1).empty() ? u8{0} : last_.front(); }
    u16 word() {
        const u8 low = byte();
        return u16(low | byte() << 8);
    }
    /// The next `count` bytes, or none when there are fewer.
    std::span<const u8> take(std::size_t count) {
        if (count > rest_.size()) {
            short_ = true;
            last_ = rest_ = {};
            return {};
        }
        last_ = rest_.first(count);
        rest_ = rest_.subspan(count);
        return last_;
    }

private:
    std::span<const u8> rest_, last_;
    bool short_ = false;
};

}  // namespace dyn86
