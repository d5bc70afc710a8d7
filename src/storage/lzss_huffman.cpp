#include "src/storage/lzss_huffman.h"

#include <algorithm>
#include <utility>

namespace dyn86 {

namespace {

constexpr std::size_t window = 4096, longest_match = 60, shortest_match = 3;

/// The upper six bits of a distance have a fixed code; the more recent, the shorter. `codes` distances have codes of
/// `length` bits. [LZHUF, tables d_code and d_len]
struct CodeGroup {
    unsigned length, codes;
};
constexpr std::array<CodeGroup, 6> distance_groups = {{{3, 1}, {4, 3}, {5, 8}, {6, 12}, {7, 24}, {8, 16}}};

struct DistanceCode {
    u8 upper = 0, length = 0;
};
/// By the next eight bits.
constexpr std::array<DistanceCode, 256> distance_codes = [] {
    std::array<DistanceCode, 256> table{};
    std::size_t at = 0;
    u8 upper = 0;
    for (const CodeGroup& group : distance_groups)
        for (unsigned code = 0; code < group.codes; ++code, ++upper)
            for (unsigned i = 0; i < 256u >> group.length; ++i) table[at++] = {upper, u8(group.length)};
    return table;
}();
static_assert(distance_codes[255].upper == 63);

}  // namespace

LzssHuffman::LzssHuffman(std::span<const u8> packed) : packed_(packed) {
    for (std::size_t i = 0; i < symbols; ++i) {
        frequency_[i] = 1;
        child_[i] = u16(i + nodes);
        parent_[i + nodes] = u16(i);
    }
    for (std::size_t i = 0, j = symbols; j <= root; i += 2, ++j) {
        frequency_[j] = u16(frequency_[i] + frequency_[i + 1]);
        child_[j] = u16(i);
        parent_[i] = parent_[i + 1] = u16(j);
    }
    frequency_[nodes] = 0xFFFF;  // ends searches
    parent_[root] = 0;
}

unsigned LzssHuffman::bit() {
    const std::size_t at = position_++;
    return at / 8 < packed_.size() ? packed_[at / 8] >> (7 - at % 8) & 1u : 0u;
}

unsigned LzssHuffman::bits(unsigned count) {
    unsigned value = 0;
    for (; count != 0; --count) value = value << 1 | bit();
    return value;
}

unsigned LzssHuffman::symbol() {
    std::size_t node = child_[root];
    while (node < nodes) node = child_[node + bit()];
    const unsigned found = unsigned(node - nodes);
    count(found);
    return found;
}

unsigned LzssHuffman::distance() {
    const unsigned next = bits(8);
    const DistanceCode code = distance_codes[next];
    position_ -= 8;
    position_ += code.length;
    return unsigned{code.upper} << 6 | bits(6);
}

/// A symbol was seen: every node on its way to the root counts one more and moves behind those that have fewer.
void LzssHuffman::count(unsigned symbol) {
    if (frequency_[root] == highest_frequency) halve_frequencies();
    std::size_t node = parent_[symbol + nodes];
    do {
        const u16 now = ++frequency_[node];
        if (now > frequency_[node + 1]) {
            std::size_t last = node + 1;
            while (now > frequency_[last + 1]) ++last;
            exchange(node, last);
            node = last;
        }
        node = parent_[node];
    } while (node != 0);
}

void LzssHuffman::exchange(std::size_t a, std::size_t b) {
    std::swap(frequency_[a], frequency_[b]);
    const auto adopt = [this](std::size_t child, std::size_t by) {
        parent_[child] = u16(by);
        if (child < nodes) parent_[child + 1] = u16(by);
    };
    adopt(child_[a], b);
    adopt(child_[b], a);
    std::swap(child_[a], child_[b]);
}

/// Keeps counts in 16 bits: leaves get half, and the tree is built anew over them.
void LzssHuffman::halve_frequencies() {
    std::size_t leaves = 0;
    for (std::size_t i = 0; i < nodes; ++i) {
        if (child_[i] < nodes) continue;
        frequency_[leaves] = u16((frequency_[i] + 1) / 2);
        child_[leaves++] = child_[i];
    }
    for (std::size_t i = 0, j = symbols; j < nodes; i += 2, ++j) {
        const u16 sum = u16(frequency_[i] + frequency_[i + 1]);
        std::size_t at = j;
        while (sum < frequency_[at - 1]) --at;
        std::copy_backward(frequency_.begin() + std::ptrdiff_t(at), frequency_.begin() + std::ptrdiff_t(j),
                           frequency_.begin() + std::ptrdiff_t(j + 1));
        std::copy_backward(child_.begin() + std::ptrdiff_t(at), child_.begin() + std::ptrdiff_t(j),
                           child_.begin() + std::ptrdiff_t(j + 1));
        frequency_[at] = sum;
        child_[at] = u16(i);
    }
    for (std::size_t i = 0; i < nodes; ++i) {
        parent_[child_[i]] = u16(i);
        if (child_[i] < nodes) parent_[child_[i] + 1u] = u16(i);
    }
}

std::vector<u8> LzssHuffman::unpack(std::span<const u8> packed, std::size_t limit) {
    LzssHuffman in(packed);
    std::vector<u8> result(window, ' ');  // what the first copies may reach back to
    while (!in.is_at_end() && result.size() < limit + window) {
        const unsigned symbol = in.symbol();
        if (symbol < 256) {
            result.push_back(u8(symbol));
            continue;
        }
        const std::size_t length = symbol - 256 + shortest_match;
        std::size_t from = result.size() - in.distance() - 1;
        for (std::size_t i = 0; i < length; ++i) result.push_back(result[from++]);
    }
    result.erase(result.begin(), result.begin() + window);
    return result;
}

}  // namespace dyn86
