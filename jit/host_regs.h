// Which host register holds what while translated code runs.
#pragma once

#include "cpu/memory.h"
#include "cpu/registers.h"
#include "src/base/types.h"

#include <cstddef>

namespace dyn86::jit {

/// Host registers by their encoding.
enum class Host : u8 { Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi, R8, R9, R10, R11, R12, R13, R14, R15 };

// AX CX DX BX sit where AL..BH are the same bytes on the host; those encode only without a REX prefix, so the scratch
// address and the two most used segments have legacy registers and SP BP SI DI, which have no byte halves, the new
// ones. The eight guest registers are zero-extended to 64 bits at every instruction boundary: they index memory as they
// are.
namespace pin {
inline constexpr Host address = Host::Rsi;  // offsets under computation; the exit's number on the way out
inline constexpr Host ds = Host::Rdi;       // pointer to DS:0000 in the guest view
inline constexpr Host ss = Host::Rbp;
inline constexpr Host es = Host::R12;
inline constexpr Host value = Host::R13;   // scratch; saved flags while a check runs
inline constexpr Host arena = Host::R14;   // arena base + arena_bias
inline constexpr Host budget = Host::R15;  // clocks that translated code may still take, less one
inline constexpr Host sp = Host::R8;
}  // namespace pin

[[nodiscard]] constexpr Host host(Reg16 r) {
    return Host(u8(r) < 4 ? u8(r) : u8(r) + 4);
}
static_assert(host(Reg16::Bx) == Host::Rbx && host(Reg16::Sp) == pin::sp && host(Reg16::Di) == Host::R11);

/// An eight-bit displacement from pin::arena reaches the whole of Core's hot part.
inline constexpr i32 arena_bias = 128;
[[nodiscard]] constexpr i32 in_arena(std::size_t offset) {
    return i32(offset) - arena_bias;
}
[[nodiscard]] constexpr i32 core_field(std::size_t offset) {
    return in_arena(ArenaLayout::core + offset);
}

}  // namespace dyn86::jit
