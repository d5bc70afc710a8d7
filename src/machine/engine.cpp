// Which engine a machine runs on, and what can be told of its work.
#include "src/machine/impl.h"

#ifdef DYN86_HAVE_JIT
#include "cpu/disassemble.h"
#endif

#include <algorithm>

namespace dyn86 {

#ifdef DYN86_HAVE_JIT

Result<> Machine::Impl::make_recompiler(jit::Observer* observer) {
    auto made = jit::Jit::create(*memory_, interpreter_,
                                 {.threshold = config_.jit_threshold,
                                  .count_instructions = config_.count_instructions,
                                  .features_off = config_.host_features_off,
                                  .record_blocks = config_.record_blocks,
                                  .perf_map = perf_map_.get(),
                                  .stopwatch = config_.stopwatch,
                                  .observer = observer});
    if (!made) return std::unexpected(made.error());
    recompiler_ = std::move(*made);
    return {};
}

Result<> Machine::Impl::make_verifier() {
    const auto subject = [this](jit::Observer& observer) -> Result<Engine*> {
        if (auto made = make_recompiler(&observer); !made) return std::unexpected(made.error());
        return recompiler_.get();
    };
    const auto tell = [this](const std::string& report) { end(Reason::EmulatorError, 0, report); };
    auto made = verify::VerifyingEngine::create(*memory_, *recorder_, subject, tell);
    if (!made) return fail("nothing to compare the interpreter with: " + made.error().message);
    verifier_ = std::move(*made);
    verifier_->set_clocks(config_.clocks);
    return {};
}

Result<> Machine::Impl::choose_engine() {
    if (config_.engine != EngineKind::Jit) return {};
    if (config_.perf_map) {
        auto map = jit::PerfMap::create();
        if (!map) return std::unexpected(map.error());
        perf_map_ = std::move(*map);
    }
    if (config_.verify) {
        if (auto made = make_verifier(); !made) return made;
        engine_ = verifier_.get();
    } else if (auto made = make_recompiler(nullptr)) {
        engine_ = recompiler_.get();
    } else {
        engine_note_ = "no recompiler, interpreting: " + made.error().message;
        return {};
    }
    engine_kind_ = EngineKind::Jit;
    return {};
}

void Machine::Impl::add_translation(MachineStats& stats) const {
    if (!recompiler_) return;
    stats.host_features = recompiler_->host_features();
    const auto& exits = recompiler_->exit_counts();
    for (std::size_t i = 0; i < exits.size(); ++i)
        if (exits[i] != 0) stats.exits.emplace_back(jit::Jit::exit_names[i], exits[i]);
    const auto& ops = recompiler_->op_counts();
    for (std::size_t i = 0; i < ops.size(); ++i)
        if (ops[i].interpreted != 0) stats.handed_over.emplace_back(op_name(Op(i)), ops[i].interpreted);
    std::ranges::sort(stats.handed_over, std::greater{}, &std::pair<std::string, u64>::second);
}

std::vector<TranslatedBlock> Machine::Impl::blocks() const {
    return recompiler_ ? recompiler_->blocks() : std::vector<TranslatedBlock>{};
}

#else

Result<> Machine::Impl::choose_engine() {
    if (config_.verify) return fail("--verify compares the interpreter with a recompiler: none for this processor");
    if (config_.engine == EngineKind::Jit) engine_note_ = "no recompiler for this processor, interpreting";
    return {};
}

void Machine::Impl::add_translation(MachineStats& /*stats*/) const {}

std::vector<TranslatedBlock> Machine::Impl::blocks() const {
    return {};
}

#endif

MachineStats Machine::Impl::stats() const {
    const EngineStats engine = engine_->stats();
    MachineStats stats;
    stats.guest_time = now();
    stats.cycles = core_.now();
    stats.idle = idle_instructions_;
    stats.instructions = engine.instructions - base_instructions_ + (config_.count_instructions ? stats.idle : 0);
    stats.interpreted = interpreter_.stats().instructions;
    stats.blocks_translated = engine.blocks_translated;
    stats.instructions_translated = engine.instructions_translated;
    stats.blocks_invalidated = engine.blocks_invalidated;
    stats.flushes = engine.flushes;
    stats.code_bytes = engine.code_bytes;
    stats.translation_ns = engine.translation_ns;
    add_translation(stats);
    if (bios_) stats.missing_calls = bios_->missing_calls();
    if (dos_) stats.missing_calls.merge(dos_->missing_calls());
    return stats;
}

}  // namespace dyn86
