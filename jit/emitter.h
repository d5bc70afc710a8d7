// Guest instructions to host code: operands, flags and exits here, the instructions in emit_X.cpp beside
// cpu/exec_X.cpp.
#pragma once

#include "cpu/memory.h"
#include "jit/analysis.h"
#include "jit/assembler.h"
#include "jit/block.h"
#include "jit/code_buffer.h"
#include "jit/facts.h"
#include "jit/jit.h"
#include "jit/patches.h"
#include "jit/pricing.h"
#include "jit/thunks.h"
#include "src/base/host_features.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

namespace dyn86::jit {

/// What is fixed while one engine lives.
struct EmitterConfig {
    const Memory& memory;
    const Thunks& thunks;
    const Pricing& pricing;
    bool count_instructions = false;
    bool count_hits = false;
    u8 disabled_groups = 0;
    HostFeatures host = {};
};

/// What the block cache knows about a head from earlier failures.
struct Assumptions {
    bool grouped_stack = true;            // one test at the head for all stack accesses
    bool even_bp = true;                  // word accesses through BP are even
    bool windows = true;                  // registers that address memory are away from both ends of the segment
    bool returns = true;                  // procedures return to where they were called
    Direction direction = Direction::Up;  // of string instructions; Unknown: now so, now so
};

/// Where the code of one block went (writable addresses).
struct Emission {
    u8* start = nullptr;
    u8* hot_end = nullptr;
    u8* cold_end = nullptr;
    u8* comparison = nullptr;  // of Trace::compares
    ExitId changed = none;
};

/// Emits one block at a time.
///
/// Between two guest instructions the host state is the guest's: registers as pinned in host_regs.h, every live
/// arithmetic flag in the host's flag register. Checks come before any effect of their instruction, so that a failed
/// one has a single answer: leave, and let the interpreter execute the instruction whole.
class Emitter {
public:
    Emitter(const EmitterConfig& config, std::vector<ExitSite>& exits) : config_(config), exits_(exits) {}

    /// How the step moves SP, its pushes apart; empty: it loads it with something else.
    [[nodiscard]] static std::optional<i32> stack_release(const Step& step);
    [[nodiscard]] static u32 words_pushed(Op op);
    /// Can this instruction, with these flags live after it, become host code?
    [[nodiscard]] bool can_emit(const Step& step) const;
    /// `table`: dispatch table of the block's CS. Appends to the list of exits.
    Emission emit(Trace& trace, BlockId block, Assumptions assumptions, i32 table, CodeBuffer& buffer);
    /// Where the host code of each step of the last block begins, from the block's start on.
    [[nodiscard]] std::span<const u32> step_offsets() const { return {step_offsets_.data(), trace_->length}; }

private:
    Emission emit_once(CodeBuffer& buffer);

    // --- what the checks leave behind (cold.cpp)
    enum class Saved : u8 {
        Nothing,
        Carry,     // C in pin::value
        All,       // AX in pin::value, the flags in AX
        Dividend,  // no flags: DX:AX in pin::value
    };
    /// A conditional jump to an exit that is reached by few.
    struct Check {
        u8* site;
        ExitId exit;
        Saved saved;
        const Step* step = nullptr;
    };
    /// A jump to another block, with what is to be put right on the way there.
    struct Way {
        u8* site;
        u16 segment, ip;
        timing::Queue queue;
        i16 sp;
        i32 refund;
        i32 instructions;
        u16 live, overwritten;  // flags
    };
    /// A branch over a few steps, under way to where they end.
    struct Skip {
        u8* site;
        u16 join;
        Facts facts;
        Direction direction;
    };
    /// A way to a tail.
    struct Return {
        u8* site;
        const Tail* tail;
        i16 sp;
        i32 refund;
        i32 instructions;
    };
    void emit_return(const Return& way);
    void emit_cold();
    void emit_stub(ExitId exit);
    void settle(i16 sp, i32 refund, i32 instructions);
    void leave_by(u8* site, u16 ip);
    [[nodiscard]] u16 overwritten() const { return u16(step_->overwritten | flags_written(step_->insn)); }
    [[nodiscard]] i32 steps_left() const;
    ExitId new_exit(ExitSite::Kind kind, u16 ip);
    /// The exit that lets the interpreter execute the current instruction.
    ExitId step_exit();

    // --- flags
    /// Puts `live` flags aside while a check clobbers them.
    Saved save_flags(u16 live);
    static void restore_flags(Assembler& x, Saved saved);
    /// Leaves to the interpreter for this instruction when `c` holds now.
    void check(Cond c, Saved saved);
    /// A = 0, where the silicon has it so and the host, unless it is found to do it, promises nothing.
    void clear_a();
    [[nodiscard]] bool must_clear_a(HostFeature unless) const {
        return !config_.host.has(unless) && (step_->live_out & flag::a) != 0;
    }

    // --- operands
    enum class Access : u8 { Load, Store };
    [[nodiscard]] static Size size_of(const Insn& insn) { return insn.width == Width::Word ? Size::Word : Size::Byte; }
    [[nodiscard]] static RegNo reg(const Operand& operand);
    [[nodiscard]] static Host word_register(const Operand& operand) { return host(Reg16(operand.index)); }
    [[nodiscard]] static bool is_high_byte(const Operand& operand) {
        return operand.kind == Operand::Kind::Reg8 && operand.index > 3;
    }
    /// The instruction's memory operand, checked. `legacy`: usable beside AH, CH, DH, BH.
    Mem address(Access access, Size size, bool legacy = false);
    /// Checks an address already computed: a store's marks, a load's device, a word's last byte.
    void test_marks(const Mem& m, Access access, Size size, Saved saved);
    Mem segment(Sreg s) const;
    [[nodiscard]] Mem offset_sum() const;
    void index(Mem& m, Size size, Saved& saved);
    [[nodiscard]] std::optional<i32> displacement_without_wrap(Size size) const;
    void assume_even_bp(Saved& saved);
    void need_below_ffff(u8 r, Saved& saved);
    void need_room(Size size, Saved& saved);
    [[nodiscard]] Mem own_bytes(Field field) const;
    void add_patched_displacement();
    RegNo patched_immediate();
    Mem patched_operand(bool legacy);
    void load_segment(Sreg s, Host selector);
    [[nodiscard]] bool needs_test(Access access) const {
        return access == Access::Store || config_.memory.reads_trap();
    }
    /// r += n without touching a live flag; wraps at 16 bits.
    void step_register(Reg16 r, i32 n, u16 live);

    // --- windows
    /// Bytes, counted from where a register points at the head.
    struct Span {
        i32 from = 0, to = 0;
        void add(i32 offset, i32 bytes) {
            from = from < to ? std::min(from, offset) : offset;
            to = std::max(to, offset + bytes);
        }
        [[nodiscard]] i32 length() const { return to - from; }
    };
    /// What a register's accesses reach.
    struct Window {
        Span reach, stores;
        Sreg stores_to = Sreg::Ds;
        i32 store_count = 0;
        i32 worth = 0;  // host instructions saved
        void add(i32 offset, i32 bytes, bool store, Sreg segment);
    };
    struct Tested {
        Span span;
        Sreg segment = Sreg::Ds;
    };
    [[nodiscard]] static u8 only_base(const Insn& insn);
    [[nodiscard]] static i32 bytes_of(const Insn& insn);
    [[nodiscard]] static bool loads_segment(const Insn& insn);
    [[nodiscard]] u8 addressing_registers() const;
    [[nodiscard]] Window window_of(u8 r) const;
    [[nodiscard]] static Span directly_stored(const Insn& insn);
    void test_direct_stores(Saved saved);
    [[nodiscard]] bool is_tested_directly() const;
    void emit_windows(Saved saved);
    void test_span(Span span, const Mem& place, ExitSite::Kind kind, Saved saved);
    [[nodiscard]] bool is_tested(u8 r, i32 displacement, i32 bytes, Sreg segment) const;
    void emit_window(Reg16 r, i32 least, i32 most, Saved saved);

    // --- the stack. In a grouped block SP's updates are postponed in sp_ and the accesses were tested at the head.
    struct StackPlan {
        i32 accesses = 0;
        i32 lowest = 0, highest = 0;  // of SP, from its value at the head
        Span pushed;                  // bytes written
        void reach(i32 depth);
        void reach_frame(const Insn& insn, i32 frame);
    };
    [[nodiscard]] StackPlan stack_plan() const;
    [[nodiscard]] static bool moves_stack(const Insn& insn);
    [[nodiscard]] static i32 noted_adjustment(const Step& step);
    [[nodiscard]] static std::optional<i32> frame_access(const Insn& insn);
    void plan_stack(Saved saved);
    void note_adjustment(i32 n);
    Mem push_slot();
    Mem push_slots(i32 bytes);
    Mem pop_slots(i32 bytes);
    void next_slot();
    void pushed();
    Mem pop_slot();
    void popped(i32 bytes, u16 live);
    /// Makes r8 be SP.
    void settle_sp();
    void tie_frame();

    // --- parts of a block
    void note_offset(const u8* start);
    void emit_head();
    void compare_bytes(u16 from, u16 to);
    void compare_content();
    void emit_changed();
    void emit_end();
    void emit_step();
    void emit_insn();
    void hand_over();
    /// Goes on at `ip` where the step goes along the trace, or would.
    void link(u16 ip);
    /// As link(), with everything settled.
    void link_to(SegOff target);
    /// A branch out of the trace: what is to be put right is so out of line.
    void link_if(Cond c, u16 ip);
    void return_if(Cond c);
    void link_always(u16 ip);
    void dispatch();
    [[nodiscard]] i32 clocks_after() const { return step_->clocks_before + step_->clocks; }
    [[nodiscard]] i32 clocks_aside() const { return step_->clocks_before + step_->clocks_aside; }

    // --- clocks that data decide (clock_emitter.cpp)
    [[nodiscard]] bool counts_exactly() const { return config_.pricing.model().is_exact(); }
    [[nodiscard]] bool can_count(const Step& step) const;
    bool settle_words(Trace& trace);
    void note_known(u8& words, i32 clocks);
    void refund_even(Host offset, bool odd, u8 words, u16 live);
    [[nodiscard]] bool counts_stack() const;
    void need_even_stack(Saved saved);
    void pay_for_stack(u16 live);
    void pay_for_stack() { pay_for_stack(step_->live_in); }
    void pay_for_operand(const Mem& m);
    void pay_for_strings();
    void need_even_repetition(Saved saved);
    void refund_bits(i32 most);
    void refund_by_sign(Host scratch, Host value, bool set, i32 clocks);
    void emit_magnitude(Host value, Host scratch);
    void pay_for_mul();
    void pay_for_imul();
    void need_small_divisor(RegNo divisor, Size size);
    void pay_for_div();
    void pay_for_idiv();

    // --- by group
    [[nodiscard]] static Group group_of(Op op);
    [[nodiscard]] bool can_emit_memory(const Insn& insn) const;
    [[nodiscard]] static bool can_alu(const Step& step);
    [[nodiscard]] static bool can_shift(const Step& step);
    [[nodiscard]] static bool can_muldiv(const Step& step);
    [[nodiscard]] static bool can_move(const Step& step);
    [[nodiscard]] static bool can_flow(const Step& step);
    [[nodiscard]] static bool can_string(const Step& step);
    [[nodiscard]] static bool can_system(const Step& step);
    void emit_alu();
    void emit_alu_two(Alu op);
    void emit_test();
    void compare_with_zero();
    void emit_adjust();
    void emit_one();
    void emit_shift();
    void emit_shift_by_cl();
    void emit_shift_without_flags();
    void emit_shift_by_one();
    void emit_last_turn(RegNo dst);
    void emit_muldiv();
    void emit_mul();
    void emit_imul_counted();
    void emit_aam();
    void emit_aad();
    void emit_product_flags();
    void emit_div_byte();
    void emit_div_word();
    void emit_quotient_carry();
    void emit_idiv();
    void emit_idiv_flags();
    void load_divisor();
    void emit_last_comparison(Host quotient, Host remainder);
    void emit_move();
    void emit_mov();
    [[nodiscard]] bool lets_widening_through(const Step& step, u8 r) const;
    [[nodiscard]] const Step* widening_end() const;
    bool emit_widening(const Step& next);
    void emit_mov_register();
    void emit_mov_to_memory();
    void emit_mov_to_segment();
    void emit_xchg();
    void emit_push();
    void emit_pop();
    void emit_lea();
    void emit_load_far();
    void emit_xlat();
    void emit_flow();
    void fall_through();
    void emit_branch();
    void emit_skip(Cond c);
    void join_ways();
    [[nodiscard]] bool is_join(const Step* step) const;
    void emit_loop();
    void emit_call();
    void emit_jump();
    void emit_ret();
    void need_return(const Mem& slot);
    void emit_ret_far();
    void emit_far(bool call);
    void emit_interrupt(u8 vector);
    void emit_into();
    void emit_iret();
    void dispatch_far();
    void make_flags_image();
    void need_no_trap(Saved& saved);
    void take_flags_image();
    void emit_pushf();
    void emit_popf();
    void emit_sti();
    void emit_port();
    void emit_string();
    void need_direction(Saved saved);
    [[nodiscard]] i32 stride() const {
        return direction_ == Direction::Down ? -i32(size_of(step_->insn)) : i32(size_of(step_->insn));
    }
    void emit_repeated();
    void need_room_for_comparisons(Saved saved);
    void need_room_for_copies(Saved saved);
    void need_room_above(Host offset, Saved saved);
    void emit_wide_turns();
    void emit_copy_turns(Saved saved);
    void emit_compare_turns();
    void next_turn();
    [[nodiscard]] i32 turn_clocks() const;
    ExitId repeat_exit();
    [[nodiscard]] Mem string_place(const Operand& operand) const;
    Mem string_operand(const Operand& operand, Access access, Size size);
    void emit_system();

    const EmitterConfig& config_;
    std::vector<ExitSite>& exits_;
    Assembler x_;
    Trace* trace_ = nullptr;
    Step* step_ = nullptr;
    BlockId block_ = none;
    Assumptions assume_;
    i32 table_ = 0;
    u8* cold_ = nullptr;
    std::vector<Check> checks_;
    std::vector<Way> ways_;
    std::vector<Return> returns_;
    std::vector<Skip> skips_;
    std::vector<u8*> differences_;  // jumps for when the content has changed
    u8* comparison_ = nullptr;
    ExitId changed_ = none;
    std::array<u32, Trace::max_steps> step_offsets_{};

    const Step* widened_ = nullptr;             // a step that has been emitted together with one before it
    Facts facts_;                               // before the current instruction
    Direction direction_ = Direction::Unknown;  // DF, where it has been checked or set
    bool grouped_ = false;
    i32 settled_ = 0;               // added to r8 since the head
    Span stack_tested_;             // stores, from SP at the head
    std::array<Tested, 8> tested_;  // stores, by the register that makes their address
    Tested directly_tested_;        // stores at addresses that instructions contain
    i16 sp_ = 0;                    // to be added to r8
    i16 step_sp_ = 0;               // sp_ as the current instruction found it
    bool stack_counts_ = false;     // words on the stack do, odd or even
    bool settles_words_ = false;    // some step has a surplus
};

}  // namespace dyn86::jit
