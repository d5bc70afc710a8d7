// A copy-on-write file: the sectors that a guest wrote, beside an image that stays as it is. docs/overlay.md
#pragma once

#include "src/storage/sector_store.h"

#include <memory>
#include <string>
#include <vector>

namespace dyn86 {

class RawFile;

/// Reads give the overlay's sector where it has one, else the base's. A sector's data is in the file before its bit in
/// the map is, so a run that is killed at any moment leaves each sector old or new. The file is sparse: it takes what
/// was written, no more.
class Overlay final : public SectorStore {
public:
    /// Opens or makes `path`, and takes over `base`. An overlay of a disk of another size is refused, as is one that
    /// another dyn86 has open.
    static Result<std::unique_ptr<Overlay>> open(const std::string& path, std::unique_ptr<SectorStore> base);
    ~Overlay() override;
    Overlay(const Overlay&) = delete;
    Overlay& operator=(const Overlay&) = delete;

    [[nodiscard]] u64 sectors() const override { return base_->sectors(); }
    [[nodiscard]] bool is_read_only() const override { return false; }
    [[nodiscard]] Flaw flaw(u64 sector) const override { return has(sector) ? Flaw::None : base_->flaw(sector); }
    Result<> read(u64 first, std::span<u8> to) override;
    Result<> write(u64 first, std::span<const u8> from) override;

    /// Makes the base what a reader of this sees, and removes the overlay. The base is replaced by a finished copy: it
    /// is the old disk or the new one, never a mixture, and until then the overlay keeps everything. `base` is the file
    /// under this overlay.
    Result<> commit(RawFile& base);
    /// Removes the overlay's file.
    Result<> discard();

private:
    Overlay(std::string path, int fd, std::unique_ptr<SectorStore> base);
    Result<> prepare();
    Result<> make();
    Result<> load();
    Result<> copy_sectors(int to, const std::string& name);
    [[nodiscard]] bool has(u64 sector) const { return (map_[sector / 8] >> (sector % 8) & 1) != 0; }
    /// How many sectors from `first`, at most `count`, are all in the overlay or all not.
    [[nodiscard]] u64 run(u64 first, u64 count) const;
    [[nodiscard]] u64 place_of(u64 sector) const;

    std::string path_;
    int fd_;
    std::unique_ptr<SectorStore> base_;
    std::vector<u8> map_;  // as in the file: bit n % 8 of byte n / 8 is sector n
};

}  // namespace dyn86
