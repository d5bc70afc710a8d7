#include "src/verify/lockstep.h"

#include "src/verify/difference.h"
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

constexpr std::array<LockstepConfig, 7> configs{{
    {.threshold = 0},
    {.threshold = 0, .slack = 0},
    {.threshold = 2, .slack = 512, .terrain = Terrain::Repeated},
    {.threshold = 0, .slack = 512, .terrain = Terrain::Devices},
    {.threshold = 16},
    {.threshold = 0, .slack = 512, .count_instructions = true, .terrain = Terrain::Repeated},
    {.threshold = 1, .slack = 60},
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

EngineFactory recompiler_for([[maybe_unused]] const LockstepConfig& config) {
#ifdef DYN86_HAVE_JIT
    return [config](Memory& memory, Interpreter& interpreter) {
        return jit::create(
            memory, interpreter,
            {.threshold = config.threshold, .count_instructions = config.count_instructions, .slack = config.slack});
    };
#else
    return factory_of(EngineKind::Jit, 0);
#endif
}

Lockstep::Lockstep() : image_(initial_memory()), pairs_(configs.size()) {}
Lockstep::~Lockstep() = default;

Result<std::unique_ptr<Lockstep>> Lockstep::create(const SubjectFactory& subject) {
    std::unique_ptr<Lockstep> lockstep(new Lockstep);
    lockstep->factory_ = subject;
    if (auto first = lockstep->pair_for(0); !first) return std::unexpected(first.error());
    return lockstep;
}

/// Made when first needed: each pair is two machines.
Result<Lockstep::Pair*> Lockstep::pair_for(u32 config) {
    const u32 index = config % u32(configs.size());
    if (pairs_[index]) return pairs_[index].get();
    auto pair = std::make_unique<Pair>();
    pair->config = configs[index];
    auto reference = Side::create(factory_of(EngineKind::Interpreter, 0), pair->config.terrain, image_);
    if (!reference) return std::unexpected(reference.error());
    auto subject = Side::create(factory_(pair->config), pair->config.terrain, image_);
    if (!subject) return std::unexpected(subject.error());
    pair->reference = std::move(*reference);
    pair->subject = std::move(*subject);
    pairs_[index] = std::move(pair);
    return pairs_[index].get();
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
                        .subject = state_text(subject.bed().core(), exit)};
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

std::optional<Mismatch> Lockstep::run(const Episode& episode) {
    const auto pair = pair_for(episode.config);
    if (!pair) return Mismatch{.difference = pair.error().message, .before = {}, .reference = {}, .subject = {}};
    const auto late = run_episode(**pair, episode, CompareMemory::AfterProgram);
    if (!late) return {};
    auto exact = run_episode(**pair, episode, CompareMemory::AtEveryStop);
    if (exact) return exact;
    Mismatch vanished = *late;
    vanished.difference += " (vanished when memory was compared at every stop)";
    return vanished;
}

std::string describe(const Episode& episode, const Mismatch& mismatch) {
    std::string text = fmt::format(
        "seed {} program {} slice {}: {}\n  before:    {}\n  reference: {}\n  subject:   {}\n", episode.seed,
        mismatch.program, mismatch.slice, mismatch.difference, mismatch.before, mismatch.reference, mismatch.subject);
    for (const Program& program : episode.programs) {
        const Layout layout = lay_out(program);
        for (std::size_t i = 0; i < program.code.size(); ++i) {
            text +=
                fmt::format("  {:04X}:{:04X} ", program.regs.get(Sreg::Cs), u16(program.regs.ip + layout.offsets[i]));
            for (std::size_t at = layout.offsets[i]; at < layout.offsets[i + 1]; ++at)
                text += fmt::format(" {:02X}", layout.bytes[at]);
            text += '\n';
        }
    }
    return text + to_text(episode);
}

}  // namespace dyn86::verify
