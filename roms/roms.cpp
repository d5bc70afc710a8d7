#include "roms/roms.h"

// The assembler puts the files into read-only data; nothing is copied at start.
#define EMBED(name, file)                   \
    asm(".pushsection .rodata\n"            \
        ".balign 16\n" #name                \
        ":\n"                               \
        ".incbin \"" DYN86_ROM_DIR "/" file \
        "\"\n"                              \
        ".popsection\n")

EMBED(dyn86_rom_bios, "bios.bin");
EMBED(dyn86_rom_glyphs8x16, "font8x16.bin");
EMBED(dyn86_rom_glyphs8x8, "font8x8.bin");

extern "C" {
extern const dyn86::u8 dyn86_rom_bios[0x10000] __attribute__((visibility("hidden")));
extern const dyn86::u8 dyn86_rom_glyphs8x16[256 * 16] __attribute__((visibility("hidden")));
extern const dyn86::u8 dyn86_rom_glyphs8x8[256 * 8] __attribute__((visibility("hidden")));
}

namespace dyn86::roms {

std::span<const u8, 0x10000> bios() {
    return dyn86_rom_bios;
}
std::span<const u8, 256 * 16> glyphs8x16() {
    return dyn86_rom_glyphs8x16;
}
std::span<const u8, 256 * 8> glyphs8x8() {
    return dyn86_rom_glyphs8x8;
}

}  // namespace dyn86::roms
