// Out-of-line paths: what failed checks and jumps to other blocks lead to.
#include "jit/emitter.h"

#include <utility>

namespace dyn86::jit {

ExitId Emitter::new_exit(ExitSite::Kind kind, u16 ip) {
    ExitSite exit;
    exit.kind = kind;
    exit.op = step_->insn.op;
    exit.ip = ip;
    exit.segment = trace_->head.segment;
    exit.queue = step_->queue;
    exit.block = block_;
    if (kind != ExitSite::Kind::Link) {
        exit.sp = step_sp_;
        exit.refund = trace_->clocks - step_->clocks_before;
        exit.instructions = steps_left() + 1;
        exit.live = step_->live_in;
        exit.overwritten = step_->overwritten;
    }
    exits_.push_back(exit);
    return ExitId(exits_.size() - 1);
}

void Emitter::emit_stub(ExitId exit) {
    exits_[exit].stub = x_.here();
    x_.mov(pin::address, exit);
    x_.jmp_to(config_.thunks.leave);
}

/// Puts right what the block postponed or charged in advance. No flag may change.
void Emitter::settle(i16 sp, i32 refund, i32 instructions) {
    if (sp != 0) x_.lea(Size::Dword, pin::sp, at(pin::sp, sp));
    if (refund != 0) x_.lea(Size::Dword, pin::budget, at(pin::budget, refund));
    if (instructions == 0 || !config_.count_instructions) return;
    const Mem count = at(pin::arena, state_field(offsetof(State, instructions)));
    x_.mov(Size::Qword, number(pin::value), count);
    x_.lea(Size::Qword, pin::value, at(pin::value, -instructions));
    x_.mov(Size::Qword, count, number(pin::value));
}

void Emitter::link(u16 ip) {
    settle(sp_, trace_->clocks - clocks_after(), steps_left());
    link_to({trace_->head.segment, ip});
}

void Emitter::link_to(SegOff target) {
    ways_.push_back(
        {x_.jmp(), target.segment, target.offset, step_->queue_after, 0, 0, 0, step_->live_out, overwritten()});
}

void Emitter::link_if(Cond c, u16 ip) {
    leave_by(x_.jcc(c), ip);
}

void Emitter::link_always(u16 ip) {
    leave_by(x_.jmp(), ip);
}

void Emitter::leave_by(u8* site, u16 ip) {
    const i32 left = config_.count_instructions ? steps_left() : 0;
    ways_.push_back({site, trace_->head.segment, ip, step_->queue_aside, sp_, trace_->clocks - clocks_aside(), left,
                     step_->live_aside, overwritten()});
}

/// To the current step's tail, for which the test at the head leaves room.
void Emitter::return_if(Cond c) {
    const Tail& tail = trace_->tails[step_->tail - 1u];
    const i32 refund = trace_->clocks - clocks_aside() - tail.clocks;
    returns_.push_back({x_.jcc(c), &tail, sp_, refund, steps_left() - tail.instructions()});
}

void Emitter::emit_return(const Return& way) {
    x_.bind(way.site);
    i32 sp = way.sp;
    for (u8 i = 0; i < way.tail->pops; ++i, sp += 2)
        x_.movzx(host(Reg16(way.tail->popped[i])), Size::Word, at(pin::ss, pin::sp, sp));
    x_.movzx(pin::address, Size::Word, at(pin::ss, pin::sp, sp));
    settle(i16(sp + way.tail->released), way.refund, way.instructions);
    x_.jmp(at(pin::arena, pin::address, table_, 3));
}

i32 Emitter::steps_left() const {
    return trace_->counted - step_->steps_before - 1;
}

/// Nothing has been charged yet, and the flags are still put aside.
void Emitter::emit_changed() {
    if (differences_.empty()) return;
    Step* const last = std::exchange(step_, trace_->steps().data());
    changed_ = new_exit(ExitSite::Kind::Changed, trace_->head.offset);
    ExitSite& exit = exits_[changed_];
    exit.refund = exit.instructions = 0;
    exit.sp = 0;
    exit.live = arithmetic_flags;
    for (u8* const site : differences_) x_.bind(site);
    exit.site = x_.jmp();
    x_.bind(exit.site);
    u8* const stub = x_.here();
    restore_flags(x_, Saved::All);
    emit_stub(changed_);
    exits_[changed_].stub = stub;
    step_ = last;
}

void Emitter::emit_cold() {
    x_.start(cold_);
    emit_changed();
    for (const Return& way : returns_) emit_return(way);
    for (Way& way : ways_) {
        if (way.sp != 0 || way.refund != 0 || way.instructions != 0) {
            x_.bind(way.site);
            settle(way.sp, way.refund, way.instructions);
            way.site = x_.jmp();
        }
        x_.bind(way.site);
        const ExitId exit = new_exit(ExitSite::Kind::Link, way.ip);
        exits_[exit].segment = way.segment;
        exits_[exit].queue = way.queue;
        exits_[exit].site = way.site;
        exits_[exit].live = way.live;
        exits_[exit].overwritten = way.overwritten;
        emit_stub(exit);
    }
    for (std::size_t i = 0; i < checks_.size(); ++i) {
        const Check& now = checks_[i];
        x_.bind(now.site);
        // Neighbours that lead to the same place in the same way share the stub.
        if (i + 1 < checks_.size() && checks_[i + 1].exit == now.exit && checks_[i + 1].saved == now.saved) continue;
        restore_flags(x_, now.saved);
        emit_stub(now.exit);
    }
}

}  // namespace dyn86::jit
