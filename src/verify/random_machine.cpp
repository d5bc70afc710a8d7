#include "src/verify/random_machine.h"

#include <algorithm>
#include <utility>

namespace dyn86::verify {
namespace {

constexpr u32 programs_per_episode = 3;

/// Handlers that return, each with a habit of real ones. Vector n leads to handler n % count, but for 1.
const std::vector<std::vector<u8>>& handlers() {
    static const std::vector<std::vector<u8>> table{
        {0xCF},                                                        // iret
        {0x50, 0x53, 0x40, 0x03, 0xD8, 0x5B, 0x58, 0xCF},              // push, compute, pop, iret
        {0x55, 0x8B, 0xEC, 0x81, 0x66, 0x06, 0xFF, 0xFE, 0x5D, 0xCF},  // clear TF in the frame: the single-step handler
        {0xFB, 0x40, 0xCF},                                            // sti / inc ax / iret
        {0x2E, 0xFF, 0x06, 0xF0, 0x00, 0xCF},                          // inc word cs:[00F0] / iret
        {0xF9, 0xCA, 0x02, 0x00},                                      // stc / retf 2: result in CF
        {0x50, 0xB0, 0x20, 0xE6, 0x27, 0x58, 0xCF},                    // out 27h, al / iret
        {0x55, 0x8B, 0xEC, 0x80, 0x76, 0x06, 0x41, 0x5D, 0xCF},        // flip ZF and CF of the frame / iret
    };
    return table;
}

/// Segments a program knows: its own under several names, low memory, text memory (which some machines repeat), the top
/// of the address space, and anywhere.
std::vector<u16> make_segments(Random& random, u16 code) {
    std::vector<u16> segments{code, code, u16(code - 1), u16(code + 1), random.word(), random.word()};
    segments.push_back(random.one_of<u16>({0xB800, 0xBC00, 0xBBFF, 0xB000}));
    segments.push_back(random.one_of<u16>({0xFFFF, 0xF000, 0xFFF0, 0xF800}));
    segments.push_back(random.one_of<u16>({0x0000, 0x0040, 0xA000, 0x9FFF}));
    return segments;
}

/// Ends of pages, of the segment and of memory get more than their share.
SegOff make_place(Random& random) {
    SegOff place{random.word(), u16(random.word() & ~1)};
    if (random.chance(12))
        place.offset = u16(0xFFFF - random.below(0x60));
    else if (random.chance(15))
        place.offset = u16((place.offset | 0xFF0) - (place.segment * 16 & 0xFFF) - random.below(0x40));
    else if (random.chance(8))
        place.segment = random.one_of<u16>({0xB800, 0xBC00, 0xBFF0, 0xFFFF, 0xFFF0});
    return place;
}

Slice make_slice(Random& random, SegOff code) {
    Slice slice;
    // Below the recompiler's slack the interpreter does all; most slices are longer.
    slice.clocks = random.chance(10) ? random.below(700) : random.between(700, 12'000);
    const u32 pick = random.below(100);
    if (pick < 50) return slice;
    if (pick < 55)
        slice.event = Event::Flush;
    else if (pick < 62)
        slice.event = Event::Write;
    else if (pick < 66)
        slice.event = Event::Range;
    else if (pick < 78)
        slice.event = Event::Intr;
    else if (pick < 80)
        slice.event = Event::Nmi;
    else
        slice.event = Event::Restart;
    slice.value = random.byte();
    if (slice.event == Event::Write || slice.event == Event::Range) {
        slice.address = (code + u16(random.below(0x80))).linear();
        slice.length = u8(random.between(1, 4));
    }
    return slice;
}

Program random_program(Random& random) {
    Program program;
    const SegOff place = make_place(random);
    const std::vector<u16> segments = make_segments(random, place.segment);
    RandomCode code(random, segments);
    for (u32& value : program.regs.gpr) value = code.word();
    for (u16& value : program.regs.sreg) value = random.one_of(std::span<const u16>(segments));
    // DI, SI and BX often lead back into the code.
    for (const Reg16 reg : {Reg16::Bx, Reg16::Si, Reg16::Di})
        if (random.chance(20)) program.regs.set(reg, u16(place.offset + random.below(0x80)));
    u16 sp = program.regs.get(Reg16::Sp);
    if (random.chance(90)) sp = u16(sp & ~1);
    program.regs.set(Reg16::Sp, sp);
    program.regs.set(Sreg::Cs, place.segment);
    program.regs.ip = place.offset;
    program.regs.flags = u16(flag::always_one | (random.word() & (flag::changeable & ~flag::t)));
    if (random.chance(90)) program.regs.flags = u16(program.regs.flags & ~flag::d);
    program.code = code.make(random.between(6, 50));
    const u32 slices = random.between(2, 10);
    for (u32 i = 0; i < slices; ++i) program.slices.push_back(make_slice(random, place));
    return program;
}

}  // namespace

Episode random_episode(u64 seed, u32 configs) {
    Random random(seed);
    Episode episode;
    episode.seed = seed;
    episode.config = random.below(configs);
    for (u32 i = 0; i < programs_per_episode; ++i) episode.programs.push_back(random_program(random));
    return episode;
}

std::vector<u8> initial_memory() {
    std::vector<u8> image(address_space);
    Random random(8086);
    for (u8& byte : image) byte = random.byte();
    constexpr Linear base = Linear{handler_segment} * 16;
    std::vector<u16> starts;
    u16 at = 0;
    for (const auto& handler : handlers()) {
        starts.push_back(at);
        std::ranges::copy(handler, image.begin() + base + at);
        at = u16(at + handler.size() + 3);
    }
    for (unsigned vector = 0; vector < 256; ++vector) {
        const u16 start = starts[vector == 1 ? 2 : vector % starts.size()];
        image[vector * 4] = u8(start);
        image[vector * 4 + 1] = u8(start >> 8);
        image[vector * 4 + 2] = u8(handler_segment);
        image[vector * 4 + 3] = u8(handler_segment >> 8);
    }
    return image;
}

}  // namespace dyn86::verify
