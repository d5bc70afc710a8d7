// 8.3 names for host names: the same host name always gets the same alias, whatever else is in its folder.
#pragma once

#include "src/dos/code_page.h"
#include "src/dos/names.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::dos {

/// The DOS name of a host name that is one but for its case ("Readme.txt"); nullopt when it needs an alias.
[[nodiscard]] std::optional<std::string> plain_name(std::string_view host_name, CodePage page = {});

/// An alias made of the name's beginning and a hash of all of it: "long name.html" -> LONG~7K2.HTM. `attempt` counts up
/// when two names of one folder would get the same.
[[nodiscard]] std::string hashed_name(std::string_view host_name, u32 attempt, CodePage page = {});

/// Can this DOS name be one that hashed_name makes?
[[nodiscard]] bool may_be_hashed(std::string_view dos_name);

struct NamePair {
    std::string dos;
    std::string host;
};

/// DOS names for the names of one folder, each different, sorted by host name. Of names that differ only in case the
/// one in lower case keeps its plain name, else the first in byte order.
[[nodiscard]] std::vector<NamePair> assign_names(std::vector<std::string> host_names, CodePage page = {});

}  // namespace dyn86::dos
