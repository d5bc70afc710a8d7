// The seam between --list-blocks (what goes where: listing.h) and the module that reads host code (Zydis: zydis/).
// Plain functions and data, so that both may be linked to their own C++ runtime.
#pragma once

#include "src/dyn86.h"

#include <array>
#include <cstddef>

namespace dyn86::frontend {

/// One host instruction.
struct HostLine {
    u32 length = 1;
    bool is_jump = false;  // direct: `target` says where to, and `text` is only its name
    u64 target = 0;
    std::array<char, 120> text{};
};

/// What the module exports as `dyn86_listing_api`.
struct ListingApi {
    static constexpr u32 current_version = 1;
    u32 version;
    /// Reads the instruction that begins these bytes and runs at `address`.
    void (*read)(const u8* bytes, std::size_t size, u64 address, HostLine* line);
};

}  // namespace dyn86::frontend
