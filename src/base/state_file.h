// The container of a save state: tagged, versioned, checksummed chunks. docs/save-state.md
#pragma once

#include "src/base/result.h"
#include "src/base/types.h"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86 {

/// Detects any alteration of up to eight bytes that lie in one aligned word, and practically all others; made to be
/// fast, not to withstand who alters on purpose.
[[nodiscard]] u64 state_checksum(std::span<const u8> bytes);

struct StateChunk {
    std::string tag;
    u32 version = 1;
    std::span<const u8> bytes;
};

/// The chunks of a state in memory, in order.
class StateFile {
public:
    static constexpr u32 format_version = 1;

    /// Checks all of it: a truncated or altered state is refused by the name of the chunk. `bytes` must outlive this.
    [[nodiscard]] static Result<StateFile> parse(std::span<const u8> bytes);
    [[nodiscard]] const StateChunk* find(std::string_view tag) const;
    [[nodiscard]] std::span<const StateChunk> chunks() const { return chunks_; }

private:
    std::vector<StateChunk> chunks_;
};

/// The bytes of a state with these chunks.
[[nodiscard]] std::vector<u8> make_state(std::span<const StateChunk> chunks);

}  // namespace dyn86
