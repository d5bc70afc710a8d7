#include "src/frontend/png.h"

#include <zlib.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace dyn86::frontend {
namespace {

void append_u32(std::string& bytes, u32 value) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(char(u8(value >> shift)));
}

/// Length, type, data, and the CRC of type and data.
void append_chunk(std::string& file, std::string_view type, std::string_view data) {
    append_u32(file, u32(data.size()));
    std::string body(type);
    body += data;
    file += body;
    append_u32(file, u32(crc32(0, reinterpret_cast<const Bytef*>(body.data()), uInt(body.size()))));
}

Result<std::string> compressed(const std::string& bytes) {
    uLongf size = compressBound(uLong(bytes.size()));
    std::string result(size, '\0');
    const int status = compress2(reinterpret_cast<Bytef*>(result.data()), &size,
                                 reinterpret_cast<const Bytef*>(bytes.data()), uLong(bytes.size()), 6);
    if (status != Z_OK) return std::unexpected(Error{"no memory for a PNG"});
    result.resize(size);
    return result;
}

}  // namespace

Result<std::string> encode_png(const Image& image) {
    std::vector<u32> colours;
    std::string lines;
    for (unsigned y = 0; y < image.height; ++y) {
        lines.push_back(0);  // filter: none
        for (unsigned x = 0; x < image.width; ++x) {
            const u32 pixel = image.pixels[std::size_t{y} * image.width + x];
            auto found = std::ranges::find(colours, pixel);
            if (found == colours.end()) found = colours.insert(colours.end(), pixel);
            lines.push_back(char(found - colours.begin()));
        }
    }
    std::string header;
    append_u32(header, image.width);
    append_u32(header, image.height);
    header.append({8, 3, 0, 0, 0});  // eight bits of index; deflate; not interlaced
    std::string colour_table;
    for (const u32 colour : colours) colour_table.append({char(colour >> 16), char(colour >> 8), char(colour)});

    const auto pixels = compressed(lines);
    if (!pixels) return pixels;
    std::string file = "\x89PNG\r\n\x1a\n";
    append_chunk(file, "IHDR", header);
    append_chunk(file, "PLTE", colour_table);
    append_chunk(file, "IDAT", *pixels);
    append_chunk(file, "IEND", "");
    return file;
}

}  // namespace dyn86::frontend
