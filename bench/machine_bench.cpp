// Parts that need a whole machine: calls into BIOS and DOS, ports, interrupts, long repetitions, a program's start.
#include "src/base/check.h"
#include "src/dyn86.h"

#include <benchmark/benchmark.h>
#include <fcntl.h>

#include <filesystem>
#include <string>

namespace dyn86::bench {
namespace {

constexpr i64 calls = 60'000, ticks = 2'000, bytes = i64{1000} * 0x8000;  // as parts.asm has them

/// A machine that is about to run bench/parts.asm's PART, or hello.
std::unique_ptr<Machine> machine_for(const std::string& program, EngineKind engine) {
    static const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    MachineConfig config;
    config.engine = engine;
    config.date = {DateSetting::Kind::Fixed, 0};
    config.streams = {.console = false, .in = nowhere, .out = nowhere, .err = nowhere};
    FolderDrive& drive = config.folders.emplace_back();
    drive.path = DYN86_BENCH_PARTS;
    drive.read_only = true;
    auto machine = Machine::create(config);
    DYN86_CHECK(machine.has_value());
    DYN86_CHECK((*machine)->start_program("C:\\" + program + ".COM", "").has_value());
    return std::move(*machine);
}

void run_to_end(Machine& machine) {
    DYN86_CHECK(machine.run(machine.now() + Ticks::from_seconds(3600)) == Pause::Ended);
    DYN86_CHECK(machine.outcome().reason == Reason::Exit);
}

void run_part(benchmark::State& state, const std::string& part, EngineKind engine) {
    for (auto _ : state) {
        state.PauseTiming();
        auto machine = machine_for(part, engine);
        state.ResumeTiming();
        run_to_end(*machine);
        state.PauseTiming();
        machine.reset();
        state.ResumeTiming();
    }
}

/// Times one of `count` equal things that a PART does.
void each(benchmark::State& state, const std::string& part, EngineKind engine, i64 count) {
    run_part(state, part, engine);
    state.counters["each"] =
        benchmark::Counter(double(count), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void throughput(benchmark::State& state, const std::string& part, EngineKind engine) {
    run_part(state, part, engine);
    state.SetBytesProcessed(state.iterations() * bytes);
}

/// From nothing to HELLO.COM's end, within one process.
void hello(benchmark::State& state, EngineKind engine) {
    for (auto _ : state) run_to_end(*machine_for("hello", engine));
}

void register_all(EngineKind engine, const std::string& suffix) {
    const auto add = [&](const std::string& name, auto function, auto... arguments) {
        benchmark::RegisterBenchmark((name + suffix).c_str(), function, arguments...)->Unit(benchmark::kMicrosecond);
    };
    // `nothing` is the LOOP that stands around the others.
    for (const char* part : {"nothing", "int21", "int10", "in61", "in40", "out80", "text"})
        add(std::string("each/") + part, each, part, engine, calls);
    add("each/timer", each, "timer", engine, ticks);
    for (const char* part : {"movsb", "movsw", "stosw", "scasb", "cmpsb"})
        add(std::string("rep/") + part, throughput, part, engine);
    add("hello", hello, engine);
}

const bool registered = [] {
    register_all(EngineKind::Jit, "");
    register_all(EngineKind::Interpreter, "/interpreter");
    return true;
}();

}  // namespace
}  // namespace dyn86::bench
