#include "bench/bed.h"

#include <array>

namespace dyn86::bench {

namespace {

constexpr std::array<u8, 14> registers_loop = {
    0x01, 0xD8,  // again: add ax,bx
    0x31, 0xC2,  // xor dx,ax
    0xD1, 0xC2,  // rol dx,1
    0x43,        // inc bx
    0x39, 0xD1,  // cmp cx,dx
    0x72, 0xF5,  // jb again
    0x49,        // dec cx
    0xEB, 0xF2,  // jmp again
};
constexpr std::array<u8, 22> memory_loop = {
    0x8B, 0x84, 0x00, 0x20,  // again: mov ax,[si+2000h]
    0x03, 0x85, 0x00, 0x30,  // add ax,[di+3000h]
    0x89, 0x84, 0x00, 0x40,  // mov [si+4000h],ax
    0x46,                    // inc si
    0x46,                    // inc si
    0x81, 0xE6, 0xFE, 0x0F,  // and si,0FFEh
    0x89, 0xF7,              // mov di,si
    0xEB, 0xEA,              // jmp again
};
constexpr std::array<u8, 14> calls_loop = {
    0x50,              // again: push ax
    0xE8, 0x03, 0x00,  // call function
    0x58,              // pop ax
    0xEB, 0xF9,        // jmp again
    0x55,              // function: push bp
    0x89, 0xE5,        // mov bp,sp
    0x40,              // inc ax
    0x5D,              // pop bp
    0xC3,              // ret
    0x90,
};
constexpr std::array all_loops = {
    Loop{"registers", registers_loop},
    Loop{"memory", memory_loop},
    Loop{"calls", calls_loop},
};

}  // namespace

std::span<const Loop> loops() {
    return all_loops;
}

u64 instructions_in(const Loop& loop, Cycles clocks) {
    Bed bed(loop.code);
    bed.run(bed.interpreter(), clocks);
    return bed.interpreter().stats().instructions;
}

}  // namespace dyn86::bench
