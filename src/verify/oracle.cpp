#include "src/verify/oracle.h"

#include <algorithm>
#include <utility>

namespace dyn86::verify {
namespace {

constexpr u8 hlt = 0xF4;
/// What is left to go before it is topped up; no instruction takes as long as the lower one.
constexpr Cycles refill = Cycles{1} << 29, refill_below = Cycles{1} << 27;
/// Beyond the interpreter's clocks, for a recompiler that goes astray. More than its slack.
constexpr Cycles leeway = 10'000;
/// From here on a deadline ends the recompiler's run; near it the recompiler would leave everything to the interpreter.
constexpr Cycles long_run = 4'096;

bool same(const Answer& a, const Answer& b) {
    return a.regs == b.regs && a.ram == b.ram && a.cycles == b.cycles;
}

}  // namespace

/// Every byte is marked as code, so that memory tells of each one that changes.
class Oracle::Watch final : public CodeListener {
public:
    explicit Watch(Memory& memory) : memory_(memory) {
        std::fill_n(memory.marks(), address_space, special::code);
        memory.set_code_listener(this);
    }
    ~Watch() override { memory_.set_code_listener(nullptr); }
    void code_written(Linear start, u32 length) override {
        if (!listening) return;
        for (u32 i = 0; i < length; ++i) written.push_back(start + i);
    }

    bool listening = false;
    std::vector<Linear> written;

private:
    Memory& memory_;
};

Oracle::Oracle(std::unique_ptr<TestBed> interpreter, std::unique_ptr<TestBed> recompiler, u64 instructions)
    : interpreter_(std::move(interpreter)),
      recompiler_(std::move(recompiler)),
      watch_(std::make_unique<Watch>(interpreter_->memory())),
      instructions_(instructions),
      initial_(address_space) {
    interpreter_->memory().copy_in(0, {&hlt, 1});
    interpreter_->start({}, refill);
    interpreter_->interpreter().step();
    hlt_clocks_ = interpreter_->core().now();
    wipe(*interpreter_);
}

Oracle::~Oracle() = default;

Result<std::unique_ptr<Oracle>> Oracle::create(EngineKind engine, u64 instructions, ClockModel clocks) {
    auto interpreter = TestBed::create(factory_of(EngineKind::Interpreter, 0), clocks);
    if (!interpreter) return std::unexpected(interpreter.error());
    std::unique_ptr<TestBed> recompiler;
    if (engine == EngineKind::Jit) {
        auto made = TestBed::create(factory_of(engine, 0), clocks);
        if (!made) return std::unexpected(made.error());
        recompiler = std::move(*made);
    }
    return std::unique_ptr<Oracle>(new Oracle(std::move(*interpreter), std::move(recompiler), instructions));
}

void Oracle::place(TestBed& bed, const Question& question) {
    for (const RamByte& byte : question.ram) bed.memory().copy_in(byte.address, {&byte.value, 1});
}

/// Takes back what the question named and what was written.
void Oracle::clear(TestBed& bed, const Question& question) {
    constexpr u8 zero = 0;
    for (const RamByte& byte : question.ram) bed.memory().copy_in(byte.address, {&zero, 1});
    for (const Linear address : written_) bed.memory().copy_in(address, {&zero, 1});
}

void Oracle::wipe(TestBed& bed) {
    const std::vector<u8> zeros(address_space);
    bed.memory().copy_in(0, zeros);
}

void Oracle::step_through(const Question& question) {
    Core& core = interpreter_->core();
    watch_->written.clear();
    watch_->listening = true;
    visited_.clear();
    interpreter_->start(question.regs, refill, question.queued);
    for (u64 left = instructions_; left > 0 && core.halted == 0; --left) {
        if (core.now() < long_run) visited_.push_back(core.regs.cs_ip().linear());
        interpreter_->interpreter().step_with_trap();
        if (core.budget < refill_below) core.set_deadline(core.now() + refill);
    }
    watch_->listening = false;
    written_.swap(watch_->written);
    std::ranges::sort(written_);
    written_.erase(std::ranges::unique(written_).begin(), written_.end());
    halted_ = core.halted != 0;
}

/// The state that the bed has reached, as an answer.
void Oracle::collect(TestBed& bed, Answer& answer) const {
    answer.regs = bed.core().regs;
    answer.cycles = bed.core().now();
    answer.ram.clear();
    const u8* const memory = bed.memory().view();
    for (const Linear address : written_)
        if (memory[address] != initial_[address]) answer.ram.push_back({address, memory[address]});
}

/// Goes where the interpreter has been, by itself: to the HLT behind the last instruction, or for as many clocks. False
/// when it did not get there.
bool Oracle::run_to_end(TestBed& bed, const Question& question, Answer& answer) {
    const bool by_clock = answer_.cycles >= long_run, plants = !by_clock && !halted_;
    const Linear end = answer_.regs.cs_ip().linear();
    place(bed, question);
    if (plants) bed.memory().copy_in(end, {&hlt, 1});
    bed.start(question.regs, answer_.cycles + (by_clock ? 0 : leeway), question.queued);
    const Exit exit = bed.engine().run();
    collect(bed, answer);
    if (plants) {
        answer.regs.ip = u16(answer.regs.ip - 1);
        answer.cycles -= hlt_clocks_;
        constexpr u8 zero = 0;
        bed.memory().copy_in(end, {&zero, 1});
    }
    clear(bed, question);
    return exit == (by_clock ? Exit::Deadline : Exit::Halted);
}

/// A trap behind the HLT would spoil it, as would a byte there that is written, or executed before the end.
bool Oracle::can_recompile() const {
    if (answer_.cycles >= refill) return false;
    if (halted_ || answer_.cycles >= long_run) return true;
    const Linear end = answer_.regs.cs_ip().linear();
    return (answer_.regs.flags & flag::t) == 0 && !std::ranges::binary_search(written_, end) &&
           std::ranges::find(visited_, end) == visited_.end();
}

/// The interpreter, ended in the same way, says whether that changes the answer.
bool Oracle::is_fair(const Question& question) {
    watch_->written.clear();
    watch_->listening = true;
    const bool fair = run_to_end(*interpreter_, question, checked_) && same(checked_, answer_);
    watch_->listening = false;
    constexpr u8 zero = 0;
    for (const Linear address : watch_->written) interpreter_->memory().copy_in(address, {&zero, 1});
    return fair;
}

/// Leaves the recompiler's answer in answer_, unless how it was ended is to blame for a difference.
void Oracle::ask_recompiler(const Question& question) {
    if (!can_recompile()) return;
    if (run_to_end(*recompiler_, question, second_) && same(second_, answer_)) {
        ++recompiled_;
        return;
    }
    wipe(*recompiler_);  // it may have written anything
    if (!is_fair(question)) return;
    ++recompiled_;
    std::swap(answer_, second_);
}

const Answer& Oracle::ask(const Question& question) {
    for (const RamByte& byte : question.ram) initial_[byte.address] = byte.value;
    place(*interpreter_, question);
    step_through(question);
    collect(*interpreter_, answer_);
    clear(*interpreter_, question);
    if (recompiler_) ask_recompiler(question);
    for (const RamByte& byte : question.ram) initial_[byte.address] = 0;
    return answer_;
}

}  // namespace dyn86::verify
