// Recordings of a real CPU in the MOO format ("Machine Opcode Operation"): chunks of id, length and payload,
// little-endian, usually inside gzip. [SST; MOO format description in its repository]
#pragma once

#include "cpu/registers.h"
#include "src/base/result.h"
#include "src/base/types.h"

#include <array>
#include <span>
#include <string>
#include <vector>

namespace dyn86::verify {

/// One byte of memory that a recording names.
struct RamByte {
    Linear address = 0;
    u8 value = 0;
    friend bool operator==(const RamByte&, const RamByte&) = default;
};

/// The CPU and what memory is known at one end of a recorded instruction.
struct MooState {
    Registers regs;
    std::vector<RamByte> ram;
    u8 queued = 0;  // bytes in the prefetch queue
};

/// One recorded instruction. `final` holds every register (the file names only those that changed).
struct MooTest {
    u32 index = 0;          // its place in the file
    std::string name;       // as the recording's disassembler printed it
    std::vector<u8> bytes;  // of the instruction
    MooState initial, final;
    u32 cycles = 0;  // clocks from first to last bus state
    u64 offset = 0;  // of the TEST chunk in the unpacked file
};

struct MooFile {
    std::string name;  // as messages call it
    std::string form;  // "F7.6": the file's name up to ".MOO"
    std::string cpu;   // "8086", "8088"
    std::vector<MooTest> tests;
};

/// Reads a .MOO or .MOO.gz file whole. Unknown chunks are skipped; whatever is wrong with the file is an Error that
/// names it and the offset (in the unpacked bytes).
Result<MooFile> read_moo(const std::string& path);

/// The same from unpacked bytes.
Result<MooFile> parse_moo(std::span<const u8> bytes, std::string name);

/// The .MOO and .MOO.gz files of a folder, sorted.
Result<std::vector<std::string>> list_moo(const std::string& folder);

}  // namespace dyn86::verify
