// Guest memory blocks: the chain of memory control blocks, as MEM-like tools walk it. INT 21h AH=48h-4Ah, 58h.
#pragma once

#include "src/dos/functions.h"

#include <string_view>
#include <vector>

namespace dyn86::dos {

/// The chain lies in guest memory alone; programs may break it, which is an error (07h), never ours to repair.
class Arena {
public:
    explicit Arena(Guest& guest) : guest_(guest) {}
    /// One free block from `first` (its control block) up to `end`.
    void initialise(u16 first, u16 end);
    void install(Functions& functions);

    /// A block of that many paragraphs for a process, by the strategy in force; its segment (behind the control block).
    DosResult<u16> allocate(u16 paragraphs, u16 owner);
    /// The largest that could be had now.
    [[nodiscard]] DosResult<u16> largest() const;
    DosResult<> release(u16 segment);
    /// Grows or shrinks. On failure the block has been grown as far as it goes, as DOS does; see size().
    DosResult<> resize(u16 segment, u16 paragraphs);
    [[nodiscard]] u16 size(u16 segment) const { return paragraphs_of(u16(segment - 1)); }
    void set_owner(u16 segment, u16 owner) { guest_.set_word({u16(segment - 1), 1}, owner); }
    /// The program's name in its control block. [RBIL 21/AH=52h "memory control block"]
    void set_name(u16 segment, std::string_view name);
    /// Frees all that a process has.
    DosResult<> release_all(u16 owner);

private:
    // A control block is one paragraph: 'M' or, for the last, 'Z'; owner (0: free); paragraphs behind it.
    [[nodiscard]] u8 mark_of(u16 block) const { return guest_.byte({block, 0}); }
    [[nodiscard]] u16 owner_of(u16 block) const { return guest_.word({block, 1}); }
    [[nodiscard]] u16 paragraphs_of(u16 block) const { return guest_.word({block, 3}); }
    [[nodiscard]] bool is_free(u16 block) const { return owner_of(block) == 0; }
    [[nodiscard]] bool is_last(u16 block) const { return mark_of(block) == 'Z'; }
    [[nodiscard]] bool is_block(u16 block) const { return mark_of(block) == 'M' || mark_of(block) == 'Z'; }
    [[nodiscard]] u16 first() const;
    [[nodiscard]] u16 next(u16 block) const { return u16(block + 1 + paragraphs_of(block)); }
    void write(u16 block, u8 mark, u16 owner, u16 paragraphs);
    /// Cuts `block` down to `paragraphs`; the rest becomes a free block.
    void split(u16 block, u16 paragraphs);
    DosResult<> merge_free();
    [[nodiscard]] DosResult<std::vector<u16>> chain() const;
    [[nodiscard]] DosResult<u16> choose(u16 paragraphs) const;
    u16 take(u16 block, u16 paragraphs, u16 owner);
    void strategy(Caller& caller);

    Guest& guest_;
};

}  // namespace dyn86::dos
