#include "src/dos/loader.h"

#include <fmt/format.h>

namespace dyn86::dos {
namespace {

constexpr u16 image_offset = 0x100;
constexpr u32 largest_image = 0x10000 - image_offset;
constexpr u16 whole_segment = 0x1000;  // paragraphs

}  // namespace

LoadResult<ProgramKind> examine_com(u32 file_size) {
    if (file_size > largest_image)
        return std::unexpected(
            LoadError{DosError::NotEnoughMemory,
                      fmt::format("has {} bytes; a .COM program has at most {}", file_size, largest_image)});
    return ComFile{file_size};
}

DosResult<Entry> load_com(OpenFile& file, const ComFile& program, Guest& guest, Ground ground) {
    const SegOff image{ground.psp, image_offset};
    if (auto done = read_into_guest(file, 0, guest, image.linear(), program.file_size); !done)
        return std::unexpected(done.error());
    clear_around(guest, ground, image.linear(), program.file_size);
    // The stack is at the segment's end, or the block's when that is nearer, with a zero on it: a RET finds INT 20h.
    const u16 top = ground.paragraphs >= whole_segment ? u16{0} : u16(ground.paragraphs * 16);
    const SegOff stack{ground.psp, u16(top - 2)};
    guest.set_word(stack, 0);
    return Entry{.start = image, .stack = stack};
}

}  // namespace dyn86::dos
