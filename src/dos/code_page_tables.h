// The upper halves of the code pages, and which of their letters have both cases. [CP437 and its siblings]
#pragma once

#include "src/base/types.h"

#include <array>
#include <span>

namespace dyn86::dos {

/// A letter with both cases in one code page.
struct CasePair {
    u8 lower = 0, upper = 0;
};

struct CodePageTable {
    u16 number = 0;
    std::array<u16, 128> high;  // Unicode of bytes 80h-FFh
    std::span<const CasePair> letters;
};

[[nodiscard]] std::span<const CodePageTable> code_page_tables();

}  // namespace dyn86::dos
