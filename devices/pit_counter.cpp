#include "devices/pit_counter.h"

#include <algorithm>

namespace dyn86 {
namespace {

u16 to_bcd(i64 value) {
    u16 digits = 0;
    for (int shift = 0; shift < 16; shift += 4, value /= 10) digits = u16(digits | (value % 10) << shift);
    return digits;
}

i64 from_bcd(u16 digits) {
    i64 value = 0;
    for (int shift = 12; shift >= 0; shift -= 4) value = value * 10 + (digits >> shift & 0xF);
    return value;
}

}  // namespace

i64 PitCounter::initial() const {
    const i64 value = bcd_ ? from_bcd(reload_) % modulus() : reload_;
    return value == 0 ? modulus() : value;
}

u16 PitCounter::shown() const {
    return bcd_ ? to_bcd(count_) : u16(count_);
}

// Gate is a level in modes 0, 2, 3 and 4, and a trigger only in 1 and 5. [8254, table "Gate Pin Operations"]
bool PitCounter::is_counting() const {
    if (!loaded_) return false;
    if (mode_ == 1 || mode_ == 5) return true;
    const bool half_written = mode_ == 0 && write_high_next_;  // the first byte disables counting [8254, "Mode 0"]
    return gate_ && !half_written;
}

/// 8254, mode 3, odd count: OUT stays high for one pulse more after the count has run out. [8254, "Mode 3"]
bool PitCounter::halves_in_extra_pulse(bool out) const {
    return model_ == Model::I8254 && odd_ && out;
}

/// Pulses until OUT toggles in mode 3 when the counting element holds `count`. The 8253 loads odd counts and corrects
/// with a first step of 1 (high) or 3 (low); the 8254 loads the even part and waits. Both give (N+1)/2 high, (N-1)/2
/// low. [8253; 8254]
i64 PitCounter::half_period(i64 count, bool out) const {
    if (halves_in_extra_pulse(out)) return count / 2 + 1;
    const i64 steps = count == 0 ? modulus() : count;
    if (steps % 2 == 0) return steps / 2;
    if (out) return (steps + 1) / 2;
    return steps == 1 ? modulus() / 2 : (steps - 1) / 2;
}

void PitCounter::load() {
    const i64 value = initial();
    odd_ = value % 2 != 0;
    count_ = value % modulus();
    if (mode_ == 3 && model_ == Model::I8254) count_ &= ~i64{1};
    null_count_ = false;
    loaded_ = true;
}

i64 PitCounter::advance_load() {
    load();
    load_next_ = false;
    armed_ = true;
    if (mode_ == 1) out_ = false;
    return 1;
}

/// Modes 0, 1, 4, 5: counts through zero and goes on; the first zero after a load drives OUT.
i64 PitCounter::advance_one_shot(i64 pulses) {
    if (strobing_) {
        strobing_ = false;
        out_ = true;
        if (is_counting()) count_ = until_zero() - 1;
        return 1;
    }
    if (!is_counting()) return pulses;
    const i64 distance = until_zero();
    if (!armed_ || pulses < distance) {
        count_ = (count_ + modulus() - pulses % modulus()) % modulus();
        return pulses;
    }
    count_ = 0;
    armed_ = false;
    strobing_ = mode_ >= 4;
    out_ = !strobing_;
    return distance;
}

/// Mode 2: OUT is low while the count is 1; the pulse after that reloads.
i64 PitCounter::advance_rate(i64 pulses) {
    if (!is_counting()) return pulses;
    const i64 distance = until_zero();
    if (pulses < distance) {
        count_ = distance - pulses;
        if (count_ == 1) out_ = false;
        return pulses;
    }
    load();
    out_ = true;
    const i64 left = pulses - distance;
    return distance + left / initial() * initial();
}

/// Mode 3: steps of two; each end of a half toggles OUT and reloads.
i64 PitCounter::advance_square(i64 pulses) {
    if (!is_counting()) return pulses;
    const i64 distance = half_period(count_, out_);
    if (pulses < distance) {
        if (count_ % 2 != 0) count_ += out_ ? 1 : -1;  // the odd first step, made even
        count_ = (count_ + modulus() - 2 * pulses) % modulus();
        return pulses;
    }
    out_ = !out_;
    load();
    const i64 left = pulses - distance;
    const i64 period = half_period(count_, false) + half_period(count_, true);
    return distance + left / period * period;
}

void PitCounter::advance(i64 pulses) {
    while (pulses > 0) {
        if (load_next_) {
            strobing_ = false;
            if (mode_ >= 4) out_ = true;
            pulses -= advance_load();
        } else if (mode_ == 2) {
            pulses -= advance_rate(pulses);
        } else if (mode_ == 3) {
            pulses -= advance_square(pulses);
        } else {
            pulses -= advance_one_shot(pulses);
        }
    }
}

i64 PitCounter::next_edge() const {
    PitCounter copy = *this;
    i64 pulses = 0;
    if (copy.load_next_) {
        copy.advance(1);
        pulses = 1;
        if (copy.out_ != out_) return at_ + 1;
    } else if (copy.strobing_) {
        return at_ + 1;
    }
    if (!copy.is_counting()) return never;
    if (copy.mode_ == 3) return at_ + pulses + copy.half_period(copy.count_, copy.out_);
    if (copy.mode_ != 2) return copy.armed_ ? at_ + pulses + copy.until_zero() : never;
    if (!copy.out_) return at_ + pulses + 1;
    if (copy.count_ != 1) return at_ + pulses + copy.until_zero() - 1;
    return copy.initial() == 1 ? never : at_ + pulses + copy.initial();
}

i64 PitCounter::rises_until(i64 clk) const {
    PitCounter copy = *this;
    i64 rises = 0;
    for (i64 edge = copy.next_edge(); edge <= clk; edge = copy.next_edge()) {
        copy.advance_to(edge);
        if (!copy.out_) continue;
        ++rises;
        if (!copy.is_periodic()) continue;
        // A period has just begun, and all that follow are equal.
        if (copy.next_edge() == never) return rises;  // mode 2, count 1
        const i64 square = copy.half_period(copy.count_, true) + copy.half_period(copy.count_, false);
        return rises + (clk - edge) / (copy.mode_ == 3 ? square : copy.initial());
    }
    return rises;
}

void PitCounter::control(u8 word) {
    const u8 mode = word >> 1 & 7;
    mode_ = mode > 5 ? mode & 3 : mode;  // M2 is "don't care" in modes 2 and 3
    access_ = Access(word >> 4 & 3);
    bcd_ = (word & 1) != 0;
    count_ %= modulus();
    out_ = mode_ != 0;
    written_ = loaded_ = load_next_ = armed_ = strobing_ = false;
    write_high_next_ = read_high_next_ = false;
    null_count_ = true;
    latched_bytes_ = 0;
    status_latched_ = false;
    reload_ = 0;
}

void PitCounter::latch_count() {
    if (latched_bytes_ != 0) return;  // the first latch holds until it is read [8254, "Counter Latch Command"]
    latch_ = shown();
    latched_bytes_ = access_ == Access::Both ? 2 : 1;
}

void PitCounter::latch_status() {
    if (status_latched_) return;
    status_ = u8(u8{out_} << 7 | u8{null_count_} << 6 | u8(access_) << 4 | mode_ << 1 | u8{bcd_});
    status_latched_ = true;
}

u8 PitCounter::read() {
    if (status_latched_) {  // status comes first, whichever was latched first [8254, "Read-Back Command"]
        status_latched_ = false;
        return status_;
    }
    const u16 value = latched_bytes_ != 0 ? latch_ : shown();
    if (latched_bytes_ != 0) --latched_bytes_;
    bool high = access_ == Access::High;
    if (access_ == Access::Both) {
        high = read_high_next_;
        read_high_next_ = !read_high_next_;
    }
    return u8(high ? value >> 8 : value);
}

void PitCounter::write(u8 value) {
    switch (access_) {
        case Access::Latch: break;  // never programmed
        case Access::Low: count_written(value); break;
        case Access::High: count_written(u16(value << 8)); break;
        case Access::Both:
            write_high_next_ = !write_high_next_;
            if (write_high_next_) {
                low_byte_ = value;
                if (mode_ == 0) out_ = false;  // at once, no pulse needed [8254, "Mode 0"]
            } else {
                count_written(u16(value << 8 | low_byte_));
            }
    }
}

void PitCounter::count_written(u16 count) {
    reload_ = count;
    null_count_ = true;
    written_ = true;
    switch (mode_) {
        case 0:
            out_ = false;
            armed_ = false;
            load_next_ = true;
            break;
        case 4: load_next_ = true; break;
        case 2:
        case 3: load_next_ = load_next_ || !loaded_; break;  // else at the end of the (half) period
        default: break;                                      // modes 1 and 5 wait for a trigger
    }
}

void PitCounter::set_gate(bool high) {
    if (high == gate_) return;
    gate_ = high;
    if (is_periodic()) {
        if (!high) out_ = true;  // at once
        if (high && written_) load_next_ = true;
    } else if ((mode_ == 1 || mode_ == 5) && high && written_) {
        load_next_ = true;
    }
}

void PitCounter::serialize(Archive& ar) {
    ar("at", at_);
    ar("mode", mode_);
    ar("access", access_);
    ar("bcd", bcd_);
    ar("reload", reload_);
    ar("count", count_);
    ar("odd", odd_);
    ar("out", out_);
    ar("gate", gate_);
    ar("written", written_);
    ar("loaded", loaded_);
    ar("load_next", load_next_);
    ar("armed", armed_);
    ar("strobing", strobing_);
    ar("null_count", null_count_);
    ar("write_high_next", write_high_next_);
    ar("read_high_next", read_high_next_);
    ar("low_byte", low_byte_);
    ar("latch", latch_);
    ar("latched_bytes", latched_bytes_);
    ar("status", status_);
    ar("status_latched", status_latched_);
    mode_ = std::min<decltype(mode_)>(mode_, 5);
    count_ = (count_ % modulus() + modulus()) % modulus();
}

}  // namespace dyn86
