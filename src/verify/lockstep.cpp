#include "src/verify/lockstep.h"

#include "cpu/decode.h"
#include "cpu/disassemble.h"
#include "src/verify/difference.h"
#include "src/verify/fresh_code.h"
#include "src/verify/lockstep_side.h"
#include "src/verify/random_machine.h"

#ifdef DYN86_HAVE_JIT
#include "jit/jit.h"
#endif

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <utility>

namespace dyn86::verify {
namespace {

constexpr ClockModel exact_8086{CpuModel::I8086, Timing::Exact}, table_8088{CpuModel::I8088, Timing::Table},
    exact_8088{CpuModel::I8088, Timing::Exact};

constexpr std::array<LockstepConfig, 17> configs{{
    {.threshold = 0},
    {.threshold = 0, .slack = 0},
    {.threshold = 2, .slack = 512, .terrain = Terrain::Repeated},
    {.threshold = 0, .slack = 512, .terrain = Terrain::Devices},
    {.threshold = 16},
    {.threshold = 0, .slack = 512, .count_instructions = true, .terrain = Terrain::Repeated},
    {.threshold = 1, .slack = 60},
    {.threshold = 0, .strict = true},
    {.threshold = 1, .strict = true, .terrain = Terrain::Repeated},
    {.threshold = 0, .code_bytes = 64 << 10},  // is full all the time
    {.threshold = 5, .slack = 200, .terrain = Terrain::Devices},
    {.threshold = 0, .clocks = table_8088},
    {.threshold = 0, .clocks = exact_8086},
    {.threshold = 0, .slack = 0, .clocks = exact_8086},
    {.threshold = 1, .strict = true, .terrain = Terrain::Devices, .clocks = exact_8086},
    {.threshold = 0, .clocks = exact_8088},
    {.threshold = 2, .slack = 60, .count_instructions = true, .terrain = Terrain::Repeated, .clocks = exact_8088},
}};

constexpr std::array<const char*, 3> exit_names{"deadline", "halted", "stopped"};

}  // namespace

struct Lockstep::Pair {
    LockstepConfig config;
    std::unique_ptr<Side> reference, subject;
};

std::span<const LockstepConfig> lockstep_configs() {
    return configs;
}

EngineFactory recompiler_for(const LockstepConfig& config) {
    return recompiler_without({})(config);
}

SubjectFactory recompiler_without([[maybe_unused]] HostFeatures features_off) {
#ifdef DYN86_HAVE_JIT
    return [features_off](const LockstepConfig& config) -> EngineFactory {
        return [config, features_off](Memory& memory, Interpreter& interpreter) {
            return jit::create(memory, interpreter,
                               {.threshold = config.threshold,
                                .code_bytes = config.code_bytes,
                                .count_instructions = config.count_instructions,
                                .slack = config.slack,
                                .strict = config.strict,
                                .features_off = features_off});
        };
    };
#else
    return [](const LockstepConfig&) { return factory_of(EngineKind::Jit, 0); };
#endif
}

Lockstep::Lockstep() : image_(initial_memory()), pairs_(configs.size()) {}
Lockstep::~Lockstep() = default;

Result<std::unique_ptr<Lockstep>> Lockstep::create(const SubjectFactory& subject) {
    std::unique_ptr<Lockstep> lockstep(new Lockstep);
    lockstep->subject_ = subject;
    if (auto first = lockstep->pair_for(0); !first) return std::unexpected(first.error());
    return lockstep;
}

void Lockstep::renew() {
    for (auto& pair : pairs_) pair.reset();
}

Result<std::unique_ptr<Lockstep::Pair>> Lockstep::make_pair(const LockstepConfig& config) {
    auto reference = Side::create(factory_of(EngineKind::Interpreter, 0), config, image_);
    if (!reference) return std::unexpected(reference.error());
    auto subject = Side::create(subject_(config), config, image_);
    if (!subject) return std::unexpected(subject.error());
    return std::make_unique<Pair>(Pair{config, std::move(*reference), std::move(*subject)});
}

/// Made when first needed: each pair is two machines.
Result<Lockstep::Pair*> Lockstep::pair_for(u32 config) {
    auto& pair = pairs_[config % configs.size()];
    if (pair) return pair.get();
    auto made = make_pair(configs[config % configs.size()]);
    if (!made) return std::unexpected(made.error());
    pair = std::move(*made);
    return pair.get();
}

namespace {

void compare_memory(Memory& reference, Memory& subject, Differences& differences) {
    constexpr std::size_t page = 0x1000;
    for (std::size_t at = 0; at < address_space; at += page) {
        if (std::memcmp(reference.view() + at, subject.view() + at, page) == 0) continue;
        for (std::size_t i = at; i < at + page; ++i)
            differences.compare_byte(Linear(i), subject.view()[i], reference.view()[i]);
    }
}

void compare_cores(const Core& reference, const Core& subject, Differences& differences) {
    differences.compare(subject.regs, reference.regs, 0xFFFF);
    differences.compare_number("clock", subject.now(), reference.now());
    differences.compare_number("deadline", subject.deadline, reference.deadline);
    differences.compare_number("intr", subject.intr, reference.intr);
    differences.compare_number("nmi", subject.nmi, reference.nmi);
    differences.compare_number("halted", subject.halted, reference.halted);
    differences.compare_number("shadow", subject.shadow, reference.shadow);
    differences.compare_number("stop", subject.stop, reference.stop);
    differences.compare_number("trap", subject.trap, reference.trap);
    differences.compare_number("repeating", subject.repeating, reference.repeating);
    differences.compare_number("queue", subject.queue, reference.queue);
}

/// Enough for the next few instructions.
std::vector<u8> code_at(TestBed& bed) {
    constexpr u16 shown = 40;
    std::vector<u8> bytes;
    for (u16 i = 0; i < shown; ++i) bytes.push_back(bed.memory().peek((bed.core().regs.cs_ip() + i).linear()));
    return bytes;
}

std::string state_text(const Core& core, Exit exit) {
    return fmt::format("{} clock {} {}", format_registers(core.regs), core.now(), exit_names[std::size_t(exit)]);
}

}  // namespace

void Lockstep::count(const Pair& pair, u64 reference, u64 subject) {
    progress_.instructions += reference;
    if (pair.config.count_instructions) return;
    progress_.observed += reference;
    progress_.interpreted += subject;
}

std::optional<Mismatch> Lockstep::run_slice(Pair& pair, const Program& program, const Slice& slice,
                                            CompareMemory when) {
    Side& reference = *pair.reference;
    Side& subject = *pair.subject;
    const Core before = reference.bed().core();
    const std::vector<u8> code = code_at(reference.bed());
    const u64 reference_before = reference.executed(), subject_before = subject.executed();
    const Exit expected = reference.run(slice, program);
    const Exit exit = subject.run(slice, program);
    const u64 reference_count = reference.executed() - reference_before;
    const u64 subject_count = subject.executed() - subject_before;

    Differences differences(before.regs);
    compare_cores(reference.bed().core(), subject.bed().core(), differences);
    differences.compare_number("exit", i64(exit), i64(expected));
    differences.compare_number("port log", i64(subject.log()), i64(reference.log()));
    if (pair.config.count_instructions)
        differences.compare_number("instructions", i64(subject_count), i64(reference_count));
    if (when == CompareMemory::AtEveryStop || &slice == &program.slices.back())
        compare_memory(reference.bed().memory(), subject.bed().memory(), differences);
    if (differences.any())
        return Mismatch{.difference = differences.text(),
                        .before = state_text(before, Exit::Deadline),
                        .reference = state_text(reference.bed().core(), expected),
                        .subject = state_text(subject.bed().core(), exit),
                        .start = before.regs,
                        .code = code};
    count(pair, reference_count, subject_count);
    if (exit != Exit::Halted) return {};
    reference.wake(slice);
    subject.wake(slice);
    return {};
}

std::optional<Mismatch> Lockstep::run_program(Pair& pair, const Program& program, CompareMemory when) {
    const Layout layout = lay_out(program);
    pair.reference->load(program, layout);
    pair.subject->load(program, layout);
    for (std::size_t i = 0; i < program.slices.size(); ++i)
        if (auto mismatch = run_slice(pair, program, program.slices[i], when)) {
            mismatch->slice = i;
            return mismatch;
        }
    return {};
}

std::optional<Mismatch> Lockstep::run_episode(Pair& pair, const Episode& episode, CompareMemory when) {
    pair.reference->reset();
    pair.subject->reset();
    for (std::size_t i = 0; i < episode.programs.size(); ++i)
        if (auto mismatch = run_program(pair, episode.programs[i], when)) {
            mismatch->program = i;
            return mismatch;
        }
    return {};
}

bool Lockstep::is_known_gap(const Episode& episode, const LockstepConfig& config) {
    if (config.slack == 0 || config.strict) return false;
    LockstepConfig exact = config;
    exact.slack = 0;
    const auto pair = make_pair(exact);
    if (!pair || run_episode(**pair, episode, CompareMemory::AfterProgram)) return false;
    bool seen = false;
    const auto watch = [&](Memory& memory, Interpreter& interpreter) -> Result<std::unique_ptr<Engine>> {
        return std::make_unique<FreshCodeWatch>(memory, interpreter, config.slack, seen);
    };
    auto side = Side::create(watch, config, image_);
    if (!side) return false;
    (*side)->reset();
    for (const Program& program : episode.programs) {
        (*side)->load(program, lay_out(program));
        for (const Slice& slice : program.slices)
            if ((*side)->run(slice, program) == Exit::Halted) (*side)->wake(slice);
    }
    return seen;
}

std::optional<Mismatch> Lockstep::run(const Episode& episode) {
    const auto pair = pair_for(episode.config);
    if (!pair) {
        Mismatch mismatch;
        mismatch.difference = pair.error().message;
        return mismatch;
    }
    auto late = run_episode(**pair, episode, CompareMemory::AfterProgram);
    if (!late) return {};
    if (is_known_gap(episode, (*pair)->config)) {
        ++progress_.excused;
        return {};
    }
    if (auto exact = run_episode(**pair, episode, CompareMemory::AtEveryStop)) return exact;
    late->difference += " (vanished when memory was compared at every stop)";
    return late;
}

namespace {

/// The program's instructions as laid out (not as they may have been patched since).
std::string listing(const Program& program) {
    const Layout layout = lay_out(program);
    const std::span<const u8> bytes(layout.bytes);
    std::string text;
    for (std::size_t i = 0; i < program.code.size(); ++i) {
        std::size_t at = layout.offsets[i];
        const std::size_t end = layout.offsets[i + 1];
        while (at < end) {
            const u16 ip = u16(program.regs.ip + at);
            const Insn insn = decode(bytes.subspan(at), ip);
            const std::size_t length = insn.length != 0 ? insn.length : end - at;
            std::string hex;
            for (const u8 byte : bytes.subspan(at, length)) hex += fmt::format("{:02X}", byte);
            text += fmt::format("  {:04X}:{:04X} {:<14} {}\n", program.regs.get(Sreg::Cs), ip, hex,
                                insn.length != 0 ? disassemble(insn) : "(not decodable by itself)");
            at += length;
        }
    }
    return text;
}

}  // namespace

std::string describe(const Episode& episode, const Mismatch& mismatch) {
    std::string text = fmt::format(
        "seed {} program {} slice {}: {}\n  before:    {}\n  reference: {}\n  subject:   {}\n", episode.seed,
        mismatch.program, mismatch.slice, mismatch.difference, mismatch.before, mismatch.reference, mismatch.subject);
    for (const Program& program : episode.programs) text += listing(program);
    return text + to_text(episode);
}

}  // namespace dyn86::verify
