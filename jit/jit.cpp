#include "jit/jit.h"

#include "cpu/sentry.h"
#include "jit/block_cache.h"
#include "jit/block_log.h"
#include "jit/code_buffer.h"
#include "jit/emitter.h"
#include "jit/host_features.h"
#include "jit/patches.h"
#include "jit/perf_map.h"
#include "jit/thunks.h"
#include "jit/trace_builder.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace dyn86::jit {
namespace {

// Doubling stops here: pages that keep changing are as good as interpreted.
constexpr unsigned max_backoff = 8;
constexpr u32 half_a_page = 0x100;
// A page changed more often than this has its cold code interpreted in longer and longer stretches.
constexpr u8 patient_changes = 2;
constexpr u16 failures_allowed = 8;
// What an instruction can be long; a step that goes further, or back, has jumped.
constexpr u16 longest_step = 15;

/// Bits of Parts::assumptions, per head.
constexpr u8 no_grouped_stack = 1, no_even_bp = 2, no_windows = 4, no_returns = 8, not_up = 16, not_down = 32;

constexpr u8 given_up(ExitSite::Kind failed, u8 before) {
    if (failed == ExitSite::Kind::Direction) return (before & not_up) == 0 ? not_up : not_down;
    if (failed == ExitSite::Kind::Guard) return no_grouped_stack;
    if (failed == ExitSite::Kind::Return) return no_returns;
    return failed == ExitSite::Kind::OddBp ? no_even_bp : no_windows;
}

/// Of a head whose string instructions went the other way before.
constexpr Direction direction_of(u8 failed) {
    if ((failed & not_up) == 0) return Direction::Up;
    return (failed & not_down) == 0 ? Direction::Down : Direction::Unknown;
}

constexpr u16 host_flags(u16 flags) {
    return u16((flags & flag::szapc) << 8 | ((flags & flag::o) != 0 ? 1 : 0));
}
constexpr u16 guest_flags(u16 host) {
    return u16((host >> 8 & flag::szapc) | ((host & 1) != 0 ? flag::o : 0));
}

}  // namespace

struct Jit::Parts final : CodeListener {
    Parts(Memory& memory_, Interpreter& interpreter_, const Options& options_)
        : memory(memory_),
          interpreter(interpreter_),
          options(options_),
          core(memory_.core()),
          pricing(interpreter_.clocks()),
          patches(memory_,
                  pricing.model().is_exact() ? Patches::DirectAddresses::Fixed : Patches::DirectAddresses::Patched) {}
    ~Parts() override { memory.set_code_listener(nullptr); }

    Result<> initialise();
    void code_written(Linear start, u32 length) override;
    void code_replaced(Linear start, u32 length) override;

    Exit run_slice() noexcept;
    std::optional<Exit> interpret();
    /// Translated code leaves that many clocks to the interpreter.
    [[nodiscard]] i32 least_budget() const { return i32(options.slack) + Trace::overrun; }
    [[nodiscard]] bool is_for_interpreter() const;
    const u8* code_at(SegOff at, bool is_head);
    void enter(const u8* code);
    void leave();
    void tell_left(Observer::Flags flags) const;
    void leave_block(ExitSite& exit);
    void access_port(const ExitSite& exit);
    void interpret_for(Op op);
    void guard_failed(ExitSite& exit);
    void content_changed(ExitSite& exit);
    Assumptions assumptions_of(Linear head);
    [[nodiscard]] Onlookers onlookers_of(Linear head) const;
    [[nodiscard]] u16 made_for(Linear head);
    const Block* translate(SegOff head, timing::Queue queue);
    const Block* translate_untimed(SegOff head, timing::Queue queue);
    void note(const Emission& code) const;
    void flush();

    Memory& memory;
    Interpreter& interpreter;
    Options options;
    Core& core;
    Pricing pricing;
    State* state = nullptr;
    std::unique_ptr<CodeBuffer> buffer;
    Thunks thunks;
    std::unique_ptr<BlockCache> cache;
    std::unique_ptr<EmitterConfig> emitter_config;
    std::unique_ptr<Emitter> emitter;
    std::unique_ptr<TraceBuilder> builder;
    std::unique_ptr<BlockLog> log;  // null: blocks are not recorded
    Trace trace;
    Patches patches;
    SparseArray<u16> heat{address_space};        // executions of a head by the interpreter
    SparseArray<u8> assumptions{address_space};  // that failed, by head
    std::array<u8, 256> invalidations{};         // of a page's blocks

    // Between boundaries.
    i32 reserve = 0;                    // clocks that must be left for translated code to be entered
    bool is_head = true;                // a jump led here
    SegOff previous;                    // the last boundary in the interpreter
    ExitId unlinked = none;             // the exit that led here
    std::optional<i32> dispatch_table;  // instead of that of the block's CS: the one without blocks
    EngineStats stats;
    std::array<OpCount, op_count> op_counts{};
    std::array<u64, exit_names.size()> exit_counts{};
};
static_assert(std::size_t(ExitSite::Kind::Window) + 2 == Jit::exit_names.size());

Result<> Jit::Parts::initialise() {
    if (options.code_bytes > Layout::max_code) options.code_bytes = Layout::max_code;
    auto code = CodeBuffer::create(options.code_bytes, memory.arena() + Layout::code);
    if (!code) return std::unexpected(code.error());
    buffer = std::move(*code);
    const u8* const thunks_start = buffer->hot();
    thunks = assemble_thunks(*buffer);
    if (options.perf_map != nullptr) {
        const u8* const from = buffer->executable(thunks_start);
        options.perf_map->name({from, buffer->executable(buffer->hot())}, "dyn86_thunks");
    }
    if (options.record_blocks) {
        auto made = BlockLog::create(memory.arena());
        if (!made) return std::unexpected(made.error());
        log = std::move(*made);
    }
    auto blocks = BlockCache::create(memory, *buffer, thunks.missed, pricing);
    if (!blocks) return std::unexpected(blocks.error());
    cache = std::move(*blocks);
    if (options.observer != nullptr) {
        cache->keep_apart();
        dispatch_table = in_arena(Layout::tables);
    }
    state = new (memory.arena() + ArenaLayout::engine_state) State;
    std::memcpy(memory.arena() + Layout::decimal, &decimal_tables, sizeof decimal_tables);
    emitter_config = std::make_unique<EmitterConfig>(
        EmitterConfig{memory, thunks, pricing, options.count_instructions, options.record_blocks,
                      options.disabled_groups, detect_host_features().without(options.features_off)});
    emitter = std::make_unique<Emitter>(*emitter_config, cache->exits());
    builder = std::make_unique<TraceBuilder>(memory, *emitter, pricing, patches, i32(options.slack));
    reserve = least_budget();
    memory.set_code_listener(this);
    return {};
}

void Jit::Parts::code_written(Linear start, u32 length) {
    const bool operands = patches.note(start, length);
    const u64 before = cache->killed();
    cache->invalidate(start, length, operands ? BlockCache::Killed::ForGood : BlockCache::Killed::Shelved);
    if (cache->killed() == before || operands) return;
    u8& times = invalidations[start >> 12];
    if (times < max_backoff) ++times;
}

/// Another program's code, not code that modifies itself: the page's past says nothing about it.
void Jit::Parts::code_replaced(Linear start, u32 length) {
    cache->invalidate(start, length, BlockCache::Killed::Shelved);
    patches.forget(start, length);
    if (length >= half_a_page) invalidations[start >> 12] = 0;
}

// --- the dispatcher

/// What translated code must not see: a trap or shadow pending, a REP under way, too few clocks left.
bool Jit::Parts::is_for_interpreter() const {
    const bool pending = (core.regs.flags & flag::t) != 0 || core.shadow != shadow::none || core.repeating != 0;
    return pending || core.budget <= reserve;
}

Exit Jit::Parts::run_slice() noexcept {
    for (;;) {
        if (core.stop != 0) return core.stop = 0, Exit::Stopped;
        if (core.budget <= 0) return Exit::Deadline;
        const bool due = core.nmi != 0 || core.trap != 0 || (core.intr != 0 && (core.regs.flags & flag::i) != 0);
        if (due && interpreter.accept_interrupt()) {
            is_head = true;
            continue;
        }
        if (core.halted != 0) return Exit::Halted;
        if (stops_here(memory)) [[unlikely]]
            return Exit::Stopped;
        if (core.budget > reserve) reserve = least_budget();
        if (const u8* const code = is_for_interpreter() ? nullptr : code_at(core.regs.cs_ip(), is_head)) {
            enter(code);
            leave();
        } else if (const auto exit = interpret()) {
            return *exit;
        }
    }
}

/// Lets the interpreter go on for one instruction, or for more where translated code is not to be expected soon.
std::optional<Exit> Jit::Parts::interpret() {
    const SegOff here = core.regs.cs_ip();
    const u8 changes = invalidations[memory.canonical(here.linear()) >> 12];
    unlinked = none;
    if (core.budget <= reserve || (is_head && changes > patient_changes && options.threshold != 0)) {
        is_head = true;
        return interpreter.run_down_to(std::max(0, core.budget - (core.budget <= reserve ? reserve : 64 << changes)));
    }
    interpreter.step();
    const SegOff next = core.regs.cs_ip();
    is_head = next.segment != here.segment || u16(next.offset - here.offset - 1) >= longest_step;
    return std::nullopt;
}

/// The translation of what stands there, made now if it has become hot.
const u8* Jit::Parts::code_at(SegOff at, bool head) {
    const u8* code = cache->find(at, core.queue);
    if (code == nullptr && (head || options.threshold == 0)) {
        const Linear linear = memory.canonical(at.linear());
        if (invalidations[linear >> 12] <= patient_changes && cache->revive(at, core.queue, made_for(linear)))
            return code_at(at, head);
        const u32 limit = std::min<u32>(options.threshold << invalidations[linear >> 12], 0xFFFF);
        if (heat[linear] < limit) {
            ++heat[linear];
            return nullptr;
        }
        heat[linear] = 0;
        if (translate(at, core.queue) == nullptr) return nullptr;
        code = cache->find(at, core.queue);
    }
    if (code != nullptr && unlinked != none) cache->link(unlinked);
    unlinked = none;
    return code;
}

void Jit::Parts::enter(const u8* code) {
    if (options.observer != nullptr)
        options.observer->entering(core.regs.cs_ip(), {code, cache->block(BlockCache::id_of(code)).hot_bytes});
    const u16 flags = core.regs.flags;
    state->budget = core.budget - least_budget() - 1;
    state->host_flags = host_flags(flags);
    state->direction = u8((flags & flag::d) / 8);
    state->interrupts = u8((flags & flag::i) / 8);
    thunks.enter(memory.arena() + arena_bias, code);
    core.budget = state->budget + least_budget() + 1;
    core.regs.flags =
        u16(flag::always_one | guest_flags(state->host_flags) | state->direction * 8 | state->interrupts * 8);
}

void Jit::Parts::leave() {
    is_head = true;
    unlinked = none;
    if (state->exit != leave::missed) return leave_block(cache->exits()[state->exit]);
    ++exit_counts.back();
    core.regs.ip = state->missed_ip;
    core.queue = pricing.flushed(state->missed_ip);
    tell_left({.live = arithmetic_flags, .overwritten = arithmetic_flags});
}

void Jit::Parts::tell_left(Observer::Flags flags) const {
    if (options.observer != nullptr) options.observer->left(flags);
}

void Jit::Parts::leave_block(ExitSite& exit) {
    ++exit_counts[std::size_t(exit.kind)];
    core.regs.ip = exit.ip;
    core.queue = exit.queue;
    core.budget += exit.refund;
    u32& sp = core.regs.gpr[std::size_t(Reg16::Sp)];
    sp = u16(sp + u32(i32{exit.sp}));
    if (options.count_instructions) state->instructions -= exit.instructions;
    const bool under_way = exit.kind == ExitSite::Kind::Repeat || exit.kind == ExitSite::Kind::Port;
    const u16 overwritten = exit.overwritten;
    if (!under_way) tell_left({.live = exit.live, .overwritten = overwritten});
    if (core.stop != 0) return;  // the observer has seen enough
    switch (exit.kind) {
        case ExitSite::Kind::Link: unlinked = state->exit; break;
        case ExitSite::Kind::Repeat: core.repeating = exit.prefixes; [[fallthrough]];
        case ExitSite::Kind::Interpret: interpret_for(exit.op); break;
        case ExitSite::Kind::Port: access_port(exit); break;
        case ExitSite::Kind::Budget: reserve = core.budget; break;
        case ExitSite::Kind::Changed: content_changed(exit); break;
        case ExitSite::Kind::OddBp:
        case ExitSite::Kind::Direction:
        case ExitSite::Kind::Return:
        case ExitSite::Kind::Window:
        case ExitSite::Kind::Guard: guard_failed(exit); break;
    }
    if (under_way) tell_left({.live = arithmetic_flags, .overwritten = overwritten});
}

/// As the interpreter does it: Core is complete, IP behind the instruction, and the device may change all of it.
void Jit::Parts::access_port(const ExitSite& exit) {
    PortBus& ports = interpreter.ports();
    Registers& regs = core.regs;
    const Port port = exit.port_is_dx ? regs.get(Reg16::Dx) : exit.port;
    if (exit.op == Op::In && exit.word) {
        regs.set(Reg16::Ax, ports.in16(port));
    } else if (exit.op == Op::In) {
        regs.set(Reg8::Al, ports.in(port));
    } else if (exit.word) {
        ports.out16(port, regs.get(Reg16::Ax));
    } else {
        ports.out(port, regs.get(Reg8::Al));
    }
    if (regs.ip != exit.ip) core.queue = pricing.flushed(regs.ip);
}

void Jit::Parts::interpret_for(Op op) {
    ++op_counts[std::size_t(op)].interpreted;
    interpreter.step();
}

/// An assumption that keeps failing is given up, and the block made anew without it.
void Jit::Parts::guard_failed(ExitSite& exit) {
    if (++exit.failures == failures_allowed) {
        const Block& block = cache->block(exit.block);
        const Linear head = memory.canonical(block.head.linear());
        assumptions[head] |= given_up(exit.kind, assumptions[head]);
        heat[head] = 0xFFFF;
        cache->kill(exit.block);
    }
    interpret_for(exit.op);
}

/// No block at this head was made from what stands there now: one may be, when that has happened often enough.
void Jit::Parts::content_changed(ExitSite& exit) {
    constexpr unsigned most_variants = 6;
    const Op op = exit.op;
    if (++exit.failures > options.threshold && cache->variants_of(exit.block) < most_variants)
        translate(core.regs.cs_ip(), core.queue);
    interpret_for(op);
}

// --- translation

Assumptions Jit::Parts::assumptions_of(Linear head) {
    const u8 failed = assumptions[head];
    return {.grouped_stack = (failed & no_grouped_stack) == 0,
            .even_bp = (failed & no_even_bp) == 0,
            .windows = (failed & no_windows) == 0,
            .returns = (failed & no_returns) == 0,
            .direction = direction_of(failed)};
}

Onlookers Jit::Parts::onlookers_of(Linear head) const {
    return {.devices = memory.reads_trap(), .stores = options.strict || invalidations[head >> 12] != 0};
}

/// What a block depends on besides bytes, place and prefetch queue.
u16 Jit::Parts::made_for(Linear head) {
    const Onlookers onlookers = onlookers_of(head);
    return u16(assumptions[head] << 8 | (onlookers.devices ? 2 : 0) | (onlookers.stores ? 1 : 0));
}

const Block* Jit::Parts::translate(SegOff head, timing::Queue queue) {
    if (options.stopwatch == nullptr) return translate_untimed(head, queue);
    const u64 start = options.stopwatch();
    const Block* const block = translate_untimed(head, queue);
    stats.translation_ns += options.stopwatch() - start;
    return block;
}

const Block* Jit::Parts::translate_untimed(SegOff head, timing::Queue queue) {
    if (buffer->is_full() || (log && cache->next_id() == BlockLog::most_blocks)) flush();
    const Linear linear = memory.canonical(head.linear());
    const Assumptions assumed = assumptions_of(linear);
    if (!builder->build(head, queue, onlookers_of(linear), assumed, trace)) return nullptr;
    auto table = cache->table_of(head.segment);
    if (!table) {
        flush();
        table = cache->table_of(head.segment);
        if (!table) return nullptr;
    }
    const ExitId first_exit = ExitId(cache->exits().size());
    const BlockId id = cache->next_id();
    const Emission code = emitter->emit(trace, id, assumed, dispatch_table.value_or(*table), *buffer);
    if (log || options.perf_map != nullptr) note(code);
    buffer->commit(code.hot_end, code.cold_end);
    cache->add({.head = head,
                .queue = queue,
                .entry = buffer->executable(code.start),
                .hot_bytes = u32(code.hot_end - code.start),
                .first_exit = first_exit,
                .exit_count = ExitId(cache->exits().size()) - first_exit,
                .made_for = made_for(linear),
                .comparison = code.comparison == nullptr ? nullptr : buffer->executable(code.comparison),
                .changed = code.changed},
               trace.watched);
    ++stats.blocks_translated;
    for (const Step& step : trace.steps()) {
        OpCount& count = op_counts[std::size_t(step.insn.op)];
        ++(step.handed_over ? count.handed_over : count.emitted);
        stats.instructions_translated += step.handed_over ? 0 : 1;
    }
    return &cache->block(id);
}

/// What was just emitted, for those who want to know.
void Jit::Parts::note(const Emission& code) const {
    const std::span<const u8> cold(buffer->cold(), code.cold_end);
    if (log) log->add(trace, emitter->step_offsets(), cold);
    if (options.perf_map == nullptr) return;
    const std::span<const u8> hot(buffer->executable(code.start), buffer->executable(code.hot_end));
    options.perf_map->name_block(trace.head, hot, {buffer->executable(cold.data()), cold.size()});
}

void Jit::Parts::flush() {
    if (log) log->flush();
    cache->flush();
    buffer->reset();
    unlinked = none;
    ++stats.flushes;
}

// --- the façade

Jit::Jit(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Jit::~Jit() = default;

Result<std::unique_ptr<Jit>> Jit::create(Memory& memory, Interpreter& interpreter, const Options& options) {
    auto parts = std::make_unique<Parts>(memory, interpreter, options);
    if (auto done = parts->initialise(); !done) return std::unexpected(done.error());
    return std::unique_ptr<Jit>(new Jit(std::move(parts)));
}

Exit Jit::run() noexcept {
    parts_->is_head = true;
    parts_->unlinked = none;
    parts_->reserve = parts_->least_budget();
    return parts_->run_slice();
}

void Jit::step() noexcept {
    parts_->interpreter.step();
}

void Jit::flush() noexcept {
    parts_->flush();
}

EngineStats Jit::stats() const {
    EngineStats stats = parts_->stats;
    stats.instructions = parts_->interpreter.stats().instructions + parts_->state->instructions;
    stats.blocks_invalidated = parts_->cache->killed();
    stats.code_bytes = parts_->buffer->used();
    return stats;
}

const std::array<Jit::OpCount, Jit::op_count>& Jit::op_counts() const {
    return parts_->op_counts;
}

const std::array<u64, Jit::exit_names.size()>& Jit::exit_counts() const {
    return parts_->exit_counts;
}

HostFeatures Jit::host_features() const {
    return parts_->emitter_config->host;
}

std::vector<TranslatedBlock> Jit::blocks() const {
    if (!parts_->log) return {};
    return parts_->log->list(*parts_->cache, *parts_->buffer);
}

std::span<const u8> Jit::translate(SegOff head) {
    const timing::Queue queue = parts_->pricing.flushed(head.offset);
    if (const u8* const known = parts_->cache->find(head, queue)) parts_->cache->kill(BlockCache::id_of(known));
    const Block* const block = parts_->translate(head, queue);
    if (block == nullptr) return {};
    return {block->entry, block->hot_bytes};
}

void Jit::set_threshold(u32 threshold) {
    parts_->options.threshold = threshold;
}

Result<std::unique_ptr<Engine>> create(Memory& memory, Interpreter& interpreter, const Options& options) {
    return Jit::create(memory, interpreter, options);
}

}  // namespace dyn86::jit
