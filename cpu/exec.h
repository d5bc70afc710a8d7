// What the instruction handlers share: the interpreter's working state, operands, the stack. Handlers are templates
// over the opcode, so that the table's facts become constants in each.
#pragma once

#include "cpu/alu.h"
#include "cpu/core.h"
#include "cpu/cost.h"
#include "cpu/memory.h"
#include "cpu/opcodes.h"
#include "src/base/bus.h"

#include <array>
#include <bit>
#include <cstring>
#include <type_traits>

namespace dyn86::exec {

static_assert(std::endian::native == std::endian::little);

/// Core's registers are always up to date here but for two: IP, which travels as a pointer to the instruction's bytes,
/// and the arithmetic flags, which wait in `status`. save() completes Core; load() takes it over again.
struct Context {
    Core& core;
    Memory& memory;
    PortBus& ports;

    alu::Status status = {};
    /// Offset 0 of the code segment: IP is `pc - code`, modulo 64 Ki.
    const u8* code = nullptr;
    /// The fast loop goes on while the next instruction is below; null makes it stop at the next boundary.
    const u8* limit = nullptr;
    /// Segment registers times 16.
    std::array<Linear, 4> base{};
    /// Where operands without and with BP lie: DS and SS, or the override of this instruction.
    Linear data_segment = 0, stack_segment = 0;
    Repeat repeat = Repeat::None;
    /// Of the instruction's first prefix, and how many there are. Meaningful while `repeat` is set.
    u16 first_prefix = 0;
    u16 prefixes = 0;
    /// The boundary at this time is in an instruction's shadow.
    Cycles shadowed_at = 0;
    u8 shadow = shadow::none;

    /// Clocks are counted by a Meter.
    bool metered = false;
    /// An interrupt was entered.
    bool flushed = false;
    /// REP, in place of the row's: before the first repetition, and each.
    i32 setup_clocks = 0, repetition_clocks = 0;

    void charge(u32 clocks) { core.budget -= i32(clocks); }
    [[nodiscard]] u16 ip_of(const u8* pc) const { return u16(pc - code); }
    [[nodiscard]] const u8* at(u16 ip) const { return code + ip; }
    /// Someone may have to look at the next boundary: an interrupt, a trap, a stop.
    void look_up() { limit = nullptr; }
    [[nodiscard]] bool must_look_up() const {
        const u16 flags = core.regs.flags;
        return ((core.intr != 0) & ((flags & flag::i) != 0)) | (core.nmi | core.stop | core.halted | core.trap) |
               ((flags & flag::t) != 0);
    }

    [[nodiscard]] u16 flags() const { return u16((core.regs.flags & ~flag::oszapc) | status.image()); }
    void set_flags(u16 image) {
        core.regs.flags = u16((image & flag::changeable) | flag::always_one);
        status = alu::Status::of(image);
        if (must_look_up()) look_up();
    }
    /// The next boundary will be a shadow of this kind.
    void cast_shadow(u8 kind) {
        shadowed_at = core.now();
        shadow = kind;
    }
    [[nodiscard]] u8 shadow_now() const { return shadowed_at == core.now() ? shadow : shadow::none; }

    void clear_prefixes() {
        repeat = Repeat::None;
        data_segment = base[std::size_t(Sreg::Ds)];
        stack_segment = base[std::size_t(Sreg::Ss)];
    }
    void set_code() {
        code = memory.view() + base[std::size_t(Sreg::Cs)];
        limit = must_look_up() ? nullptr : code + fast_end;
    }
    /// Of MOV, POP and far transfers; CS needs set_code() afterwards.
    void set_segment(Sreg which, u16 value) {
        core.regs.set(which, value);
        base[std::size_t(which)] = Linear{value} * 16;
        clear_prefixes();
    }

    void load() {
        for (std::size_t i = 0; i < base.size(); ++i) base[i] = Linear{core.regs.sreg[i]} * 16;
        clear_prefixes();
        status = alu::Status::of(core.regs.flags);
        shadow = core.shadow;
        shadowed_at = core.now();
        set_code();
    }
    void save(const u8* pc) {
        core.regs.ip = ip_of(pc);
        core.regs.flags = flags();
        core.shadow = shadow_now();
    }

    /// From here on an instruction with up to eight prefixes could cross the end of the segment.
    static constexpr u16 fast_end = 0xFFF0;
};

/// Executes the instruction whose opcode is at `pc`; returns where the next one is. Six bytes from `pc` can be read.
using Handler = const u8* (*)(Context& x, const u8* pc) noexcept;
/// By opcode, prefixes included. Defined in interpreter.cpp.
extern const std::array<Handler, 256> handlers;

// --- facts of a row as constants and types

template <u8 opcode, u8 reg>
inline constexpr OpInfo row = info_of(opcode, u8(reg << 3));

template <u8 opcode, u8 reg>
using OperandOf = std::conditional_t<width_of(row<opcode, reg>) == Width::Word, u16, u8>;

constexpr bool is_rm(Form form) {
    return form == Form::Eb || form == Form::Ew || form == Form::M;
}

// --- registers

template <alu::Word T>
T get(const Context& x, unsigned number) {
    if constexpr (sizeof(T) == 1)
        return x.core.regs.get(Reg8(number));
    else
        return x.core.regs.get(Reg16(number));
}
template <alu::Word T>
void set(Context& x, unsigned number, T value) {
    if constexpr (sizeof(T) == 1)
        x.core.regs.set(Reg8(number), value);
    else
        x.core.regs.set(Reg16(number), value);
}
inline u16 get(const Context& x, Reg16 which) {
    return x.core.regs.get(which);
}
inline void set(Context& x, Reg16 which, u16 value) {
    x.core.regs.set(which, value);
}
inline u8 get(const Context& x, Reg8 which) {
    return x.core.regs.get(which);
}
inline void set(Context& x, Reg8 which, u8 value) {
    x.core.regs.set(which, value);
}

inline u16 fetch_word(const u8* from) {
    u16 value = 0;
    std::memcpy(&value, from, 2);
    return value;
}
inline u16 fetch_sign_extended(const u8* from) {
    return u16(i8(*from));
}

// --- memory: a word at FFFFh has its upper byte at 0 of the same segment [SST]. What is rare is out of line, so that
// handlers need no stack frame for it.

[[gnu::noinline, gnu::cold]] inline u8 load_byte_slowly(Context& x, Linear segment, u16 offset) {
    return x.memory.read8(segment + offset);
}
[[gnu::noinline, gnu::cold]] inline u16 load_word_slowly(Context& x, Linear segment, u16 offset) {
    const u8 low = x.memory.read8(segment + offset);
    return u16(low | x.memory.read8(segment + u16(offset + 1)) << 8);
}
[[gnu::noinline, gnu::cold]] inline void store_byte_slowly(Context& x, Linear segment, u16 offset, u8 value) {
    x.memory.write8(segment + offset, value);
}
[[gnu::noinline, gnu::cold]] inline void store_word_slowly(Context& x, Linear segment, u16 offset, u16 value) {
    if (offset != 0xFFFF) return x.memory.write16(segment + offset, value);
    x.memory.write8(segment + offset, u8(value));
    x.memory.write8(segment + u16(offset + 1), u8(value >> 8));
}

template <alu::Word T>
[[gnu::always_inline]] inline T load(Context& x, Linear segment, u16 offset) {
    const bool traps = x.memory.reads_trap();
    if constexpr (sizeof(T) == 1) {
        if (traps) [[unlikely]]
            return load_byte_slowly(x, segment, offset);
        return x.memory.fetch8(segment + offset);
    } else {
        if (traps || offset == 0xFFFF) [[unlikely]]
            return load_word_slowly(x, segment, offset);
        return fetch_word(x.memory.view() + segment + offset);
    }
}
template <alu::Word T>
[[gnu::always_inline]] inline void store(Context& x, Linear segment, u16 offset, T value) {
    if constexpr (sizeof(T) == 1) {
        if (!x.memory.try_write8(segment + offset, value)) [[unlikely]]
            store_byte_slowly(x, segment, offset, value);
    } else {
        if (offset == 0xFFFF || !x.memory.try_write16(segment + offset, value)) [[unlikely]]
            store_word_slowly(x, segment, offset, value);
    }
}

// --- the stack

inline void push(Context& x, u16 value) {
    const u16 sp = u16(get(x, Reg16::Sp) - 2);
    set(x, Reg16::Sp, sp);
    store<u16>(x, x.base[std::size_t(Sreg::Ss)], sp, value);
}
inline u16 pop(Context& x) {
    const u16 sp = get(x, Reg16::Sp);
    set(x, Reg16::Sp, u16(sp + 2));
    return load<u16>(x, x.base[std::size_t(Sreg::Ss)], sp);
}

// --- operands that ModRM names

/// A memory operand found, what finding it cost, and the byte after ModRM and displacement.
struct Address {
    const u8* next;
    Linear segment;
    u16 offset;
    u16 clocks;
};

/// How to find it, by ModRM: both registers are always read, the masks leave out those that do not count.
struct AddressRecipe {
    u8 base = 0, index = 0;
    i8 base_mask = 0, index_mask = 0;  // 0 or -1
    u8 displacement_bytes = 0;
    u8 clocks = 0;
    bool on_stack = false;
    u8 unused = 0;
};
static_assert(sizeof(AddressRecipe) == 8);
constexpr AddressRecipe recipe_for(u8 modrm) {
    const AddressMode mode = address_modes[modrm & 7];
    AddressRecipe recipe{.displacement_bytes = u8(modrm >> 6), .clocks = cost::effective_address(modrm)};
    if ((modrm & 0xC7) == 0x06) {
        recipe.displacement_bytes = 2;
        return recipe;
    }
    const auto use = [](u8 number, u8& where, i8& mask) {
        if (number == AddressMode::none) return;
        where = number;
        mask = -1;
    };
    use(mode.base, recipe.base, recipe.base_mask);
    use(mode.index, recipe.index, recipe.index_mask);
    recipe.on_stack = mode.segment == Sreg::Ss;
    return recipe;
}
inline constexpr auto address_recipes = [] {
    std::array<AddressRecipe, 0xC0> recipes;
    for (unsigned modrm = 0; modrm < recipes.size(); ++modrm) recipes[modrm] = recipe_for(u8(modrm));
    return recipes;
}();

/// `at` points to a ModRM byte whose mod is not 3.
[[gnu::always_inline]] inline Address address_of(const Context& x, const u8* at) {
    const AddressRecipe& recipe = address_recipes[*at];
    const auto& registers = x.core.regs.gpr;
    u32 offset = (registers[recipe.base] & u32(recipe.base_mask)) + (registers[recipe.index] & u32(recipe.index_mask));
    const u8* next = at + 1;
    if (recipe.displacement_bytes == 1)
        offset += fetch_sign_extended(next++);
    else if (recipe.displacement_bytes == 2) {
        offset += fetch_word(next);
        next += 2;
    }
    return {next, recipe.on_stack ? x.stack_segment : x.data_segment, u16(offset), recipe.clocks};
}

/// The operand that is not in memory: ModRM's register, an immediate (then `next` moves on), a fixed register.
template <u8 opcode, u8 reg, Form form>
auto simple_operand(const Context& x, u8 modrm, const u8*& next) {
    using enum Form;
    if constexpr (form == Gb)
        return get<u8>(x, modrm >> 3 & 7);
    else if constexpr (form == Gw)
        return get<u16>(x, modrm >> 3 & 7);
    else if constexpr (form == Sw)
        return x.core.regs.get(Sreg(modrm >> 3 & 3));
    else if constexpr (form == Zs)
        return x.core.regs.get(Sreg(opcode >> 3 & 3));
    else if constexpr (form == Ib)
        return *next++;
    else if constexpr (form == Ibs)
        return fetch_sign_extended(next++);
    else if constexpr (form == Iw)
        return next += 2, fetch_word(next - 2);
    else if constexpr (form == Zb)
        return get<u8>(x, opcode & 7);
    else if constexpr (form == Zw)
        return get<u16>(x, opcode & 7);
    else if constexpr (form == Al)
        return get(x, Reg8::Al);
    else if constexpr (form == Cl)
        return get(x, Reg8::Cl);
    else if constexpr (form == Ax)
        return get(x, Reg16::Ax);
    else if constexpr (form == Dx)
        return get(x, Reg16::Dx);
    else
        return u8{1};  // One, and what has no source
}
template <u8 opcode, Form form, alu::Word T>
void set_simple_operand(Context& x, u8 modrm, T value) {
    using enum Form;
    if constexpr (form == Gb || form == Gw)
        set<T>(x, modrm >> 3 & 7, value);
    else if constexpr (form == Zb || form == Zw)
        set<T>(x, opcode & 7, value);
    else if constexpr (form == Al || form == Ax)
        set<T>(x, 0, value);
    else
        static_assert(form == Al);
}

/// What an instruction does with its destination.
enum class Effect : u8 { Changes, Reads, Replaces };

/// operate() when ModRM names memory. Apart, so that the register forms need no stack frame.
template <u8 opcode, u8 reg, Effect effect, typename Compute>
[[gnu::noinline]] const u8* operate_on_memory(Context& x, const u8* pc, Compute compute) {
    using T = OperandOf<opcode, reg>;
    constexpr const OpInfo& info = row<opcode, reg>;
    constexpr bool writes = effect != Effect::Reads;
    const u8 modrm = pc[1];
    const Address place = address_of(x, pc + 1);
    const u8* next = place.next;
    x.charge(u32{info.cycles.mem} + place.clocks);
    if constexpr (is_rm(info.dst)) {
        const auto src = simple_operand<opcode, reg, info.src>(x, modrm, next);
        const T dst = effect == Effect::Replaces ? T{0} : load<T>(x, place.segment, place.offset);
        const T value = compute(dst, src);
        if constexpr (writes) store<T>(x, place.segment, place.offset, value);
    } else {
        const T src = load<T>(x, place.segment, place.offset);
        const T value = compute(simple_operand<opcode, reg, info.dst>(x, modrm, next), src);
        if constexpr (writes) set_simple_operand<opcode, info.dst, T>(x, modrm, value);
    }
    return next;
}

/// Fetches both operands as the row says, charges its clocks, and stores what `compute(destination, source)` returns.
template <u8 opcode, u8 reg, Effect effect, typename Compute>
[[gnu::always_inline]] inline const u8* operate(Context& x, const u8* pc, Compute compute) {
    using T = OperandOf<opcode, reg>;
    constexpr const OpInfo& info = row<opcode, reg>;
    constexpr bool writes = effect != Effect::Reads;
    constexpr bool rm = is_rm(info.dst) || is_rm(info.src);
    const u8 modrm = pc[1];
    if (rm && modrm < 0xC0) return operate_on_memory<opcode, reg, effect>(x, pc, compute);
    const u8* next = pc + (rm ? 2 : 1);
    x.charge(info.cycles.reg);
    if constexpr (is_rm(info.dst)) {
        const auto src = simple_operand<opcode, reg, info.src>(x, modrm, next);
        const T value = compute(get<T>(x, modrm & 7), src);
        if constexpr (writes) set<T>(x, modrm & 7, value);
    } else {
        const T src = [&] {
            if constexpr (is_rm(info.src))
                return get<T>(x, modrm & 7);
            else
                return T(simple_operand<opcode, reg, info.src>(x, modrm, next));
        }();
        const T value = compute(simple_operand<opcode, reg, info.dst>(x, modrm, next), src);
        if constexpr (writes) set_simple_operand<opcode, info.dst, T>(x, modrm, value);
    }
    return next;
}

/// A source that is the only operand: its value and the byte after it. Charges the row's clocks.
template <alu::Word T>
struct Source {
    T value;
    const u8* next;
};
template <u8 opcode, u8 reg>
Source<OperandOf<opcode, reg>> only_source(Context& x, const u8* pc) {
    using T = OperandOf<opcode, reg>;
    constexpr const OpInfo& info = row<opcode, reg>;
    if constexpr (is_rm(info.src)) {
        const u8 modrm = pc[1];
        if (modrm < 0xC0) {
            const Address place = address_of(x, pc + 1);
            x.charge(u32{info.cycles.mem} + place.clocks);
            return {load<T>(x, place.segment, place.offset), place.next};
        }
        x.charge(info.cycles.reg);
        return {get<T>(x, modrm & 7), pc + 2};
    } else {
        x.charge(info.cycles.reg);
        const u8* next = pc + 1;
        const T value = simple_operand<opcode, reg, info.src>(x, 0, next);
        return {value, next};
    }
}

}  // namespace dyn86::exec
