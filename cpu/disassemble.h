// Insn to text, by the opcode table alone.
#pragma once

#include "cpu/insn.h"

#include <string>
#include <string_view>

namespace dyn86 {

/// One line of nasm's syntax, without address and bytes. Sizes are spelt out where nasm would otherwise choose a
/// shorter encoding. What nasm has no name for: `esc` (with its six-bit number), `setmo`, and an instruction that could
/// not be decoded, which reads "(prefixes)".
[[nodiscard]] std::string disassemble(const Insn& insn);

/// What an Op is called, without an instruction at hand: "add", "jcc", "call far".
[[nodiscard]] std::string_view op_name(Op op);

}  // namespace dyn86
