// The compression of Teledisk 1: LZW with codes of 12 bits.
#pragma once

#include "src/base/types.h"

#include <span>
#include <vector>

namespace dyn86 {

/// Everything that `packed` holds, as far as it makes sense; `limit` bounds the result. Blocks begin with a word, three
/// times their number of codes; two codes are three bytes, the first in the low bits. Each block begins with the 256
/// bytes as its table, which grows by a string per code up to 4096. [TD0, "Old advanced compression"]
std::vector<u8> unpack_lzw(std::span<const u8> packed, std::size_t limit);

}  // namespace dyn86
