#include "jit/thunks.h"

#include "cpu/core.h"

namespace dyn86::jit {
namespace {

constexpr Host callee_saved[] = {Host::Rbx, Host::Rbp, Host::R12, Host::R13, Host::R14, Host::R15};
constexpr Mem core(std::size_t offset) {
    return at(pin::arena, core_field(offset));
}
constexpr Mem state(std::size_t offset) {
    return at(pin::arena, state_field(offset));
}
constexpr Mem gpr(unsigned i) {
    return core(offsetof(Core, regs.gpr) + 4 * i);
}

void load_segment(Assembler& x, Host pointer, Sreg s) {
    x.movzx(pointer, Size::Word, core(offsetof(Core, regs.sreg) + 2 * unsigned(s)));
    x.shift(Shift::Shl, Size::Dword, number(pointer), 4);
    x.lea(Size::Qword, pointer, at(pin::arena, pointer, in_arena(ArenaLayout::guest)));
}

// The direction flag of the host is never the guest's: C++ and string copies rely on it being clear.
void assemble_enter(Assembler& x) {
    for (Host r : callee_saved) x.push(r);
    x.push(Host::Rax);  // keeps the stack aligned to 16
    x.mov(Size::Qword, number(pin::arena), number(Host::Rdi));
    x.mov(Size::Qword, number(pin::value), number(Host::Rsi));
    load_segment(x, pin::ds, Sreg::Ds);
    load_segment(x, pin::ss, Sreg::Ss);
    load_segment(x, pin::es, Sreg::Es);
    x.movzx(Host::Rax, Size::Word, state(offsetof(State, host_flags)));
    x.alu(Alu::Add, Size::Byte, number(Reg8::Al), 127);  // O from bit 0
    x.sahf();
    x.mov(Size::Dword, number(pin::budget), state(offsetof(State, budget)));
    for (unsigned i = 0; i < 8; ++i) x.mov(Size::Dword, number(host(Reg16(i))), gpr(i));
    x.jmp(pin::value);
}

void assemble_leave(Assembler& x) {
    for (unsigned i = 0; i < 8; ++i) x.mov(Size::Dword, gpr(i), number(host(Reg16(i))));
    x.lahf();
    x.setcc(Cond::O, number(Reg8::Al));
    x.mov(Size::Word, state(offsetof(State, host_flags)), number(Host::Rax));
    x.mov(Size::Dword, state(offsetof(State, exit)), number(pin::address));
    x.mov(Size::Dword, state(offsetof(State, budget)), number(pin::budget));
    x.pop(Host::Rax);
    for (unsigned i = std::size(callee_saved); i-- > 0;) x.pop(callee_saved[i]);
    x.ret();
}

}  // namespace

Thunks assemble_thunks(CodeBuffer& buffer) {
    Thunks thunks;
    Assembler x;
    x.start(buffer.hot());
    thunks.enter = reinterpret_cast<Thunks::Enter>(reinterpret_cast<std::uintptr_t>(buffer.executable(x.here())));
    assemble_enter(x);
    x.align(16);
    thunks.leave = x.here();
    assemble_leave(x);
    x.align(16);
    thunks.missed = buffer.executable(x.here());
    x.mov(Size::Word, state(offsetof(State, missed_ip)), number(pin::address));
    x.mov(pin::address, leave::missed);
    x.jmp_to(thunks.leave);
    x.align(64);
    buffer.commit(x.here(), buffer.cold());
    buffer.keep();
    return thunks;
}

}  // namespace dyn86::jit
