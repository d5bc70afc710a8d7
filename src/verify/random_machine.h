// Hostile programs made from a seed: every opcode and prefix, operands at all the edges, code that patches itself,
// jumps through aliases of CS, runs over segment ends and into its own data, stopped at random clocks.
#pragma once

#include "src/verify/episode.h"
#include "src/verify/random.h"

#include <vector>

namespace dyn86::verify {

/// The same seed always gives the same episode.
Episode random_episode(u64 seed, u32 configs);

/// What memory holds when an episode begins: random bytes, an interrupt table whose vectors lead to short handlers.
/// Kept episodes (tests/regressions) depend on it.
std::vector<u8> initial_memory();

/// Where the handlers are: interrupts return from here.
inline constexpr u16 handler_segment = 0x0050;

/// Fills a program with random items; segments are those that the program's own registers hold, and `segments`.
class RandomCode {
public:
    RandomCode(Random& random, std::vector<u16> segments) : random_(random), segments_(std::move(segments)) {}
    std::vector<Item> make(u32 items);

    /// A word that is often an edge: 0, FFFF, 8000, small numbers.
    [[nodiscard]] u16 word();
    [[nodiscard]] u8 byte();

private:
    using Maker = void (RandomCode::*)();
    struct Weighted {
        u32 weight;
        Maker maker;
    };
    static const std::vector<Weighted>& makers();

    void add(std::vector<u8> bytes);
    void add(std::vector<u8> bytes, Fixup fixup, u8 at, u16 target, u16 delta = 0);
    static void put16(std::vector<u8>& bytes, u16 value) {
        bytes.push_back(u8(value));
        bytes.push_back(u8(value >> 8));
    }
    [[nodiscard]] u16 any_target();
    [[nodiscard]] u16 here() const { return u16(items_.size()); }
    void modrm(std::vector<u8>& bytes, u8 reg);
    [[nodiscard]] u8 mod_and_rm();
    [[nodiscard]] u8 any_reg();
    [[nodiscard]] std::vector<u8> prefixes();
    void with_modrm(u8 opcode, u8 reg, u32 immediate_bytes = 0);

    // one kind of instruction or idiom each
    void alu();
    void alu_immediate();
    void inc_dec();
    void push_pop();
    void move();
    void move_immediate();
    void move_direct();
    void exchange();
    void test_not_neg();
    void multiply_divide();
    void shift();
    void load_address();
    void one_byte();
    void string();
    void repeated_string();
    void branch();
    void jump();
    void counted_loop();
    void call();
    void call_that_meddles();
    void call_itself();
    void far_call();
    void far_jump();
    void indirect();
    void far_indirect();
    void return_through_stack();
    void interrupt();
    void input_output();
    void segment_load();
    void stack_segment_load();
    void flags_word();
    void single_step();
    void halt();
    void patch();
    void patch_through_alias();
    void patch_halves();
    void change_shape();
    void copy_over_self();
    void repeat_elsewhere();
    void even_stack();
    void group_ff();
    void any_bytes();

    Random& random_;
    std::vector<u16> segments_;
    std::vector<Item> items_;
    u32 wanted_ = 0;
};

}  // namespace dyn86::verify
