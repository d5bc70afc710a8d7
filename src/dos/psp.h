// Program segment prefixes.
#pragma once

#include "src/dos/file_table.h"
#include "src/dos/guest.h"
#include "src/dos/layout.h"

#include <string_view>

namespace dyn86::dos {

/// One process's PSP in guest memory.
class Psp {
public:
    Psp(Guest& guest, u16 segment) : guest_(&guest), segment_(segment) {}

    /// Writes what every PSP begins with: INT 20h, CALL 5, the vectors of now, version, an empty handle table, no tail.
    void initialise(u16 parent, u16 top, u16 version);
    /// AH=26h: the 256 bytes of another PSP, with the vectors of now.
    void copy_from(u16 other, u16 top);
    /// The parent's open handles, except those opened as private.
    void inherit_handles(FileTable& files, u16 parent);
    /// Length, text (at most 126 characters) and CR.
    void set_tail(std::string_view tail);

    [[nodiscard]] u16 segment() const { return segment_; }
    [[nodiscard]] u16 word(u16 field) const { return guest_->word({segment_, field}); }
    [[nodiscard]] SegOff pointer(u16 field) const { return guest_->pointer({segment_, field}); }
    void set_word(u16 field, u16 value) { guest_->set_word({segment_, field}, value); }
    void set_pointer(u16 field, SegOff value) { guest_->set_pointer({segment_, field}, value); }

    static constexpr std::size_t longest_tail = 126;
    static constexpr u16 int20 = 0x20CD;  // what every PSP begins with

private:
    void save_vectors();

    Guest* guest_;
    u16 segment_;
};

}  // namespace dyn86::dos
