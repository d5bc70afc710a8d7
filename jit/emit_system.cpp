// Flag instructions, NOP and ESC. Ports, HLT and interrupts end a block: the dispatcher has them interpreted and looks.
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
        case Op::Cli: return true;
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
        case Op::Cli: return set(offsetof(State, interrupts), 0);
        case Op::Cld:
        case Op::Std: forward_ = step_->insn.op == Op::Cld; return set(offsetof(State, direction), forward_ ? 0 : 1);
        default: return;  // NOP
    }
}

}  // namespace dyn86::jit
