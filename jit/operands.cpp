// Memory operands and segments: an address is made of as few host instructions as what is known of its registers
// allows, and tested where it has to be.
#include "jit/emitter.h"

#include "cpu/opcodes.h"

#include <algorithm>

namespace dyn86::jit {
namespace {

constexpr u8 bp_index = u8(Reg16::Bp);
constexpr i32 segment_size = 0x10000;
constexpr i32 most_tested = 16;  // bytes, at the head of a block

/// MOV SP,BP: behind it words are popped.
constexpr bool unwinds_frame(const Insn& insn) {
    return insn.op == Op::Mov && insn.dst == Operand{Operand::Kind::Reg16, u8(Reg16::Sp)} &&
           insn.src == Operand{Operand::Kind::Reg16, bp_index};
}

}  // namespace

Mem Emitter::segment(Sreg s) const {
    switch (s) {
        case Sreg::Es: return at(pin::es, 0);
        case Sreg::Ss: return at(pin::ss, 0);
        case Sreg::Ds: return at(pin::ds, 0);
        case Sreg::Cs: break;
    }
    return at(pin::arena, in_arena(ArenaLayout::guest) + i32{trace_->head.segment} * 16);
}

void Emitter::test_marks(const Mem& m, Access access, Size size, Saved saved) {
    const Mem marks = m.plus(i32(ArenaLayout::special_delta));
    if (access == Access::Store)
        x_.alu(Alu::Cmp, size, marks, 0);
    else
        x_.test(size, marks, i32(0x01010101u * special::traps_reads));
    check(Cond::Ne, saved);
}

/// Base, index and displacement of the ModRM operand added up, not yet cut to 16 bits.
Mem Emitter::offset_sum() const {
    const AddressMode& mode = address_modes[step_->insn.rm()];
    const i32 d = i16(step_->insn.displacement);
    if (mode.base == AddressMode::none) return at(host(Reg16(mode.index)), d);
    if (mode.index == AddressMode::none) return at(host(Reg16(mode.base)), d);
    return at(host(Reg16(mode.base)), host(Reg16(mode.index)), d);
}

/// The displacement, taken as positive or as negative, with which the sum stays within the segment whatever the
/// registers hold. Empty: it may wrap.
std::optional<i32> Emitter::displacement_without_wrap(Size size) const {
    const AddressMode& mode = address_modes[step_->insn.rm()];
    i32 least = 0, most = i32(size) - 1;
    for (const u8 r : {mode.base, mode.index}) {
        if (r == AddressMode::none) continue;
        least += facts_[r].least;
        most += facts_[r].most;
    }
    const i32 d = i32{step_->insn.displacement};
    for (const i32 displacement : {d, d - segment_size})
        if (least + displacement >= 0 && most + displacement < segment_size) return displacement;
    return std::nullopt;
}

/// An even BP is assumed where words are accessed through it, since then none of them is at FFFFh.
void Emitter::assume_even_bp(Saved& saved) {
    saved = save_flags(step_->live_in);
    x_.test(Size::Byte, number(host(Reg16::Bp)), 1);
    checks_.push_back({x_.jcc(Cond::Ne), new_exit(ExitSite::Kind::OddBp, step_->insn.ip), saved, step_});
    facts_.set_even(bp_index);
}

// A word at FFFFh has its second byte at 0: that is the interpreter's. An even offset is never FFFFh.
void Emitter::index(Mem& m, Size size, Saved& saved) {
    const Insn& insn = step_->insn;
    const AddressMode& mode = address_modes[insn.rm()];
    const i32 d = i16(insn.displacement);
    const bool single = mode.base == AddressMode::none || mode.index == AddressMode::none;
    const u8 r = mode.index != AddressMode::none ? mode.index : mode.base;
    const Host first = host(Reg16(r));
    m.has_index = true;
    if (const auto displacement = displacement_without_wrap(size)) {
        m.index = single ? first : pin::address;
        m.displacement += *displacement;
        if (!single) x_.lea(Size::Dword, pin::address, at(host(Reg16(mode.base)), first));
        return;
    }
    const bool word = size == Size::Word;
    if (word && single && r == bp_index && (d & 1) == 0 && !facts_.is_even(r) && assume_.even_bp) assume_even_bp(saved);
    const bool safe =
        size == Size::Byte || (word && (d & 1) == 0 && facts_.is_even(r) && (single || facts_.is_even(mode.base)));
    if (single && d == 0 && size != Size::Dword) {
        m.index = first;
        if (!safe) need_below_ffff(r, saved);
        return;
    }
    m.index = pin::address;
    if (word && !safe && single && step_->live_in == 0 && d >= -128 && d < 127) {
        x_.mov(pin::address, first);
        x_.alu(Alu::Add, Size::Word, number(pin::address), d + 1);  // 0 if the offset is FFFFh
        check(Cond::E, saved);
        m.displacement -= 1;
        return;
    }
    x_.lea(Size::Dword, pin::address, offset_sum());
    x_.movzx(pin::address, Size::Word, number(pin::address));
    if (!safe) need_room(size, saved);
}

/// Leaves when the operand at the offset in pin::address goes on at the segment's other end.
void Emitter::need_room(Size size, Saved& saved) {
    if (size == Size::Byte) return;
    if (saved == Saved::Nothing) saved = save_flags(step_->live_in);
    x_.alu(Alu::Cmp, Size::Word, number(pin::address), size == Size::Dword ? -4 : -1);
    check(size == Size::Dword ? Cond::A : Cond::E, saved);
}

/// Leaves when the register is FFFFh.
void Emitter::need_below_ffff(u8 r, Saved& saved) {
    if (facts_[r].most < 0xFFFF) return;
    if (saved == Saved::Nothing) saved = save_flags(step_->live_in);
    x_.alu(Alu::Cmp, Size::Word, number(host(Reg16(r))), -1);
    check(Cond::E, saved);
    facts_.set(r, {facts_[r].least, 0xFFFE, facts_[r].even});
}

Mem Emitter::address(Access access, Size size, bool legacy) {
    Mem m = segment(step_->insn.segment);
    Saved saved = Saved::Nothing;
    if (step_->insn.patched_displacement) {
        add_patched_displacement();
        m.has_index = true;
        m.index = pin::address;
        need_room(size, saved);
    } else if (step_->insn.is_direct()) {
        m.displacement += step_->insn.displacement;
    } else {
        index(m, size, saved);
    }
    const u8 only = only_base(step_->insn);
    const bool tested =
        access == Access::Store &&
        (only != AddressMode::none ? is_tested(only, i16(step_->insn.displacement), i32(size), step_->insn.segment)
                                   : is_tested_directly());
    if (needs_test(access) && !tested) {
        if (saved == Saved::Nothing) saved = save_flags(step_->live_in);
        test_marks(m, access, size, saved);
    }
    restore_flags(x_, saved);
    pay_for_operand(m);
    const bool rex = u8(m.base) > 7 || (m.has_index && u8(m.index) > 7);
    if (!legacy || !rex) return m;
    x_.lea(Size::Qword, pin::address, m);
    return at(pin::address, 0);
}

// --- operands that are patched: what they are is read from the instruction itself

Mem Emitter::own_bytes(Field field) const {
    return segment(Sreg::Cs).plus(step_->insn.ip + field.at);
}

/// The offset of the memory operand into pin::address; no flag changes.
void Emitter::add_patched_displacement() {
    const Insn& insn = step_->insn;
    const Field field = displacement_field(insn);
    if (field.bytes == 1)
        x_.movsx(pin::address, Size::Byte, own_bytes(field));
    else
        x_.movzx(pin::address, Size::Word, own_bytes(field));
    if (insn.is_direct()) return;
    const AddressMode& mode = address_modes[insn.rm()];
    for (const u8 r : {mode.base, mode.index})
        if (r != AddressMode::none) x_.lea(Size::Dword, pin::address, at(pin::address, host(Reg16(r))));
    x_.movzx(pin::address, Size::Word, number(pin::address));
}

/// The immediate, in pin::value; no flag changes.
RegNo Emitter::patched_immediate() {
    const Field field = immediate_field(step_->insn);
    if (field.bytes == 1)
        x_.movsx(pin::value, Size::Byte, own_bytes(field));
    else
        x_.movzx(pin::value, Size::Word, own_bytes(field));
    return number(pin::value);
}

/// The immediate as it stands in memory. `legacy`: usable beside AH, CH, DH, BH.
Mem Emitter::patched_operand(bool legacy) {
    const Mem m = own_bytes(immediate_field(step_->insn));
    if (!legacy) return m;
    x_.lea(Size::Qword, pin::address, m);
    return at(pin::address, 0);
}

void Emitter::load_segment(Sreg s, Host selector) {
    const Host pointer = segment(s).base;
    x_.mov(Size::Word, at(pin::arena, core_field(offsetof(Core, regs.sreg) + 2 * unsigned(s))), number(selector));
    x_.lea(Size::Dword, selector, at(selector, selector));
    x_.lea(Size::Qword, pointer, at(pin::arena, selector, in_arena(ArenaLayout::guest), 3));
}

void Emitter::step_register(Reg16 r, i32 n, u16 live) {
    if (live == 0) return x_.alu(Alu::Add, Size::Word, number(host(r)), n);
    x_.lea(Size::Dword, host(r), at(host(r), n));
    const bool may_wrap = facts_[r].least + n < 0 || facts_[r].most + n >= segment_size;
    if (may_wrap) x_.movzx(host(r), Size::Word, number(host(r)));
}

// --- windows: a test at the head that a register keeps away from both ends of the segment is worth several in the
// block.

/// The register that alone, with a displacement, makes the address of a memory operand; AddressMode::none: there is
/// none.
u8 Emitter::only_base(const Insn& insn) {
    if (!insn.has_memory() || insn.is_direct() || insn.op == Op::Lea) return AddressMode::none;
    if (insn.patched_displacement) return AddressMode::none;
    const AddressMode& mode = address_modes[insn.rm()];
    if (mode.base != AddressMode::none && mode.index != AddressMode::none) return AddressMode::none;
    return mode.index != AddressMode::none ? mode.index : mode.base;
}

bool Emitter::loads_segment(const Insn& insn) {
    return insn.dst.kind == Operand::Kind::Sreg || insn.op == Op::Les || insn.op == Op::Lds;
}

i32 Emitter::bytes_of(const Insn& insn) {
    if (insn.op == Op::Les || insn.op == Op::Lds || insn.op == Op::CallFar || insn.op == Op::JmpFar) return 4;
    return insn.width == Width::Word || insn.src.kind == Operand::Kind::Sreg ? 2 : 1;
}

void Emitter::Window::add(i32 offset, i32 bytes, bool store, Sreg segment) {
    if (offset < -0x400) return;
    reach.add(offset, bytes);
    worth += bytes > 1 && offset == 0 ? 1 : 2;
    if (!store || (stores.to > stores.from && segment != stores_to)) return;
    stores.add(offset, bytes);
    stores_to = segment;
    ++store_count;
}

/// A bit for each register that window_of() may find something about.
u8 Emitter::addressing_registers() const {
    u32 used = 0;
    for (const Step& step : trace_->steps()) {
        if (const u8 r = only_base(step.insn); r != AddressMode::none) used |= 1u << r;
        if (step.insn.dst.kind == Operand::Kind::String) used |= 1u << step.insn.dst.index;
        if (unwinds_frame(step.insn)) used |= 1u << bp_index;
    }
    return u8(used);
}

Emitter::Window Emitter::window_of(u8 r) const {
    Window window;
    i32 moved = 0;
    Direction direction = assume_.direction;
    for (const Step& step : trace_->steps()) {
        const Insn& insn = step.insn;
        if (step.handed_over) break;
        const bool stores = insn.writes_memory() || insn.op == Op::Xchg;
        const i32 d = i16(insn.displacement);
        if (only_base(insn) == r && (d != 0 || stores || bytes_of(insn) > 1))
            window.add(moved + d, bytes_of(insn), stores, insn.segment);
        const bool fills = insn.op == Op::Movs || insn.op == Op::Stos;
        if (insn.dst == Operand{Operand::Kind::String, r} && fills && insn.repeat == Repeat::None)
            window.add(moved, bytes_of(insn), true, Sreg::Es);
        if (r == bp_index && unwinds_frame(insn)) window.add(moved, 4, false, Sreg::Ss);
        if (insn.op == Op::Cld) direction = Direction::Up;
        if (insn.op == Op::Std) direction = Direction::Down;
        if (insn.op == Op::Popf) direction = assume_.direction;
        const auto change = Facts::change_of(insn, r, direction);
        if (!change || loads_segment(insn)) break;
        moved += *change;
    }
    return window;
}

/// The bytes that an instruction stores at an address of its own. Empty: it does not, or not for sure.
Emitter::Span Emitter::directly_stored(const Insn& insn) {
    const bool stores = insn.writes_memory() || (insn.op == Op::Xchg && insn.has_memory());
    if (!stores || !insn.is_direct() || insn.patched_displacement) return {};
    return {insn.displacement, insn.displacement + bytes_of(insn)};
}

/// Variables near each other: fewer tests at the head than stores.
void Emitter::test_direct_stores(Saved saved) {
    Span span;
    Sreg segment_of_all = Sreg::Ds;
    i32 stores = 0;
    for (const Step& step : trace_->steps()) {
        if (step.handed_over || loads_segment(step.insn)) break;
        const Span own = directly_stored(step.insn);
        if (own.length() == 0 || (stores != 0 && step.insn.segment != segment_of_all)) continue;
        Span with = span;
        with.add(own.from, own.length());
        if (with.length() > most_tested) continue;
        span = with;
        segment_of_all = step.insn.segment;
        ++stores;
    }
    constexpr i32 bytes_a_test = 8;
    if ((span.length() + bytes_a_test - 1) / bytes_a_test >= stores) return;
    // Of a program that patches its own operands, code lies between them, if all is in one segment.
    const Linear own = u32{trace_->head.segment} * 16 + u32(span.from);
    const auto is_near = [&](const Range& range) { return range.overlaps(own, u32(span.length())); };
    if (std::ranges::any_of(trace_->watched, is_near)) return;
    test_span(span, segment(segment_of_all), ExitSite::Kind::Window, saved);
    directly_tested_ = {span, segment_of_all};
}

bool Emitter::is_tested_directly() const {
    const Span own = directly_stored(step_->insn), tested = directly_tested_.span;
    return own.length() != 0 && step_->insn.segment == directly_tested_.segment && own.from >= tested.from &&
           own.to <= tested.to;
}

void Emitter::emit_windows(Saved saved) {
    tested_ = {};
    directly_tested_ = {};
    if (!assume_.windows) return;
    test_direct_stores(saved);
    constexpr i32 worth_it = 3, worth_it_for_bp = 2;  // a word through BP is tested in any case
    constexpr i32 least_room = 0x1000;
    const u8 used = addressing_registers();
    for (const Reg16 r : {Reg16::Bx, Reg16::Bp, Reg16::Si, Reg16::Di}) {
        if ((used >> u8(r) & 1) == 0) continue;
        const Window window = window_of(u8(r));
        if (window.worth < (r == Reg16::Bp ? worth_it_for_bp : worth_it)) continue;
        const i32 least = std::max(0, -window.reach.from), most = std::min(0xFFFF, 0x10000 - window.reach.to);
        if (most - least < least_room) continue;
        emit_window(r, least, most, saved);
        if (window.store_count < 2 || window.stores.length() > most_tested) continue;
        tested_[u8(r)] = {window.stores, window.stores_to};
        Mem place = segment(window.stores_to);
        place.has_index = true;
        place.index = host(r);
        test_span(window.stores, place, ExitSite::Kind::Window, saved);
    }
}

/// No store to these bytes, counted from `place`, need be tested any more.
void Emitter::test_span(Span span, const Mem& place, ExitSite::Kind kind, Saved saved) {
    const i32 length = span.length(), size = length >= 8 ? 8 : length >= 4 ? 4 : length >= 2 ? 2 : 1;
    while (span.from < span.to) {  // the last of them may overlap
        const i32 from = std::min(span.from, span.to - size);
        x_.alu(Alu::Cmp, Size(size), place.plus(from + i32(ArenaLayout::special_delta)), 0);
        checks_.push_back({x_.jcc(Cond::Ne), new_exit(kind, trace_->head.offset), saved});
        span.from += size;
    }
}

/// Was the current instruction's store through this register tested at the head?
bool Emitter::is_tested(u8 r, i32 displacement, i32 bytes, Sreg segment) const {
    const auto moved = facts_.from_head(r);
    if (!moved || segment != tested_[r].segment) return false;
    const i32 from = *moved + displacement;
    return from >= tested_[r].span.from && from + bytes <= tested_[r].span.to;
}

void Emitter::emit_window(Reg16 r, i32 least, i32 most, Saved saved) {
    if (least == 0) {
        x_.alu(Alu::Cmp, Size::Dword, number(host(r)), most);
    } else {
        x_.lea(Size::Dword, pin::address, at(host(r), -least));
        x_.alu(Alu::Cmp, Size::Dword, number(pin::address), most - least);
    }
    checks_.push_back({x_.jcc(Cond::A), new_exit(ExitSite::Kind::Window, trace_->head.offset), saved});
    facts_.set(u8(r), {u16(least), u16(most), false});
}

}  // namespace dyn86::jit
