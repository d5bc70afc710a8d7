#include "bench/bed.h"

#include <benchmark/benchmark.h>

#include <vector>

namespace dyn86::bench {
namespace {

constexpr Linear buffer = 0x2'0000;

/// How DOS, disks and DMA write: argument = bytes at a time. No code there.
void copy_in(benchmark::State& state) {
    Bed bed({});
    const std::vector<u8> data(std::size_t(state.range(0)), 0x5A);
    for (auto _ : state) bed.memory().copy_in(buffer, data);
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(copy_in)->Arg(1)->Arg(64)->Arg(4096)->Arg(0xFF00);

/// The same into ROM, which takes nothing.
void copy_into_rom(benchmark::State& state) {
    Bed bed({});
    const std::vector<u8> data(std::size_t(state.range(0)), 0x5A);
    bed.memory().load_rom(buffer, data);
    for (auto _ : state) bed.memory().copy_in(buffer, data);
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(copy_into_rom)->Arg(4096);

void create_memory(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(Memory::create());
}
BENCHMARK(create_memory);

}  // namespace
}  // namespace dyn86::bench
