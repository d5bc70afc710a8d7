#include "src/dos/loader.h"

#include "src/dos/layout.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace dyn86::dos {
namespace {

constexpr u32 page = 512, paragraph = 16;
constexpr u32 header_size = 28;

struct RawHeader {
    std::array<u8, header_size> bytes{};
    [[nodiscard]] u16 word(std::size_t at) const { return u16(bytes[at] | bytes[at + 1] << 8); }
};

std::unexpected<LoadError> lies(std::string message) {
    return std::unexpected(LoadError{DosError::BadFormat, std::move(message)});
}

/// Bytes of header and load module that the header claims.
u32 claimed_size(const RawHeader& raw) {
    const u32 pages = raw.word(0x04), last = raw.word(0x02) % page;
    return pages * page - (last != 0 && pages > 0 ? page - last : 0);
}

/// Linkers round the last page up; a file that lacks more than that is cut short.
LoadResult<u32> size_in_file(u32 claimed, u32 file_size) {
    if (claimed > file_size && claimed - file_size >= page)
        return lies(fmt::format("the header says {} bytes, the file has {}", claimed, file_size));
    return std::min(claimed, file_size);
}

/// Is `offset` behind `segment` (both relative to the load module) within it? Segments from FFF0h on reach back into
/// the PSP.
bool starts_inside(const ExeHeader& header) {
    const u32 linear = (u32{header.cs} * paragraph + header.ip) & address_mask;
    const u32 memory = header.image_size + u32{header.minimum} * paragraph;
    return linear < memory || header.cs >= 0xFFF0;
}

LoadResult<> check(const ExeHeader& header) {
    const u32 table_end = u32{header.relocation_table} + u32{header.relocations} * 4;
    if (header.relocations > 0 && table_end > header.file_size)
        return lies(fmt::format("the relocation table ends at {}, the file at {}", table_end, header.file_size));
    if (header.image_size > address_space) return lies(fmt::format("the program has {} bytes", header.image_size));
    if (!starts_inside(header))
        return lies(fmt::format("the entry point {:04X}:{:04X} lies outside the program", header.cs, header.ip));
    return {};
}

}  // namespace

LoadResult<ProgramKind> examine_exe(OpenFile& file, u32 file_size) {
    RawHeader raw;
    if (file_size < header_size || file.read(0, raw.bytes) != std::size_t{header_size})
        return lies(fmt::format("the .EXE header is cut short at {} bytes", file_size));
    const u32 start = raw.word(0x08) * paragraph;
    const auto size = size_in_file(claimed_size(raw), file_size);
    if (!size) return std::unexpected(size.error());
    if (start >= *size) return lies(fmt::format("the header has {} bytes, the file {}", start, *size));
    const ExeHeader header{.file_size = file_size,
                           .image_start = start,
                           .image_size = *size - start,
                           .relocations = raw.word(0x06),
                           .relocation_table = raw.word(0x18),
                           .minimum = raw.word(0x0A),
                           .maximum = raw.word(0x0C),
                           .ss = raw.word(0x0E),
                           .sp = raw.word(0x10),
                           .ip = raw.word(0x14),
                           .cs = raw.word(0x16)};
    if (auto good = check(header); !good) return std::unexpected(good.error());
    return header;
}

DosResult<> place_exe(OpenFile& file, const ExeHeader& header, Guest& guest, u16 segment, u16 factor) {
    std::vector<u8> image(header.image_size);
    if (file.read(header.image_start, image) != image.size()) return refuse(DosError::BadFormat);
    std::vector<u8> table(std::size_t{header.relocations} * 4);
    if (file.read(header.relocation_table, table) != table.size()) return refuse(DosError::BadFormat);
    for (std::size_t i = 0; i < table.size(); i += 4) {
        const u16 offset = u16(table[i] | table[i + 1] << 8), relative = u16(table[i + 2] | table[i + 3] << 8);
        const u32 at = u32{relative} * paragraph + offset;
        // An address outside the program would change somebody else's memory.
        if (at + 2 > image.size()) return refuse(DosError::BadFormat);
        const u16 value = u16((image[at] | image[at + 1] << 8) + factor);
        image[at] = u8(value);
        image[at + 1] = u8(value >> 8);
    }
    replace(guest, SegOff{segment, 0}.linear(), image);
    return {};
}

DosResult<Entry> load_exe(OpenFile& file, const ExeHeader& header, Guest& guest, Ground ground) {
    const u16 image = u16((header.image_size + 15) / paragraph);
    const bool high = header.minimum == 0 && header.maximum == 0;
    const u16 segment = high ? u16(ground.psp + ground.paragraphs - image) : u16(ground.psp + psp::paragraphs);
    if (auto done = place_exe(file, header, guest, segment, segment); !done) return std::unexpected(done.error());
    clear_around(guest, ground, SegOff{segment, 0}.linear(), header.image_size);
    return Entry{.start = {u16(segment + header.cs), header.ip}, .stack = {u16(segment + header.ss), header.sp}};
}

}  // namespace dyn86::dos
