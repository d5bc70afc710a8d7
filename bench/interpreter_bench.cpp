#include "bench/bed.h"

#include <benchmark/benchmark.h>

namespace dyn86::bench {
namespace {

constexpr Cycles slice = 100'000;

/// Guest instructions per second of the interpreter; argument: which loop.
void interpret(benchmark::State& state) {
    const Loop& loop = loops()[std::size_t(state.range(0))];
    Bed bed(loop.code);
    for (auto _ : state) bed.run(bed.interpreter(), slice);
    state.SetItemsProcessed(i64(bed.interpreter().stats().instructions));
    state.SetLabel(loop.name);
}
BENCHMARK(interpret)->DenseRange(0, i64(loops().size()) - 1);

/// One call of run() that executes one instruction: what an event costs the interpreter.
void interpret_one(benchmark::State& state) {
    Bed bed(loops()[0].code);
    for (auto _ : state) bed.run(bed.interpreter(), 1);
}
BENCHMARK(interpret_one);

}  // namespace
}  // namespace dyn86::bench
