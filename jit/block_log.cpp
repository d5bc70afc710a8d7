#include "jit/block_log.h"

#include "cpu/disassemble.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include <sys/mman.h>

namespace dyn86::jit {
namespace {

constexpr std::size_t counters_size = BlockLog::most_blocks * sizeof(u64);

u64 number_of(const u8* address) {
    return u64(reinterpret_cast<std::uintptr_t>(address));
}

std::string way_text(const ExitSite& exit) {
    const auto name = op_name(exit.op);
    switch (exit.kind) {
        case ExitSite::Kind::Link: return fmt::format("to {:04X}:{:04X}", exit.segment, exit.ip);
        case ExitSite::Kind::Interpret: return fmt::format("interpret {} at {:04X}", name, exit.ip);
        case ExitSite::Kind::Budget: return "out of clocks";
        case ExitSite::Kind::Guard: return "no room on the stack";
        case ExitSite::Kind::Repeat: return fmt::format("interpret the rest of {} at {:04X}", name, exit.ip);
        case ExitSite::Kind::OddBp: return fmt::format("BP odd, interpret {} at {:04X}", name, exit.ip);
        case ExitSite::Kind::Port: return fmt::format("{}, then on at {:04X}", name, exit.ip);
        case ExitSite::Kind::Changed: return "other bytes";
        case ExitSite::Kind::Direction:
            return fmt::format("the other direction, interpret {} at {:04X}", name, exit.ip);
        case ExitSite::Kind::Return: return fmt::format("returns elsewhere, interpret ret at {:04X}", exit.ip);
        case ExitSite::Kind::Window: return "an address near the end of its segment";
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<BlockLog>> BlockLog::create(u8* arena) {
    void* const where = arena + Layout::hits;
    if (mmap(where, counters_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
             0) == MAP_FAILED)
        return fail_errno("cannot map counters of blocks");
    return std::unique_ptr<BlockLog>(new BlockLog(arena));
}

BlockLog::~BlockLog() {
    mmap(hits(), counters_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
}

void BlockLog::add(const Trace& trace, std::span<const u32> offsets, std::span<const u8> cold) {
    Entry entry{trace.head, {}, cold};
    for (std::size_t i = 0; i < trace.length; ++i) {
        const Step& step = trace.storage[i];
        entry.lines.push_back({step.insn.ip, disassemble(step.insn), offsets[i], step.handed_over});
    }
    entries_.push_back(std::move(entry));
}

void BlockLog::flush() {
    for (BlockId id = 0; id < entries_.size(); ++id) {
        TranslatedBlock block;
        block.head = entries_[id].head;
        block.state = TranslatedBlock::State::Flushed;
        block.hits = std::exchange(hits()[id], 0);
        block.lines = std::move(entries_[id].lines);
        flushed_.push_back(std::move(block));
    }
    entries_.clear();
}

TranslatedBlock BlockLog::describe(BlockId id, BlockCache& cache, const CodeBuffer& buffer) const {
    const Block& block = cache.block(id);
    const Entry& entry = entries_[id];
    TranslatedBlock told;
    told.head = entry.head;
    told.state = block.alive ? TranslatedBlock::State::Valid : TranslatedBlock::State::Invalidated;
    told.hits = hits()[id];
    told.lines = entry.lines;
    told.address = number_of(block.entry);
    told.code.assign(block.entry, block.entry + block.hot_bytes);
    told.cold_address = number_of(buffer.executable(entry.cold.data()));
    told.cold.assign(entry.cold.begin(), entry.cold.end());
    for (ExitId e = block.first_exit; e < block.first_exit + block.exit_count; ++e) {
        const ExitSite& exit = cache.exits()[e];
        if (exit.stub == nullptr) continue;
        told.ways_out.push_back({number_of(buffer.executable(exit.stub)), way_text(exit)});
    }
    std::ranges::sort(told.ways_out, {}, &TranslatedBlock::WayOut::address);
    return told;
}

std::vector<TranslatedBlock> BlockLog::list(BlockCache& cache, const CodeBuffer& buffer) const {
    std::vector<TranslatedBlock> blocks = flushed_;
    for (BlockId id = 0; id < entries_.size(); ++id) blocks.push_back(describe(id, cache, buffer));
    return blocks;
}

}  // namespace dyn86::jit
