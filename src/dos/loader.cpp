#include "src/dos/loader.h"

#include <algorithm>
#include <array>

namespace dyn86::dos {

LoadResult<ProgramKind> examine_program(OpenFile& file) {
    const auto status = file.status();
    if (!status) return std::unexpected(LoadError{status.error(), "cannot be examined"});
    if (status->size == 0) return std::unexpected(LoadError{DosError::BadFormat, "the file is empty"});
    const u32 size = u32(std::min<u64>(status->size, 0x7FFF'FFFF));
    std::array<u8, 2> signature{};
    if (const auto got = file.read(0, signature); !got)
        return std::unexpected(LoadError{got.error(), "cannot be read"});
    const bool is_exe = (signature[0] == 'M' && signature[1] == 'Z') || (signature[0] == 'Z' && signature[1] == 'M');
    return is_exe ? examine_exe(file, size) : examine_com(size);
}

Footprint footprint(const ProgramKind& kind) {
    constexpr u16 all = 0xFFFF, psp_paragraphs = 0x10;
    if (const auto* const com = std::get_if<ComFile>(&kind)) {
        constexpr u32 least_stack = 0x100;
        return {.needed = u16((0x100 + com->file_size + least_stack + 15) / 16), .wanted = all, .loads_high = false};
    }
    const ExeHeader& exe = std::get<ExeHeader>(kind);
    const u32 image = psp_paragraphs + (exe.image_size + 15) / 16;
    const bool loads_high = exe.minimum == 0 && exe.maximum == 0;
    const u32 needed = std::min<u32>(image + exe.minimum, all);
    const u32 wanted = loads_high ? all : std::min<u32>(image + std::max(exe.minimum, exe.maximum), all);
    return {.needed = u16(needed), .wanted = u16(wanted), .loads_high = loads_high};
}

DosResult<Entry> load_image(OpenFile& file, const ProgramKind& kind, Guest& guest, u16 psp, u16 paragraphs) {
    if (const auto* const com = std::get_if<ComFile>(&kind)) return load_com(file, *com, guest, psp, paragraphs);
    return load_exe(file, std::get<ExeHeader>(kind), guest, psp, paragraphs);
}

DosResult<> read_into_guest(OpenFile& file, u32 offset, Guest& guest, Linear to, u32 count) {
    while (count > 0) {
        WritableRange range = guest.memory().writable(to, count);
        if (range.bytes().empty()) return refuse(DosError::NotEnoughMemory);
        const auto got = file.read(offset, range.bytes());
        range.commit(got.value_or(0));
        if (!got) return std::unexpected(got.error());
        if (*got == 0) return refuse(DosError::BadFormat);
        offset += u32(*got);
        to += u32(*got);
        count -= u32(*got);
    }
    return {};
}

}  // namespace dyn86::dos
