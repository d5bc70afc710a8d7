// The way into translated code and out of it.
#pragma once

#include "cpu/flags.h"
#include "cpu/timing.h"
#include "jit/assembler.h"
#include "jit/code_buffer.h"
#include "jit/decimal.h"
#include "jit/host_regs.h"

#include <array>
#include <cstddef>

namespace dyn86::jit {

/// What translated code and dispatcher tell each other, beside Core in the arena. The general and segment registers are
/// Core's own; FLAGS and the budget change their form at the border.
struct State {
    u32 exit = 0;        // which ColdExit left, or a number from `leave`
    i32 budget = 0;      // pin::budget
    u16 host_flags = 0;  // low byte: O; high byte: S Z A P C as LAHF has them
    u16 missed_ip = 0;   // where an indirect jump wanted to go
    u8 direction = 0;    // DF, as direction_bit
    u8 interrupts = 0;   // IF, as interrupts_bit
    u16 unused = 0;
    u64 instructions = 0;  // executed in translated code, if counted

    /// By the low byte of an offset: 4 where a word there is even. One more, for an odd displacement.
    std::array<u8, 257> even_refund = [] {
        std::array<u8, 257> table{};
        for (std::size_t i = 0; i < table.size(); i += 2) table[i] = timing::split_word;
        return table;
    }();

    // Eight times these are the flags: LEA can add them up.
    static constexpr u8 direction_bit = flag::d / 8, interrupts_bit = flag::i / 8;
};

[[nodiscard]] constexpr i32 state_field(std::size_t offset) {
    return in_arena(ArenaLayout::engine_state + offset);
}

/// Arena places of the recompiler: dispatch tables, and behind State those of decimal.h. Dispatch by `jmp [arena + IP*8
/// + table]` needs fixed distances. A CS value without a table of its own has the first, in which nothing ever is.
struct Layout {
    static constexpr std::size_t decimal = ArenaLayout::engine_state + 0x800;
    static constexpr std::size_t tables = ArenaLayout::engine;  // one per CS value, 64 Ki pointers each
    static constexpr std::size_t table_size = std::size_t{0x10000} * 8;
    static constexpr std::size_t max_tables = 256;
    /// By CS value: 32-bit distance of its table from the first.
    static constexpr std::size_t by_segment = tables + max_tables * table_size;
    static constexpr std::size_t by_segment_size = std::size_t{0x10000} * 4;
    static constexpr std::size_t code = by_segment + by_segment_size;
    static constexpr std::size_t max_code = std::size_t{256} << 20;
    static constexpr std::size_t hits = code + max_code;  // one counter per block, where they are counted
};
static_assert(sizeof(State) <= 0x800 && Layout::decimal + sizeof(DecimalTables) <= ArenaLayout::core_size);
static_assert(Layout::hits < ArenaLayout::size);

/// Numbers of exits that belong to no block.
namespace leave {
inline constexpr u32 missed = 0xFFFF'FFFF;  // no block there: State::missed_ip
}

/// The few routines that all blocks share.
struct Thunks {
    /// Loads the guest registers and jumps to `target`; returns when translated code leaves.
    using Enter = void (*)(u8* biased_arena, const u8* target);
    Enter enter = nullptr;
    const u8* leave = nullptr;   // writable address: pin::address holds the exit's number
    const u8* missed = nullptr;  // executable address: pin::address holds the IP
};

/// Assembles them at the start of the buffer.
Thunks assemble_thunks(CodeBuffer& buffer);

}  // namespace dyn86::jit
