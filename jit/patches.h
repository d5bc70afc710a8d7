// Operands that programs keep changing. Code that modifies itself mostly patches an immediate or a displacement; such
// an operand is read from guest memory when its instruction executes, so that its bytes need not be watched and a patch
// costs no translation.
#pragma once

#include "cpu/insn.h"
#include "cpu/memory.h"
#include "jit/sparse_array.h"

#include <array>

namespace dyn86::jit {

/// Bytes of an instruction, counted from its first prefix.
struct Field {
    u16 at = 0, bytes = 0;
};
/// Of MOV, arithmetic, logic and TEST: the immediate; of others none, for it decides more than a value.
[[nodiscard]] Field immediate_field(const Insn& insn);
/// Of a memory operand.
[[nodiscard]] Field displacement_field(const Insn& insn);

/// Which bytes have been changed as operands of translated code. One per recompiler.
class Patches {
public:
    /// Of memory operands without a register: where words at odd addresses take longer, a direct address decides the
    /// instruction's clocks when it is translated. With a register they are counted when it executes.
    enum class DirectAddresses : u8 { Fixed, Patched };
    Patches(const Memory& memory, DirectAddresses direct)
        : memory_(memory), patches_direct_(direct == DirectAddresses::Patched) {}

    /// Translated code is being changed there (canonical, within one page). True: in operands alone, which will be read
    /// from now on when they are used.
    bool note(Linear start, u32 length);
    /// Other code will stand there.
    void forget(Linear start, u32 length);
    /// Before `insn`, decoded at `segment`, is translated or looked at: its patched operands become such.
    void apply(Insn& insn, u16 segment);
    /// Do other instructions keep being put in this one's place, while what follows stays? Such a one begins a block of
    /// its own, which compares its bytes whenever it is entered.
    [[nodiscard]] bool is_restless(const Insn& insn, u16 segment);

private:
    // Of a byte: how often it was changed, and whether something translated has it in an operand.
    static constexpr u8 counter = 0x7F, in_operand = 0x80;
    /// A byte changed more often is an opcode elsewhere.
    static constexpr u8 most_changes = 8;
    static constexpr u8 restless = 3;  // so many changes make an opcode
    [[nodiscard]] u8& byte_at(u16 segment, u16 ip) { return bytes_[memory_.canonical(u32{segment} * 16 + ip)]; }
    [[nodiscard]] u8 changes_around_operands(const Insn& insn, u16 segment);
    bool look_at(const Insn& insn, u16 segment, Field field);

    const Memory& memory_;
    bool patches_direct_;
    SparseArray<u8> bytes_{address_space};
    static constexpr unsigned page_bits = 12;
    std::array<bool, (address_space >> page_bits)> is_used_{};      // pages with a byte that is not 0
    std::array<bool, (address_space >> page_bits)> has_changes_{};  // ... with a count that is not 0
};

}  // namespace dyn86::jit
