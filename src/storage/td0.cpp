#include "src/storage/td0.h"

#include "src/storage/lzss_huffman.h"
#include "src/storage/lzw.h"

#include <array>

namespace dyn86 {

namespace {

constexpr std::size_t header_size = 12, checked_part = 10;
constexpr u8 first_lzss_version = 20;  // before that, LZW
constexpr u8 has_comment = 0x80;
constexpr u8 end_of_tracks = 0xFF;
/// Flags of a sector. [TD0, "Sector header"]
constexpr u8 crc_error = 0x02, not_allocated = 0x10, no_data = 0x20;
/// A 2.88 MB disk, its headers, and as much again.
constexpr std::size_t largest_unpacked = 8 << 20;

std::unexpected<Error> broken(const std::string& path) {
    return fail(path + ": truncated or damaged TD0 file", ErrorKind::NotAProgram);
}

/// CRC-16 with the polynomial A097h. [TD0, "Cyclic redundancy check"]
u16 checksum(std::span<const u8> bytes) {
    u16 crc = 0;
    for (const u8 byte : bytes) {
        crc = u16(crc ^ byte << 8);
        for (int i = 0; i < 8; ++i) crc = u16((crc & 0x8000) != 0 ? crc << 1 ^ 0xA097 : crc << 1);
    }
    return crc;
}

/// Encodings of a sector's data: 0 as it is, 1 a repeated pair, 2 pieces: literal, or repeated patterns.
bool take_piece(ArchiveReader& in, u8 encoding, std::vector<u8>& bytes) {
    std::size_t pattern = 0, times = 1;
    switch (encoding) {
        case 1:
            times = in.word();
            pattern = 2;
            break;
        case 2:
            pattern = in.byte() * std::size_t{2};
            (pattern == 0 ? pattern : times) = in.byte();
            break;
        default: return false;
    }
    const auto piece = in.take(pattern);
    for (std::size_t i = 0; i < times; ++i) bytes.insert(bytes.end(), piece.begin(), piece.end());
    return !in.is_short();
}

bool take_data(ArchiveReader& in, std::size_t size, std::vector<u8>& bytes) {
    const u16 length = in.word();
    if (length == 0) return false;
    ArchiveReader data(in.take(length));
    if (in.is_short()) return false;
    const u8 encoding = data.byte();
    if (encoding == 0) {
        const auto raw = data.take(size);
        bytes.assign(raw.begin(), raw.end());
    } else {
        while (bytes.size() < size && !data.is_at_end())
            if (!take_piece(data, encoding, bytes)) return false;
    }
    return bytes.size() == size;
}

bool take_sector(ArchiveReader& in, u8 cylinder, u8 head, std::vector<DecodedSector>& sectors) {
    in.take(2);  // cylinder and head of the address mark
    DecodedSector sector{.cylinder = cylinder, .head = head, .number = in.byte(), .bytes = {}};
    const u8 size_code = in.byte(), flags = in.byte();
    in.byte();  // checksum of the data
    if (in.is_short() || size_code > 6) return false;
    const std::size_t size = std::size_t{128} << size_code;
    if ((flags & crc_error) != 0) sector.flaw = Flaw::Damaged;
    if ((flags & not_allocated) != 0) {
        sector.bytes.assign(sector_size, 0);  // DOS had nothing there, so Teledisk did not keep it
    } else if ((flags & no_data) != 0) {
        sector.flaw = Flaw::Missing;
    } else if (!take_data(in, size, sector.bytes)) {
        return false;
    }
    if (size != sector_size) sector.bytes.clear();
    sectors.push_back(std::move(sector));
    return sectors.size() <= most_decoded_sectors;
}

/// False: damaged. `more` becomes false at the end of the disk.
bool take_track(ArchiveReader& in, bool& more, std::vector<DecodedSector>& sectors) {
    const u8 count = in.byte();
    if (in.is_short()) return false;
    more = count != end_of_tracks;
    if (!more) return true;
    const std::array<u8, 3> header{count, in.byte(), in.byte()};
    if (u8(checksum(header)) != in.byte() || in.is_short()) return false;
    for (u8 i = 0; i < count; ++i)
        if (!take_sector(in, header[1], header[2] & 1, sectors)) return false;
    return true;
}

}  // namespace

bool is_td0(std::span<const u8> start) {
    if (start.size() < header_size) return false;
    const bool plain = start[0] == 'T' && start[1] == 'D', packed = start[0] == 't' && start[1] == 'd';
    return (plain || packed) && checksum(start.first(checked_part)) == (start[10] | start[11] << 8);
}

Result<std::unique_ptr<DecodedDisk>> decode_td0(const std::string& path, std::span<const u8> file) {
    if (!is_td0(file)) return broken(path);
    const bool is_packed = file[0] == 't';
    std::span<const u8> body = file.subspan(header_size);
    std::vector<u8> unpacked;
    if (is_packed) {
        const bool is_lzss = file[4] >= first_lzss_version;
        unpacked = is_lzss ? LzssHuffman::unpack(body, largest_unpacked) : unpack_lzw(body, largest_unpacked);
        body = unpacked;
    }
    ArchiveReader in(body);
    if ((file[7] & has_comment) != 0) {
        const auto header = in.take(10);
        if (header.empty()) return broken(path);
        in.take(header[2] | header[3] << 8);
    }
    std::vector<DecodedSector> sectors;
    for (bool more = true; more;)
        if (!take_track(in, more, sectors)) return broken(path);
    return DecodedDisk::assemble(path, sectors);
}

}  // namespace dyn86
