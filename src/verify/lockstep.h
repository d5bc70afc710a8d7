// Two machines run the same episode, one on each engine, and must agree at every stop: registers, all flags, clocks,
// pins, what the ports saw; and in memory.
#pragma once

#include "src/base/host_features.h"
#include "src/base/result.h"
#include "src/verify/episode.h"
#include "src/verify/test_bed.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dyn86::verify {

/// What the address space looks like besides RAM.
enum class Terrain : u8 {
    Plain,     // 1 MiB of RAM
    Repeated,  // B8000-BBFFF again at BC000, ROM from F0000
    Devices,   // that, and a device at A0000-A0FFF whose reads have side effects
};

/// One way to set up the engine under test.
struct LockstepConfig {
    u32 threshold = 0;
    u32 slack = 512;
    bool count_instructions = false;
    bool strict = false;
    Terrain terrain = Terrain::Plain;
    std::size_t code_bytes = std::size_t{32} << 20;
    ClockModel clocks = {};
};
/// Episodes name one by its index: kept ones depend on the order.
std::span<const LockstepConfig> lockstep_configs();

/// Makes the engine under test for a configuration.
using SubjectFactory = std::function<EngineFactory(const LockstepConfig&)>;
/// The recompiler, as configured.
EngineFactory recompiler_for(const LockstepConfig& config);
/// The same as if the host had less.
SubjectFactory recompiler_without(HostFeatures features_off);

/// The first difference of an episode.
struct Mismatch {
    std::size_t program = 0, slice = 0;
    std::string difference;                  // subject against reference
    std::string before, reference, subject;  // registers when the slice began and where each engine ended
    Registers start;                         // when the slice began,
    std::vector<u8> code;                    // and what stood at CS:IP then
};

/// Keeps its machines from episode to episode, but starts each from the same memory and an empty code cache. What an
/// engine keeps beyond that (counts of executions and invalidations) carries over: renew() starts from nothing.
class Lockstep {
public:
    static Result<std::unique_ptr<Lockstep>> create(const SubjectFactory& subject);
    ~Lockstep();

    /// Nothing, when both agree. Registers are compared at every stop; memory after each program, and when it differs
    /// once more at every stop to find where it began.
    std::optional<Mismatch> run(const Episode& episode);
    /// New machines from here on.
    void renew();

    struct Progress {
        u64 instructions = 0;  // that the reference executed and the subject agreed with
        /// Differences that are no failure: the one gap of DESIGN 11, told by three signs. Flags may die early in this
        /// configuration (slack, not strict); with all flags alive both engines agree; the reference executes code
        /// within the slack after changing it.
        u64 excused = 0;
        /// Of those on subjects that count only what their interpreter executes: all, and what that count says.
        u64 observed = 0, interpreted = 0;
    };
    [[nodiscard]] const Progress& progress() const { return progress_; }

private:
    class Side;
    struct Pair;
    enum class CompareMemory : u8 { AfterProgram, AtEveryStop };
    Lockstep();
    Result<Pair*> pair_for(u32 config);
    Result<std::unique_ptr<Pair>> make_pair(const LockstepConfig& config);
    bool is_known_gap(const Episode& episode, const LockstepConfig& config);
    std::optional<Mismatch> run_episode(Pair& pair, const Episode& episode, CompareMemory when);
    std::optional<Mismatch> run_program(Pair& pair, const Program& program, CompareMemory when);
    std::optional<Mismatch> run_slice(Pair& pair, const Program& program, const Slice& slice, CompareMemory when);
    void count(const Pair& pair, u64 reference, u64 subject);

    SubjectFactory subject_;
    std::vector<u8> image_;
    std::vector<std::unique_ptr<Pair>> pairs_;
    Progress progress_;
};

/// Runs an episode; what a shrinker asks again and again.
using Trial = std::function<std::optional<Mismatch>(const Episode&)>;

/// Makes a failing episode small: starts it where the difference arises, if it still arises then, and removes programs,
/// slices, instructions and values as long as it fails.
Episode shrink(const Episode& episode, const Trial& trial);

/// Everything needed to understand and to keep a failure: both states, the code as laid out, and the episode's text.
std::string describe(const Episode& episode, const Mismatch& mismatch);

}  // namespace dyn86::verify
