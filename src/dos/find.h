// FindFirst and FindNext, by path (AH=4Eh, 4Fh) and by FCB (AH=11h, 12h).
#pragma once

#include "src/dos/drives.h"
#include "src/dos/fcb_name.h"
#include "src/dos/host_state.h"

#include <map>
#include <vector>

namespace dyn86::dos {

/// A search keeps the list of matching names of its folder as it was at the beginning; sizes and dates are of the
/// moment they are asked for, and names that are gone by then are passed over. The guest holds the search's number and
/// position (in the DTA, or the FCB); the lists of the last searches are kept here.
class Finder {
public:
    Finder(Guest& guest, Drives& drives) : guest_(guest), drives_(drives) {}
    void install(Functions& functions);

    /// What was found.
    struct Found {
        std::string name;  // "NAME.EXT"
        u8 attribute = 0;
        u16 time = 0, date = 0;
        u32 size = 0;
        u16 cluster = 0;  // the first, on a disk
    };
    /// Where a search is. Number 0: it is over.
    struct Position {
        u32 number = 0;
        u32 next = 0;
    };
    DosResult<Found> first(const DosPath& pattern, u8 attributes, Position& position);
    DosResult<Found> next(u8 attributes, Position& position);

    [[nodiscard]] FinderState state() const;
    void restore(const FinderState& state);

private:
    struct Search {
        u8 drive = 0;
        std::string folder;
        std::vector<NamePair> names;
        u64 last_use = 0;
    };
    DosResult<Found> find_one(const DosPath& path, u8 attributes);
    DosResult<Found> label(const DosPath& pattern) const;
    [[nodiscard]] DosResult<Found> device(const DosPath& path) const;
    DosResult<Search> begin(const DosPath& pattern);
    void keep(u32 number, Search search);
    [[nodiscard]] std::optional<Found> look_at(const Search& search, const NamePair& name, u8 attributes) const;

    DosResult<> find_first(Caller& caller);
    DosResult<> find_next();
    void store(SegOff dta, const Found& found);
    void store_position(SegOff dta, Position position);
    DosResult<> find_fcb(SegOff fcb, bool is_first);
    void store_fcb_result(SegOff at, bool is_extended, u8 attributes, u8 drive, const Found& found);
    [[nodiscard]] SegOff dta() const { return guest_.pointer(in_dos_segment(sda::dta)); }

    Guest& guest_;
    Drives& drives_;
    std::map<u32, Search> searches_;
    u32 last_number_ = 0;
    u64 uses_ = 0;
};

}  // namespace dyn86::dos
