#include "src/storage/imd.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace dyn86 {

namespace {

constexpr std::string_view signature = "IMD ";
constexpr u8 end_of_comment = 0x1A;
/// Bits of a track's head byte. [IMD, "6.1"]
constexpr u8 has_cylinder_map = 0x80, has_head_map = 0x40, head_bits = 0x3F;
constexpr u8 size_per_sector = 0xFF, largest_size_code = 6;

std::unexpected<Error> broken(const std::string& path) {
    return fail(path + ": truncated or damaged IMD file", ErrorKind::NotAProgram);
}

/// Sector data record: 0 nothing, then pairs of full data and one repeated byte: normal, deleted mark, with an error,
/// both. [IMD, "6.2"]
bool take_data(ArchiveReader& in, std::size_t size, DecodedSector& sector) {
    const u8 type = in.byte();
    if (type > 8) return false;
    if (type == 0) {
        sector.flaw = Flaw::Missing;
        return true;
    }
    const bool is_full = type % 2 == 1, is_kept = size == sector_size;
    const auto bytes = in.take(is_full ? size : 1);
    if (bytes.empty()) return false;
    if (is_kept && is_full) sector.bytes.assign(bytes.begin(), bytes.end());
    if (is_kept && !is_full) sector.bytes.assign(size, bytes.front());
    if (type >= 5) sector.flaw = Flaw::Damaged;
    return true;
}

bool take_track(ArchiveReader& in, std::vector<DecodedSector>& sectors) {
    in.byte();  // data rate and density
    const u8 cylinder = in.byte(), head = in.byte(), count = in.byte(), size_code = in.byte();
    if ((head & head_bits) > 1 || (size_code > largest_size_code && size_code != size_per_sector)) return false;
    const auto numbers = in.take(count);
    // The maps say what the address marks claim; where the sectors are is what the track header says.
    if ((head & has_cylinder_map) != 0) in.take(count);
    if ((head & has_head_map) != 0) in.take(count);
    std::vector<std::size_t> sizes(count, std::size_t{128} << (size_code & 7));
    if (size_code == size_per_sector)
        for (std::size_t& size : sizes) size = in.word();
    if (in.is_short()) return false;
    for (std::size_t i = 0; i < count; ++i) {
        DecodedSector sector{.cylinder = cylinder, .head = u8(head & head_bits), .number = numbers[i], .bytes = {}};
        if (!take_data(in, sizes[i], sector) || sectors.size() == most_decoded_sectors) return false;
        sectors.push_back(std::move(sector));
    }
    return true;
}

}  // namespace

bool is_imd(std::span<const u8> start) {
    return start.size() >= signature.size() && std::equal(signature.begin(), signature.end(), start.begin());
}

Result<std::unique_ptr<DecodedDisk>> decode_imd(const std::string& path, std::span<const u8> file) {
    const auto comment_end = std::ranges::find(file, end_of_comment);
    if (comment_end == file.end()) return broken(path);
    ArchiveReader in(file.subspan(std::size_t(comment_end - file.begin()) + 1));
    std::vector<DecodedSector> sectors;
    while (!in.is_at_end())
        if (!take_track(in, sectors)) return broken(path);
    return DecodedDisk::assemble(path, sectors);
}

}  // namespace dyn86
