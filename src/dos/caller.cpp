#include "src/dos/caller.h"

namespace dyn86::dos {
namespace {

SegOff stack_top(const Registers& regs) {
    return {regs.get(Sreg::Ss), regs.get(Reg16::Sp)};
}

}  // namespace

Caller load_caller(const Registers& regs, const Guest& guest) {
    const SegOff stack = stack_top(regs);
    return {.ax = regs.get(Reg16::Ax),
            .bx = regs.get(Reg16::Bx),
            .cx = regs.get(Reg16::Cx),
            .dx = regs.get(Reg16::Dx),
            .si = regs.get(Reg16::Si),
            .di = regs.get(Reg16::Di),
            .bp = regs.get(Reg16::Bp),
            .ds = regs.get(Sreg::Ds),
            .es = regs.get(Sreg::Es),
            .ip = guest.word(stack),
            .cs = guest.word(stack + 2),
            .flags = guest.word(stack + 4)};
}

void store_caller(const Caller& caller, Registers& regs, Guest& guest) {
    regs.set(Reg16::Ax, caller.ax);
    regs.set(Reg16::Bx, caller.bx);
    regs.set(Reg16::Cx, caller.cx);
    regs.set(Reg16::Dx, caller.dx);
    regs.set(Reg16::Si, caller.si);
    regs.set(Reg16::Di, caller.di);
    regs.set(Reg16::Bp, caller.bp);
    regs.set(Sreg::Ds, caller.ds);
    regs.set(Sreg::Es, caller.es);
    const SegOff stack = stack_top(regs);
    guest.set_word(stack, caller.ip);
    guest.set_word(stack + 2, caller.cs);
    guest.set_word(stack + 4, caller.flags);
}

}  // namespace dyn86::dos
