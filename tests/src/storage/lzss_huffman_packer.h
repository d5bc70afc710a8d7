// Packs what LzssHuffman unpacks, written the other way round: codes are found by climbing from the leaf, and the tree
// is kept as a list sorted by weight with explicit nodes.
#pragma once

#include "src/base/types.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace dyn86::test {

class LzssHuffmanPacker {
public:
    std::vector<u8> pack(std::span<const u8> text);

private:
    static constexpr int symbols = 314, nodes = 2 * symbols - 1;
    struct Node {
        int weight, symbol;  // symbol < 0: inner
        int children[2], parent;
    };

    LzssHuffmanPacker() {
        for (int i = 0; i < symbols; ++i) {
            order_[std::size_t(i)] = {1, i, {-1, -1}, -1};
            leaf_[std::size_t(i)] = i;
        }
        for (int i = 0, j = symbols; j < nodes; i += 2, ++j) {
            const int weight = at(i).weight + at(i + 1).weight;
            at(j) = {weight, -1, {i, i + 1}, -1};
            at(i).parent = at(i + 1).parent = j;
        }
    }
    friend std::vector<u8> pack_lzss_huffman(std::span<const u8> text);

    Node& at(int index) { return order_[std::size_t(index)]; }
    void put_bits(unsigned value, int count) {
        for (int bit = count - 1; bit >= 0; --bit) bits_.push_back((value >> bit & 1) != 0);
    }
    void put_symbol(int symbol);
    void put_distance(unsigned distance);
    void swap_nodes(int a, int b);
    void adopt(int index);
    void rebuild();

    std::array<Node, nodes> order_{};
    std::array<int, symbols> leaf_{};
    std::vector<bool> bits_;
};

inline void LzssHuffmanPacker::adopt(int index) {
    if (at(index).symbol >= 0) {
        leaf_[std::size_t(at(index).symbol)] = index;
        return;
    }
    for (const int child : at(index).children) at(child).parent = index;
}

/// The two keep their places in the tree and change what hangs below.
inline void LzssHuffmanPacker::swap_nodes(int a, int b) {
    std::swap(at(a), at(b));
    std::swap(at(a).parent, at(b).parent);
    adopt(a);
    adopt(b);
}

inline void LzssHuffmanPacker::rebuild() {
    std::vector<Node> list;
    for (const Node& node : order_)
        if (node.symbol >= 0) list.push_back({(node.weight + 1) / 2, node.symbol, {-1, -1}, -1});
    // Inner nodes go behind all that are not heavier.
    for (int i = 0; int(list.size()) < nodes; i += 2) {
        const int weight = list[std::size_t(i)].weight + list[std::size_t(i) + 1].weight;
        auto place = list.end();
        while (weight < (place - 1)->weight) --place;
        list.insert(place, {weight, -1, {i, i + 1}, -1});
    }
    std::ranges::copy(list, order_.begin());
    for (int i = 0; i < nodes; ++i) adopt(i);
    at(nodes - 1).parent = -1;
}

inline void LzssHuffmanPacker::put_symbol(int symbol) {
    std::vector<bool> code;
    for (int node = leaf_[std::size_t(symbol)]; at(node).parent >= 0; node = at(node).parent)
        code.push_back(at(at(node).parent).children[1] == node);
    bits_.insert(bits_.end(), code.rbegin(), code.rend());
    if (at(nodes - 1).weight == 0x8000) rebuild();
    for (int node = leaf_[std::size_t(symbol)]; node >= 0; node = at(node).parent) {
        const int weight = at(node).weight + 1;
        int last = node;
        while (last + 1 < nodes && at(last + 1).weight < weight) ++last;
        if (last != node) swap_nodes(node, last);
        node = last;
        at(node).weight = weight;
    }
}

inline void LzssHuffmanPacker::put_distance(unsigned distance) {
    // Code of the upper six bits: lengths 3 to 8, in order, as canonical codes are.
    constexpr std::array<unsigned, 6> counts = {1, 3, 8, 12, 24, 16};
    unsigned upper = distance >> 6, code = 0;
    int length = 3;
    for (const unsigned count : counts) {
        if (upper < count) break;
        upper -= count;
        code = (code + count) << 1;
        ++length;
    }
    put_bits(code + upper, length);
    put_bits(distance & 63, 6);
}

inline std::vector<u8> LzssHuffmanPacker::pack(std::span<const u8> text) {
    constexpr std::size_t window = 4096, longest = 60, reach = 200;  // looks back that far only: quick enough for tests
    std::vector<u8> all(window, ' ');
    all.insert(all.end(), text.begin(), text.end());
    for (std::size_t i = window; i < all.size();) {
        std::size_t best = 0, where = 0;
        for (std::size_t back = 1; back <= reach; ++back) {
            std::size_t length = 0;
            while (length < longest && i + length < all.size() && all[i + length - back] == all[i + length]) ++length;
            if (length > best) best = length, where = back;
        }
        if (best >= 3) {
            put_symbol(int(256 + best - 3));
            put_distance(unsigned(where - 1));
            i += best;
        } else {
            put_symbol(all[i++]);
        }
    }
    std::vector<u8> packed((bits_.size() + 7) / 8);
    for (std::size_t i = 0; i < bits_.size(); ++i)
        if (bits_[i]) packed[i / 8] = u8(packed[i / 8] | 0x80u >> i % 8);
    return packed;
}

inline std::vector<u8> pack_lzss_huffman(std::span<const u8> text) {
    return LzssHuffmanPacker().pack(text);
}

}  // namespace dyn86::test
