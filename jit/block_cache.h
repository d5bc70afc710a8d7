// Which block is where: lookup by CS:IP, blocks by the bytes they came from, links between them. Never emits code.
#pragma once

#include "cpu/memory.h"
#include "jit/block.h"
#include "jit/code_buffer.h"
#include "jit/pricing.h"
#include "jit/sparse_array.h"
#include "jit/thunks.h"
#include "src/base/result.h"

#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace dyn86::jit {

/// Lookup is a table of 64 Ki host addresses per CS value, which translated code indexes too: no compare, no flag
/// touched. An entry without a block leads to thunks' `missed`. The tables are private mappings of one file full of
/// such entries, so that only pages with a block in them cost memory.
class BlockCache {
public:
    /// Several CS values' tables; when they are used up, everything must be flushed.
    /// The tables lead to blocks entered with the queue that `pricing` says jumps leave; the others are found only by
    /// find() and by links.
    static Result<std::unique_ptr<BlockCache>> create(Memory& memory, CodeBuffer& buffer, const u8* missed,
                                                      const Pricing& pricing);
    ~BlockCache();
    BlockCache(const BlockCache&) = delete;
    BlockCache& operator=(const BlockCache&) = delete;

    /// The executable entry of the block at `head` for this prefetch queue, or null.
    [[nodiscard]] const u8* find(SegOff head, timing::Queue queue) {
        if (queue != flushed(head.offset)) return find_variant(head, queue);
        const u8 slot = slot_of_[head.segment];
        if (slot == 0) return nullptr;
        const u8* const entry = table(slot)[head.offset];
        return entry == missed_ ? nullptr : entry;
    }
    /// The table of a CS value, as a displacement for pin::arena; made if need be. Empty: no table is left.
    std::optional<i32> table_of(u16 cs);

    /// From here on link() does nothing, and far jumps find no table. Before the first block.
    void keep_apart() { links_ = false; }

    /// The block at an entry: the emitter leaves its number right before it.
    [[nodiscard]] static BlockId id_of(const u8* entry);
    /// The id that the next add() will give.
    [[nodiscard]] BlockId next_id() const { return BlockId(blocks_.size()); }
    /// Registers a block, its bytes and its exits from `first_exit` on, and links both ways what can be linked.
    void add(Block block, std::span<const Range> watched);
    /// Patches a Link exit to go to the block at its target, if that exists and the exit's own block is still valid.
    void link(ExitId exit);
    /// What becomes of a killed block: it stays on a shelf until the next flush, or is not wanted again.
    enum class Killed : u8 { Shelved, ForGood };
    void kill(BlockId id, Killed how = Killed::Shelved);
    /// How many blocks there are at this block's head, for different bytes there.
    [[nodiscard]] unsigned variants_of(BlockId id) const;
    /// Brings a block back that was made from the same bytes as now, for the same queue and assumptions: programs that
    /// are started again, and code that is changed back. False: there is none.
    bool revive(SegOff head, timing::Queue queue, u16 made_for);
    /// Kills every block that depends on one of these bytes (canonical, within one page).
    void invalidate(Linear start, u32 length, Killed how);
    void flush();

    [[nodiscard]] std::vector<ExitSite>& exits() { return exits_; }
    [[nodiscard]] const Block& block(BlockId id) const { return blocks_[id]; }
    [[nodiscard]] u64 killed() const { return killed_; }

private:
    static constexpr unsigned granule_bits = 8;
    BlockCache(Memory& memory, CodeBuffer& buffer, const u8* missed, const Pricing& pricing)
        : memory_(memory), buffer_(buffer), missed_(missed), pricing_(pricing) {}
    [[nodiscard]] timing::Queue flushed(u16 ip) const { return pricing_.flushed(ip); }
    static u64 variant_key(SegOff head, timing::Queue queue) {
        return u64{head.segment} << 24 | u64{head.offset} << 8 | queue;
    }
    [[nodiscard]] const u8* find_variant(SegOff head, timing::Queue queue) const;
    void enlist(const Block& block);
    void take_in(BlockId id);
    void kill_one(BlockId id, Killed how);
    void shelve(BlockId id);
    [[nodiscard]] bool holds_now(const Block& block) const;
    void strike(const Block& block);
    Result<> initialise();
    [[nodiscard]] const u8** table(u8 slot) const {
        return reinterpret_cast<const u8**>(memory_.arena() + Layout::tables + slot * Layout::table_size);
    }
    /// Layout::by_segment.
    [[nodiscard]] u32* table_distances() const;
    bool map_table(u8 slot);
    /// Everything about these bytes, whoever depends on them.
    void forget(const Range& range);
    void cover(BlockId id, const Range& range);
    void uncover(BlockId id, const Range& range);
    [[nodiscard]] std::span<const Range> ranges(const Block& block) const {
        return {ranges_.data() + block.first_range, block.range_count};
    }

    Memory& memory_;
    CodeBuffer& buffer_;
    const u8* missed_;
    const Pricing& pricing_;
    std::unordered_map<u64, const u8*> variants_;  // entries of blocks that no jump leads to
    int misses_fd_ = -1;                           // 64 Ki times `missed`
    unsigned slots_used_ = 0;                      // slot 0 is none
    SparseArray<u8> slot_of_{0x10000};
    std::vector<u16> segments_;  // that have a slot
    std::vector<Block> blocks_;
    std::vector<ExitSite> exits_;
    std::vector<Range> ranges_;
    std::vector<u8> bytes_;                        // what the ranges held when their blocks were made
    SparseArray<BlockId> shelves_{address_space};  // by head: the block killed last, counted from 1
    SparseArray<u16> cover_count_{address_space};  // blocks that depend on this byte
    std::array<std::vector<BlockId>, (address_space >> granule_bits)> granules_;
    u64 killed_ = 0;
    bool links_ = true;
};

}  // namespace dyn86::jit
