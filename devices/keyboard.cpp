#include "devices/keyboard.h"

namespace dyn86 {

Keyboard::Keyboard(Scheduler& scheduler, Pin& irq)
    : scheduler_(scheduler), event_(scheduler.add("keyboard", [this] { finish(); })), irq_(irq) {}

void Keyboard::press(u8 scan_code) {
    if (buffer_.size() < buffer_size) {
        buffer_.push_back(scan_code);
    } else if (buffer_.size() == buffer_size) {
        buffer_.push_back(overrun_code);
    }
    start_sending();
}

void Keyboard::plan(Doing what, Ticks when) {
    doing_ = what;
    done_at_ = when;
    scheduler_.schedule(event_, when);
}

void Keyboard::start_sending() {
    if (doing_ != Doing::Nothing || buffer_.empty() || full_ || clear_ || !clock_) return;
    plan(Doing::Sending, scheduler_.clock().now() + byte_time);
}

void Keyboard::finish() {
    const Doing done = doing_;
    plan(Doing::Nothing, Ticks::never());
    if (done == Doing::SelfTest) {
        buffer_.assign(1, self_test_passed);
        start_sending();
    } else if (done == Doing::Sending) {
        data_ = buffer_.front();
        buffer_.erase(buffer_.begin());
        full_ = true;
        irq_.set_level(true);
    }
}

void Keyboard::set_clear(bool high) {
    clear_ = high;
    if (high) {
        if (doing_ == Doing::Sending) plan(Doing::Nothing, Ticks::never());  // cut short; the keyboard sends it again
        data_ = 0;
        full_ = false;
        irq_.set_level(false);
    }
    start_sending();
}

void Keyboard::set_clock(bool high) {
    if (high == clock_) return;
    clock_ = high;
    const Ticks now = scheduler_.clock().now();
    if (!high) {
        clock_low_since_ = now;
        if (doing_ == Doing::Sending) plan(Doing::Nothing, Ticks::never());
    } else if (now - clock_low_since_ >= reset_time) {
        buffer_.clear();
        plan(Doing::SelfTest, now + self_test_time);
    } else {
        start_sending();
    }
}

void Keyboard::serialize(Archive& ar) {
    ar("buffer", buffer_);
    ar("data", data_);
    ar("full", full_);
    ar("clear", clear_);
    ar("clock", clock_);
    ar("clock_low_since", clock_low_since_);
    ar("doing", doing_);
    ar("done_at", done_at_);
    scheduler_.schedule(event_, done_at_);
}

}  // namespace dyn86
