// The compression of Teledisk 2 and LHarc 1: LZSS whose symbols have adaptive Huffman codes.
#pragma once

#include "src/base/types.h"

#include <array>
#include <span>
#include <vector>

namespace dyn86 {

/// Symbols below 256 are bytes, the others copy 3 to 60 bytes from the last 4096, which are blanks at first. The tree
/// of codes changes with each symbol. [LZHUF]
class LzssHuffman {
public:
    /// Everything that `packed` holds. The format has no end mark, so up to a few bytes behind the true end may follow;
    /// `limit` bounds the result.
    static std::vector<u8> unpack(std::span<const u8> packed, std::size_t limit);

private:
    static constexpr std::size_t symbols = 256 + 58;
    static constexpr std::size_t nodes = symbols * 2 - 1, root = nodes - 1;
    static constexpr u16 highest_frequency = 0x8000;

    explicit LzssHuffman(std::span<const u8> packed);
    unsigned bit();
    unsigned bits(unsigned count);
    unsigned symbol();
    unsigned distance();
    void count(unsigned symbol);
    void halve_frequencies();
    void exchange(std::size_t a, std::size_t b);
    [[nodiscard]] bool is_at_end() const { return position_ >= packed_.size() * 8; }

    std::span<const u8> packed_;
    std::size_t position_ = 0;  // in bits
    // Nodes in order of frequency. A node's children are child_ and child_ + 1; values from `nodes` on are leaves.
    std::array<u16, nodes + 1> frequency_{};
    std::array<u16, nodes> child_{};
    std::array<u16, nodes + symbols> parent_{};
};

}  // namespace dyn86
