#include "cpu/interpreter.h"

#include "cpu/exec_alu.h"
#include "cpu/exec_flow.h"
#include "cpu/exec_move.h"
#include "cpu/exec_muldiv.h"
#include "cpu/exec_shift.h"
#include "cpu/exec_string.h"
#include "cpu/exec_system.h"
#include "cpu/meter.h"
#include "cpu/sentry.h"

#include <algorithm>
#include <utility>

namespace dyn86 {
namespace exec {
namespace {

// --- which handler executes what

constexpr bool any_of(Op op, std::initializer_list<Op> list) {
    return std::ranges::find(list, op) != list.end();
}

template <u8 opcode, u8 reg>
constexpr Handler move_handler() {
    using enum Op;
    constexpr const OpInfo& info = row<opcode, reg>;
    if constexpr (info.op == Mov) {
        if constexpr (info.dst == Form::Sw)
            return exec_mov_to_segment<opcode, reg>;
        else if constexpr (!has_modrm(opcode) && info.cycles.mem != 0)
            return exec_mov_offset<opcode, reg>;
        else
            return exec_mov<opcode, reg>;
    } else if constexpr (info.op == Xchg)
        return exec_xchg<opcode, reg>;
    else if constexpr (info.op == Push)
        return exec_push<opcode, reg>;
    else if constexpr (info.op == Pop)
        return exec_pop<opcode, reg>;
    else if constexpr (info.op == Lea)
        return exec_lea<opcode, reg>;
    else if constexpr (info.op == Les || info.op == Lds)
        return exec_load_far<opcode, reg>;
    else if constexpr (info.op == Xlat)
        return exec_xlat<opcode, reg>;
    else
        return exec_flags_move<opcode, reg>;
}

template <u8 opcode, u8 reg>
constexpr Handler flow_handler() {
    using enum Op;
    constexpr const OpInfo& info = row<opcode, reg>;
    if constexpr (info.op == Jcc)
        return exec_jcc<opcode, reg>;
    else if constexpr (any_of(info.op, {Loop, Loope, Loopne, Jcxz}))
        return exec_loop<opcode, reg>;
    else if constexpr (any_of(info.op, {Ret, RetFar}))
        return exec_ret<opcode, reg>;
    else if constexpr (any_of(info.op, {Int, Int3, Into}))
        return exec_int<opcode, reg>;
    else if constexpr (info.op == Iret)
        return exec_iret<opcode, reg>;
    else if constexpr (any_of(info.op, {JmpFar, CallFar}))
        return exec_far<opcode, reg>;
    else if constexpr (is_rm(info.src))
        return exec_indirect<opcode, reg>;
    else
        return exec_relative<opcode, reg>;
}

template <u8 opcode, u8 reg>
constexpr Handler system_handler() {
    using enum Op;
    constexpr Op op = row<opcode, reg>.op;
    if constexpr (op == In)
        return exec_in<opcode, reg>;
    else if constexpr (op == Out)
        return exec_out<opcode, reg>;
    else if constexpr (op == Hlt)
        return exec_hlt<opcode, reg>;
    else if constexpr (op == Esc)
        return exec_esc<opcode, reg>;
    else if constexpr (op == Nop || op == Wait)
        return exec_nop<opcode, reg>;
    else
        return exec_flag<opcode, reg>;
}

template <u8 opcode, u8 reg>
constexpr Handler arithmetic_handler() {
    using enum Op;
    constexpr Op op = row<opcode, reg>.op;
    if constexpr (any_of(op, {Inc, Dec, Not, Neg}))
        return exec_unary<opcode, reg>;
    else if constexpr (any_of(op, {Mul, Imul}))
        return exec_mul<opcode, reg>;
    else if constexpr (op == Div)
        return exec_div<opcode, reg>;
    else if constexpr (op == Idiv)
        return exec_idiv<opcode, reg>;
    else if constexpr (op == Aam)
        return exec_aam<opcode, reg>;
    else if constexpr (op == Aad)
        return exec_aad<opcode, reg>;
    else if constexpr (op == Cbw || op == Cwd)
        return exec_widen<opcode, reg>;
    else if constexpr (any_of(op, {Daa, Das, Aaa, Aas}))
        return exec_adjust<opcode, reg>;
    else
        return exec_binary<opcode, reg>;
}

/// The order of Op's enumerators groups them as the exec files do.
template <u8 opcode, u8 reg>
constexpr Handler instruction_handler() {
    constexpr Op op = row<opcode, reg>.op;
    if constexpr (op >= Op::Rol && op <= Op::Sar)
        return exec_shift<opcode, reg>;
    else if constexpr (op <= Op::Cwd)
        return arithmetic_handler<opcode, reg>();
    else if constexpr (op <= Op::Salc)
        return move_handler<opcode, reg>();
    else if constexpr (op <= Op::Scas)
        return exec_string<opcode, reg>;
    else if constexpr (op <= Op::Iret)
        return flow_handler<opcode, reg>();
    else
        return system_handler<opcode, reg>();
}

template <u8 opcode>
const u8* exec_group(Context& x, const u8* pc) noexcept {
    static constexpr std::array<Handler, 8> members = {
        instruction_handler<opcode, 0>(), instruction_handler<opcode, 1>(), instruction_handler<opcode, 2>(),
        instruction_handler<opcode, 3>(), instruction_handler<opcode, 4>(), instruction_handler<opcode, 5>(),
        instruction_handler<opcode, 6>(), instruction_handler<opcode, 7>()};
    return members[pc[1] >> 3 & 7](x, pc);
}

// --- prefixes

constexpr u8 first_repeat = 0xF2;

void apply_prefix(Context& x, u8 byte) {
    constexpr u8 last_segment = 0x3E;
    if (byte <= last_segment)
        x.data_segment = x.stack_segment = x.base[byte >> 3 & 3];
    else if (byte >= first_repeat)
        x.repeat = byte == first_repeat ? Repeat::Repne : Repeat::Rep;
}

/// Executes the opcode at `at`; everything before it up to the first prefix has been applied.
const u8* exec_prefixed(Context& x, const u8* at, u32 count, u16 first) {
    x.first_prefix = first;
    x.prefixes = u16(count);
    if (x.core.repeating == 0) x.charge(cost::prefix * count);
    const u8* const next = handlers[*at](x, at);
    x.clear_prefixes();
    return next;
}

/// Any instruction at all: with any number of prefixes, or across the end of its segment, where it goes on at offset 0.
const u8* exec_anywhere(Context& x, u16 ip) noexcept {
    constexpr u32 segment_size = 0x10000;
    const u8* const segment = x.code;
    u32 count = 0;
    while (count < segment_size && opcodes[segment[u16(ip + count)]].is_prefix)
        apply_prefix(x, segment[u16(ip + count++)]);
    if (count == segment_size) {  // nothing else in the whole segment: the silicon would go round for ever
        x.charge(cost::prefix * count);
        x.clear_prefixes();
        return x.at(ip);
    }
    const u16 at = u16(ip + count);
    std::array<u8, 8> window;
    for (u16 i = 0; i < window.size(); ++i) window[i] = segment[u16(at + i)];
    x.code = window.data() - at;
    const u16 next = x.ip_of(exec_prefixed(x, window.data(), count, ip));
    x.set_code();
    return x.at(next);
}

const u8* exec_prefix(Context& x, const u8* pc) noexcept {
    constexpr u32 near_prefixes = 8;
    u32 count = 1;
    while (opcodes[pc[count]].is_prefix)
        if (++count > near_prefixes) return exec_anywhere(x, x.ip_of(pc));
    for (u32 i = 0; i < count; ++i) apply_prefix(x, pc[i]);
    return exec_prefixed(x, pc + count, count, x.ip_of(pc));
}

template <u8 opcode>
constexpr Handler opcode_handler() {
    if constexpr (opcodes[opcode].is_prefix)
        return exec_prefix;
    else if constexpr (opcodes[opcode].group != 0)
        return exec_group<opcode>;
    else
        return instruction_handler<opcode, 0>();
}

template <std::size_t... opcode>
constexpr std::array<Handler, 256> all_handlers(std::index_sequence<opcode...>) {
    return {opcode_handler<u8(opcode)>()...};
}

const u8* exec_at(Context& x, const u8* pc, u16 ip) {
    return ip < Context::fast_end ? handlers[*pc](x, pc) : exec_anywhere(x, ip);
}

// --- metered: the handler charges its row's clocks, and what they lack is charged beside it, before it where possible,
// so that devices see the same time as on the recompiler

/// The handler charges a repeated string's clocks itself, by what the meter says.
const u8* exec_repeated(Context& x, const Meter& meter, const Tariff& tariff, const u8* pc, u16 ip, i32 clocks) {
    x.setup_clocks = clocks - i32{cost::prefix} * tariff.insn.prefixes;
    x.repetition_clocks = meter.repetition(tariff, x.core.regs);
    const u8* const next = exec_at(x, pc, ip);
    x.core.queue = meter.full(x.ip_of(next));
    return next;
}

const u8* exec_branch(Context& x, const Meter& meter, const Tariff& tariff, const u8* pc, u16 ip) {
    Core& core = x.core;
    const timing::Queue queue = core.queue;
    const i32 before = core.budget;
    const u8* const next = exec_at(x, pc, ip);
    const i32 charged = before - core.budget;
    const bool taken = charged != tariff.straight_charge;
    const timing::Passed& passed = (taken ? tariff.taken : tariff.straight)->of(queue, ip);
    core.budget -= passed.clocks - charged;
    if (taken && tariff.insn.op == Op::Into) core.budget -= Meter::surcharge(tariff.words_taken, core.regs);
    core.queue = taken ? meter.flushed(x.ip_of(next)) : passed.queue;
    return next;
}

/// Multiplication and division, whose handlers charge an INT 0 too.
const u8* exec_arithmetic_loop(Context& x, const Meter& meter, const Tariff& tariff, const u8* pc, u16 ip, i32 clocks) {
    Core& core = x.core;
    const i32 before = core.budget, loop = meter.loop(tariff, x.memory, core.regs);
    const timing::Queue after = tariff.straight->of(core.queue, ip).queue;
    x.flushed = false;
    const u8* const next = exec_at(x, pc, ip);
    if (loop != 0)
        core.budget = before - (clocks + loop - i32{tariff.insn.info->cycles.reg});
    else
        core.budget -= clocks - tariff.straight_charge;
    if (x.flushed) core.budget -= i32(meter.interrupt_words(core.regs));
    core.queue = x.flushed ? meter.flushed(x.ip_of(next)) : after;
    return next;
}

/// One instruction by the meter's clocks in place of those that its handler charges.
const u8* exec_metered(Context& x, Meter& meter, const u8* pc) {
    Core& core = x.core;
    const u16 ip = x.ip_of(pc);
    const SegOff at{core.regs.get(Sreg::Cs), ip};
    const Tariff* const tariff = meter.tariff(x.memory, ip < Context::fast_end ? pc : nullptr, at);
    if (tariff == nullptr) {  // more prefixes than the decoder takes: by the handlers' own clocks, those of the table
        x.metered = false;
        const u8* const next = exec_at(x, pc, ip);
        x.metered = true;
        core.queue = meter.full(x.ip_of(next));
        return next;
    }
    const timing::Passed& passed = tariff->straight->of(core.queue, ip);
    const i32 clocks = passed.clocks + (tariff->depends ? Meter::surcharge(tariff->words, core.regs) : 0);
    switch (tariff->course) {
        case Course::Repeat: return exec_repeated(x, meter, *tariff, pc, ip, passed.clocks);
        case Course::Loop: return exec_arithmetic_loop(x, meter, *tariff, pc, ip, clocks);
        case Course::Branch: return exec_branch(x, meter, *tariff, pc, ip);
        default: break;
    }
    core.budget -= clocks - tariff->straight_charge;
    core.queue = passed.queue;
    const u8* const next = exec_at(x, pc, ip);
    const bool straight = tariff->course == Course::Straight ||
                          (tariff->course == Course::Device && x.ip_of(next) == u16(ip + tariff->insn.length));
    if (!straight) core.queue = meter.flushed(x.ip_of(next));
    return next;
}

}  // namespace

constexpr std::array<Handler, 256> handlers = all_handlers(std::make_index_sequence<256>());

}  // namespace exec

using exec::Context;

void Interpreter::set_clocks(ClockModel model) {
    meter_ = model.is_plain() ? nullptr : std::make_unique<Meter>(model);
    context_->metered = meter_ != nullptr;
    core_.queue = meter_ ? meter_->full(core_.regs.ip) : u8{0};
}

ClockModel Interpreter::clocks() const {
    return meter_ ? meter_->model() : ClockModel{};
}

Interpreter::Interpreter(Memory& memory, PortBus& ports, InterruptAcknowledge& pic)
    : memory_(memory),
      core_(memory.core()),
      pic_(pic),
      context_(std::make_unique<Context>(Context{.core = memory.core(), .memory = memory, .ports = ports})) {}

Interpreter::~Interpreter() = default;

PortBus& Interpreter::ports() const {
    return context_->ports;
}

EngineStats Interpreter::stats() const {
    return {.instructions = instructions_};
}

bool Interpreter::accept_interrupt() noexcept {
    if (core_.shadow == shadow::all) return core_.trap = 0, false;
    const bool wants_intr = core_.intr != 0 && (core_.regs.flags & flag::i) != 0 && core_.shadow == shadow::none;
    if (core_.nmi == 0 && !wants_intr && core_.trap == 0) return false;
    constexpr u8 single_step_vector = 1, nmi_vector = 2;
    u8 vector = single_step_vector;
    if (core_.nmi != 0) {
        vector = nmi_vector;
        core_.nmi = 0;
        core_.advance(cost::nmi);
    } else if (wants_intr) {
        core_.advance(cost::intr);
        vector = pic_.acknowledge();
    } else {
        core_.trap = 0;
        core_.advance(cost::single_step);
    }
    // A REP is resumed at its last prefix only: the microcode steps IP back by two bytes. [UM86 "REP"]
    const u16 return_ip = u16(core_.regs.ip + (core_.repeating != 0 ? core_.repeating - 1 : 0));
    core_.repeating = 0;
    core_.halted = 0;
    if (meter_) core_.advance(meter_->interrupt_words(core_.regs));
    context_->load();
    context_->save(exec::enter_interrupt(*context_, vector, return_ip));
    if (meter_) core_.queue = meter_->flushed(core_.regs.ip);
    return true;
}

Exit Interpreter::run() noexcept {
    return *run_down_to(0);  // no budget left is the deadline
}

std::optional<Exit> Interpreter::run_down_to(i32 budget) noexcept {
    for (;;) {
        if (core_.stop != 0) return core_.stop = 0, Exit::Stopped;
        if (core_.budget <= 0) return Exit::Deadline;
        if (core_.budget <= budget) return std::nullopt;
        if (accept_interrupt()) continue;
        if (core_.halted != 0) return Exit::Halted;
        if (stops_here(memory_)) [[unlikely]]
            return Exit::Stopped;
        if (must_go_slowly())
            run_one();
        else if (meter_)
            run_metered(budget);
        else
            run_fast(budget);
    }
}

/// With TF, something pending, a device in memory that may look at Core, a debugger, or at the end of a segment.
bool Interpreter::must_go_slowly() const {
    const u16 flags = core_.regs.flags;
    return (flags & flag::t) != 0 || memory_.sentry() != nullptr || core_.nmi != 0 ||
           (core_.intr != 0 && (flags & flag::i) != 0) || memory_.reads_trap() || core_.regs.ip >= Context::fast_end;
}

void Interpreter::run_fast(i32 budget) noexcept {
    Context& x = *context_;
    const Core& core = core_;
    x.load();
    const u8* pc = x.at(core.regs.ip);
    u64 count = 0;
    do {
        pc = exec::handlers[*pc](x, pc);
        ++count;
    } while (core.budget > budget && pc < x.limit);
    instructions_ += count;
    x.save(pc);
}

void Interpreter::run_metered(i32 budget) noexcept {
    Context& x = *context_;
    x.load();
    const u8* pc = x.at(core_.regs.ip);
    do {
        pc = exec::exec_metered(x, *meter_, pc);
        ++instructions_;
    } while (core_.budget > budget && pc < x.limit);
    x.save(pc);
}

void Interpreter::run_one() noexcept {
    Context& x = *context_;
    const bool trap = (core_.regs.flags & flag::t) != 0;
    x.load();
    const u16 ip = core_.regs.ip;
    x.save(meter_ ? exec::exec_metered(x, *meter_, x.at(ip)) : exec::exec_at(x, x.at(ip), ip));
    core_.trap = u8(trap);
    ++instructions_;
}

void Interpreter::step() noexcept {
    if (core_.halted == 0) run_one();
}

void Interpreter::moved() noexcept {
    core_.repeating = 0;
    core_.queue = meter_ ? meter_->flushed(core_.regs.ip) : u8{0};
}

bool Interpreter::can_hold(u8 queue) const {
    constexpr u8 most_bytes = 6, oldest = 5;  // timing.h, Queue
    return meter_ ? (queue & 7) <= most_bytes && queue >> 3 <= oldest : queue == 0;
}

void Interpreter::step_with_trap() noexcept {
    step();
    if (core_.trap != 0) accept_interrupt();
}

}  // namespace dyn86
