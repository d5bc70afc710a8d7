// Flag instructions, ports and NOP. HLT ends a block: the dispatcher has it interpreted and looks.
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
        case Op::Sti:
        case Op::In:
        case Op::Out: return true;
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
        case Op::In:
        case Op::Out: return emit_port();
        case Op::Cli: return set(offsetof(State, interrupts), 0);
        case Op::Cld:
        case Op::Std:
            direction_ = step_->insn.op == Op::Cld ? Direction::Up : Direction::Down;
            return set(offsetof(State, direction), direction_ == Direction::Up ? 0 : State::direction_bit);
        default: return;  // NOP
    }
}

// Devices see everything: the block ends here, and the dispatcher calls them. [DESIGN 7]
void Emitter::emit_port() {
    const Insn& insn = step_->insn;
    const Operand& where = insn.op == Op::In ? insn.src : insn.dst;
    const ExitId id = new_exit(ExitSite::Kind::Port, insn.next());
    ExitSite& exit = exits_[id];
    exit.queue = step_->queue_after;
    exit.sp = sp_;
    exit.refund = trace_->clocks - clocks_after();
    exit.instructions = steps_left();
    exit.word = insn.width == Width::Word;
    exit.port_is_dx = where.kind == Operand::Kind::Reg16;
    exit.port = insn.immediate;
    emit_stub(id);
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
