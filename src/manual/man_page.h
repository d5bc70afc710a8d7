// The manual page: prose from docs/man, options and subcommands from the program's own tables.
#pragma once

#include <string>
#include <string_view>

namespace dyn86::manual {

/// `form` is roff source in which @VERSION@, @OPTIONS@ and @SUBCOMMANDS@ stand for what the program knows.
[[nodiscard]] std::string man_page(std::string_view form, std::string_view version);

}  // namespace dyn86::manual
