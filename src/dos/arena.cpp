#include "src/dos/arena.h"

#include "src/dos/layout.h"

#include <algorithm>
#include <ranges>

namespace dyn86::dos {
namespace {

enum Strategy : u16 { FirstFit = 0, BestFit = 1, LastFit = 2 };
constexpr u16 upper_memory_bits = 0xC0;  // ask for upper memory first or only: there is none

}  // namespace

u16 Arena::first() const {
    return guest_.word(in_dos_segment(lists::first_block));
}

void Arena::write(u16 block, u8 mark, u16 owner, u16 paragraphs) {
    guest_.set_byte({block, 0}, mark);
    guest_.set_word({block, 1}, owner);
    guest_.set_word({block, 3}, paragraphs);
}

void Arena::initialise(u16 first_block, u16 end) {
    guest_.set_word(in_dos_segment(lists::first_block), first_block);
    guest_.fill({first_block, 0}, 16, 0);
    write(first_block, 'Z', 0, u16(end - first_block - 1));
}

void Arena::split(u16 block, u16 paragraphs) {
    const u16 all = paragraphs_of(block);
    if (all == paragraphs) return;
    const u16 rest = u16(block + 1 + paragraphs);
    guest_.fill({rest, 0}, 16, 0);
    write(rest, mark_of(block), 0, u16(all - paragraphs - 1));
    write(block, 'M', owner_of(block), paragraphs);
}

DosResult<std::vector<u16>> Arena::chain() const {
    std::vector<u16> blocks;
    for (u16 block = first();; block = next(block)) {
        const bool rises = blocks.empty() || block > blocks.back();  // a broken chain must not be walked for ever
        if (!is_block(block) || !rises) return refuse(DosError::ArenaTrashed);
        blocks.push_back(block);
        if (is_last(block)) return blocks;
    }
}

DosResult<> Arena::merge_free() {
    const auto blocks = chain();
    if (!blocks) return std::unexpected(blocks.error());
    u16 kept = blocks->front();
    for (const u16 block : *blocks | std::views::drop(1)) {
        if (!is_free(kept) || !is_free(block))
            kept = block;
        else
            write(kept, mark_of(block), 0, u16(paragraphs_of(kept) + 1 + paragraphs_of(block)));
    }
    return {};
}

/// The free block that the strategy prefers; 0 when none is large enough.
DosResult<u16> Arena::choose(u16 paragraphs) const {
    const auto blocks = chain();
    if (!blocks) return std::unexpected(blocks.error());
    const u16 strategy = guest_.word(in_dos_segment(own::strategy)) & u16(~upper_memory_bits);
    u16 best = 0;
    for (const u16 block : *blocks) {
        if (!is_free(block) || paragraphs_of(block) < paragraphs) continue;
        const bool tighter = best != 0 && paragraphs_of(block) < paragraphs_of(best);
        if (best == 0 || strategy == LastFit || (strategy == BestFit && tighter)) best = block;
    }
    if (best == 0) return refuse(DosError::NotEnoughMemory);
    return best;
}

u16 Arena::take(u16 block, u16 paragraphs, u16 owner) {
    const bool from_end = (guest_.word(in_dos_segment(own::strategy)) & u16(~upper_memory_bits)) == LastFit;
    const u16 spare = u16(paragraphs_of(block) - paragraphs);
    if (from_end && spare > 0) {
        split(block, u16(spare - 1));
        block = next(block);
    } else {
        split(block, paragraphs);
    }
    guest_.set_word({block, 1}, owner);
    return u16(block + 1);
}

DosResult<u16> Arena::allocate(u16 paragraphs, u16 owner) {
    if (auto merged = merge_free(); !merged) return std::unexpected(merged.error());
    const auto block = choose(paragraphs);
    if (!block) return block;
    return take(*block, paragraphs, owner);
}

DosResult<u16> Arena::largest() const {
    const auto blocks = chain();
    if (!blocks) return std::unexpected(blocks.error());
    u16 most = 0;
    for (const u16 block : *blocks)
        if (is_free(block)) most = std::max(most, paragraphs_of(block));
    return most;
}

DosResult<> Arena::release(u16 segment) {
    const u16 block = u16(segment - 1);
    if (!is_block(block)) return refuse(DosError::InvalidBlock);
    guest_.set_word({block, 1}, 0);
    return {};
}

DosResult<> Arena::resize(u16 segment, u16 paragraphs) {
    const u16 block = u16(segment - 1);
    if (!is_block(block)) return refuse(DosError::InvalidBlock);
    if (auto merged = merge_free(); !merged) return merged;
    if (!is_last(block) && paragraphs > paragraphs_of(block) && is_free(next(block))) {
        const u16 following = next(block);
        write(block, mark_of(following), owner_of(block), u16(paragraphs_of(block) + 1 + paragraphs_of(following)));
    }
    if (paragraphs > paragraphs_of(block)) return refuse(DosError::NotEnoughMemory);
    split(block, paragraphs);
    return merge_free();
}

void Arena::set_name(u16 segment, std::string_view name) {
    const SegOff field{u16(segment - 1), 8};
    guest_.fill(field, 8, 0);
    guest_.write(field, name.substr(0, 8));
}

DosResult<> Arena::release_all(u16 owner) {
    const auto blocks = chain();
    if (!blocks) return std::unexpected(blocks.error());
    for (const u16 block : *blocks)
        if (owner_of(block) == owner) guest_.set_word({block, 1}, 0);
    return merge_free();
}

void Arena::strategy(Caller& caller) {
    const SegOff strategy = in_dos_segment(own::strategy);
    switch (caller.al()) {
        case 0x00: return caller.succeed(guest_.word(strategy));
        case 0x01:
            if ((caller.bx & ~upper_memory_bits) > LastFit) return caller.fail(DosError::InvalidFunction);
            guest_.set_word(strategy, caller.bx);
            return caller.succeed();
        case 0x02:  // upper memory is not linked: there is none
            caller.set_al(0);
            return caller.succeed();
        case 0x03: return caller.bx == 0 ? caller.succeed() : caller.fail(DosError::InvalidFunction);
        default: return caller.fail(DosError::InvalidFunction);
    }
}

void Arena::install(Functions& functions) {
    functions.on(0x48, [this](Caller& c) {
        const auto block = allocate(c.bx, guest_.word(in_dos_segment(sda::psp)));
        c.finish(block);
        if (!block && block.error() == DosError::NotEnoughMemory) c.bx = largest().value_or(0);
    });
    functions.on(0x49, [this](Caller& c) { c.finish(release(c.es)); });
    functions.on(0x4A, [this](Caller& c) {
        const auto done = resize(c.es, c.bx);
        c.finish(done);
        if (!done && done.error() == DosError::NotEnoughMemory) c.bx = size(c.es);
    });
    functions.on(0x58, [this](Caller& c) { strategy(c); });
}

}  // namespace dyn86::dos
