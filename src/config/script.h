// Files of --script. [COMMAND_LINE.md, Sequence]
#pragma once

#include "src/config/options.h"

#include <string>
#include <string_view>
#include <vector>

namespace dyn86::config {

/// One step a line: its word, a blank, its argument up to the end of the line. Blank lines and lines that begin with #
/// say nothing. What is typed begins right behind that blank; around other arguments blanks do not count. `name` is
/// for messages. A line that cannot be meant is a usage error.
[[nodiscard]] Result<std::vector<Step>> parse_script(std::string_view text, const std::string& name);
[[nodiscard]] Result<std::vector<Step>> read_script(const std::string& file);

}  // namespace dyn86::config
