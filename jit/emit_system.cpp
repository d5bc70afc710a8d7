// Flag instructions and NOP. Ports and HLT end a block: the dispatcher has them interpreted and looks.
#include "jit/emitter.h"

namespace dyn86::jit {

bool Emitter::can_system(const Step& step) {
    switch (step.insn.op) {
        case Op::Nop:
        case Op::Clc:
        case Op::Stc:
        case Op::Cmc:
        case Op::Cld:
        case Op::Std:
        case Op::Cli:
        case Op::Sti: return true;
        default: return false;
    }
}

void Emitter::emit_system() {
    const auto set = [&](std::size_t field, i32 value) {
        x_.mov(Size::Byte, at(pin::arena, state_field(field)), value);
    };
    switch (step_->insn.op) {
        case Op::Clc: return x_.clc();
        case Op::Stc: return x_.stc();
        case Op::Cmc: return x_.cmc();
        case Op::Sti: return emit_sti();
        case Op::Cli: return set(offsetof(State, interrupts), 0);
        case Op::Cld:
        case Op::Std:
            forward_ = step_->insn.op == Op::Cld;
            return set(offsetof(State, direction), forward_ ? 0 : State::direction_bit);
        default: return;  // NOP
    }
}

// An interrupt that waits already comes behind the next instruction: the interpreter's. Else none can come before the
// block ends, and nothing of the shadow is to be seen.
void Emitter::emit_sti() {
    const Saved saved = save_flags(step_->live_in);
    x_.alu(Alu::Cmp, Size::Byte, at(pin::arena, core_field(offsetof(Core, intr))), 0);
    check(Cond::Ne, saved);
    restore_flags(x_, saved);
    x_.mov(Size::Byte, at(pin::arena, state_field(offsetof(State, interrupts))), State::interrupts_bit);
}

}  // namespace dyn86::jit
