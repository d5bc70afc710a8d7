#include "src/verify/random_machine.h"

#include <algorithm>
#include <utility>

namespace dyn86::verify {
namespace {

constexpr u8 sp = 4;  // as a register number

}  // namespace

const std::vector<RandomCode::Weighted>& RandomCode::makers() {
    static const std::vector<Weighted> table{
        {120, &RandomCode::alu},
        {60, &RandomCode::alu_immediate},
        {50, &RandomCode::inc_dec},
        {60, &RandomCode::push_pop},
        {80, &RandomCode::move},
        {40, &RandomCode::move_immediate},
        {20, &RandomCode::move_direct},
        {20, &RandomCode::exchange},
        {30, &RandomCode::test_not_neg},
        {20, &RandomCode::multiply_divide},
        {60, &RandomCode::shift},
        {20, &RandomCode::load_address},
        {50, &RandomCode::one_byte},
        {25, &RandomCode::string},
        {20, &RandomCode::repeated_string},
        {70, &RandomCode::branch},
        {10, &RandomCode::jump},
        {25, &RandomCode::counted_loop},
        {20, &RandomCode::call},
        {14, &RandomCode::call_that_meddles},
        {8, &RandomCode::call_itself},
        {6, &RandomCode::far_call},
        {6, &RandomCode::far_jump},
        {15, &RandomCode::indirect},
        {6, &RandomCode::far_indirect},
        {8, &RandomCode::return_through_stack},
        {8, &RandomCode::interrupt},
        {12, &RandomCode::input_output},
        {10, &RandomCode::segment_load},
        {4, &RandomCode::stack_segment_load},
        {8, &RandomCode::flags_word},
        {2, &RandomCode::single_step},
        {2, &RandomCode::halt},
        {30, &RandomCode::patch},
        {6, &RandomCode::patch_through_alias},
        {10, &RandomCode::patch_halves},
        {8, &RandomCode::change_shape},
        {4, &RandomCode::copy_over_self},
        {6, &RandomCode::repeat_elsewhere},
        {20, &RandomCode::even_stack},
        {8, &RandomCode::group_ff},
        {4, &RandomCode::any_bytes},
    };
    return table;
}

std::vector<Item> RandomCode::make(u32 items) {
    wanted_ = items;
    items_.clear();
    u32 total = 0;
    for (const Weighted& row : makers()) total += row.weight;
    while (items_.size() < items) {
        u32 pick = random_.below(total);
        for (const Weighted& row : makers()) {
            if (pick < row.weight) {
                (this->*row.maker)();
                break;
            }
            pick -= row.weight;
        }
    }
    add({0xE9, 0, 0}, Fixup::Rel16, 1, 0);  // and again
    return std::exchange(items_, {});
}

u16 RandomCode::word() {
    if (random_.chance(45)) return random_.word();
    if (random_.chance(40)) return u16(random_.below(0x40));
    return random_.one_of<u16>(
        {0, 1, 2, 0xFFFF, 0xFFFE, 0xFFFD, 0xFFFC, 0x7FFF, 0x8000, 0x8001, 0x00FF, 0x0100, 0xFF00});
}

u8 RandomCode::byte() {
    if (random_.chance(60)) return random_.byte();
    return random_.one_of<u8>({0, 1, 2, 0xFF, 0xFE, 0x7F, 0x80, 0x81, 8, 16, 31, 32, 33});
}

void RandomCode::add(std::vector<u8> bytes) {
    items_.push_back({.bytes = std::move(bytes)});
}

void RandomCode::add(std::vector<u8> bytes, Fixup fixup, u8 at, u16 target, u16 delta) {
    items_.push_back({.bytes = std::move(bytes), .fixup = fixup, .at = at, .target = target, .delta = delta});
}

/// Mostly forward, so that most programs get to their end.
u16 RandomCode::any_target() {
    if (random_.chance(20)) return u16(random_.below(here() + 1u));
    return u16(std::min<u32>(here() + 1u + random_.below(8), wanted_));
}

/// The stack pointer is seldom anybody's destination: where it is odd, translated code does not run.
u8 RandomCode::any_reg() {
    const u8 reg = u8(random_.below(8));
    return reg == sp && random_.chance(85) ? u8(random_.below(4)) : reg;
}

u8 RandomCode::mod_and_rm() {
    if (random_.chance(45)) return u8(0xC0 | any_reg());
    return u8(random_.one_of<u8>({0x00, 0x00, 0x40, 0x40, 0x80}) | random_.below(8));
}

void RandomCode::modrm(std::vector<u8>& bytes, u8 reg) {
    const u8 form = mod_and_rm();
    bytes.push_back(u8(form | reg << 3));
    if ((form & 0xC7) == 0x06 || (form & 0xC0) == 0x80)
        put16(bytes, word());
    else if ((form & 0xC0) == 0x40)
        bytes.push_back(byte());
}

std::vector<u8> RandomCode::prefixes() {
    std::vector<u8> bytes;
    if (random_.chance(80)) return bytes;
    const u32 count = random_.chance(85) ? 1 : random_.between(2, 4);
    for (u32 i = 0; i < count; ++i)
        bytes.push_back(random_.one_of<u8>({0x26, 0x26, 0x2E, 0x2E, 0x36, 0x36, 0x3E, 0x3E, 0xF0, 0xF1, 0xF2, 0xF3}));
    if (random_.chance(1))
        for (u32 i = 0; i < 12; ++i) bytes.push_back(0x3E);  // more than the decoder takes
    return bytes;
}

void RandomCode::with_modrm(u8 opcode, u8 reg, u32 immediate_bytes) {
    std::vector<u8> bytes = prefixes();
    bytes.push_back(opcode);
    modrm(bytes, reg);
    if (immediate_bytes == 1) bytes.push_back(byte());
    if (immediate_bytes == 2) put16(bytes, word());
    add(std::move(bytes));
}

void RandomCode::alu() {
    with_modrm(u8(random_.below(8) << 3 | random_.below(4)), any_reg());
}

void RandomCode::alu_immediate() {
    const u8 operation = u8(random_.below(8));
    if (random_.chance(30)) {
        const bool wide = random_.chance(50);
        std::vector<u8> bytes{u8(operation << 3 | (wide ? 5 : 4)), byte()};
        if (wide) bytes.push_back(byte());
        return add(std::move(bytes));
    }
    const u8 opcode = u8(0x80 + random_.below(4));
    with_modrm(opcode, operation, opcode == 0x81 ? 2 : 1);
}

void RandomCode::inc_dec() {
    if (random_.chance(70))
        add({u8(0x40 | random_.below(2) << 3 | any_reg())});
    else
        with_modrm(u8(0xFE + random_.below(2)), u8(random_.below(2)));
}

void RandomCode::push_pop() {
    const u32 pick = random_.below(10);
    if (pick < 4)
        add({u8(0x50 | random_.below(8))});
    else if (pick < 7)
        add({u8(0x58 | any_reg())});
    else if (pick == 7)
        add({random_.one_of<u8>({0x06, 0x0E, 0x16, 0x1E, 0x06, 0x07, 0x1F})});
    else if (pick == 8)
        with_modrm(0xFF, 6);
    else
        with_modrm(0x8F, random_.chance(90) ? u8{0} : u8(random_.below(8)));
}

void RandomCode::move() {
    if (random_.chance(90))
        with_modrm(u8(0x88 + random_.below(4)), any_reg());
    else
        with_modrm(0x8C, u8(random_.below(8)));
}

void RandomCode::move_immediate() {
    if (random_.chance(40)) return add({u8(0xB0 + random_.below(8)), byte()});
    if (random_.chance(30)) return with_modrm(0xC6, 0, 1);
    if (random_.chance(30)) return with_modrm(0xC7, 0, 2);
    std::vector<u8> bytes{u8(0xB8 + any_reg())};
    put16(bytes, word());
    add(std::move(bytes));
}

void RandomCode::move_direct() {
    std::vector<u8> bytes = prefixes();
    bytes.push_back(u8(0xA0 + random_.below(4)));
    put16(bytes, word());
    add(std::move(bytes));
}

void RandomCode::exchange() {
    if (random_.chance(50))
        add({u8(0x90 | any_reg())});
    else
        with_modrm(u8(0x86 + random_.below(2)), any_reg());
}

void RandomCode::test_not_neg() {
    const u32 pick = random_.below(4);
    const u8 wide = u8(random_.below(2));
    if (pick == 0) return with_modrm(u8(0x84 + wide), any_reg());
    if (pick == 1) return with_modrm(u8(0xF6 + wide), u8(random_.below(2)), 1u + wide);
    if (pick == 2) return with_modrm(u8(0xF6 + wide), u8(2 + random_.below(2)));
    if (wide != 0) return add({0xA9, byte(), byte()});
    add({0xA8, byte()});
}

void RandomCode::multiply_divide() {
    with_modrm(u8(0xF6 + random_.below(2)), u8(4 + random_.below(4)));
}

void RandomCode::shift() {
    if (random_.chance(40)) add({0xB1, u8(random_.chance(80) ? random_.below(20) : random_.byte())});
    with_modrm(u8(0xD0 + random_.below(4)), u8(random_.below(8)));
}

void RandomCode::load_address() {
    if (random_.chance(70))
        with_modrm(0x8D, any_reg());
    else
        with_modrm(u8(0xC4 + random_.below(2)), any_reg());
}

void RandomCode::one_byte() {
    const u8 opcode = random_.one_of<u8>({0x27, 0x2F, 0x37, 0x3F, 0x90, 0x98, 0x99, 0x9B, 0x9C, 0x9E, 0x9F, 0xD6,
                                          0xD7, 0xF5, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFC, 0xD4, 0xD5, 0xD8});
    std::vector<u8> bytes = prefixes();
    bytes.push_back(opcode);
    if (opcode == 0xD4 || opcode == 0xD5) bytes.push_back(random_.chance(60) ? u8{10} : byte());
    if (opcode == 0xD8) {
        bytes.back() = u8(0xD8 + random_.below(8));
        modrm(bytes, u8(random_.below(8)));
    }
    add(std::move(bytes));
}

void RandomCode::string() {
    if (random_.chance(10)) add({random_.one_of<u8>({0xFC, 0xFD})});
    std::vector<u8> bytes = prefixes();
    bytes.push_back(random_.one_of<u8>({0xA4, 0xA5, 0xA6, 0xA7, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF}));
    add(std::move(bytes));
}

void RandomCode::repeated_string() {
    if (random_.chance(25)) add({random_.one_of<u8>({0xFC, 0xFC, 0xFD})});
    add({0xB9, u8(random_.below(40)), u8(random_.chance(3) ? random_.below(8) : 0)});
    if (random_.chance(30)) add({random_.one_of<u8>({0xBE, 0xBF}), byte(), byte()});
    std::vector<u8> bytes = prefixes();
    bytes.push_back(u8(0xF2 + random_.below(2)));
    if (random_.chance(20)) bytes.push_back(random_.one_of<u8>({0x26, 0x2E, 0x36, 0x3E}));
    bytes.push_back(random_.one_of<u8>({0xA4, 0xA5, 0xA6, 0xA7, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF}));
    add(std::move(bytes));
}

/// A repetition whose ends are in segments that the program knows (its own code, ROM, devices, repeated pages), at an
/// edge or at an instruction of its own; sometimes downwards.
void RandomCode::repeat_elsewhere() {
    std::vector<u8> load{0xB8};
    put16(load, random_.one_of(std::span<const u16>(segments_)));
    add(std::move(load));
    add({0x8E, random_.one_of<u8>({0xC0, 0xC0, 0xD8})});
    for (const u8 move : {u8{0xBE}, u8{0xBF}}) {
        if (random_.chance(40)) {
            add({move, 0, 0}, Fixup::Abs16, 1, any_target(), u16(random_.below(3)));
            continue;
        }
        std::vector<u8> pointer{move};
        put16(pointer, word());
        add(std::move(pointer));
    }
    add({0xB9, u8(random_.below(100)), 0});
    const bool down = random_.chance(15);
    if (down) add({0xFD});
    add({u8(0xF2 + random_.below(2)),
         random_.one_of<u8>({0xA4, 0xA5, 0xA6, 0xA7, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF})});
    if (down) add({0xFC});
}

void RandomCode::branch() {
    const u8 opcode = random_.chance(90) ? u8(0x70 | random_.below(16)) : u8(0x60 | random_.below(16));
    add({opcode, 0}, Fixup::Rel8, 1, any_target());
}

void RandomCode::jump() {
    if (random_.chance(50))
        add({0xEB, 0}, Fixup::Rel8, 1, any_target());
    else
        add({0xE9, 0, 0}, Fixup::Rel16, 1, any_target());
}

void RandomCode::counted_loop() {
    add({0xB9, u8(random_.between(1, 12)), 0});
    const u16 top = here();
    const u32 body = random_.between(1, 4);
    for (u32 i = 0; i < body; ++i) random_.chance(50) ? alu() : random_.chance(50) ? move() : inc_dec();
    add({u8(0xE0 + random_.below(3)), 0}, Fixup::Rel8, 1, top);
    if (random_.chance(20)) add({0xE3, 0}, Fixup::Rel8, 1, any_target());
}

/// A subroutine in line: call it, jump over it.
void RandomCode::call() {
    add({0xE8, 0, 0}, Fixup::Rel16, 1, u16(here() + 2));
    const std::size_t over = items_.size();
    add({0xEB, 0}, Fixup::Rel8, 1, 0);
    const u32 body = random_.between(1, 4);
    for (u32 i = 0; i < body; ++i) random_.chance(60) ? alu() : move();
    if (random_.chance(80))
        add({random_.one_of<u8>({0xC3, 0xC3, 0xC3, 0xC1})});
    else
        add({random_.one_of<u8>({0xC2, 0xC0}), u8(random_.below(4) * 2), 0});
    items_[over].target = here();
}

/// A subroutine that looks at its return address, or changes it, or the stack.
void RandomCode::call_that_meddles() {
    add({0xE8, 0, 0}, Fixup::Rel16, 1, u16(here() + 2));
    const std::size_t over = items_.size();
    add({0xEB, 0}, Fixup::Rel8, 1, 0);
    switch (random_.below(7)) {
        case 0: add({0x58, 0x50}); break;                                                  // pop ax / push ax
        case 1: add({0x5B, 0x43, 0x53}); break;                                            // pop bx / inc bx / push bx
        case 2: add({0x44, 0x44, 0x4C, 0x4C}); break;                                      // over it and back
        case 3: add({0x83, 0xC4, 0x02, 0x50, 0x44, 0x44, 0x0E, 0x83, 0xEC, 0x00}); break;  // lost
        case 4:                                                                            // bp: inc byte [bp+2]
            add({0x55, 0x8B, 0xEC, 0xFE, 0x46, u8(random_.chance(60) ? 2 : random_.below(6))});
            add({0x5D});
            break;
        case 5: with_modrm(u8(0x88 + random_.below(2)), any_reg()); break;
        default:  // mov bx,sp: add word ss:[bx], small
            add({0x8B, 0xDC, 0x36, 0x83, 0x07, u8(random_.chance(50) ? 0 : random_.below(5))});
    }
    if (random_.chance(40)) alu();
    add({random_.one_of<u8>({0xC3, 0xC3, 0xC3, 0xC1})});
    items_[over].target = here();
}

/// A procedure that calls itself, CX deep.
void RandomCode::call_itself() {
    add({0xB9, u8(random_.between(1, 9)), 0});
    const u16 procedure = u16(here() + 2);
    add({0xE8, 0, 0}, Fixup::Rel16, 1, procedure);
    const std::size_t over = items_.size();
    add({0xEB, 0}, Fixup::Rel8, 1, 0);
    if (random_.chance(50)) alu();
    add({0x49});
    add({0x7E, 0}, Fixup::Rel8, 1, u16(here() + 2 + random_.below(2)));  // jng
    if (random_.chance(50)) push_pop();
    add({0xE8, 0, 0}, Fixup::Rel16, 1, procedure);
    if (random_.chance(50)) alu();
    add({0xC3});
    items_[over].target = here();
}

void RandomCode::far_call() {
    const u16 delta = u16(random_.below(3));
    add({0x9A, 0, 0, 0, 0}, Fixup::Far, 1, u16(here() + 2), delta);
    const std::size_t over = items_.size();
    add({0xEB, 0}, Fixup::Rel8, 1, 0);
    alu();
    add({random_.one_of<u8>({0xCB, 0xCB, 0xC9})});
    items_[over].target = here();
}

/// The same bytes under another CS; code from there on has another IP, so that its absolute fixups are off: fine.
void RandomCode::far_jump() {
    add({0xEA, 0, 0, 0, 0}, Fixup::Far, 1, u16(here() + 1 + random_.below(3)), u16(random_.below(4)));
}

void RandomCode::indirect() {
    const u16 target = any_target();
    const u8 reg = random_.one_of<u8>({0, 1, 2, 3, 5, 6, 7});
    add({u8(0xB8 + reg), 0, 0}, Fixup::Abs16, 1, target);
    if (random_.chance(50)) return add({0xFF, u8(0xE0 | reg)});
    std::vector<u8> store{0x89, u8(reg << 3 | 6)};  // mov [d16], reg / jmp [d16]
    const u16 where = word();
    put16(store, where);
    add(std::move(store));
    std::vector<u8> jump_there{0xFF, 0x26};
    put16(jump_there, where);
    add(std::move(jump_there));
}

void RandomCode::far_indirect() {
    const u16 where = word();
    add({0xB8, 0, 0}, Fixup::Abs16, 1, any_target());
    std::vector<u8> store{0xA3};
    put16(store, where);
    add(std::move(store));
    std::vector<u8> store_cs{0x8C, 0x0E};
    put16(store_cs, u16(where + 2));
    add(std::move(store_cs));
    std::vector<u8> jump_there{0xFF, random_.one_of<u8>({0x2E, 0x1E})};
    put16(jump_there, where);
    add(std::move(jump_there));
}

/// RET, RETF and IRET to a target of our choice.
void RandomCode::return_through_stack() {
    const u32 kind = random_.below(3);
    if (kind == 2) add({0x9C});
    if (kind >= 1) add({0x0E});
    add({0xB8, 0, 0}, Fixup::Abs16, 1, any_target());
    add({0x50});
    add({random_.one_of<u8>({0xC3, 0xC3})});
    items_.back().bytes[0] = kind == 0 ? 0xC3 : kind == 1 ? 0xCB : 0xCF;
}

void RandomCode::interrupt() {
    const u32 kind = random_.below(4);
    if (kind == 0)
        add({0xCC});
    else if (kind == 1)
        add({0xCE});
    else
        add({0xCD, random_.byte()});
}

void RandomCode::input_output() {
    if (random_.chance(50))
        add({u8(0xE4 + random_.below(4)), random_.byte()});
    else
        add({u8(0xEC + random_.below(4))});
}

void RandomCode::segment_load() {
    std::vector<u8> load{0xB8};
    put16(load, random_.one_of(std::span<const u16>(segments_)));
    add(std::move(load));
    add({0x8E, random_.one_of<u8>({0xC0, 0xD8, 0xD8, 0xC0, 0xE0, 0xF8})});
}

void RandomCode::stack_segment_load() {
    std::vector<u8> load{0xB8};
    put16(load, random_.one_of(std::span<const u16>(segments_)));
    add(std::move(load));
    if (random_.chance(50)) {
        add({0x50});
        add({0x17});
    } else {
        add({0x8E, 0xD0});
    }
    std::vector<u8> pointer{0xBC};
    put16(pointer, u16(word() & ~1));
    add(std::move(pointer));
}

/// Loads FLAGS with TF clear.
void RandomCode::flags_word() {
    std::vector<u8> load{0xB8};
    put16(load, u16(random_.word() & ~flag::t));
    add(std::move(load));
    add({0x50});
    add({0x9D});
}

void RandomCode::single_step() {
    add({0xB8, byte(), u8(random_.byte() | 1)});
    add({0x50});
    add({0x9D});
}

void RandomCode::halt() {
    add({0xF4});
}

void RandomCode::even_stack() {
    add({0x83, 0xE4, 0xFE});
}

/// Undefined and flow forms with whatever operand: they usually end somewhere in random memory.
void RandomCode::group_ff() {
    if (random_.chance(70)) return inc_dec();
    with_modrm(u8(0xFE + random_.below(2)), u8(random_.below(8)));
}

void RandomCode::any_bytes() {
    std::vector<u8> bytes;
    for (u32 i = random_.between(1, 6); i > 0; --i) bytes.push_back(random_.byte());
    add(std::move(bytes));
}

}  // namespace dyn86::verify
