// What an 8086 makes of a given state: registers, memory and clocks after one or more instructions.
#pragma once

#include "src/base/result.h"
#include "src/verify/question.h"
#include "src/verify/test_bed.h"

#include <memory>
#include <vector>

namespace dyn86::verify {

/// Answers question after question, each from memory that is zero but for what the question names, with ports that read
/// FFh.
///
/// The interpreter goes instruction by instruction, on a machine that notes every byte written. On the recompiler the
/// same question is then asked once more, translated at first execution, and that is the answer. It ends at a HLT put
/// behind the instructions, or at a deadline when they take long. Where that HLT would change the answer (the
/// instructions write it, read it or come by it before the end) the first answer stands. Both engines answer alike, or
/// one is wrong.
class Oracle {
public:
    /// `instructions` per question, a REP being one; HLT is the last one whatever the count.
    static Result<std::unique_ptr<Oracle>> create(EngineKind engine, u64 instructions, ClockModel clocks = {});
    ~Oracle();

    /// Valid until the next question.
    const Answer& ask(const Question& question);
    /// Questions that the recompiler answered.
    [[nodiscard]] u64 recompiled() const { return recompiled_; }

private:
    class Watch;
    Oracle(std::unique_ptr<TestBed> interpreter, std::unique_ptr<TestBed> recompiler, u64 instructions);
    void place(TestBed& bed, const Question& question);
    void clear(TestBed& bed, const Question& question);
    void step_through(const Question& question);
    void collect(TestBed& bed, Answer& answer) const;
    [[nodiscard]] bool can_recompile() const;
    bool is_fair(const Question& question);
    void ask_recompiler(const Question& question);
    bool run_to_end(TestBed& bed, const Question& question, Answer& answer);
    static void wipe(TestBed& bed);

    std::unique_ptr<TestBed> interpreter_, recompiler_;  // the second may be null
    std::unique_ptr<Watch> watch_;
    u64 instructions_;
    u64 recompiled_ = 0;
    Cycles hlt_clocks_ = 0;
    std::vector<u8> initial_;      // all of memory as the question has it
    std::vector<Linear> written_;  // by the interpreter; sorted, each once
    std::vector<Linear> visited_;  // where its first instructions stood
    bool halted_ = false;
    Answer answer_, second_, checked_;
};

}  // namespace dyn86::verify
