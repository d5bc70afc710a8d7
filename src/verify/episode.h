// What a lockstep run consists of, as data: programs, the clocks at which to stop and look, and what happens there.
// Data, so that a failing run can be shrunk piece by piece, printed, and kept as a file.
#pragma once

#include "cpu/registers.h"
#include "src/base/result.h"
#include "src/base/types.h"

#include <string>
#include <vector>

namespace dyn86::verify {

/// Where an instruction refers to another one of its program; filled in when the program is laid out, so that it stays
/// right when instructions in between are removed.
enum class Fixup : u8 {
    None,
    Rel8,  // distance to the target, as jumps have it
    Rel16,
    Abs16,  // the target's offset plus `delta`
    Far,    // the target as offset:segment, in the segment CS - delta (another name of the same bytes)
};

/// One instruction (or any bytes).
struct Item {
    std::vector<u8> bytes;
    Fixup fixup = Fixup::None;
    u8 at = 0;       // where in `bytes` it goes
    u16 target = 0;  // index of an item
    u16 delta = 0;
    friend bool operator==(const Item&, const Item&) = default;
};

enum class Event : u8 {
    None,
    Flush,  // the engine under test forgets its translations
    Write,  // `length` bytes counting up from `value` go to `address` through Memory::copy_in
    Range,  // the same through a WritableRange
    Intr,   // INTR rises; the vector is `value`
    Nmi,
    Restart,  // CS:IP and SP as at the program's start
};

/// Something happens, then both machines run for `clocks`.
struct Slice {
    u32 clocks = 0;
    Event event = Event::None;
    Linear address = 0;
    u8 value = 0;
    u8 length = 0;
    friend bool operator==(const Slice&, const Slice&) = default;
};

/// Code is laid out at CS:IP of `regs`, then the slices run.
struct Program {
    Registers regs;
    std::vector<Item> code;
    std::vector<Slice> slices;
    friend bool operator==(const Program&, const Program&) = default;
};

/// Programs that run one after the other in the same memory, from the same freshly filled memory each time.
struct Episode {
    u64 seed = 0;    // what it was generated from; only for messages once it has been shrunk
    u32 config = 0;  // index into lockstep_configs
    std::vector<Program> programs;
    friend bool operator==(const Episode&, const Episode&) = default;
};

/// The bytes of a program with every fixup resolved, and where each item starts (one entry more: the end).
struct Layout {
    std::vector<u8> bytes;
    std::vector<u16> offsets;  // from the program's IP
};
Layout lay_out(const Program& program);

/// Removes items [first, first+count) and keeps all references meaningful: what pointed to a removed item points to
/// what follows.
void remove_items(Program& program, std::size_t first, std::size_t count);

/// One readable line per item and slice; parse_episode reads it back.
std::string to_text(const Episode& episode);
Result<Episode> parse_episode(const std::string& text, const std::string& name);

}  // namespace dyn86::verify
