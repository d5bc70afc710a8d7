#include "src/base/state_file.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

namespace dyn86 {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::array<char, 8> magic = {'d', 'y', 'n', '8', '6', 's', 'v', '\x1A'};
constexpr std::size_t tag_size = 16, page = 4096, least_alignment = 16;
constexpr u32 most_chunks = 256;

struct Header {
    std::array<char, 8> magic{};
    u32 version = 0;
    u32 chunks = 0;
};
struct Entry {
    std::array<char, tag_size> tag{};
    u32 version = 0;
    u32 reserved = 0;
    u64 offset = 0, length = 0, checksum = 0;

    [[nodiscard]] std::string name() const { return {tag.begin(), std::ranges::find(tag, '\0')}; }
};
static_assert(sizeof(Header) == 16 && sizeof(Entry) == 48);
static_assert(std::is_trivially_copyable_v<Entry>);

std::size_t directory_end(std::size_t chunks) {
    return sizeof(Header) + chunks * sizeof(Entry);
}
std::size_t aligned(std::size_t offset, std::size_t length) {
    const std::size_t alignment = length >= page ? page : least_alignment;
    return (offset + alignment - 1) / alignment * alignment;
}

std::unexpected<Error> damaged(const std::string& chunk, std::string_view how) {
    return fail("chunk '" + chunk + "' of the state " + std::string(how));
}

Result<StateChunk> chunk_of(const Entry& entry, std::span<const u8> bytes) {
    const std::string name = entry.name();
    if (entry.offset > bytes.size() || entry.length > bytes.size() - entry.offset) return damaged(name, "is cut off");
    const auto content = bytes.subspan(std::size_t(entry.offset), std::size_t(entry.length));
    if (state_checksum(content) != entry.checksum) return damaged(name, "has been altered");
    return StateChunk{name, entry.version, content};
}

}  // namespace

/// Four lanes, so that they are computed side by side: each word is mixed in by XOR, an odd factor and a rotation, all
/// of which can be undone, so that two contents that differ in one word differ in a lane.
u64 state_checksum(std::span<const u8> bytes) {
    constexpr u64 factor = 0x9E37'79B9'7F4A'7C15;
    constexpr int turn = 29;
    std::array<u64, 4> lanes = {1, 2, 3, 4}, words{};
    const auto mix = [](u64 lane, u64 word) { return std::rotl((lane ^ word) * factor, turn); };
    std::size_t at = 0;
    for (; at < bytes.size(); at += sizeof words) {
        if (bytes.size() - at < sizeof words) words = {};
        std::memcpy(words.data(), bytes.data() + at, std::min(sizeof words, bytes.size() - at));
        for (std::size_t i = 0; i < lanes.size(); ++i) lanes[i] = mix(lanes[i], words[i]);
    }
    u64 sum = bytes.size();
    for (const u64 lane : lanes) sum = mix(sum, lane);
    return sum;
}

Result<StateFile> StateFile::parse(std::span<const u8> bytes) {
    Header header;
    if (bytes.size() < sizeof header) return fail("not a state of dyn86");
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.magic != magic) return fail("not a state of dyn86");
    if (header.version > format_version)
        return fail("the state is of a later version of dyn86: format " + std::to_string(header.version));
    const std::size_t end = directory_end(header.chunks);
    u64 sum = 0;
    if (header.chunks > most_chunks || bytes.size() < end + sizeof sum) return damaged("directory", "is cut off");
    std::memcpy(&sum, bytes.data() + end, sizeof sum);
    if (state_checksum(bytes.first(end)) != sum) return damaged("directory", "has been altered");
    StateFile file;
    for (u32 i = 0; i < header.chunks; ++i) {
        Entry entry;
        std::memcpy(&entry, bytes.data() + directory_end(i), sizeof entry);
        auto chunk = chunk_of(entry, bytes);
        if (!chunk) return std::unexpected(chunk.error());
        if (file.find(chunk->tag) != nullptr) return damaged(chunk->tag, "is there twice");
        file.chunks_.push_back(std::move(*chunk));
    }
    return file;
}

const StateChunk* StateFile::find(std::string_view tag) const {
    const auto found = std::ranges::find(chunks_, tag, &StateChunk::tag);
    return found == chunks_.end() ? nullptr : &*found;
}

std::vector<u8> make_state(std::span<const StateChunk> chunks) {
    const Header header{magic, StateFile::format_version, u32(chunks.size())};
    const std::size_t end = directory_end(chunks.size());
    std::vector<u8> state(end + sizeof(u64));
    std::memcpy(state.data(), &header, sizeof header);
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        Entry entry{.version = chunks[i].version,
                    .offset = aligned(state.size(), chunks[i].bytes.size()),
                    .length = chunks[i].bytes.size(),
                    .checksum = state_checksum(chunks[i].bytes)};
        chunks[i].tag.copy(entry.tag.data(), tag_size - 1);
        state.resize(std::size_t(entry.offset));
        state.insert(state.end(), chunks[i].bytes.begin(), chunks[i].bytes.end());
        std::memcpy(state.data() + directory_end(i), &entry, sizeof entry);
    }
    const u64 sum = state_checksum({state.data(), end});
    std::memcpy(state.data() + end, &sum, sizeof sum);
    return state;
}

}  // namespace dyn86
