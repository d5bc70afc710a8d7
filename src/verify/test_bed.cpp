#include "src/verify/test_bed.h"

#ifdef DYN86_HAVE_JIT
#include "jit/jit.h"
#endif

#include <utility>

namespace dyn86::verify {

std::string_view name_of(EngineKind kind) {
    return kind == EngineKind::Jit ? "jit" : "interpreter";
}

bool is_available([[maybe_unused]] EngineKind kind) {
#ifdef DYN86_HAVE_JIT
    return true;
#else
    return kind == EngineKind::Interpreter;
#endif
}

EngineFactory factory_of(EngineKind kind, [[maybe_unused]] u32 threshold) {
    if (kind == EngineKind::Interpreter)
        return [](Memory&, Interpreter&) -> Result<std::unique_ptr<Engine>> { return nullptr; };
#ifdef DYN86_HAVE_JIT
    return [threshold](Memory& memory, Interpreter& interpreter) {
        return jit::create(memory, interpreter, {.threshold = threshold});
    };
#else
    return [](Memory&, Interpreter&) -> Result<std::unique_ptr<Engine>> { return fail("this host has no recompiler"); };
#endif
}

TestBed::TestBed(std::unique_ptr<Memory> memory, ClockModel clocks)
    : memory_(std::move(memory)),
      interrupts_(memory_->core()),
      interpreter_(std::make_unique<Interpreter>(*memory_, ports_, interrupts_)) {
    interpreter_->set_clocks(clocks);
}

Result<std::unique_ptr<TestBed>> TestBed::create(const EngineFactory& factory, ClockModel clocks) {
    auto memory = Memory::create();
    if (!memory) return std::unexpected(memory.error());
    std::unique_ptr<TestBed> bed(new TestBed(std::move(*memory), clocks));
    auto engine = factory(*bed->memory_, *bed->interpreter_);
    if (!engine) return std::unexpected(engine.error());
    bed->engine_ = std::move(*engine);
    return bed;
}

void TestBed::start(const Registers& regs, Cycles clocks, std::optional<u8> queued) {
    core() = Core{};
    core().regs = regs;
    if (const ClockModel model = interpreter_->clocks(); model.is_exact())
        core().queue = queued ? timing::holding(*queued, regs.ip, model.cpu) : timing::full(regs.ip, model.cpu);
    core().set_deadline(clocks);
}

}  // namespace dyn86::verify
