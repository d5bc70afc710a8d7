// Files with 8086 code in them: where it would be loaded and where it begins.
#pragma once

#include "src/base/result.h"
#include "src/base/types.h"

#include <optional>
#include <string>
#include <vector>

namespace dyn86::listing {

/// A place in the loaded code. For an .EXE segments count from the load module's start, as its header has them.
struct Entry {
    SegOff at;
    const char* label = nullptr;
};

struct CodeFile {
    enum class Kind : u8 { Com, Exe, BootSector, Rom, OptionRom, Driver, Raw } kind = Kind::Raw;
    std::vector<u8> bytes;
    /// Offset in segment 0 at which bytes[header] stands.
    u32 origin = 0;
    /// Bytes before the code: an .EXE's header with its relocations.
    u32 header = 0;
    /// Bytes of the load module; what follows it in the file is not loaded.
    u32 loaded = 0;
    std::vector<Entry> entries;

    [[nodiscard]] bool has_segments() const { return kind == Kind::Exe; }
};

/// At most 1 MiB is read as code; more is an error.
inline constexpr u32 largest_file = 1u << 20;

/// Tells what `bytes` are by contents, and by the suffix of `name` where contents say nothing.
[[nodiscard]] CodeFile recognise(std::vector<u8> bytes, const std::string& name);
/// Reads and recognises; errors name the file. `origin` overrides what the kind implies (not for an .EXE).
[[nodiscard]] Result<CodeFile> open_code_file(const std::string& path, std::optional<u16> origin);

[[nodiscard]] const char* name_of(CodeFile::Kind kind);

}  // namespace dyn86::listing
