// What was translated into what, and how often it ran: for --list-blocks. Exists only where that was asked for.
#pragma once

#include "jit/block.h"
#include "jit/block_cache.h"
#include "jit/code_buffer.h"
#include "jit/thunks.h"
#include "src/base/result.h"
#include "src/base/translated_block.h"

#include <memory>
#include <span>
#include <vector>

namespace dyn86::jit {

/// Translated code adds to the counters, which lie in the arena at Layout::hits. A full flush ends the numbers of
/// blocks: then what is known of them is put aside, without their host code.
class BlockLog {
public:
    static constexpr BlockId most_blocks = 1u << 20;  // between two flushes

    static Result<std::unique_ptr<BlockLog>> create(u8* arena);
    ~BlockLog();
    BlockLog(const BlockLog&) = delete;
    BlockLog& operator=(const BlockLog&) = delete;

    /// The block that comes next; `offsets`: where the host code of each step begins.
    void add(const Trace& trace, std::span<const u32> offsets, std::span<const u8> cold);
    /// Before the cache forgets all blocks.
    void flush();
    [[nodiscard]] std::vector<TranslatedBlock> list(BlockCache& cache, const CodeBuffer& buffer) const;

private:
    /// Of a block whose number is its place in the list.
    struct Entry {
        SegOff head;
        std::vector<TranslatedBlock::Line> lines;
        std::span<const u8> cold;  // at its writable address
    };
    explicit BlockLog(u8* arena) : arena_(arena) {}
    [[nodiscard]] u64* hits() const { return reinterpret_cast<u64*>(arena_ + Layout::hits); }
    [[nodiscard]] TranslatedBlock describe(BlockId id, BlockCache& cache, const CodeBuffer& buffer) const;

    u8* arena_;
    std::vector<Entry> entries_;
    std::vector<TranslatedBlock> flushed_;
};

}  // namespace dyn86::jit
