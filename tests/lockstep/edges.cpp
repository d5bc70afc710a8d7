#include "tests/lockstep/edges.h"

#include <array>
#include <utility>

namespace dyn86::verify {
namespace {

constexpr u8 hlt = 0xF4;
constexpr SegOff plain_code{0x2000, 0x4000};
constexpr u16 own_code = 0;  // instead of a segment: where the program itself is

/// An instruction with a ModRM operand in memory.
struct Form {
    u8 opcode, reg;
    u8 immediates = 0;
};
constexpr std::array<Form, 43> forms{{
    {0x8B, 0},    {0x89, 1},    {0x8A, 4},    {0x88, 7},    {0x01, 2},    {0x03, 3}, {0x12, 5}, {0x10, 6}, {0x39, 0},
    {0x81, 7, 2}, {0x83, 0, 1}, {0xC7, 0, 2}, {0xC6, 0, 1}, {0xF7, 0, 2}, {0x85, 1}, {0xF7, 2}, {0xF7, 3}, {0xFF, 0},
    {0xFE, 1},    {0xF7, 4},    {0xF6, 5},    {0xF7, 6},    {0xF7, 7},    {0xF6, 6}, {0xD1, 4}, {0xD3, 2}, {0xD2, 1},
    {0xD1, 7},    {0x87, 0},    {0x86, 5},    {0xFF, 6},    {0x8F, 0},    {0xFF, 2}, {0xFF, 4}, {0xFF, 3}, {0xFF, 5},
    {0x8D, 1},    {0xC4, 3},    {0xC5, 6},    {0x8C, 3},    {0x8E, 0},    {0x8E, 3}, {0xD8, 0},
}};
/// Without: strings, XLAT, moves by offset, the stack.
constexpr std::array<u8, 30> others{0xA4, 0xA5, 0xA6, 0xA7, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF,
                                    0xD7, 0xA0, 0xA1, 0xA2, 0xA3, 0x50, 0x54, 0x5B, 0x5C, 0x06,
                                    0x07, 0x9C, 0x9D, 0xC3, 0xCB, 0xCF, 0xCC, 0xCE, 0xE8, 0x9A};

constexpr std::array<u16, 8> segments{0x3000, 0xFFFF, 0xFFF1, 0xF000, 0x9FFF, 0xA000, 0xBBFF, own_code};
constexpr std::array<u16, 14> offsets{0xFFFF, 0,      1,      0xFFFE, 0xFFFD, 0xFFFC, 0xFFFB,
                                      2,      0x000F, 0x0010, 0x0FFF, 0x1000, 0x7FFF, 0x8000};
/// ES CS SS DS, none, and two that contradict.
constexpr std::array<u8, 5> overrides{0x26, 0x2E, 0x36, 0x3E, 0};

enum class Way : u8 { Direct, Bx, BxSmall, Bp, BpSmall, BxSi, BpDiFar, SiFar };
constexpr unsigned ways = 8;

/// One point of the product; its coordinates are taken from a running number.
struct Point {
    unsigned form, override_at, segment, offset, way, flags, repeat;
};

constexpr std::array<unsigned, 7> extents{
    forms.size() + others.size(), overrides.size(), segments.size(), offsets.size(), ways, 4, 3};

Point point_of(u64 number) {
    std::array<unsigned, 7> at{};
    for (std::size_t i = 0; i < at.size(); ++i) {
        at[i] = unsigned(number % extents[i]);
        number /= extents[i];
    }
    return {at[0], at[1], at[2], at[3], at[4], at[5], at[6]};
}

constexpr u64 points() {
    u64 count = 1;
    for (const unsigned extent : extents) count *= extent;
    return count;
}

void put16(std::vector<u8>& bytes, u16 value) {
    bytes.push_back(u8(value));
    bytes.push_back(u8(value >> 8));
}

/// ModRM and displacement for an operand at `offset`, whose base and index go to the registers.
void address(std::vector<u8>& bytes, Registers& regs, Way way, u8 reg, u16 offset) {
    const u8 r = u8(reg << 3);
    constexpr u16 some = 0x1235;
    switch (way) {
        case Way::Direct: bytes.push_back(u8(r | 6)); return put16(bytes, offset);
        case Way::Bx: bytes.push_back(u8(r | 7)); return regs.set(Reg16::Bx, offset);
        case Way::BxSmall:
            bytes.push_back(u8(0x40 | r | 7));
            bytes.push_back(0xFB);
            return regs.set(Reg16::Bx, u16(offset + 5));
        case Way::Bp:
            bytes.push_back(u8(0x40 | r | 6));
            bytes.push_back(0);
            return regs.set(Reg16::Bp, offset);
        case Way::BpSmall:
            bytes.push_back(u8(0x40 | r | 6));
            bytes.push_back(2);
            return regs.set(Reg16::Bp, u16(offset - 2));
        case Way::BxSi:
            bytes.push_back(r);
            regs.set(Reg16::Bx, some);
            return regs.set(Reg16::Si, u16(offset - some));
        case Way::BpDiFar:
            bytes.push_back(u8(0x80 | r | 3));
            put16(bytes, some);
            regs.set(Reg16::Bp, u16(offset - 2 * some));
            return regs.set(Reg16::Di, some);
        case Way::SiFar:
            bytes.push_back(u8(0x80 | r | 4));
            put16(bytes, u16(0 - some));
            return regs.set(Reg16::Si, u16(offset + some));
    }
}

std::vector<u8> instruction(const Point& point, Registers& regs, u16 offset) {
    std::vector<u8> bytes;
    if (overrides[point.override_at] != 0) bytes.push_back(overrides[point.override_at]);
    if (point.form < forms.size()) {
        const Form& form = forms[point.form];
        bytes.push_back(form.opcode);
        address(bytes, regs, Way(point.way), form.reg, offset);
        for (u8 i = 0; i < form.immediates; ++i) bytes.push_back(u8(0x81 + i));
        return bytes;
    }
    const u8 opcode = others[point.form - forms.size()];
    const bool is_string = opcode >= 0xA4 && opcode <= 0xAF;
    if (is_string && point.repeat != 0) bytes.push_back(u8(0xF1 + point.repeat));
    bytes.push_back(opcode);
    if (opcode >= 0xA0 && opcode <= 0xA3) put16(bytes, offset);
    if (opcode == 0xE8) put16(bytes, 0);
    if (opcode == 0x9A) {
        put16(bytes, u16(regs.ip + 20));
        put16(bytes, regs.get(Sreg::Cs));
    }
    // What needs them as they are: offsets of strings and XLAT, and the stack, on the edge.
    regs.set(Reg16::Si, offset);
    regs.set(Reg16::Di, point.way % 2 == 0 ? offset : u16(offset + 1));
    regs.set(Reg16::Bx, u16(offset - 0x34));
    if (!is_string && opcode != 0xD7 && opcode > 0xA3) regs.set(Reg16::Sp, offset);
    if (opcode == 0x50 || opcode == 0x54 || opcode == 0x5B) regs.set(Reg16::Sp, offset);
    return bytes;
}

Sreg segment_of(const Point& point) {
    const u8 prefix = overrides[point.override_at];
    if (prefix != 0) return Sreg(prefix >> 3 & 3);
    const bool on_stack = point.form >= forms.size() + 15 || Way(point.way) == Way::Bp ||
                          Way(point.way) == Way::BpSmall || Way(point.way) == Way::BpDiFar;
    return on_stack ? Sreg::Ss : Sreg::Ds;
}

Program program_at(const Point& point) {
    Program program;
    Registers& regs = program.regs;
    regs.sreg = {0x5000, plain_code.segment, 0x6000, 0x7000};
    regs.ip = plain_code.offset;
    regs.gpr = {0x1234, 3, 0x0102, 0x4000, 0x8000, 0x4002, 0x4004, 0x4006};
    regs.flags = u16(flag::always_one | flag::c | flag::a | ((point.flags & 2) != 0 ? flag::d : 0));
    const Sreg segment = segment_of(point);
    u16 value = segments[point.segment];
    u16 offset = offsets[point.offset];
    if (value == own_code) {
        value = plain_code.segment;
        offset = u16(plain_code.offset + point.offset);
    }
    regs.set(segment, value);
    if (point.form >= forms.size()) regs.set(Sreg::Es, value);
    if (point.flags % 2 == 0) program.code.push_back({.bytes = {0x05, 0x01, 0x80}});  // add ax, 8001h
    program.code.push_back({.bytes = instruction(point, regs, offset)});
    if (point.flags % 2 == 0)
        program.code.push_back({.bytes = {0x39, 0xC0}});  // cmp ax, ax: what is before it is dead
    else
        program.code.push_back({.bytes = {0x73, 0x00}});  // jnc $+2: carry is alive
    program.code.push_back({.bytes = {hlt}});
    program.slices = {{.clocks = 1500}, {.clocks = 1500, .event = Event::Restart}};
    return program;
}

}  // namespace

void for_edge_episodes(u32 config, unsigned stride, const std::function<void(const Episode&)>& run) {
    constexpr std::size_t programs_each = 40;
    Episode episode;
    episode.config = config;
    for (u64 number = config; number < points(); number += stride) {
        if (episode.programs.empty()) episode.seed = number;
        episode.programs.push_back(program_at(point_of(number)));
        if (episode.programs.size() < programs_each && number + stride < points()) continue;
        run(episode);
        episode.programs.clear();
    }
}

}  // namespace dyn86::verify
