#include "src/verify/conformance.h"

#include "cpu/decode.h"
#include "cpu/flags.h"
#include "src/verify/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace dyn86::verify {
namespace {

/// Far beyond the longest recorded instruction (a REP of 255 words), and beyond the recompiler's slack.
constexpr Cycles plenty = 100'000;
constexpr std::size_t failures_kept = 5;

constexpr u8 hlt = 0xF4;
/// cmp al, al / hlt: all six arithmetic flags overwritten before anything can look at them.
constexpr std::array<u8, 3> dead_tail{0x38, 0xC0, hlt};

/// Calls `run(first, bytes)` for each stretch of consecutive addresses.
template <typename Run>
void for_stretches(const std::vector<RamByte>& ram, Run run) {
    std::vector<u8> bytes;
    for (std::size_t i = 0; i < ram.size(); ++i) {
        bytes.push_back(ram[i].value);
        if (i + 1 < ram.size() && ram[i + 1].address == ram[i].address + 1) continue;
        run(Linear(ram[i].address + 1 - bytes.size()), std::span<u8>(bytes));
        bytes.clear();
    }
}

Linear at(const Registers& regs, unsigned offset) {
    return (regs.cs_ip() + u16(offset)).linear();
}

/// Is `address` one of the `length` bytes from `start`, the wrap within the segment applied?
bool lies_in(SegOff start, u32 length, Linear address) {
    const u32 offset = (address - u32{start.segment} * 16) & address_mask;
    return offset <= 0xFFFF && u16(offset - start.offset) < length;
}

u16 offset_of(const Insn& insn, const Registers& regs) {
    u32 offset = insn.displacement;
    if (insn.is_direct()) return u16(offset);
    const AddressMode& mode = address_modes[insn.rm()];
    if (mode.base != AddressMode::none) offset += regs.gpr[mode.base];
    if (mode.index != AddressMode::none) offset += regs.gpr[mode.index];
    return u16(offset);
}

/// May the instruction load this byte as data? Rather yes than no. Its bytes are a prefix of what follows in memory, so
/// that data and code can be the same.
bool may_load(const Insn& insn, const Registers& regs, Linear address) {
    constexpr u32 longest_pop = 6, longest_operand = 4, vectors = 0x400;
    const SegOff stack{regs.get(Sreg::Ss), regs.get(Reg16::Sp)};
    if (address < vectors || lies_in(stack, longest_pop, address)) return true;
    const u16 segment = regs.get(insn.segment);
    if (insn.op == Op::Xlat) return lies_in({segment, u16(regs.get(Reg16::Bx) + regs.get(Reg8::Al))}, 1, address);
    if (insn.op >= Op::Movs && insn.op <= Op::Scas) {
        const u32 turns = insn.repeat == Repeat::None ? 1 : regs.get(Reg16::Cx);
        const u32 reach = std::min(u32{0x8000}, 2 * turns);  // on both sides: DF decides
        const auto near = [&](u16 sreg, Reg16 index) {
            return lies_in({sreg, u16(regs.get(index) - reach)}, 2 * reach + 2, address);
        };
        return near(segment, Reg16::Si) || near(regs.get(Sreg::Es), Reg16::Di);
    }
    return insn.has_memory() && lies_in({segment, offset_of(insn, regs)}, longest_operand, address);
}

float clock_error(Cycles clocks, const MooTest& test) {
    return float(std::abs(double(clocks) - test.cycles) / test.cycles);
}

/// True when the instruction pushed three words: a divide error's frame, as the only instructions with undefined flags
/// that touch the stack. The FLAGS in it hold the undefined bits too.
bool has_frame(const MooTest& test, u16 defined) {
    const u16 pushed = u16(test.initial.regs.get(Reg16::Sp) - test.final.regs.get(Reg16::Sp));
    return defined != 0xFFFF && pushed == 6;
}

}  // namespace

Conformance::Conformance(std::unique_ptr<TestBed> bed) : bed_(std::move(bed)) {
    measure_tails();
}

Result<std::unique_ptr<Conformance>> Conformance::create(EngineKind engine, ClockModel clocks) {
    return create(factory_of(engine, 0), clocks);
}

Result<std::unique_ptr<Conformance>> Conformance::create(const EngineFactory& factory, ClockModel clocks) {
    auto bed = TestBed::create(factory, clocks);
    if (!bed) return std::unexpected(bed.error());
    return std::unique_ptr<Conformance>(new Conformance(std::move(*bed)));
}

void Conformance::place(const MooState& state) {
    for_stretches(state.ram, [&](Linear first, std::span<u8> bytes) { bed_->memory().copy_in(first, bytes); });
}

void Conformance::clear(const MooState& state) {
    for_stretches(state.ram, [&](Linear first, std::span<u8> bytes) {
        std::ranges::fill(bytes, u8{0});
        bed_->memory().copy_in(first, bytes);
    });
}

/// Puts the tail where the recording ends. False when it would lie on the instruction, or on bytes the instruction
/// writes or may read: those few tests run through Engine::step.
bool Conformance::place_tail(const MooTest& test, Tail tail) {
    const std::size_t length = tail == Tail::FlagsLive ? 1 : dead_tail.size();
    tail_.clear();
    for (unsigned i = 0; i < length; ++i) tail_.push_back(at(test.final.regs, i));
    const auto in_tail = [&](Linear address) { return std::ranges::find(tail_, address) != tail_.end(); };
    for (unsigned i = 0; i < test.bytes.size(); ++i)
        if (in_tail(at(test.initial.regs, i))) return false;
    const Insn insn = decode(test.bytes, test.initial.regs.ip);
    for (const Linear address : tail_)
        if (may_load(insn, test.initial.regs, address)) return false;
    unsigned fetched = 0;  // the bytes in the recording that lie at CS:IP and behind it, prefetched and never executed
    for (const RamByte& byte : test.initial.ram) {
        const bool is_code = byte.address == at(test.initial.regs, fetched);
        if (is_code)
            ++fetched;
        else if (in_tail(byte.address))
            return false;
    }
    for (const RamByte& byte : test.final.ram)
        if (in_tail(byte.address) && std::ranges::find(test.initial.ram, byte) == test.initial.ram.end()) return false;
    const u8* const bytes = dead_tail.data() + (dead_tail.size() - length);
    for (unsigned i = 0; i < length; ++i) bed_->memory().copy_in(tail_[i], {bytes + i, 1});
    return true;
}

/// Runs to the tail's HLT and takes back what the tail did to IP.
Exit Conformance::run_to_tail(Tail tail) {
    const Exit exit = bed_->engine().run();
    Core& core = bed_->core();
    const unsigned length = tail == Tail::FlagsLive ? 1 : unsigned(dead_tail.size());
    if (exit == Exit::Halted) core.regs.ip = u16(core.regs.ip - length);
    return exit;
}

/// What the tails cost the interpreter by themselves: with that, its counter tells who executed the instruction.
void Conformance::measure_tails() {
    for (const Tail tail : {Tail::FlagsLive, Tail::FlagsDead}) {
        MooTest nothing;
        nothing.initial.regs.sreg = nothing.final.regs.sreg = {0x1000, 0x2000, 0x3000, 0x4000};
        place_tail(nothing, tail);
        bed_->start(nothing.initial.regs, plenty);
        const u64 before = bed_->engine().stats().instructions;
        run_to_tail(tail);
        interpreted_tail_[std::size_t(tail)] = bed_->engine().stats().instructions - before;
        tail_clocks_[std::size_t(tail)] = bed_->core().now();
        constexpr u8 zero = 0;
        for (const Linear address : tail_) bed_->memory().copy_in(address, {&zero, 1});
    }
}

Conformance::Outcome Conformance::judge(const MooTest& test, u16 defined, u16 compared) {
    Differences differences(test.initial.regs);
    differences.compare(bed_->core().regs, test.final.regs, compared);
    Linear frame_flags = address_space;
    if (has_frame(test, defined))
        frame_flags = SegOff{test.final.regs.get(Sreg::Ss), u16(test.final.regs.get(Reg16::Sp) + 4)}.linear();
    for (const RamByte& byte : test.final.ram) {
        if (std::ranges::find(tail_, byte.address) != tail_.end()) continue;
        const u8 got = bed_->memory().peek(byte.address);
        u8 undefined = 0;
        if (byte.address == frame_flags) undefined = u8(~defined);
        if (byte.address == ((frame_flags + 1) & address_mask)) undefined = u8(~defined >> 8);
        differences.compare_byte(byte.address, got, byte.value, undefined);
    }
    Outcome outcome;
    if (!differences.any()) return outcome;
    outcome.verdict = differences.only_undefined(u16(~defined)) ? Verdict::UndefinedFlags : Verdict::Wrong;
    outcome.difference = differences.text();
    outcome.differences = differences.list();
    return outcome;
}

Conformance::Outcome Conformance::run_test(const MooTest& test, u16 defined, Tail tail) {
    tail_.clear();
    place(test.initial);
    const bool tailed = tail != Tail::None && place_tail(test, tail);
    if (!tailed) tail_.clear();
    bed_->start(test.initial.regs, plenty, test.initial.queued);
    const u64 before = bed_->engine().stats().instructions;
    Exit exit = Exit::Halted;
    if (tailed)
        exit = run_to_tail(tail);
    else
        bed_->engine().step();
    const u64 interpreted = bed_->engine().stats().instructions - before;

    const bool flags_known = !tailed || tail == Tail::FlagsLive;
    Outcome outcome = judge(test, defined, flags_known ? u16{0xFFFF} : u16(~flag::oszapc));
    if (exit != Exit::Halted) {
        outcome.verdict = Verdict::Wrong;
        outcome.remark = "did not reach the HLT behind it";
    }
    outcome.tailed = tailed;
    outcome.clocks = bed_->core().now() - (tailed ? tail_clocks_[std::size_t(tail)] : 0);
    outcome.emitted = tailed && interpreted <= interpreted_tail_[std::size_t(tail)];
    clear(test.initial);
    clear(test.final);
    constexpr u8 zero = 0;
    for (const Linear address : tail_) bed_->memory().copy_in(address, {&zero, 1});
    return outcome;
}

/// Between tests every byte is zero. One that is not was written though the recording does not name it; searching a
/// megabyte takes longer than a test, so a file is searched once, and only when that finds something after each test.
std::string Conformance::clear_stray_writes() {
    const u8* const view = bed_->memory().view();
    const u8* const end = view + address_space;
    const u8* const found = std::find_if(view, end, [](u8 byte) { return byte != 0; });
    if (found == end) return {};
    const Linear address = Linear(found - view);
    std::string text = fmt::format("wrote [{:05X}] {:02X}, which the recording does not name", address, *found);
    const std::vector<u8> zeros(address_space);
    bed_->memory().copy_in(0, zeros);
    return text;
}

void Conformance::note(FormResult& result, const MooTest& test, const Outcome& outcome, Tail tail,
                       Strict strict) const {
    const bool bad =
        outcome.verdict == Verdict::Wrong || (outcome.verdict == Verdict::UndefinedFlags && strict == Strict::Exact);
    if (!bad || result.failures.size() >= failures_kept) return;
    std::string bytes;
    for (const u8 byte : test.bytes) bytes += fmt::format(" {:02X}", byte);
    result.failures.push_back(fmt::format("{} #{} {} ({}){}: {}", result.form, test.index, test.name,
                                          bytes.empty() ? bytes : bytes.substr(1),
                                          tail == Tail::FlagsDead ? " flags dead" : "", outcome.difference));
    if (!outcome.remark.empty()) result.failures.back() += (outcome.difference.empty() ? "" : "; ") + outcome.remark;
    result.details.push_back({.index = test.index,
                              .name = test.name,
                              .bytes = test.bytes,
                              .flags_dead = tail == Tail::FlagsDead,
                              .differences = outcome.differences,
                              .note = outcome.remark,
                              .clocks = outcome.clocks,
                              .recorded_clocks = test.cycles});
}

/// What is counted once per test, not once per tail.
void Conformance::count_first_run(FormResult& result, const MooTest& test, const Outcome& outcome) const {
    result.no_room += !outcome.tailed;
    if (test.cycles != 0)
        result.clock_errors[std::size_t(bed_->interpreter().clocks().timing)].push_back(
            clock_error(outcome.clocks, test));
}

FormResult Conformance::run_all(const MooFile& file, u16 defined, Strict strict, Strays strays) {
    static constexpr std::array on_interpreter{Tail::None};
    static constexpr std::array on_recompiler{Tail::FlagsLive, Tail::FlagsDead};
    const std::span<const Tail> tails = bed_->has_own_engine() ? std::span<const Tail>(on_recompiler) : on_interpreter;
    FormResult result;
    result.form = file.form;
    if (!file.tests.empty()) result.op = decode(file.tests.front().bytes, 0).op;
    for (const MooTest& test : file.tests) {
        Verdict worst = Verdict::Exact;
        for (const Tail tail : tails) {
            Outcome outcome = run_test(test, defined, tail);
            if (strays == Strays::Blame)
                if (const std::string stray = clear_stray_writes(); !stray.empty())
                    outcome = {.verdict = Verdict::Wrong, .emitted = outcome.emitted, .remark = stray};
            worst = std::max(worst, outcome.verdict);
            if (outcome.emitted) ++(tail == Tail::FlagsDead ? result.emitted_dead : result.emitted_live);
            if (tail != Tail::FlagsDead) count_first_run(result, test, outcome);
            note(result, test, outcome, tail, strict);
        }
        ++result.tests;
        if (worst == Verdict::Exact) ++result.exact;
        if (worst != Verdict::Wrong) ++result.masked;
    }
    return result;
}

std::vector<float> Conformance::clock_errors(const MooFile& file) {
    const Tail tail = bed_->has_own_engine() ? Tail::FlagsLive : Tail::None;
    std::vector<float> errors;
    for (const MooTest& test : file.tests)
        if (test.cycles != 0) errors.push_back(clock_error(run_test(test, 0xFFFF, tail).clocks, test));
    clear_stray_writes();
    return errors;
}

FormResult Conformance::run(const MooFile& file, u16 defined, Strict strict) {
    const FormResult result = run_all(file, defined, strict, Strays::Ignore);
    if (clear_stray_writes().empty()) return result;
    return run_all(file, defined, strict, Strays::Blame);
}

}  // namespace dyn86::verify
