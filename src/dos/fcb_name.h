// Names as file control blocks have them, taken out of a command line: AH=29h.
#pragma once

#include "src/dos/names.h"

namespace dyn86::dos {

enum class Leading : u8 { Blanks, Separators };

struct ParsedFcb {
    u8 drive = 0;  // 0: default
    FcbName name{};
    bool has_drive = false, has_name = false, has_extension = false;
    bool is_drive_valid = true;
    bool has_wildcards = false;
    std::size_t length = 0;  // characters taken
};

/// Takes a name off the front of `text`, behind leading blanks or one separator too. Fields that it lacks are blank.
/// [RBIL 21/AH=29h]
[[nodiscard]] ParsedFcb parse_fcb_name(std::string_view text, Leading skip, const PathContext& context);

}  // namespace dyn86::dos
