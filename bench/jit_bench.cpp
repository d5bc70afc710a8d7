#include "bench/bed.h"
#include "jit/jit.h"

#include <benchmark/benchmark.h>

#include <array>
#include <vector>

namespace dyn86::bench {
namespace {

constexpr Cycles slice = 100'000;

std::unique_ptr<jit::Jit> make_jit(Bed& bed, u32 slack, u32 threshold = 0) {
    auto made = jit::Jit::create(bed.memory(), bed.interpreter(), {.threshold = threshold, .slack = slack});
    DYN86_CHECK(made.has_value());
    return std::move(*made);
}

/// Guest instructions per second of translated code; argument: which loop.
void run_translated(benchmark::State& state) {
    const Loop& loop = loops()[std::size_t(state.range(0))];
    Bed bed(loop.code);
    const auto engine = make_jit(bed, jit::Options{}.slack);
    for (auto _ : state) bed.run(*engine, slice);
    state.SetItemsProcessed(i64(instructions_in(loop, slice)) * state.iterations());
    state.counters["interpreted"] =
        benchmark::Counter(double(bed.interpreter().stats().instructions), benchmark::Counter::kAvgIterations);
    state.SetLabel(loop.name);
}
BENCHMARK(run_translated)->DenseRange(0, i64(loops().size()) - 1);

/// The shortest run() that enters translated code: one block there, then one instruction by the interpreter, since
/// translated code leaves the last clock before a deadline to it.
void enter_and_leave(benchmark::State& state) {
    constexpr std::array<u8, 2> jump_to_itself = {0xEB, 0xFE};
    constexpr Cycles clocks_of_jump = 15;  // [UM86 table 2-21]
    Bed bed(jump_to_itself);
    const auto engine = make_jit(bed, 0);
    for (auto _ : state) bed.run(*engine, clocks_of_jump + 1);
    state.counters["clocks"] = benchmark::Counter(double(bed.core().now()), benchmark::Counter::kAvgIterations);
}
BENCHMARK(enter_and_leave);

/// Nanoseconds of one turn of a short loop (1e9 / items per second).
void run_turns(benchmark::State& state, std::span<const u8> code, Cycles clocks_of_turn) {
    Bed bed(code);
    // The handler of INT 60h: IRET.
    constexpr std::array<u8, 4> vector = {0x00, 0x01, 0x00, 0x20};
    constexpr std::array<u8, 1> handler = {0xCF};
    bed.memory().copy_in(0x60 * 4, vector);
    bed.memory().copy_in(0x20100, handler);
    const auto engine = make_jit(bed, jit::Options{}.slack);
    for (auto _ : state) bed.run(*engine, slice);
    state.SetItemsProcessed(slice / clocks_of_turn * state.iterations());
}

/// INT 60h; JMP back: with the handler's IRET, 51 + 32 + 15 clocks.
void interrupt_and_return(benchmark::State& state) {
    constexpr std::array<u8, 4> code = {0xCD, 0x60, 0xEB, 0xFC};
    run_turns(state, code, 98);
}
BENCHMARK(interrupt_and_return);

/// IN AL,DX from a port where nothing is; JMP back: 8 + 15 clocks.
void read_port(benchmark::State& state) {
    constexpr std::array<u8, 3> code = {0xEC, 0xEB, 0xFD};
    run_turns(state, code, 23);
}
BENCHMARK(read_port);

/// OUT 80h,AL; JMP back: 10 + 15 clocks.
void write_port(benchmark::State& state) {
    constexpr std::array<u8, 4> code = {0xE6, 0x80, 0xEB, 0xFC};
    run_turns(state, code, 25);
}
BENCHMARK(write_port);

constexpr std::size_t piece_size = 27;

/// Straight pieces of ordinary code, each ended by RET, which ends a block too.
std::vector<u8> ordinary_code(std::size_t pieces) {
    constexpr std::array<u8, piece_size> piece = {
        0x8B, 0x46, 0x04,        // mov ax,[bp+4]
        0x03, 0x06, 0x34, 0x12,  // add ax,[1234h]
        0x50,                    // push ax
        0x89, 0xC3,              // mov bx,ax
        0xD1, 0xE3,              // shl bx,1
        0x8A, 0x97, 0x00, 0x20,  // mov dl,[bx+2000h]
        0x30, 0xF6,              // xor dh,dh
        0x39, 0xD0,              // cmp ax,dx
        0x59,                    // pop cx
        0x7C, 0x02,              // jl behind the next
        0x40,                    // inc ax
        0x4A,                    // dec dx
        0xC3, 0x90,              // ret; nop
    };
    std::vector<u8> code;
    for (std::size_t i = 0; i < pieces; ++i) code.insert(code.end(), piece.begin(), piece.end());
    code.insert(code.end(), {0xEB, 0xFE});
    return code;
}

/// Translation into an empty cache; argument: how many pieces, the last number as many as 64 KiB hold. `each` is for
/// one guest instruction.
void translate(benchmark::State& state) {
    const auto code = ordinary_code(std::size_t(state.range(0)));
    Bed bed(code);
    const auto engine = make_jit(bed, jit::Options{}.slack);
    const u64 before = engine->stats().instructions_translated;
    u64 host_bytes = 0;
    for (auto _ : state) {
        for (std::size_t at = 0; at < code.size(); at += piece_size)
            benchmark::DoNotOptimize(engine->translate(program_start + u16(at)));
        state.PauseTiming();
        host_bytes += engine->stats().code_bytes;
        engine->flush();
        state.ResumeTiming();
    }
    const u64 translated = engine->stats().instructions_translated - before;
    state.counters["each"] =
        benchmark::Counter(double(translated), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["host_bytes"] = double(host_bytes) / double(translated);
}
constexpr i64 whole_segment = (0x10000 - 0x200) / i64(piece_size);
BENCHMARK(translate)->Arg(200)->Arg(whole_segment)->Unit(benchmark::kMicrosecond);

/// A full flush behind so many translated pieces.
void flush(benchmark::State& state) {
    const auto code = ordinary_code(std::size_t(state.range(0)));
    Bed bed(code);
    const auto engine = make_jit(bed, jit::Options{}.slack);
    for (auto _ : state) {
        state.PauseTiming();
        for (std::size_t at = 0; at < code.size(); at += piece_size) engine->translate(program_start + u16(at));
        state.ResumeTiming();
        engine->flush();
    }
}
BENCHMARK(flush)->Arg(1)->Arg(200)->Arg(whole_segment)->Unit(benchmark::kMicrosecond);

/// A loop that patches its own immediate each turn, and a page that changes is left to the interpreter; `each` is for
/// one turn. Argument: 1 on the recompiler, 0 on the interpreter.
void patch_itself(benchmark::State& state) {
    constexpr std::array<u8, 9> code = {
        0xFE, 0x06, 0x05, 0x01,  // again: inc byte [105h]
        0xB0, 0x00,              // mov al, 0 (the byte at 105h)
        0x43,                    // inc bx
        0xEB, 0xF7,              // jmp again
    };
    Bed bed(code);
    const auto engine = make_jit(bed, jit::Options{}.slack, jit::Options{}.threshold);
    const Loop loop{"patch", code};
    Engine& chosen = state.range(0) != 0 ? static_cast<Engine&>(*engine) : bed.interpreter();
    for (auto _ : state) bed.run(chosen, slice);
    state.counters["each"] =
        benchmark::Counter(double(instructions_in(loop, slice)) / 4,
                           benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(patch_itself)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace dyn86::bench
