// Packs what unpack_lzw() unpacks, with the table as a map from strings to codes.
#pragma once

#include "src/base/types.h"

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace dyn86::test {

/// Blocks of so many codes.
inline std::vector<u8> pack_lzw(std::span<const u8> text, std::size_t block_codes = 4096) {
    std::vector<u8> packed;
    for (std::size_t at = 0; at < text.size();) {
        std::map<std::string, unsigned> table;
        for (unsigned byte = 0; byte < 256; ++byte) table[std::string(1, char(byte))] = byte;
        std::vector<unsigned> codes;
        while (at < text.size() && codes.size() < block_codes) {
            std::string known;
            while (at < text.size() && table.contains(known + char(text[at]))) known += char(text[at++]);
            codes.push_back(table.at(known));
            if (at < text.size() && table.size() < 4096) table.emplace(known + char(text[at]), unsigned(table.size()));
        }
        packed.push_back(u8(codes.size() * 3));
        packed.push_back(u8(codes.size() * 3 >> 8));
        for (std::size_t i = 0; i < codes.size(); i += 2) {
            const unsigned pair = codes[i] | (i + 1 < codes.size() ? codes[i + 1] << 12 : 0);
            packed.push_back(u8(pair));
            packed.push_back(u8(pair >> 8));
            if (i + 1 < codes.size()) packed.push_back(u8(pair >> 16));
        }
    }
    return packed;
}

}  // namespace dyn86::test
