#include "src/dos/loader.h"

#include <algorithm>
#include <array>
#include <vector>

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

DosResult<Entry> load_image(OpenFile& file, const ProgramKind& kind, Guest& guest, Ground ground) {
    if (const auto* const com = std::get_if<ComFile>(&kind)) return load_com(file, *com, guest, ground);
    return load_exe(file, std::get<ExeHeader>(kind), guest, ground);
}

void replace(Guest& guest, Linear to, std::span<const u8> bytes) {
    constexpr u32 page = 0x1000;
    Memory& memory = guest.memory();
    std::array<u8, page> old{};
    while (!bytes.empty()) {
        to &= address_mask;
        const auto part = std::min<std::size_t>(bytes.size(), page - to % page);
        memory.copy_out(to, std::span(old).first(part));
        if (!std::equal(old.begin(), old.begin() + std::ptrdiff_t(part), bytes.begin())) {
            memory.renew(to, u32(part));
            memory.copy_in(to, bytes.first(part));
        }
        to += Linear(part);
        bytes = bytes.subspan(part);
    }
}

DosResult<> read_into_guest(OpenFile& file, u32 offset, Guest& guest, Linear to, u32 count) {
    std::vector<u8> bytes(count);
    const auto got = file.read(offset, bytes);
    if (!got) return std::unexpected(got.error());
    if (*got < count) return refuse(DosError::BadFormat);
    replace(guest, to, bytes);
    return {};
}

void clear_around(Guest& guest, Ground ground, Linear image, u32 image_size) {
    if (ground.is_new) return;
    const auto clear = [&](Linear from, Linear to) {
        static constexpr std::array<u8, 0x1000> zeros{};
        while (from < to) {
            const u32 part = std::min<u32>(to - from, u32(zeros.size()));
            replace(guest, from, std::span(zeros).first(part));
            from += part;
        }
    };
    const Linear start = SegOff{ground.psp, 0}.linear(), end = start + u32{ground.paragraphs} * 16;
    clear(start, std::min(image, end));
    clear(std::min(image + image_size, end), end);
}

}  // namespace dyn86::dos
