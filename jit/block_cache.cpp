#include "jit/block_cache.h"

#include "jit/assembler.h"
#include "jit/thunks.h"

#include <algorithm>

#include <sys/mman.h>
#include <unistd.h>

namespace dyn86::jit {

Result<std::unique_ptr<BlockCache>> BlockCache::create(Memory& memory, CodeBuffer& buffer, const u8* missed,
                                                       const Pricing& pricing) {
    std::unique_ptr<BlockCache> cache(new BlockCache(memory, buffer, missed, pricing));
    if (auto done = cache->initialise(); !done) return std::unexpected(done.error());
    return cache;
}

Result<> BlockCache::initialise() {
    misses_fd_ = memfd_create("dyn86-dispatch", MFD_CLOEXEC);
    if (misses_fd_ < 0 || ftruncate(misses_fd_, Layout::table_size) != 0)
        return fail_errno("cannot create dispatch tables");
    void* const filling = mmap(nullptr, Layout::table_size, PROT_READ | PROT_WRITE, MAP_SHARED, misses_fd_, 0);
    if (filling == MAP_FAILED) return fail_errno("cannot map dispatch tables");
    std::fill_n(static_cast<const u8**>(filling), Layout::table_size / sizeof missed_, missed_);
    munmap(filling, Layout::table_size);
    if (!map_table(0)) return fail_errno("cannot map dispatch tables");
    void* const by_segment = mmap(table_distances(), Layout::by_segment_size, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    if (by_segment == MAP_FAILED) return fail_errno("cannot map the table of dispatch tables");
    return {};
}

BlockCache::~BlockCache() {
    flush();
    // The arena is the memory's: it gets its reservation back.
    mmap(memory_.arena() + Layout::tables, Layout::max_tables * Layout::table_size + Layout::by_segment_size, PROT_NONE,
         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    if (misses_fd_ >= 0) close(misses_fd_);
}

u32* BlockCache::table_distances() const {
    return reinterpret_cast<u32*>(memory_.arena() + Layout::by_segment);
}

bool BlockCache::map_table(u8 slot) {
    return mmap(table(slot), Layout::table_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, misses_fd_, 0) !=
           MAP_FAILED;
}

std::optional<i32> BlockCache::table_of(u16 cs) {
    u8& slot = slot_of_[cs];
    if (slot == 0) {
        if (slots_used_ + 1 == Layout::max_tables || !map_table(u8(slots_used_ + 1))) return std::nullopt;
        slot = u8(++slots_used_);
        if (links_) table_distances()[cs] = u32(slot * Layout::table_size);
        segments_.push_back(cs);
    }
    return in_arena(Layout::tables + slot * Layout::table_size);
}

BlockId BlockCache::id_of(const u8* entry) {
    BlockId id = none;
    std::memcpy(&id, entry - sizeof id, sizeof id);
    return id;
}

void BlockCache::cover(BlockId id, const Range& range) {
    u8* const marks = memory_.marks();
    for (Linear a = range.start; a < range.start + range.length; ++a)
        if (cover_count_[a]++ == 0) marks[a] |= special::code;
    for (Linear g = range.start >> granule_bits; g <= (range.start + range.length - 1) >> granule_bits; ++g)
        granules_[g].push_back(id);
}

void BlockCache::uncover(BlockId id, const Range& range) {
    u8* const marks = memory_.marks();
    for (Linear a = range.start; a < range.start + range.length; ++a)
        if (--cover_count_[a] == 0) marks[a] &= u8(~special::code);
    for (Linear g = range.start >> granule_bits; g <= (range.start + range.length - 1) >> granule_bits; ++g)
        std::erase(granules_[g], id);
}

const u8* BlockCache::find_variant(SegOff head, timing::Queue queue) const {
    const auto found = variants_.find(variant_key(head, queue));
    return found == variants_.end() ? nullptr : found->second;
}

void BlockCache::enlist(const Block& block) {
    if (block.queue == flushed(block.head.offset))
        table(slot_of_[block.head.segment])[block.head.offset] = block.entry;
    else
        variants_[variant_key(block.head, block.queue)] = block.entry;
}

void BlockCache::strike(const Block& block) {
    if (block.queue == flushed(block.head.offset)) {
        const u8*& entry = table(slot_of_[block.head.segment])[block.head.offset];
        if (entry == block.entry) entry = missed_;
    } else if (find_variant(block.head, block.queue) == block.entry) {
        variants_.erase(variant_key(block.head, block.queue));
    }
}

void BlockCache::add(Block block, std::span<const Range> watched) {
    const BlockId id = next_id();
    block.alive = true;
    block.first_range = u32(ranges_.size());
    block.range_count = u32(watched.size());
    ranges_.insert(ranges_.end(), watched.begin(), watched.end());
    block.first_byte = bytes_.size();
    for (const Range& range : watched)
        bytes_.insert(bytes_.end(), memory_.view() + range.start, memory_.view() + range.start + range.length);
    blocks_.push_back(block);
    for (const Range& range : watched) cover(id, range);
    take_in(id);
    for (ExitId e = block.first_exit; e < block.first_exit + block.exit_count; ++e)
        if (exits_[e].kind == ExitSite::Kind::Link) link(e);
}

/// Lets the block at its head be found: behind those that other bytes there were made into, if it compares them.
void BlockCache::take_in(BlockId id) {
    Block& block = blocks_[id];
    const u8* const known = find(block.head, block.queue);
    const BlockId first = known == nullptr ? none : id_of(known);
    if (first != none && blocks_[first].comparison != nullptr && block.comparison != nullptr) {
        BlockId last = first;
        while (blocks_[last].next_variant != none) last = blocks_[last].next_variant;
        blocks_[last].next_variant = id;
        block.first_variant = first;
        return Assembler::patch(exits_[blocks_[last].changed].site, buffer_.writable(block.comparison));
    }
    if (first != none) kill(first, Killed::ForGood);
    block.first_variant = id;
    enlist(block);
}

unsigned BlockCache::variants_of(BlockId id) const {
    unsigned count = 0;
    for (BlockId v = blocks_[id].first_variant; v != none; v = blocks_[v].next_variant) ++count;
    return count;
}

void BlockCache::link(ExitId id) {
    if (!links_) return;
    ExitSite& exit = exits_[id];
    const u8* const entry = find({exit.segment, exit.ip}, exit.queue);
    if (entry == nullptr || !blocks_[exit.block].alive) return;
    Block& target = blocks_[id_of(entry)];
    Assembler::patch(exit.site, buffer_.writable(entry));
    exit.next_incoming = target.incoming;
    target.incoming = id;
}

void BlockCache::kill(BlockId id, Killed how) {
    if (blocks_[id].comparison == nullptr) return kill_one(id, how);
    for (BlockId v = blocks_[id].first_variant; v != none; v = blocks_[v].next_variant) kill_one(v, Killed::ForGood);
}

void BlockCache::kill_one(BlockId id, Killed how) {
    Block& block = blocks_[id];
    if (!block.alive) return;
    block.alive = false;
    ++killed_;
    strike(block);
    for (ExitId e = block.incoming; e != none; e = exits_[e].next_incoming)
        Assembler::patch(exits_[e].site, exits_[e].stub);
    block.incoming = none;
    for (const Range& range : ranges(block)) uncover(id, range);
    if (how == Killed::Shelved) shelve(id);
}

// --- the shelf: its exits stay linked to blocks that live, and are linked anew when they are left otherwise

void BlockCache::shelve(BlockId id) {
    BlockId& shelf = shelves_[memory_.canonical(blocks_[id].head.linear())];
    blocks_[id].shelved_before = shelf == 0 ? none : shelf - 1;
    shelf = id + 1;
}

bool BlockCache::holds_now(const Block& block) const {
    const u8* copy = bytes_.data() + block.first_byte;
    const u8* const marks = memory_.marks();
    const auto is_stop = [](u8 mark) { return (mark & special::stop) != 0; };
    for (const Range& range : ranges(block)) {
        const std::span bytes(marks + range.start, range.length);
        if (memory_.sentry() != nullptr && std::ranges::any_of(bytes, is_stop)) return false;
        if (std::memcmp(memory_.view() + range.start, copy, range.length) != 0) return false;
        copy += range.length;
    }
    return true;
}

bool BlockCache::revive(SegOff head, timing::Queue queue, u16 made_for) {
    constexpr int patience = 4;  // of code that keeps changing only the last few shapes may come back
    BlockId& shelf = shelves_[memory_.canonical(head.linear())];
    BlockId before = none;
    BlockId id = shelf == 0 ? none : shelf - 1;
    for (int i = 0; i < patience && id != none; ++i, before = id, id = blocks_[id].shelved_before) {
        Block& block = blocks_[id];
        const bool fits = block.head == head && block.queue == queue && block.made_for == made_for;
        if (!fits || !holds_now(block)) continue;
        if (before != none)
            blocks_[before].shelved_before = block.shelved_before;
        else
            shelf = block.shelved_before == none ? 0 : block.shelved_before + 1;
        block.alive = true;
        for (const Range& range : ranges(block)) cover(id, range);
        enlist(block);
        return true;
    }
    return false;
}

void BlockCache::invalidate(Linear start, u32 length, Killed how) {
    for (Linear g = start >> granule_bits; g <= (start + length - 1) >> granule_bits; ++g) {
        for (std::size_t i = 0; i < granules_[g].size();) {
            const BlockId id = granules_[g][i];
            const auto hit = [&](const Range& range) { return range.overlaps(start, length); };
            if (std::ranges::any_of(ranges(blocks_[id]), hit))
                kill(id, how), i = 0;  // takes it off this list, and perhaps others
            else
                ++i;
        }
    }
}

void BlockCache::forget(const Range& range) {
    u8* const marks = memory_.marks();
    for (Linear a = range.start; a < range.start + range.length; ++a) {
        cover_count_[a] = 0;
        marks[a] &= u8(~special::code);
    }
    for (Linear g = range.start >> granule_bits; g <= (range.start + range.length - 1) >> granule_bits; ++g)
        granules_[g].clear();
}

void BlockCache::flush() {
    for (const Block& block : blocks_) {
        shelves_[memory_.canonical(block.head.linear())] = 0;
        if (!block.alive) continue;
        for (const Range& range : ranges(block)) forget(range);
    }
    for (unsigned slot = 1; slot <= slots_used_; ++slot) DYN86_CHECK(map_table(u8(slot)));
    for (u16 segment : segments_) slot_of_[segment] = 0, table_distances()[segment] = 0;
    slots_used_ = 0;
    segments_.clear();
    variants_.clear();
    blocks_.clear();
    exits_.clear();
    ranges_.clear();
    bytes_.clear();
}

}  // namespace dyn86::jit
