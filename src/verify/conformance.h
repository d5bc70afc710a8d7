// Runs recorded instructions on an engine and says what differs from the silicon.
#pragma once

#include "cpu/insn.h"
#include "src/base/result.h"
#include "src/verify/difference.h"
#include "src/verify/moo.h"
#include "src/verify/test_bed.h"

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace dyn86::verify {

/// A test that failed.
struct Failure {
    u32 index = 0;
    std::string name;
    std::vector<u8> bytes;
    bool flags_dead = false;  // in the recompiler's second run, which overwrites the flags
    std::vector<Difference> differences;
    std::string note;  // what else went wrong
    Cycles clocks = 0;
    u32 recorded_clocks = 0;
};

/// What became of the tests of one form.
struct FormResult {
    std::string form;
    u32 tests = 0;
    u32 exact = 0;   // every register, flag and byte as recorded
    u32 masked = 0;  // the same but for flags that Intel leaves undefined (includes the exact ones)
    /// On the recompiler: how many ran as emitted code with all flags live at the end, and how many with them dead; the
    /// rest went through "interpret one".
    u32 emitted_live = 0, emitted_dead = 0;
    std::vector<std::string> failures;  // the first few, one line each
    std::vector<Failure> details = {};  // the same, in parts
    /// Of those that did not run as emitted code with all flags live: nothing could be put behind them.
    u32 no_room = 0;
    Op op = Op::Invalid;  // of the first test
    /// By Timing, where measured, of each test: |clocks - recorded| / recorded.
    std::array<std::vector<float>, 2> clock_errors = {};
};

/// One machine that runs test after test, resetting only what was touched. On the recompiler each test runs twice: with
/// all flags live after the instruction, and with the flags overwritten before the block ends; it passes when both
/// agree with the recording (the second but for the overwritten flags).
class Conformance {
public:
    static Result<std::unique_ptr<Conformance>> create(EngineKind engine, ClockModel clocks = {});
    /// The same on any engine: for tests of this harness.
    static Result<std::unique_ptr<Conformance>> create(const EngineFactory& factory, ClockModel clocks = {});

    /// `defined`: the flags of this form that Intel defines. Failures are described when a test is not exact, or only
    /// when it fails masked, as `strict` says.
    enum class Strict : u8 { Masked, Exact };
    FormResult run(const MooFile& file, u16 defined, Strict strict);
    /// The clock errors alone.
    std::vector<float> clock_errors(const MooFile& file);

private:
    /// What follows the instruction under test on the recompiler, so that it stops behind it.
    enum class Tail : u8 { None, FlagsLive, FlagsDead };
    enum class Strays : u8 { Ignore, Blame };
    enum class Verdict : u8 { Exact, UndefinedFlags, Wrong };
    struct Outcome {
        Verdict verdict = Verdict::Exact;
        bool emitted = false;
        bool tailed = false;
        Cycles clocks = 0;
        std::string difference = {}, remark = {};
        std::vector<Difference> differences = {};
    };

    explicit Conformance(std::unique_ptr<TestBed> bed);
    Outcome run_test(const MooTest& test, u16 defined, Tail tail);
    void place(const MooState& state);
    void clear(const MooState& state);
    bool place_tail(const MooTest& test, Tail tail);
    Exit run_to_tail(Tail tail);
    void measure_tails();
    Outcome judge(const MooTest& test, u16 defined, u16 compared);
    std::string clear_stray_writes();
    void count_first_run(FormResult& result, const MooTest& test, const Outcome& outcome) const;
    FormResult run_all(const MooFile& file, u16 defined, Strict strict, Strays strays);
    void note(FormResult& result, const MooTest& test, const Outcome& outcome, Tail tail, Strict strict) const;

    std::unique_ptr<TestBed> bed_;
    std::vector<Linear> tail_;               // where its bytes lie
    std::array<u64, 3> interpreted_tail_{};  // by Tail: instructions that the interpreter executes of the tail alone
    std::array<Cycles, 3> tail_clocks_{};    // by Tail
};

/// The table that tests and `test-cpu` print: one line per form, then the totals.
std::string format_table(std::span<const FormResult> results, EngineKind engine);
/// One line: how many passed masked and exactly, and how many ran as emitted code.
std::string format_total(std::span<const FormResult> results, EngineKind engine);

}  // namespace dyn86::verify
