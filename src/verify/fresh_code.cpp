#include "src/verify/fresh_code.h"

#include "cpu/decode.h"

#include <algorithm>
#include <limits>

namespace dyn86::verify {
namespace {

/// Half way down, so that no difference overflows.
constexpr Cycles long_ago = std::numeric_limits<Cycles>::min() / 2;

}  // namespace

FreshCodeWatch::FreshCodeWatch(Memory& memory, Interpreter& interpreter, Cycles window, bool& seen)
    : memory_(memory), interpreter_(interpreter), window_(window), seen_(seen), changed_at_(address_space, long_ago) {
    memory_.set_code_listener(this);
}

/// Every byte counts as code, so that memory tells of every change.
void FreshCodeWatch::flush() noexcept {
    for (Linear a = 0; a < address_space; ++a)
        if (memory_.canonical(a) == a) memory_.marks()[a] |= special::code;
    std::ranges::fill(changed_at_, long_ago);
}

void FreshCodeWatch::code_written(Linear start, u32 length) {
    if (!running_) return;
    for (u32 i = 0; i < length; ++i) changed_at_[start + i] = memory_.core().now();
}

void FreshCodeWatch::look_at_next() {
    const SegOff at = memory_.core().regs.cs_ip();
    const u16 length = decode(memory_, at).length;
    const u16 shown = length != 0 ? length : max_length;
    for (u16 i = 0; i < shown; ++i)
        if (memory_.core().now() - changed_at_[memory_.canonical((at + i).linear())] < window_) seen_ = true;
}

Exit FreshCodeWatch::run() noexcept {
    Core& core = memory_.core();
    for (;;) {
        if (core.stop != 0) return core.stop = 0, Exit::Stopped;
        if (core.budget <= 0) return Exit::Deadline;
        if (interpreter_.accept_interrupt()) continue;
        if (core.halted != 0) return Exit::Halted;
        step();
    }
}

void FreshCodeWatch::step() noexcept {
    look_at_next();
    running_ = true;
    interpreter_.step();
    running_ = false;
}

}  // namespace dyn86::verify
