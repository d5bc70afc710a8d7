// What gdb is told of the machine: its registers, in gdb's order, and its memory.
#pragma once

#include "src/dyn86.h"

#include <optional>
#include <string>
#include <string_view>

namespace dyn86::debug {

/// The target description. gdb knows an 80386 with its numeric coprocessor in 16-bit mode: each register has its slot,
/// upper halves are 0, what an 8086 lacks is 0. EIP is linear (CS*16 + IP), so that breakpoints, disassembly and
/// symbols go by addresses; the register `ip` is apart, in a feature of ours. [gdb manual, "i386 Features"]
[[nodiscard]] const std::string& target_description();
[[nodiscard]] std::string memory_map(const std::vector<MemoryRegion>& regions);

inline constexpr unsigned register_count = 33;

/// A register's bytes in hexadecimal; empty: there is none with this number.
[[nodiscard]] std::string read_register(const CpuState& state, unsigned number);
/// All, one behind the other.
[[nodiscard]] std::string read_registers(const CpuState& state);
/// False: no such register, or a value that it cannot hold (EIP outside the code segment).
[[nodiscard]] bool write_register(CpuState& state, unsigned number, std::string_view hex);
[[nodiscard]] bool write_registers(CpuState& state, std::string_view hex);

}  // namespace dyn86::debug
