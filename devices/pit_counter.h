// One counter of the Intel 8253 and 8254.
#pragma once

#include "src/base/archive.h"
#include "src/base/types.h"

#include <limits>

namespace dyn86 {

/// A counter of the 8253/8254 as a function of its CLK [8253; 8254]. Time is the number of CLK pulses so far; nothing
/// runs in between: `advance_to` jumps over any number of pulses and `next_edge` says when OUT changes if nobody
/// interferes. A value: the speaker keeps copies to know later what OUT was.
///
/// Calling rules: `advance_to(now)` before anything else is called or read. A count written at pulse n is loaded by
/// pulse n+1 and first decremented by n+2. [8254, "Mode 0": OUT goes high N+1 pulses after the write]
///
/// Not in the data sheets, assumed: a control word stops the counter until its first count is loaded; half a new count
/// of a two-byte write is invisible to reloads; digits above 9 in BCD count with their binary weight; count 1 in modes
/// 2 and 3, which Intel forbids, follows from the rules of the other counts. Recordings of a chip's OUT would settle
/// them.
class PitCounter {
public:
    enum class Model : u8 { I8253, I8254 };
    static constexpr i64 never = std::numeric_limits<i64>::max();

    explicit PitCounter(Model model) : model_(model) {}

    void advance_to(i64 clk) {
        if (clk > at_) advance(clk - at_);
        at_ = clk;
    }
    /// The first pulse after the present one at which OUT changes, or never.
    [[nodiscard]] i64 next_edge() const;
    /// How many times OUT rises after the present pulse and up to `clk`, if nobody interferes.
    [[nodiscard]] i64 rises_until(i64 clk) const;
    [[nodiscard]] bool out() const { return out_; }

    /// A control word for this counter with RW other than 00.
    void control(u8 word);
    /// RW = 00, or the read-back command's COUNT bit.
    void latch_count();
    /// The read-back command's STATUS bit. [8254, "Read-Back Command"]
    void latch_status();
    void write(u8 value);
    [[nodiscard]] u8 read();
    void set_gate(bool high);

    void serialize(Archive& ar);
    friend bool operator==(const PitCounter&, const PitCounter&) = default;

private:
    enum class Access : u8 { Latch, Low, High, Both };

    [[nodiscard]] i64 modulus() const { return bcd_ ? 10'000 : 0x1'0000; }
    [[nodiscard]] i64 initial() const;  // the count as the counter loads it: 1..modulus
    [[nodiscard]] u16 shown() const;    // the counting element as the bus shows it
    [[nodiscard]] i64 until_zero() const { return count_ == 0 ? modulus() : count_; }
    [[nodiscard]] bool is_counting() const;  // do pulses decrement now?
    [[nodiscard]] bool is_periodic() const { return mode_ == 2 || mode_ == 3; }
    [[nodiscard]] bool halves_in_extra_pulse(bool out) const;
    [[nodiscard]] i64 half_period(i64 count, bool out) const;

    void advance(i64 pulses);
    i64 advance_load();
    i64 advance_one_shot(i64 pulses);
    i64 advance_rate(i64 pulses);
    i64 advance_square(i64 pulses);
    void load();
    void count_written(u16 count);

    Model model_;
    i64 at_ = 0;  // pulses seen so far
    u8 mode_ = 3;
    Access access_ = Access::Both;
    bool bcd_ = false;
    u16 reload_ = 0;    // CR, as written
    i64 count_ = 0;     // CE, 0..modulus-1 in binary
    bool odd_ = false;  // 8254, mode 3: the count in use was odd
    bool out_ = true;
    bool gate_ = true;
    bool written_ = false;    // a count has arrived since the control word
    bool loaded_ = false;     // and has been loaded
    bool load_next_ = false;  // the next pulse loads it
    bool armed_ = false;      // modes 0, 1, 4, 5: reaching zero will be noticed
    bool strobing_ = false;   // modes 4, 5: OUT is low for this pulse
    bool null_count_ = true;  // 8254 status: CR holds what CE has not got yet
    bool write_high_next_ = false;
    bool read_high_next_ = false;
    u8 low_byte_ = 0;
    u16 latch_ = 0;
    u8 latched_bytes_ = 0;  // bytes of latch_ still to be read
    u8 status_ = 0;
    bool status_latched_ = false;
};

}  // namespace dyn86
