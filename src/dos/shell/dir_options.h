// DIR's switches, and how its entries are sorted and shown. Text only, no guest.
#pragma once

#include "src/dos/shell/calls.h"
#include "src/dos/shell/parser.h"

#include <string>
#include <string_view>
#include <vector>

namespace dyn86::dos::shell {

struct DirOptions {
    std::string pattern;
    bool pauses = false, wide = false, recurses = false, bare = false, lower_case = false;
    u8 required = 0;                                      // attributes that an entry must have
    u8 excluded = attribute::hidden | attribute::system;  // and must not
    std::string order;                                    // letters of /O, '-' before those that are reversed
    std::string wrong;                                    // a message, if a switch is no good

    [[nodiscard]] bool shows(const Entry& entry) const;
};

/// DIRCMD's switches first, then the command line's, which may take them back (/-W). [DOS UG, DIR]
[[nodiscard]] DirOptions parse_dir(std::string_view dircmd, std::string_view tail);
void sort_entries(std::vector<Entry>& entries, std::string_view order);

/// "NAME     EXT      1234 11-25-26   2:47a".
[[nodiscard]] std::string dir_line(const Entry& entry);
/// "NAME.EXT" or "[NAME]", for five columns.
[[nodiscard]] std::string wide_cell(const Entry& entry);

}  // namespace dyn86::dos::shell
