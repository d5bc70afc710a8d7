// MOV XCHG PUSH POP LEA LES LDS XLAT LAHF SAHF PUSHF POPF. But for SAHF and POPF none changes a flag, so what is
// emitted here leaves them alone.
#include "jit/emitter.h"

namespace dyn86::jit {
namespace {

using Kind = Operand::Kind;

constexpr Operand sp_operand = {Kind::Reg16, u8(Reg16::Sp)};

constexpr Mem selector(const Operand& sreg) {
    return at(pin::arena, core_field(offsetof(Core, regs.sreg) + 2 * sreg.index));
}
constexpr bool is_cs(const Operand& operand) {
    return operand == Operand{Kind::Sreg, u8(Sreg::Cs)};
}

}  // namespace

bool Emitter::can_move(const Step& step) {
    const Insn& insn = step.insn;
    switch (insn.op) {
        case Op::Mov: return !is_cs(insn.dst);
        case Op::Push: return insn.width == Width::Word;
        case Op::Pushf:
        case Op::Popf: return true;
        case Op::Salc: return (step.live_out & ~flag::c) == 0;
        case Op::Pop: return !is_cs(insn.dst);
        case Op::Lea:
        case Op::Les:
        case Op::Lds: return insn.mod() != 3;
        case Op::Xchg:
        case Op::Xlat:
        case Op::Lahf:
        case Op::Sahf: return true;
        default: return false;
    }
}

void Emitter::emit_move() {
    switch (step_->insn.op) {
        case Op::Mov: return emit_mov();
        case Op::Xchg: return emit_xchg();
        case Op::Push: return emit_push();
        case Op::Pop: return emit_pop();
        case Op::Lea: return emit_lea();
        case Op::Xlat: return emit_xlat();
        case Op::Lahf: return x_.lahf();
        case Op::Sahf: return x_.sahf();
        case Op::Salc: return x_.alu(Alu::Sbb, Size::Byte, number(Reg8::Al), number(Reg8::Al));
        case Op::Pushf: return emit_pushf();
        case Op::Popf: return emit_popf();
        default: return emit_load_far();
    }
}

void Emitter::emit_mov() {
    const Insn& insn = step_->insn;
    if (insn.dst.kind == Kind::Memory) return emit_mov_to_memory();
    if (insn.dst.kind == Kind::Sreg) return emit_mov_to_segment();
    const bool word = insn.width == Width::Word;
    const RegNo dst = reg(insn.dst);
    switch (insn.src.kind) {
        case Kind::Memory:
            if (word)
                x_.movzx(word_register(insn.dst), Size::Word, address(Access::Load, Size::Word));
            else
                x_.mov(Size::Byte, dst, address(Access::Load, Size::Byte, is_high_byte(insn.dst)));
            break;
        case Kind::Immediate:
            if (word)
                x_.mov(word_register(insn.dst), u32{insn.immediate});
            else
                x_.mov8(dst, u8(insn.immediate));
            break;
        case Kind::Patched:
            if (word)
                x_.movzx(word_register(insn.dst), Size::Word, patched_operand(false));
            else
                x_.mov(Size::Byte, dst, patched_operand(is_high_byte(insn.dst)));
            break;
        case Kind::Sreg: x_.movzx(word_register(insn.dst), Size::Word, selector(insn.src)); break;
        default: emit_mov_register();
    }
}

/// An instruction on other word registers, which cannot fail: INC SI between the two of a widening.
bool Emitter::lets_widening_through(const Step& step, u8 r) const {
    const Insn& insn = step.insn;
    const bool plain = insn.op == Op::Inc || insn.op == Op::Dec || insn.op == Op::Add || insn.op == Op::Sub;
    const bool by_value = insn.src.kind == Kind::None || insn.src.kind == Kind::Immediate;
    return plain && by_value && !step.handed_over && insn.dst.kind == Kind::Reg16 && insn.dst.index != r &&
           insn.dst != sp_operand && !is_join(&step);
}

/// The step that clears the upper half of the register that the current one loads; null: there is none.
const Step* Emitter::widening_end() const {
    const Step* const end = trace_->steps().data() + trace_->length;
    const Step* next = step_ + 1;
    if (next != end && lets_widening_through(*next, step_->insn.dst.index)) ++next;
    return next == end || is_join(next) ? nullptr : next;
}

/// MOV BL,x with XOR BH,BH (or SUB, or MOV BH,0) behind it is how an 8086 widens a byte: one MOVZX.
bool Emitter::emit_widening(const Step& next) {
    const Insn &insn = step_->insn, &clear = next.insn;
    const bool loads_low = insn.op == Op::Mov && insn.dst.kind == Kind::Reg8 && insn.dst.index < 4 &&
                           (insn.src.kind == Kind::Memory || insn.src.kind == Kind::Reg8);
    if (!loads_low || step_->handed_over || next.handed_over) return false;
    if (clear.dst != Operand{Kind::Reg8, u8(insn.dst.index + 4)}) return false;
    const bool by_itself = (clear.op == Op::Xor || clear.op == Op::Sub) && clear.src == clear.dst && next.live_out == 0;
    const bool by_zero = clear.op == Op::Mov && clear.src.kind == Kind::Immediate && clear.immediate == 0;
    if (!by_itself && !by_zero) return false;
    const Host wide = host(Reg16(insn.dst.index));
    if (insn.src.kind == Kind::Memory)
        x_.movzx(wide, Size::Byte, address(Access::Load, Size::Byte));
    else
        x_.movzx(wide, Size::Byte, reg(insn.src));
    return true;
}

void Emitter::emit_mov_register() {
    const Insn& insn = step_->insn;
    if (insn.width == Width::Byte) return x_.mov(Size::Byte, reg(insn.dst), reg(insn.src));
    const Host dst = word_register(insn.dst), src = word_register(insn.src);
    if (insn.src == sp_operand) return x_.lea(Size::Dword, dst, at(src, sp_));
    x_.mov(dst, src);
}

void Emitter::emit_mov_to_memory() {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    if (insn.src.kind == Kind::Sreg) {
        const Mem m = address(Access::Store, Size::Word);
        x_.movzx(pin::value, Size::Word, selector(insn.src));
        return x_.mov(Size::Word, m, number(pin::value));
    }
    const Mem m = address(Access::Store, size, is_high_byte(insn.src));
    if (insn.src.kind == Kind::Immediate)
        x_.mov(size, m, i32{insn.immediate});
    else
        x_.mov(size, m, insn.src.kind == Kind::Patched ? patched_immediate() : reg(insn.src));
}

void Emitter::emit_mov_to_segment() {
    const Insn& insn = step_->insn;
    if (insn.src.kind == Kind::Memory)
        x_.movzx(pin::address, Size::Word, address(Access::Load, Size::Word));
    else
        x_.mov(pin::address, word_register(insn.src));
    load_segment(Sreg(insn.dst.index), pin::address);
}

// The host's XCHG with memory locks the bus; for words two moves do.
void Emitter::emit_xchg() {
    const Insn& insn = step_->insn;
    const Size size = size_of(insn);
    if (insn.dst.kind == Kind::Memory) {
        const Mem m = address(Access::Store, size, is_high_byte(insn.src));
        if (size == Size::Byte) {
            x_.xchg(size, m, reg(insn.src));
        } else {
            x_.movzx(pin::value, Size::Word, m);
            x_.mov(Size::Word, m, reg(insn.src));
            x_.mov(word_register(insn.src), pin::value);
        }
        return;
    }
    x_.xchg(size == Size::Word ? Size::Dword : size, reg(insn.dst), reg(insn.src));
}

void Emitter::emit_push() {
    const Insn& insn = step_->insn;
    Mem slot = push_slot();
    if (insn.src.kind != Kind::Memory) pay_for_stack();
    if (insn.src.kind == Kind::Memory) {
        const Mem m = address(Access::Load, Size::Word);
        pay_for_stack();
        x_.movzx(pin::value, Size::Word, m);
        next_slot();
        x_.mov(Size::Word, slot, number(pin::value));
    } else if (insn.src.kind == Kind::Sreg) {
        x_.movzx(pin::value, Size::Word, selector(insn.src));
        x_.mov(Size::Word, slot, number(pin::value));
    } else if (insn.src == sp_operand) {  // SP as decremented [UM86 2-67]
        x_.lea(Size::Dword, pin::value, at(pin::sp, grouped_ ? sp_ : -2));
        x_.mov(Size::Word, slot, number(pin::value));
    } else {
        x_.mov(Size::Word, slot, reg(insn.src));
    }
    pushed();
}

void Emitter::emit_pop() {
    const Insn& insn = step_->insn;
    const Mem slot = pop_slot();
    if (insn.dst.kind == Kind::Memory) {
        const Mem m = address(Access::Store, Size::Word);
        pay_for_stack();
        x_.movzx(pin::value, Size::Word, slot);
        x_.mov(Size::Word, m, number(pin::value));
        return popped(2, step_->live_in);
    }
    pay_for_stack();
    if (insn.dst.kind == Kind::Sreg) {
        x_.movzx(pin::address, Size::Word, slot);
        popped(2, step_->live_in);
        return load_segment(Sreg(insn.dst.index), pin::address);
    }
    x_.movzx(word_register(insn.dst), Size::Word, slot);
    if (insn.dst == sp_operand) return;  // what was popped, not what popping makes of it
    popped(2, step_->live_in);
}

/// FLAGS into pin::value. The host's own have bit 1 and IF set and nothing else besides the arithmetic flags.
void Emitter::make_flags_image() {
    constexpr i32 of_host = flag::i | 2;
    const auto add = [&](std::size_t field, i32 constant) {
        x_.movzx(pin::address, Size::Byte, at(pin::arena, state_field(field)));
        x_.lea(Size::Dword, pin::value, at(pin::value, pin::address, constant, 3));
    };
    x_.pushf();
    x_.pop(pin::value);
    add(offsetof(State, interrupts), flag::always_one - of_host);
    add(offsetof(State, direction), 0);
}

/// Leaves before FLAGS in pin::address are taken over when someone has to look at the next boundary then.
void Emitter::need_no_trap(Saved& saved) {
    saved = save_flags(step_->live_in);
    x_.test(Size::Dword, number(pin::address), flag::t);
    check(Cond::Ne, saved);
    x_.alu(Alu::Cmp, Size::Byte, at(pin::arena, core_field(offsetof(Core, intr))), 0);
    check(Cond::Ne, saved);
    if (saved == Saved::All) x_.mov(Host::Rax, pin::value);
}

/// FLAGS from pin::address.
void Emitter::take_flags_image() {
    const auto put = [&](std::size_t field, u8 bit) {
        x_.mov(pin::value, pin::address);
        x_.shift(Shift::Shr, Size::Dword, number(pin::value), 3);
        x_.alu(Alu::And, Size::Dword, number(pin::value), bit);
        x_.mov_low_byte(at(pin::arena, state_field(field)), pin::value);
    };
    put(offsetof(State, interrupts), State::interrupts_bit);
    put(offsetof(State, direction), State::direction_bit);
    constexpr u8 bit_of_o = 11;
    x_.mov(pin::value, Host::Rax);
    x_.mov(Host::Rax, pin::address);
    x_.shift(Shift::Shr, Size::Dword, number(Host::Rax), bit_of_o);
    x_.alu(Alu::And, Size::Dword, number(Host::Rax), 1);
    x_.shift(Shift::Shl, Size::Dword, number(pin::address), 8);
    x_.alu(Alu::Or, Size::Dword, number(Host::Rax), number(pin::address));
    x_.alu(Alu::Add, Size::Byte, number(Reg8::Al), 127);
    x_.sahf();
    x_.mov(Host::Rax, pin::value);
    direction_ = Direction::Unknown;
}

void Emitter::emit_pushf() {
    const Mem slot = push_slot();
    pay_for_stack();
    make_flags_image();
    next_slot();
    x_.mov(Size::Word, slot, number(pin::value));
    pushed();
}

void Emitter::emit_popf() {
    Saved saved = Saved::Nothing;
    x_.movzx(pin::address, Size::Word, pop_slot());
    need_no_trap(saved);
    take_flags_image();
    pay_for_stack(arithmetic_flags);
    popped(2, arithmetic_flags);
}

void Emitter::emit_lea() {
    const Insn& insn = step_->insn;
    const Host dst = word_register(insn.dst);
    if (insn.patched_displacement) {
        add_patched_displacement();
        return x_.mov(dst, pin::address);
    }
    if (insn.is_direct()) return x_.mov(dst, u32{insn.displacement});
    x_.lea(Size::Dword, dst, offset_sum());
    x_.movzx(dst, Size::Word, number(dst));
}

void Emitter::emit_load_far() {
    const Insn& insn = step_->insn;
    const Mem m = address(Access::Load, Size::Dword);
    x_.movzx(pin::value, Size::Word, m.plus(2));
    x_.movzx(word_register(insn.dst), Size::Word, m);
    load_segment(insn.op == Op::Les ? Sreg::Es : Sreg::Ds, pin::value);
}

void Emitter::emit_xlat() {
    x_.movzx(pin::address, Size::Byte, number(Reg8::Al));
    x_.lea(Size::Dword, pin::address, at(pin::address, Host::Rbx));
    x_.movzx(pin::address, Size::Word, number(pin::address));
    Mem m = segment(step_->insn.segment);
    m.has_index = true;
    m.index = pin::address;
    if (needs_test(Access::Load)) {
        const Saved saved = save_flags(step_->live_in);
        test_marks(m, Access::Load, Size::Byte, saved);
        restore_flags(x_, saved);
    }
    x_.mov(Size::Byte, number(Reg8::Al), m);
}

}  // namespace dyn86::jit
