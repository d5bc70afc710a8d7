// The recompiler's façade: an Engine that translates blocks of guest code into host code and leaves the rest to the
// interpreter.
#pragma once

#include "cpu/engine.h"
#include "cpu/interpreter.h"
#include "cpu/memory.h"
#include "src/base/host_features.h"
#include "src/base/result.h"
#include "src/base/translated_block.h"

#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace dyn86::jit {

/// Which file emit_X handles an Op; for --jit-off, which bisects a wrong translation.
enum class Group : u8 { Alu, Shift, Muldiv, Move, Flow, String, System };

class PerfMap;

/// Watches translated code block by block.
class Observer {
public:
    virtual ~Observer() = default;
    /// The block at `head` is about to run. Core is complete.
    virtual void entering(SegOff head, std::span<const u8> host_code) noexcept = 0;
    /// What the block that has just run knows of the arithmetic flags it leaves.
    struct Flags {
        u16 live = 0;         // something may read them from here on; the others may be anything
        u16 overwritten = 0;  // by its instructions
    };
    /// It has run, up to an instruction boundary. Core is complete but for flags that are not live.
    virtual void left(Flags flags) noexcept = 0;
};

struct Options {
    /// A block is translated when its head has been interpreted this often. 0: at first execution (tests).
    u32 threshold = 16;
    /// Bytes of host code kept before everything is flushed.
    std::size_t code_bytes = std::size_t{32} << 20;
    /// Make EngineStats::instructions count translated instructions too, exactly (a memory add per block): for
    /// --status-file, --stats and --max-instructions. Off: it counts what the interpreter executed.
    bool count_instructions = false;
    /// Translated code runs only while at least this many clocks are left; the interpreter takes the rest, so that
    /// every flag is exact at the deadline. A flag counts as dead only if it is overwritten within as many clocks. Any
    /// value is exact: 0 keeps every flag alive everywhere and lets translated code run up to the deadline (tests).
    u32 slack = 160;
    /// Exact also when a program turns an instruction that overwrites a flag into one that reads it, after that flag
    /// was produced and within `slack` clocks of its execution. Off: so in pages in which translated code has been
    /// modified before; the very first time the flags that count as dead may differ. Costs the stores a few
    /// instructions.
    bool strict = false;
    /// What the host has and is not to be used: results do not depend on it.
    HostFeatures features_off = {};
    /// Keep what each block was made from and count how often it runs, for blocks(). A memory add per block.
    bool record_blocks = false;
    /// Gets the names of all translated code; outlives the engine.
    PerfMap* perf_map = nullptr;
    /// A clock in nanoseconds, to time translation with (EngineStats::translation_ns); null: it is not timed.
    u64 (*stopwatch)() = nullptr;
    /// Groups of instructions left to the interpreter: bit 1 << Group.
    u8 disabled_groups = 0;
    /// With an observer no block goes on to another by itself: it sees all of them. Must outlive the engine.
    Observer* observer = nullptr;
};

/// One per machine; a machine without executable memory does without (create() fails with one line).
class Jit final : public Engine {
public:
    /// Memory and interpreter must outlive the engine. Clocks are counted as the interpreter counts them by then.
    static Result<std::unique_ptr<Jit>> create(Memory& memory, Interpreter& interpreter, const Options& options);
    ~Jit() override;

    Exit run() noexcept override;
    void step() noexcept override;
    /// Call it after Memory::map_mmio too: translated loads are tested only where reads trap.
    void flush() noexcept override;
    [[nodiscard]] EngineStats stats() const override;

    // --- for tests, statistics and listings
    /// Why translated code was left, by ExitSite::Kind; the last: an indirect jump to where no block was.
    static constexpr std::array<std::string_view, 12> exit_names = {
        "unlinked jump", "interpret",     "out of clocks",   "stack guard",  "rest of REP",    "odd BP",
        "port access",   "bytes changed", "other direction", "other return", "address window", "no block there"};
    [[nodiscard]] const std::array<u64, exit_names.size()>& exit_counts() const;
    [[nodiscard]] HostFeatures host_features() const;
    /// Everything translated since the start, if record_blocks is set.
    [[nodiscard]] std::vector<TranslatedBlock> blocks() const;
    static constexpr std::size_t op_count = 128;
    /// What became of the instructions of one Op (index: Op).
    struct OpCount {
        u64 emitted = 0;  // translated to host code
        u64 handed_over =
            0;  // translated to "let the interpreter do it": no emitter, or this form or its flags unprovable
        u64 interpreted =
            0;  // executions by the interpreter on behalf of translated code: handed over, or a failed check
    };
    [[nodiscard]] const std::array<OpCount, op_count>& op_counts() const;
    /// Translates the block at `head` now, whatever the threshold says, and shows its hot host code. Empty when its
    /// first instruction cannot be decoded. The block stays, and runs from now on.
    std::span<const u8> translate(SegOff head);
    void set_threshold(u32 threshold);

private:
    struct Parts;
    explicit Jit(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// Jit::create, for callers that need no more than an Engine.
Result<std::unique_ptr<Engine>> create(Memory& memory, Interpreter& interpreter, const Options& options);

}  // namespace dyn86::jit
