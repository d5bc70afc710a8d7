// Program files: what they are, whether they can be loaded, and how they get into memory.
#pragma once

#include "src/dos/errors.h"
#include "src/dos/guest.h"
#include "src/dos/volume.h"

#include <optional>
#include <span>
#include <string>
#include <variant>

namespace dyn86::dos {

/// Why a file is no program, for the guest and in words for the user.
struct LoadError {
    DosError code = DosError::BadFormat;
    std::string message;
};
template <typename T = void>
using LoadResult = std::expected<T, LoadError>;

/// The header of an .EXE file. [RBIL 21/AH=4Bh]
struct ExeHeader {
    u32 file_size = 0;
    u32 image_start = 0;  // bytes of header
    u32 image_size = 0;   // bytes of load module that the file has
    u16 relocations = 0, relocation_table = 0;
    u16 minimum = 0, maximum = 0;  // paragraphs behind the image
    u16 ss = 0, sp = 0, ip = 0, cs = 0;
};

/// A .COM file: all of it is the image.
struct ComFile {
    u32 file_size = 0;
};

using ProgramKind = std::variant<ComFile, ExeHeader>;

/// Looks at an open program file. The signature decides, not the name: EXE files named .COM are common.
[[nodiscard]] LoadResult<ProgramKind> examine_program(OpenFile& file);
[[nodiscard]] LoadResult<ProgramKind> examine_exe(OpenFile& file, u32 file_size);
[[nodiscard]] LoadResult<ProgramKind> examine_com(u32 file_size);

/// How a program lies in its memory block, PSP included, in paragraphs.
struct Footprint {
    u16 needed = 0;           // cannot do with less
    u16 wanted = 0;           // takes as much of this as there is
    bool loads_high = false;  // an .EXE that asks for no memory beyond its image: to the end of the block
};
[[nodiscard]] Footprint footprint(const ProgramKind& kind);

/// CS:IP and SS:SP at start.
struct Entry {
    SegOff start, stack;
};

/// A new process's block: its prefix's segment, its length, and whether anything has been in memory there before.
struct Ground {
    u16 psp = 0, paragraphs = 0;
    bool is_new = false;
};

/// Reads the image into the block and says where it starts. [DOS TR, "EXE file header"]
/// All else in the block becomes zero. DOS leaves there what the last program left; some tools read their stack or heap
/// before they write it, and so would work or not by what had run before.
[[nodiscard]] DosResult<Entry> load_image(OpenFile& file, const ProgramKind& kind, Guest& guest, Ground ground);
[[nodiscard]] DosResult<Entry> load_com(OpenFile& file, const ComFile& program, Guest& guest, Ground ground);
[[nodiscard]] DosResult<Entry> load_exe(OpenFile& file, const ExeHeader& header, Guest& guest, Ground ground);
/// Reads the load module to a segment and relocates it by `factor`: EXEC's overlays too.
[[nodiscard]] DosResult<> place_exe(OpenFile& file, const ExeHeader& header, Guest& guest, u16 segment, u16 factor);

/// Writes what differs from what is there, page by page: a tool that is started again leaves its own code, and what has
/// been translated of it, as it is.
void replace(Guest& guest, Linear to, std::span<const u8> bytes);

/// Zeros in a process's block, but not over its image.
void clear_around(Guest& guest, Ground ground, Linear image, u32 image_size);

/// Reads bytes of a file into guest memory; an error when the file has fewer.
[[nodiscard]] DosResult<> read_into_guest(OpenFile& file, u32 offset, Guest& guest, Linear to, u32 count);

}  // namespace dyn86::dos
