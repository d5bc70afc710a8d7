// Random code that changes random code.
#include "src/verify/random_machine.h"

namespace dyn86::verify {

/// Changes an instruction of this program, mostly its last byte (an immediate, a displacement), through CS.
void RandomCode::patch() {
    const u16 target = any_target();
    const u16 delta = random_.chance(70) ? u16(random_.below(3)) : u16(0);
    const auto direct = [&](std::vector<u8> head, std::vector<u8> tail) {
        const u8 at = u8(head.size());
        put16(head, 0);
        for (const u8 byte_after : tail) head.push_back(byte_after);
        add(std::move(head), Fixup::Abs16, at, target, delta);
    };
    switch (random_.below(6)) {
        case 0: return direct({0x2E, 0xC6, 0x06}, {byte()});               // mov byte cs:[x], imm
        case 1: return direct({0x2E, 0xC7, 0x06}, {byte(), byte()});       // mov word cs:[x], imm
        case 2: return direct({0x2E, 0xFE, 0x06}, {});                     // inc byte cs:[x]
        case 3: return direct({0x2E, 0x80, 0x36}, {byte()});               // xor byte cs:[x], imm
        case 4: return direct({0x2E, 0xA2}, {});                           // mov cs:[x], al
        default: return direct({0x2E, 0x88, u8(any_reg() << 3 | 6)}, {});  // mov cs:[x], reg
    }
}

/// The same under another name of the code's segment (the first of `segments_`; the third and fourth are its
/// neighbours).
void RandomCode::patch_through_alias() {
    const bool above = random_.chance(50);
    const u16 distance = above ? u16(-16) : u16(16);
    add({0x1E});
    std::vector<u8> load{0xB8};
    put16(load, segments_[above ? 3 : 2]);
    add(std::move(load));
    add({0x8E, 0xD8});
    const u16 target = any_target(), delta = u16(distance + random_.below(4));
    if (random_.chance(50))
        add({0x80, 0x06, 0, 0, byte()}, Fixup::Abs16, 2, target, delta);  // add byte [x], imm
    else
        add({0x81, 0x36, 0, 0, byte(), byte()}, Fixup::Abs16, 2, target, delta);  // xor word [x], imm
    add({0x1F});
}

/// Both bytes of an operand, one after the other, with or without something between; then often the operand's
/// instruction.
void RandomCode::patch_halves() {
    const u16 there = u16(here() + 2 + random_.below(2));
    const bool next = random_.chance(70);
    const u16 target = next ? there : any_target();
    const u16 at = u16(random_.between(1, 2));
    add({0x2E, 0x88, u8(any_reg() << 3 | 6), 0, 0}, Fixup::Abs16, 3, target, at);
    if (there != here() + 1) inc_dec();
    add({0x2E, 0x88, u8(any_reg() << 3 | 6), 0, 0}, Fixup::Abs16, 3, target, u16(at + 1));
    std::vector<u8> operation =
        random_.chance(50) ? std::vector<u8>{u8(random_.below(8) << 3 | 5)} : std::vector<u8>{0xA1};
    put16(operation, word());
    add(std::move(operation));
}

/// A loop whose first instruction becomes another operation in every turn.
void RandomCode::change_shape() {
    add({0xB9, u8(random_.between(6, 30)), 0});
    const u16 top = here();
    add({u8(random_.below(8) << 3 | 3), u8(0xC0 | any_reg() << 3 | (any_reg() & 3))});
    if (random_.chance(50)) inc_dec();
    add({0x2E, 0x80, 0x36, 0, 0, random_.one_of<u8>({0x08, 0x10, 0x18, 0x28, 0x30, 0x38})}, Fixup::Abs16, 3, top);
    if (random_.chance(30)) alu();
    add({0xE2, 0}, Fixup::Rel8, 1, top);
}

/// REP MOVSB or STOSB with source and destination inside the program, perhaps over the REP itself.
void RandomCode::copy_over_self() {
    add({0x0E});
    add({0x07});
    if (random_.chance(50)) {
        add({0x0E});
        add({0x1F});
    }
    add({0xBF, 0, 0}, Fixup::Abs16, 1, any_target());
    add({0xBE, 0, 0}, Fixup::Abs16, 1, any_target());
    add({0xB9, u8(random_.between(1, 24)), 0});
    add({random_.one_of<u8>({0xFC, 0xFC, 0xFC, 0xFD})});
    add({0xF3, random_.one_of<u8>({0xA4, 0xA5, 0xA4, 0xAA})});
}

}  // namespace dyn86::verify
