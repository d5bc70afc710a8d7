#include "src/storage/lzw.h"

#include "src/storage/decoded_disk.h"

#include <algorithm>

namespace dyn86 {
namespace {

constexpr std::size_t bytes = 256, most_strings = 4096 - bytes;

/// A string of the table, by its place in what is unpacked so far: that of one code, and the byte behind it.
struct Piece {
    std::size_t start = 0, length = 0;
};

unsigned code_at(std::span<const u8> codes, std::size_t index) {
    const std::size_t at = index * 3 / 2;
    const unsigned pair = codes[at] | unsigned{codes[at + 1]} << 8;
    return index % 2 == 0 ? pair & 0xFFF : pair >> 4;
}

/// False: a code names no string, or it is enough.
bool unpack_block(std::span<const u8> codes, std::size_t count, std::size_t limit, std::vector<u8>& text) {
    std::vector<Piece> strings;
    strings.reserve(most_strings);
    Piece last;
    for (std::size_t i = 0; i < count; ++i) {
        if (i != 0 && strings.size() < most_strings) strings.push_back({last.start, last.length + 1});
        const unsigned code = code_at(codes, i);
        const std::size_t start = text.size();
        if (start >= limit) return false;
        if (code < bytes) {
            text.push_back(u8(code));
        } else if (code - bytes < strings.size()) {
            const Piece piece = strings[code - bytes];
            // One by one: the newest string ends with the first byte that is copied here.
            for (std::size_t k = 0; k < piece.length; ++k) text.push_back(text[piece.start + k]);
        } else {
            return false;
        }
        last = {start, text.size() - start};
    }
    return true;
}

}  // namespace

std::vector<u8> unpack_lzw(std::span<const u8> packed, std::size_t limit) {
    std::vector<u8> text;
    ArchiveReader in(packed);
    while (!in.is_at_end()) {
        const std::size_t count = in.word() / 3u;
        const auto codes = in.take((count * 3 + 1) / 2);
        if (in.is_short() || !unpack_block(codes, count, limit, text)) break;
    }
    text.resize(std::min(text.size(), limit));
    return text;
}

}  // namespace dyn86
