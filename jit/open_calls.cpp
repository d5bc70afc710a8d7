#include "jit/open_calls.h"

#include "jit/emitter.h"

#include <algorithm>

namespace dyn86::jit {
namespace {

/// Other than by pushing.
bool stores(const Insn& insn) {
    return insn.writes_memory() || (insn.op == Op::Xchg && insn.has_memory()) || insn.op == Op::Movs ||
           insn.op == Op::Stos;
}

}  // namespace

bool OpenCalls::contains(u16 procedure) const {
    return std::ranges::any_of(calls_, [&](const Call& call) { return call.procedure == procedure; });
}

void OpenCalls::distrust() {
    for (Call& call : calls_) call.intact = false;
}

void OpenCalls::pass(const Step& step) {
    const auto release = Emitter::stack_release(step);
    const bool moves_ss = step.insn.dst == Operand{Operand::Kind::Sreg, u8(Sreg::Ss)};
    if (stores(step.insn) || moves_ss || !release) distrust();
    depth_ -= 2 * i32(Emitter::words_pushed(step.insn.op));
    depth_ += release.value_or(0);
    for (Call& call : calls_) call.intact = call.intact && depth_ <= call.depth;
}

void OpenCalls::enter(const Insn& call, std::size_t body) {
    calls_.push_back({.procedure = call.target, .back = call.next(), .body = body, .depth = depth_});
}

OpenCalls::Call OpenCalls::leave() {
    Call call = calls_.back();
    call.intact = call.intact && call.depth == depth_;
    calls_.pop_back();
    return call;
}

}  // namespace dyn86::jit
